//! `statement`: text to read; nothing to answer, nothing counted.

use rand::Rng;

use super::{Answer, Control, Count, Kind, Refusal, Shown, Takes};
use crate::{
    questionnaire::{Faults, Item, Rule, definition, definition::Order, read::Place},
    response::Given,
};

pub(super) struct Statement;

impl Kind for Statement {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let order = &[Order::Fixed];
        Takes { options: false, bins: false, order, specials: false, key: false }.check(item, at, faults);
    }

    fn count(&self) -> Count {
        Count::Nothing
    }

    fn control(&self, _: &Item, _: Vec<Shown>) -> Control {
        Control::None
    }

    fn accept(&self, _: &Item, _: &Answer) -> Result<Given, Refusal> {
        Err(Refusal::WrongAnswer)
    }

    fn imagine(&self, _: &Item, _: &mut dyn Rng) -> Given {
        Given::NoAnswer
    }

    fn candidates(&self, _: &Item, _: &[Rule]) -> Option<Vec<Given>> {
        Some(vec![Given::NoAnswer])
    }
}
