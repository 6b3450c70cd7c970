//! What a view is made from: how many respondents each row has, and what is told of them.

use std::collections::BTreeSet;

use super::{FaultResult, Selection};
use crate::{
    area::AreaCode,
    campaign::{Campaign, Channel, places::Place},
    day::Day,
    disclosure::{
        chains::Chains,
        decisions::{Decisions, Steps},
        row::Sums,
        shown::Shown,
    },
    period::Period,
    questionnaire::Questionnaire,
    tally::Tally,
};

/// The released sum of an area, day and channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where.
    pub area: AreaCode,
    /// When.
    pub day: Day,
    /// How.
    pub channel: Channel,
    /// The sum.
    pub tally: Tally,
    /// Why the sum is known to be wrong, as [`FaultResult::of`] takes it.
    pub fault: Option<String>,
    /// What of it was in each step of the campaign (see [`crate::disclosure`]), by the step's number.
    pub steps: Vec<(u32, Tally)>,
}

impl Leaf {
    /// Respondents who are shown: where the sum is wrong, those of the steps before.
    fn n(&self) -> u64 {
        if self.fault.is_none() { self.tally.n } else { self.steps.iter().map(|(_, tally)| tally.n).sum() }
    }

    fn lies_in(&self, area: Option<&AreaCode>, period: Option<Period>) -> bool {
        area.is_none_or(|area| self.area.within(area)) && period.is_none_or(|period| period.has(self.day))
    }

    fn fault(&self) -> Option<FaultResult> {
        let n = self.tally.n - self.n();
        Some(FaultResult::of((self.area.clone(), self.day, self.channel), n, self.fault.clone()?))
    }
}

/// The respondents of a row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// How many they are.
    pub n: u64,
    /// What is told of them.
    pub sums: Sums,
}

/// Everything that a selection shows.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The figures that there are.
    pub chains: Chains,
    /// All that is selected.
    pub total: Line,
    /// The areas one step down from the one that is selected.
    pub areas: Vec<(Place, Line)>,
    /// The periods one step down from the one that is selected: see [`View::periods`].
    pub periods: Vec<(Period, Line)>,
    /// The sum of all steps, if everything is selected: what crossed answers tell, is told of nothing less.
    pub whole: Option<Tally>,
    /// Sums that do not add up.
    pub faults: Vec<FaultResult>,
}

impl View {
    /// What is told of a line.
    pub(super) fn shown<'s>(
        &'s self,
        campaign: &Campaign,
        questionnaire: &'s Questionnaire,
        line: &'s Line,
    ) -> Shown<'s> {
        let Campaign { k, rounding, .. } = *campaign;
        Shown { chains: &self.chains, sums: &line.sums, questionnaire, k, rounding }
    }

    /// The periods one step down from a selected one: of all time its months, or the days if they are of one month; of
    /// a month its days; of a day, itself.
    pub fn periods(days: &BTreeSet<Day>, selected: Option<Period>) -> Vec<Period> {
        let days = days.iter().filter(|day| selected.is_none_or(|period| period.has(**day)));
        let days: BTreeSet<Period> = days.map(|day| Period::Day(*day)).collect();
        let months: BTreeSet<Period> = days.iter().map(|day| day.month()).collect();
        if months.len() > 1 { months } else { days }.into_iter().collect()
    }

    /// From the released leaves of a whole campaign.
    pub fn of(campaign: &Campaign, questionnaire: &Questionnaire, leaves: &[Leaf], selection: &Selection) -> Self {
        let mut steps = Steps::new(campaign);
        for leaf in leaves {
            leaf.steps.iter().for_each(|(number, tally)| steps.add(&leaf.area, leaf.day, *number, tally));
        }
        let decisions = Decisions::of(&steps, questionnaire, campaign.k);
        let line = |area: Option<&AreaCode>, period: Option<Period>| Line {
            n: leaves.iter().filter(|leaf| leaf.lies_in(area, period)).map(Leaf::n).sum(),
            sums: decisions.key(area, period).map(|key| decisions.sums(key)).unwrap_or_default(),
        };
        let Selection { area, period } = selection;
        let days = leaves.iter().filter(|leaf| leaf.lies_in(area.as_ref(), *period) && leaf.n() > 0);
        let periods = Self::periods(&days.map(|leaf| leaf.day).collect(), *period);
        let places = campaign.below(area.as_ref()).into_iter();
        let mut faults: Vec<FaultResult> =
            leaves.iter().filter(|leaf| leaf.lies_in(area.as_ref(), *period)).filter_map(Leaf::fault).collect();
        faults.sort_by(|a, b| (a.day, &a.area, a.channel).cmp(&(b.day, &b.area, b.channel)));
        Self {
            total: line(area.as_ref(), *period),
            areas: places.map(|place| (place.clone(), line(Some(&place.code), *period))).collect(),
            periods: periods.into_iter().map(|period| (period, line(area.as_ref(), Some(period)))).collect(),
            faults,
            chains: decisions.chains().clone(),
            whole: (*selection == Selection::default()).then(|| steps.total(questionnaire.layout.len())),
        }
    }
}
