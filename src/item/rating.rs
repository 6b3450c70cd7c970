//! `rating`: one point on an ordered scale, written from one end to the other.

use super::{Answer, Control, Kind, Look, Refusal, Shown, Takes, accept_one};
use crate::{
    questionnaire::{Faults, Item, definition, definition::Order, read::Place},
    response::Given,
};

pub(super) struct Rating;

impl Kind for Rating {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        // A scale that is shuffled is no scale.
        let order = &[Order::Fixed, Order::Reversible];
        Takes { options: true, bins: false, order, specials: true, key: true }.check(item, at, faults);
    }

    fn control(&self, _: &Item, shown: Vec<Shown>) -> Control {
        Control::One { look: Look::Scale, options: shown }
    }

    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal> {
        accept_one(item, answer)
    }
}
