//! People led through random questionnaires by hand: the laws of `tests/laws` on a fixed line of
//! them, in every world.

use anxin::{layout::Cells, session::Session, tally::Tally};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::shared::{
    Sample, reckon,
    tape::Tape,
    walk::{replay, walk},
};

const QUESTIONNAIRES: u64 = 40;

/// The walk holds every screen against what it must be; the sum is a count of the answers.
#[test]
fn every_cell_counts_the_answers_that_it_stands_for() {
    for number in 0..QUESTIONNAIRES {
        let sample = Sample::numbered(number);
        let mut tally = Tally::empty(sample.questionnaire.layout.len());
        let mut respondents = Vec::new();
        for person in 0..6 {
            let walked = walk(&sample, person << 40 | number, &mut Tape::seeded(person), 20);
            tally.add(&Cells::encode(&sample.questionnaire, &walked.session.finish().unwrap()));
            respondents.push(walked.respondent);
        }
        assert_eq!(tally.cells, reckon::cells(&sample.form(), &respondents), "questionnaire {number}");
        assert_eq!(tally.check(&sample.questionnaire.layout), Ok(()));
    }
}

#[test]
fn the_same_answers_give_the_same_screens_and_cells() {
    for number in 0..QUESTIONNAIRES {
        let sample = Sample::numbered(number);
        let walked = walk(&sample, number, &mut Tape::seeded(number), 30);
        let (straight, screens) = replay(&sample, number, walked.mode, &walked.respondent.answers);
        let (_, again) = replay(&sample, number, walked.mode, &walked.respondent.answers);
        assert!(screens == again, "questionnaire {number}");
        let cells = |session: &Session| Cells::encode(&sample.questionnaire, &session.finish().unwrap());
        assert_eq!(cells(&walked.session).ones(), cells(&straight).ones(), "questionnaire {number}");
    }
}
