//! `integer`: a whole number within bounds, counted in declared bins.

use rand::{Rng, RngExt};

use super::{Answer, Control, Kind, Refusal, Shown, Takes};
use crate::{
    questionnaire::{
        Faults, Item, Rule,
        definition::{self, Bin, Choice, Order, Words},
        fault::say,
        read::Place,
    },
    response::Given,
};

pub(super) struct Integer;

impl Kind for Integer {
    fn check(&self, item: &definition::Item, at: &Place, faults: &mut Faults) {
        let order = &[Order::Fixed];
        Takes { options: false, bins: true, order, specials: true, key: true }.check(item, at, faults);
        if item.bins.is_empty() {
            faults.add("no_bins", &at.field("bins"), say!("needs one bin at least"));
        }
        let at = at.field("bins");
        for (i, bin) in item.bins.iter().enumerate() {
            let at = at.index(i);
            if bin.to < bin.from {
                faults.add("bad_bin", &at, say!("`{}` ends before it starts", bin.id));
            }
            if i > 0 && i64::from(bin.from) != i64::from(item.bins[i - 1].to) + 1 {
                faults.add("bad_bin", &at, say!("`{}` must start right after the bin before it", bin.id));
            }
        }
    }

    fn options(&self, item: &mut definition::Item, _: &Words) -> Vec<Choice> {
        let choice = |bin: &Bin| Choice { id: bin.id.clone(), text: bin.text.clone(), pinned: false, exclusive: false };
        item.bins.iter().map(choice).collect()
    }

    fn control(&self, item: &Item, _: Vec<Shown>) -> Control {
        let (min, max) = bounds(&item.definition.bins);
        Control::Number { min, max }
    }

    fn accept(&self, item: &Item, answer: &Answer) -> Result<Given, Refusal> {
        let Answer::Number(number) = answer else { return Err(Refusal::WrongAnswer) };
        let number = i32::try_from(*number).map_err(|_| Refusal::OutOfRange)?;
        bin_of(&item.definition.bins, number).map(|_| Given::Number(number)).ok_or(Refusal::OutOfRange)
    }

    fn imagine(&self, item: &Item, rng: &mut dyn Rng) -> Given {
        let bin = &item.definition.bins[rng.random_range(0..item.definition.bins.len() as u32) as usize];
        Given::Number(rng.random_range(bin.from..=bin.to))
    }

    fn candidates(&self, item: &Item, atoms: &[Rule]) -> Option<Vec<Given>> {
        let (least, most) = bounds(&item.definition.bins);
        let mut numbers = vec![least, most];
        for atom in atoms {
            if let Rule::Range { min, max, .. } = atom {
                numbers.extend([min.saturating_sub(1), *min, *max, max.saturating_add(1)]);
            }
        }
        Some(numbers.into_iter().map(|number| Given::Number(number.clamp(least, most))).collect())
    }
}

/// The bin that a number falls into.
pub(super) fn bin_of(bins: &[Bin], number: i32) -> Option<usize> {
    bins.iter().position(|bin| (bin.from..=bin.to).contains(&number))
}

/// The least and the largest number that is taken.
pub(super) fn bounds(bins: &[Bin]) -> (i32, i32) {
    match (bins.first(), bins.last()) {
        (Some(first), Some(last)) => (first.from, last.to),
        _ => (0, 0),
    }
}
