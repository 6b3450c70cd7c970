//! `yes_no`: yes or no, in the words that the questionnaire shares between items.

use super::{Answer, Control, Kind, Look, Refusal, Shown, Takes, accept_one};
use crate::{
    questionnaire::{
        Faults, Item, Text,
        definition::{self, Choice, Order, Words},
        read::Place,
    },
    response::Given,
};

pub(super) struct YesNo;

impl Kind for YesNo {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let order = &[Order::Fixed, Order::Reversible];
        Takes { options: false, bins: false, order, specials: true, key: true }.check(item, at, faults);
    }

    fn options(&self, _: &mut definition::Item, words: &Words) -> Vec<Choice> {
        let choice =
            |id: &str, text: &Text| Choice { id: id.into(), text: text.clone(), pinned: false, exclusive: false };
        vec![choice("yes", &words.yes), choice("no", &words.no)]
    }

    fn control(&self, _: &Item, shown: Vec<Shown>) -> Control {
        Control::One { look: Look::List, options: shown }
    }

    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal> {
        accept_one(item, answer)
    }
}
