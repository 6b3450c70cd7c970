//! Pinned sessions: a definition, a seed and answers; every screen, the score and the cells must come
//! out as they did when the vector was made, natively and in a browser.
//!
//! `ANXIN_BLESS=1 cargo test --test wasm sessions` makes the vectors anew; read the difference before
//! it is kept.

use std::sync::Arc;

use anxin::{
    item::Answer,
    layout::Cells,
    questionnaire::{Questionnaire, hash_of, json::Json},
    response::Mode,
    session::Session,
    simulate::Respondents,
    tally::Tally,
};
use serde::Deserialize;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::shared::walk::plain;

/// The vectors: those of an instrument that ships, and those of questionnaires drawn at random, which
/// carry their definition with them.
macro_rules! vectors {
    ($($name:literal)*) => {
        /// Each with its content.
        #[cfg(target_arch = "wasm32")]
        fn vectors() -> Vec<(&'static str, String)> {
            vec![$(($name, include_str!(concat!("../vectors/session/", $name, ".json")).to_owned())),*]
        }

        #[cfg(not(target_arch = "wasm32"))]
        fn vectors() -> Vec<(&'static str, String)> {
            [$($name),*].map(|name| (name, bless::vector(name))).to_vec()
        }
    };
}

vectors!(
    "safety" "participation" "anti_fraud"
    "drawn_0" "drawn_3" "drawn_26" "drawn_36" "drawn_112" "drawn_140" "drawn_143" "drawn_154" "drawn_174" "drawn_199"
);

/// The file of an instrument that ships.
fn instrument(name: &str) -> &'static str {
    match name {
        "safety" => include_str!("../../www/instruments/safety.json"),
        "participation" => include_str!("../../www/instruments/participation.json"),
        "anti_fraud" => include_str!("../../www/instruments/anti_fraud.json"),
        _ => panic!("no instrument {name}"),
    }
}

/// A file of `tests/vectors/session`.
#[derive(Deserialize)]
struct Vector {
    /// The definition; an instrument that ships is not repeated here.
    #[serde(default)]
    definition: Option<Value>,
    hash: String,
    /// The digest of what simulated respondents add up to.
    simulated: String,
    runs: Vec<Run>,
}

/// One respondent.
#[derive(Deserialize)]
struct Run {
    seed: u64,
    mode: Mode,
    language: String,
    /// What was done on each screen: the item's name, the answer if any; then forward.
    steps: Vec<(String, Option<Answer>)>,
    /// Each screen from the first to the last: the start of its digest, or the whole screen.
    screens: Vec<Value>,
    score: Option<u32>,
    cells: Vec<u32>,
}

/// What came of a run.
struct Outcome {
    screens: Vec<Value>,
    score: Option<u32>,
    cells: Vec<u32>,
}

fn lead(questionnaire: &Arc<Questionnaire>, run: &Run) -> Outcome {
    let mut session = Session::start(questionnaire.clone(), run.seed, run.mode);
    let mut screens = vec![plain(&session.view(&run.language))];
    for (id, answer) in &run.steps {
        assert_eq!(screens[screens.len() - 1]["item"]["id"], *id, "seed {}", run.seed);
        if let Some(answer) = answer {
            assert!(session.answer(Some(answer)).is_ok(), "{id} of seed {}", run.seed);
        }
        session.forward();
        screens.push(plain(&session.view(&run.language)));
    }
    let score = session.view("en").result.map(|result| result.score);
    let cells = Cells::encode(questionnaire, &session.finish().expect("at the end")).ones().to_vec();
    Outcome { screens, score, cells }
}

/// The start of a screen's digest.
fn digest(screen: &Value) -> Value {
    let canonical = Json::parse(screen.to_string().as_bytes()).unwrap().canonical();
    hash_of(canonical.as_bytes())[..12].into()
}

/// The digest of the sum of a hundred made-up respondents: they are the same people in every world.
fn simulated(questionnaire: &Arc<Questionnaire>) -> String {
    let mut tally = Tally::empty(questionnaire.layout.len());
    for response in Respondents::new(questionnaire.clone(), 7).take(100) {
        tally.add(&Cells::encode(questionnaire, &response));
    }
    hash_of(plain(&tally.cells).to_string().as_bytes())
}

#[test]
fn sessions_come_out_as_pinned() {
    for (name, text) in vectors() {
        let vector: Vector = serde_json::from_str(&text).unwrap();
        let definition = vector.definition.map_or_else(|| instrument(name).to_owned(), |json| json.to_string());
        let questionnaire = Arc::new(Questionnaire::parse(definition.as_bytes()).unwrap());
        assert_eq!(questionnaire.hash, vector.hash, "{name} was changed: see the head of this file");
        assert_eq!(simulated(&questionnaire), vector.simulated, "{name}");
        for run in &vector.runs {
            let outcome = lead(&questionnaire, run);
            assert_eq!((outcome.score, &outcome.cells), (run.score, &run.cells), "{name}, seed {}", run.seed);
            assert_eq!(outcome.screens.len(), run.screens.len());
            for (n, (got, want)) in outcome.screens.iter().zip(&run.screens).enumerate() {
                let got = if want.is_string() { digest(got) } else { got.clone() };
                assert_eq!(got, *want, "{name}, seed {}, screen {n}", run.seed);
            }
        }
    }
}

/// Making the vectors.
#[cfg(not(target_arch = "wasm32"))]
mod bless {
    use std::{fs, path::PathBuf};

    use serde_json::{Map, json};

    use super::*;
    use crate::shared::{
        Sample,
        tape::Tape,
        walk::{replay, to_answer, walk},
    };

    /// Seeds beyond 32 and 53 bits among them.
    const SEEDS: [u64; 6] = [0x0123_4567_89ab_cdef, 2, u64::MAX - 1, 7, 21, 1 << 53];

    fn path(name: &str) -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "tests/vectors/session", &format!("{name}.json")].iter().collect()
    }

    /// The content of a vector, made anew if that is asked for.
    pub(super) fn vector(name: &str) -> String {
        if std::env::var_os("ANXIN_BLESS").is_some() {
            fs::write(path(name), written(name)).unwrap();
        }
        fs::read_to_string(path(name)).unwrap()
    }

    /// One run a line, so that a difference can be read.
    fn written(name: &str) -> String {
        let drawn = name.strip_prefix("drawn_").map(|number| Sample::numbered(number.parse().unwrap()));
        let sample = drawn.as_ref().map_or_else(
            || Sample::parse(instrument(name).as_bytes()),
            |it| Sample::parse(it.json.to_string().as_bytes()),
        );
        let definition = drawn.map_or_else(String::new, |it| format!("\"definition\": {},\n", it.json));
        let runs = SEEDS.iter().enumerate().map(|(n, seed)| run(&sample, *seed, n == 0).to_string());
        let runs = runs.collect::<Vec<_>>().join(",\n");
        let (hash, simulated) = (&sample.questionnaire.hash, simulated(&sample.questionnaire));
        format!("{{\n{definition}\"hash\": \"{hash}\",\n\"simulated\": \"{simulated}\",\n\"runs\": [\n{runs}\n]\n}}\n")
    }

    fn run(sample: &Sample, seed: u64, whole: bool) -> Value {
        let walked = walk(sample, seed, &mut Tape::seeded(seed), 0);
        let answers = &walked.respondent.answers;
        let (_, screens) = replay(sample, seed, walked.mode, answers);
        let open = screens.iter().filter_map(|view| view.item.as_ref());
        let steps = open.map(|item| {
            let answer = answers.get(&item.id).filter(|_| !item.locked && item.problem.is_none()).and_then(to_answer);
            (item.id.clone(), answer)
        });
        let language = if seed % 2 == 1 { "zh-CN" } else { "en" };
        let mut run = Run {
            seed,
            mode: walked.mode,
            language: language.into(),
            steps: steps.collect(),
            screens: Vec::new(),
            score: None,
            cells: Vec::new(),
        };
        let outcome = lead(&sample.questionnaire, &run);
        let last = outcome.screens.len() - 1;
        // A few whole screens tell what is wrong where a digest cannot: the first, the third and the last.
        let screen = |(n, screen): (usize, &Value)| {
            if whole && [0, 2, last].contains(&n) { screen.clone() } else { digest(screen) }
        };
        run.screens = outcome.screens.iter().enumerate().map(screen).collect();
        let mut json = Map::new();
        json.insert("seed".into(), json!(run.seed));
        json.insert("mode".into(), json!(run.mode));
        json.insert("language".into(), json!(run.language));
        json.insert("steps".into(), json!(run.steps));
        json.insert("score".into(), json!(outcome.score));
        json.insert("cells".into(), json!(outcome.cells));
        json.insert("screens".into(), json!(run.screens));
        Value::Object(json)
    }
}
