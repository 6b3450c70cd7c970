//! Outcome rates: of the doors, at how many somebody was met, refused, answered.
//!
//! AAPOR, Standard Definitions (10th edition, 2023). D = (I + P) + (R + NC + O) are known to be eligible, of
//! U = UH + UR + UO it is not known; `e` estimates how many of those are. A rate over an estimated denominator
//! has no interval: how far `e` is off is not known.

use serde::Serialize;

use super::proportion::{Estimate, wilson};
use crate::disposition::{Class, Doors};

/// Cases by class. Merging is addition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Classes {
    /// Complete interviews.
    pub i: u64,
    /// Partial interviews.
    pub p: u64,
    /// Refusals and break-offs.
    pub r: u64,
    /// Non-contacts.
    pub nc: u64,
    /// Other, eligible.
    pub o: u64,
    /// Unknown whether there is a household.
    pub uh: u64,
    /// A household, unknown whether anybody in it is eligible.
    pub ur: u64,
    /// Unknown, other.
    pub uo: u64,
    /// Not eligible.
    pub ne: u64,
}

/// The share of the cases of unknown eligibility that are eligible, each from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eligibility {
    /// Of UH.
    pub uh: f64,
    /// Of UR.
    pub ur: f64,
    /// Of UO.
    pub uo: f64,
}

/// Every outcome rate; `None` where the denominator is 0: too few to say.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Response: complete, of all that are or may be eligible. The least it can be.
    pub rr1: Option<Estimate>,
    /// Response: complete and partial, of the same.
    pub rr2: Option<Estimate>,
    /// Response: complete, of the eligible, as estimated.
    pub rr3: Option<f64>,
    /// Response: complete and partial, of the same.
    pub rr4: Option<f64>,
    /// Response: complete, of the known to be eligible. True only if no unknown is eligible.
    pub rr5: Option<Estimate>,
    /// Response: complete and partial, of the same.
    pub rr6: Option<Estimate>,
    /// Cooperation: complete, of all who were met.
    pub coop1: Option<Estimate>,
    /// Cooperation: complete and partial, of the same.
    pub coop2: Option<Estimate>,
    /// Cooperation: complete, of those who were met and able to answer.
    pub coop3: Option<Estimate>,
    /// Cooperation: complete and partial, of the same.
    pub coop4: Option<Estimate>,
    /// Refusal, of all that are or may be eligible.
    pub ref1: Option<Estimate>,
    /// Refusal, of the eligible, as estimated.
    pub ref2: Option<f64>,
    /// Refusal, of the known to be eligible.
    pub ref3: Option<Estimate>,
    /// Contact, of all that are or may be eligible.
    pub con1: Option<Estimate>,
    /// Contact, of the eligible, as estimated.
    pub con2: Option<f64>,
    /// Contact, of the known to be eligible.
    pub con3: Option<Estimate>,
}

impl Classes {
    /// The classes of doors.
    pub fn of(doors: &Doors) -> Self {
        Self {
            i: doors.class(Class::I),
            p: doors.class(Class::P),
            r: doors.class(Class::R),
            nc: doors.class(Class::NC),
            o: doors.class(Class::O),
            uh: doors.class(Class::UH),
            ur: doors.class(Class::UR),
            uo: doors.class(Class::UO),
            ne: doors.class(Class::NE),
        }
    }

    /// Known to be eligible.
    fn eligible(&self) -> u64 {
        self.i + self.p + self.r + self.nc + self.o
    }

    /// `e` by proportional allocation: the unknown are eligible as often as the known; `None` if none is known.
    pub fn proportional(&self) -> Option<Eligibility> {
        let (eligible, known) = (self.eligible(), self.eligible() + self.ne);
        let e = (known > 0).then(|| eligible as f64 / known as f64)?;
        Some(Eligibility { uh: e, ur: e, uo: e })
    }

    /// Every outcome rate. Without `e` it is allocated proportionally.
    pub fn outcome(&self, e: Option<Eligibility>) -> Outcome {
        let Self { i, p, r, nc: _, o, uh, ur, uo, ne: _ } = *self;
        let (answered, met, known) = (i + p, i + p + r + o, self.eligible());
        let all = known + uh + ur + uo;
        let estimated = e.or_else(|| self.proportional());
        let estimated = estimated.map(|e| known as f64 + e.uh * uh as f64 + e.ur * ur as f64 + e.uo * uo as f64);
        let share = |count: u64| estimated.filter(|base| *base > 0.0).map(|base| count as f64 / base);
        Outcome {
            rr1: wilson(i, all),
            rr2: wilson(answered, all),
            rr3: share(i),
            rr4: share(answered),
            rr5: wilson(i, known),
            rr6: wilson(answered, known),
            coop1: wilson(i, met),
            coop2: wilson(answered, met),
            coop3: wilson(i, answered + r),
            coop4: wilson(answered, answered + r),
            ref1: wilson(r, all),
            ref2: share(r),
            ref3: wilson(r, known),
            con1: wilson(met, all),
            con2: share(met),
            con3: wilson(met, known),
        }
    }
}

/// What there is instead of a response rate where nobody drew a sample: whoever wanted came, by a code or a link.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Completion {
    /// Answered to the end, of those who began.
    pub completed: Option<Estimate>,
    /// Broke off, of those who began.
    pub broken_off: Option<Estimate>,
}

/// Completion and break-off of self-service.
///
/// # Panics
/// If more completed than began.
pub fn completion(completed: u64, began: u64) -> Completion {
    assert!(completed <= began, "{completed} of {began}");
    Completion { completed: wilson(completed, began), broken_off: wilson(began - completed, began) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published example of the R package `outcomerate` (docs.ropensci.org/outcomerate).
    const EXAMPLE: Classes = Classes { i: 5, p: 2, r: 1, nc: 1, o: 1, uh: 1, ur: 1, uo: 1, ne: 1 };

    #[test]
    fn agrees_with_an_independent_implementation() {
        let it = EXAMPLE.outcome(None);
        let of = |estimate: Option<Estimate>| estimate.unwrap().rate;
        for (name, got, want) in [
            ("RR1", of(it.rr1), 0.384_615_38),
            ("RR2", of(it.rr2), 0.538_461_54),
            ("RR3", it.rr3.unwrap(), 0.392_857_14),
            ("RR4", it.rr4.unwrap(), 0.55),
            ("RR5", of(it.rr5), 0.5),
            ("RR6", of(it.rr6), 0.7),
            ("COOP1", of(it.coop1), 0.555_555_56),
            ("COOP2", of(it.coop2), 0.777_777_78),
            ("COOP3", of(it.coop3), 0.625),
            ("COOP4", of(it.coop4), 0.875),
            ("REF1", of(it.ref1), 0.076_923_08),
            ("CON1", of(it.con1), 0.692_307_69),
        ] {
            assert!((got - want).abs() < 1e-8, "{name}: {got}, not {want}");
        }
        let by_category = EXAMPLE.outcome(Some(Eligibility { uh: 0.4, ur: 0.7, uo: 0.2 }));
        assert!((by_category.rr3.unwrap() - 0.442_477_88).abs() < 1e-8);
    }

    #[test]
    fn an_empty_denominator_is_too_few() {
        let nothing = Classes::default().outcome(None);
        assert_eq!(
            (nothing.rr1, nothing.rr3, nothing.coop1, nothing.ref2, nothing.con3),
            (None, None, None, None, None)
        );
        // Of unknown doors alone no `e` can be had, and nobody was met.
        let unknown = Classes { uh: 3, ..Classes::default() }.outcome(None);
        assert_eq!((unknown.rr1.unwrap().rate, unknown.rr3, unknown.rr5, unknown.coop1), (0.0, None, None, None));
        assert_eq!(completion(0, 0), Completion { completed: None, broken_off: None });
    }

    #[test]
    fn self_service_has_completion_and_break_off() {
        let it = completion(30, 40);
        assert_eq!((it.completed.unwrap().rate, it.broken_off.unwrap().rate), (0.75, 0.25));
    }
}
