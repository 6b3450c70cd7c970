//! Doors: each counted once, in whatever order shifts and tablets come together.

use anxin::disposition::{Adults, BadDoors, Class, Disposition, Doors, VISITS, Visit};
use proptest::{prelude::*, sample::select};
use serde_json::json;

/// A day's work: each door with what came of it, visit by visit.
fn doors() -> impl Strategy<Value = Vec<Vec<Visit>>> {
    let visit = (select(Disposition::ALL.to_vec()), select(Adults::ALL.to_vec()));
    let door = prop::collection::vec(visit, 1..4).prop_map(|visits| {
        let mut before = None;
        let mut done = Vec::new();
        for (outcome, adults) in visits {
            done.push(Visit { outcome, before, adults });
            if !outcome.may_be_called_back() {
                break;
            }
            before = Some(outcome);
        }
        done
    });
    prop::collection::vec(door, 0..30)
}

fn counted<'v>(visits: impl IntoIterator<Item = &'v Visit>) -> Doors {
    let mut doors = Doors::empty();
    visits.into_iter().for_each(|visit| doors.add(*visit).unwrap());
    doors
}

proptest! {
    /// Every door counts once, under what came of it last.
    #[test]
    fn a_door_counts_under_its_last_outcome(list in doors()) {
        let sum = counted(list.iter().flatten());
        prop_assert_eq!(sum.total(), list.len() as u64);
        prop_assert_eq!(sum.visits() - sum.callbacks(), sum.total());
        for disposition in Disposition::ALL {
            let ended = list.iter().filter(|door| door.last().unwrap().outcome == disposition).count();
            prop_assert_eq!(sum.ended(disposition), ended as u64);
        }
        let classes = [Class::I, Class::P, Class::R, Class::NC, Class::O, Class::UH, Class::UR, Class::UO, Class::NE];
        prop_assert_eq!(classes.into_iter().map(|it| sum.class(it)).sum::<u64>(), sum.total());
        prop_assert_eq!(Adults::ALL.into_iter().map(|it| sum.adults(it)).sum::<u64>(), sum.completes());
        prop_assert_eq!(sum.contacts() + sum.class(Class::NC) + sum.class(Class::NE), sum.total());
        prop_assert_eq!(sum.check(), Ok(()));
    }

    /// However visits are dealt out over shifts, and in whatever order the shifts come in, the sum is the same.
    #[test]
    fn shifts_add_up_in_any_order(list in doors(), deal: Vec<u8>, turn: prop::sample::Index) {
        let mut shifts = vec![Doors::empty(); 4];
        for (i, visit) in list.iter().flatten().enumerate() {
            shifts[usize::from(deal.get(i).copied().unwrap_or(0) % 4)].add(*visit).unwrap();
        }
        shifts.rotate_left(turn.index(4));
        let mut sum = Doors::empty();
        shifts.iter().for_each(|shift| sum.merge(shift));
        prop_assert_eq!(sum, counted(list.iter().flatten()));
    }

    /// What is written is what is read.
    #[test]
    fn doors_survive_the_post(list in doors()) {
        let doors = counted(list.iter().flatten());
        prop_assert_eq!(serde_json::from_value::<Doors>(json!(doors)).unwrap(), doors);
    }
}

#[test]
fn names_codes_and_classes_are_stable() {
    let told: Vec<_> = Disposition::ALL.iter().map(|it| (it.name(), it.code(), it.class())).collect();
    let want = [
        ("completed", "1.1", Class::I),
        ("partial", "1.2", Class::P),
        ("refused", "2.11", Class::R),
        ("nobody_home", "2.24", Class::NC),
        ("cannot_get_in", "2.23", Class::NC),
        ("not_eligible", "4.7", Class::NE),
        ("language", "2.33", Class::O),
        ("other", "2.36", Class::O),
    ];
    assert_eq!(told, want);
    for disposition in Disposition::ALL {
        assert_eq!(json!(disposition), json!(disposition.name()));
    }
}

#[test]
fn nobody_calls_back_where_somebody_answered() {
    let mut doors = Doors::empty();
    let again = Visit { outcome: Disposition::Refused, before: Some(Disposition::Completed), adults: Adults::Unknown };
    assert_eq!(doors.add(again), Err(BadDoors::NoCallback(Disposition::Completed)));
    assert_eq!(doors, Doors::empty());
}

#[test]
fn counts_that_no_doors_have_are_refused() {
    let check = |doors| serde_json::from_value::<Doors>(doors).map(|doors| doors.check());
    assert_eq!(check(json!({ "outcomes": { "refused": VISITS } })).unwrap(), Ok(()));
    assert_eq!(check(json!({ "outcomes": { "refused": VISITS, "other": 1 } })).unwrap(), Err(BadDoors::TooMany));
    assert_eq!(check(json!({ "outcomes": { "refused": u64::MAX, "other": 1 } })).unwrap(), Err(BadDoors::TooMany));
    let all_back = json!({ "outcomes": { "refused": 1 }, "callbacks": { "nobody_home": 2 } });
    assert_eq!(check(all_back).unwrap(), Err(BadDoors::Callbacks { callbacks: 2, visits: 1 }));
    let done = json!({ "outcomes": { "refused": 1 }, "callbacks": { "not_eligible": 1 } });
    assert_eq!(check(done).unwrap(), Err(BadDoors::NoCallback(Disposition::NotEligible)));
    let homeless = json!({ "outcomes": { "completed": 2 }, "adults": { "two": 1 } });
    assert_eq!(check(homeless).unwrap(), Err(BadDoors::Households { households: 1, completed: 2 }));
    for bad in [
        json!({ "outcomes": { "moved": 1 } }),
        json!({ "outcomes": { "refused": -1 } }),
        json!({ "outcomes": { "refused": 1.5 } }),
        json!({ "door": "3-201" }),
        json!({ "adults": { "9": 1 } }),
    ] {
        assert!(check(bad.clone()).is_err(), "{bad}");
    }
}
