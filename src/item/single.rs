//! `single`: one of several options.

use super::{Answer, Control, Kind, Look, Refusal, Shown, Takes, accept_one};
use crate::{
    questionnaire::{Faults, Item, definition, definition::Order, read::Place},
    response::Given,
};

pub(super) struct Single;

impl Kind for Single {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let order = &[Order::Fixed, Order::Reversible, Order::Shuffled];
        Takes { options: true, bins: false, order, specials: true, key: true }.check(item, at, faults);
    }

    fn control(&self, _: &Item, shown: Vec<Shown>) -> Control {
        Control::One { look: Look::List, options: shown }
    }

    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal> {
        accept_one(item, answer)
    }
}
