//! What the campaigns under attack ask, and what is answered.

use anxin::{layout::Counts, questionnaire::Questionnaire, tally::Tally};
use serde_json::{Value, json};

use crate::shared::tape::Tape;

/// A question about safety, why not, and one with several answers.
pub(super) fn form() -> Value {
    let mut form: Value = serde_json::from_str(include_str!("../../vectors/good/quiz.json")).unwrap();
    let text = |words: &str| json!({ "zh-CN": words });
    let options = |ids: &[&str]| ids.iter().map(|id| json!({ "id": id, "text": text(id) })).collect::<Vec<_>>();
    let items = json!([
        { "id": "safe", "type": "rating", "text": text("?"), "dont_know": true, "options": options(&["a", "b", "c", "d"]) },
        { "id": "why", "type": "single", "text": text("?"), "refuse": true, "options": options(&["p", "q"]),
          "ask_if": { "op": "any_of", "item": "safe", "options": ["c", "d"] } },
        { "id": "met", "type": "multiple", "text": text("?"), "dont_know": true, "options": options(&["x", "y"]) },
    ]);
    let root = form.as_object_mut().unwrap();
    root.retain(|name, _| ["format", "languages", "header"].contains(&name.as_str()));
    root.extend([
        ("id".into(), json!("attacked")),
        ("version".into(), json!("1")),
        ("title".into(), text("?")),
        ("words".into(), json!({ "dont_know": text("?"), "refuse": text("?") })),
        ("sections".into(), json!([{ "id": "all", "title": text("?"), "items": items }])),
        ("indicators".into(), json!([
            { "id": "rate", "title": text("?"), "item": "safe", "positive": ["a", "b"], "base": "valid", "definition_version": "1" },
            { "id": "any", "title": text("?"), "item": "met", "positive": ["x", "y"], "base": "all", "definition_version": "1" },
        ])),
    ]);
    form
}

/// The sum of n respondents, of whom so many in a hundred give each of the rare answers.
pub(super) fn people(questionnaire: &Questionnaire, tape: &mut Tape, n: usize, rare: usize) -> Tally {
    let mut tally = Tally { n: n as u64, cells: vec![0; questionnaire.layout.len()] };
    let mut add = |counts, cell: usize| tally.cells[questionnaire.layout.block(counts).unwrap().start + cell] += 1;
    for _ in 0..n {
        let seldom = |tape: &mut Tape| tape.below(100) < rare;
        let safe = if seldom(tape) { 2 + tape.below(3) } else { tape.below(2) };
        add(Counts::Item(0), safe);
        // Two options, refused, not asked.
        add(Counts::Item(1), if safe == 2 || safe == 3 { tape.below(3) } else { 3 });
        let (x, y) = (tape.one_in(2), seldom(tape));
        for (option, chosen) in [x, y].into_iter().enumerate().filter(|(_, chosen)| *chosen) {
            add(Counts::Options(2), option * usize::from(chosen));
        }
        add(Counts::Status(2), usize::from(!(x || y)));
        add(Counts::Indicator(1), if x || y { 1 } else { 2 });
        add(Counts::Mode, usize::from(seldom(tape)));
    }
    tally
}
