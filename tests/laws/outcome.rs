//! Outcome rates against the definitions spelt out case by case.

use anxin::{
    disposition::Class::{self, *},
    statistic::{
        outcome::{Classes, Eligibility},
        proportion::Estimate,
    },
};
use proptest::{prelude::*, sample::select};

const CLASSES: [Class; 9] = [I, P, R, NC, O, UH, UR, UO, NE];

fn cases() -> impl Strategy<Value = Vec<Class>> {
    prop::collection::vec(select(CLASSES.to_vec()), 0..60)
}

fn counted(cases: &[Class]) -> Classes {
    let of = |class| cases.iter().filter(|it| **it == class).count() as u64;
    Classes { i: of(I), p: of(P), r: of(R), nc: of(NC), o: of(O), uh: of(UH), ur: of(UR), uo: of(UO), ne: of(NE) }
}

/// Σ of a weight over the cases of the numerator ÷ Σ over those of the denominator.
fn naive(cases: &[Class], of: &[Class], over: &[Class], weight: impl Fn(Class) -> f64) -> Option<f64> {
    let sum = |among: &[Class]| cases.iter().filter(|it| among.contains(it)).map(|it| weight(*it)).sum::<f64>();
    let base = sum(over);
    (base > 0.0).then(|| sum(of) / base)
}

fn close(got: Option<f64>, want: Option<f64>) -> bool {
    match (got, want) {
        (Some(got), Some(want)) => (got - want).abs() < 1e-12,
        (got, want) => got == want,
    }
}

proptest! {
    #[test]
    fn rates_are_as_defined(cases in cases(), given in prop::option::of((0.0..1.0, 0.0..1.0, 0.0..1.0))) {
        let classes = counted(&cases);
        let given = given.map(|(uh, ur, uo)| Eligibility { uh, ur, uo });
        let it = classes.outcome(given);
        let rate = |estimate: Option<Estimate>| estimate.map(|it| it.rate);
        let (all, known, met) = ([I, P, R, NC, O, UH, UR, UO], [I, P, R, NC, O], [I, P, R, O]);
        for (got, of, over) in [
            (it.rr1, &[I][..], &all[..]), (it.rr2, &[I, P], &all), (it.rr5, &[I], &known), (it.rr6, &[I, P], &known),
            (it.coop1, &[I], &met), (it.coop2, &[I, P], &met), (it.coop3, &[I], &[I, P, R]), (it.coop4, &[I, P], &[I, P, R]),
            (it.ref1, &[R], &all), (it.ref3, &[R], &known), (it.con1, &met, &all), (it.con3, &met, &known),
        ] {
            prop_assert!(close(rate(got), naive(&cases, of, over, |_| 1.0)), "{:?} of {:?}", of, over);
        }
        // Each unknown case counts by the chance that it is eligible.
        let share = naive(&cases, &known, &[I, P, R, NC, O, NE], |_| 1.0);
        let e = given.or(share.map(|e| Eligibility { uh: e, ur: e, uo: e }));
        for (got, of) in [(it.rr3, &[I][..]), (it.rr4, &[I, P]), (it.ref2, &[R]), (it.con2, &met)] {
            let want = e.and_then(|e| naive(&cases, of, &all, |class| match class {
                UH => e.uh,
                UR => e.ur,
                UO => e.uo,
                _ => 1.0,
            }));
            prop_assert!(close(got, want), "{:?}: {:?}, not {:?}", of, got, want);
        }
    }

    /// A rate depends on the cases, not on how they came together.
    #[test]
    fn rates_do_not_change_with_the_order(cases in cases().prop_shuffle(), at: prop::sample::Index) {
        let (one, other) = cases.split_at(if cases.is_empty() { 0 } else { at.index(cases.len()) });
        let turned: Vec<Class> = other.iter().chain(one).copied().collect();
        prop_assert_eq!(counted(&cases).outcome(None), counted(&turned).outcome(None));
    }
}
