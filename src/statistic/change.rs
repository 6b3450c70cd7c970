//! Change of an indicator between two periods.

use super::{
    difference::{Difference, difference},
    figure::Figure,
    proportion::Estimate,
};

/// An indicator's rate in a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Period<'a> {
    /// What was measured: rates compare only while this stays the same.
    pub definition_version: &'a str,
    /// The rate; none where nobody is in the base.
    pub rate: Option<Estimate>,
}

/// How a rate changed: the later less the earlier, under a design effect (see [`difference`]). Not comparable if the
/// definition changed. The two periods must not share respondents.
pub fn change(earlier: Period, later: Period, deff: f64) -> Figure<Difference> {
    if earlier.definition_version != later.definition_version {
        return Figure::NotComparable;
    }
    later.rate.zip(earlier.rate).map(|(later, earlier)| difference(&later, &earlier, deff)).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::proportion::wilson;

    #[test]
    fn a_change_is_the_later_less_the_earlier() {
        let period = |definition_version, rate| Period { definition_version, rate };
        let (before, after) = (wilson(376, 400), wilson(390, 400));
        let it = change(period("1", before), period("1", after), 1.0).known().unwrap();
        assert_eq!(it, difference(&after.unwrap(), &before.unwrap(), 1.0));
        assert!((it.difference - 0.035).abs() < 1e-12);
        assert_eq!(change(period("1", before), period("2", after), 1.0), Figure::NotComparable);
        assert_eq!(change(period("1", None), period("1", after), 1.0), Figure::TooFew);
        assert_eq!(change(period("1", before), period("1", None), 1.0), Figure::TooFew);
    }
}
