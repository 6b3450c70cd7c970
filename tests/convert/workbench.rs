//! What the tests of conversion share: forms written as Markdown, and what comes of them.

use std::{fs, io};

use anxin::xlsform::{self, Built, Faults};
use serde_json::Value;

/// Settings that a form needs and most tests do not care about.
pub(crate) const SETTINGS: &str = "
| settings |
| | form_title | form_id | version | default_language | anxin::table_number | anxin::issued_by | anxin::approval_number | anxin::valid_from | anxin::valid_until | anxin::purpose | anxin::organiser | anxin::contact | anxin::retention | anxin::dont_know | anxin::refuse |
| | Form | form | 1 | English (en) | 1 | A | B | 2026-01-01 | 2027-12-31 | C | D | E | F | Don't know | Rather not |
";

/// Choices for questions of most tests.
pub(crate) const CHOICES: &str = "
| choices |
| | list_name | name | label | from | to |
| | yes_no | yes | Yes | | |
| | yes_no | no | No | | |
| | safe | very | Very safe | | |
| | safe | fairly | Fairly safe | | |
| | safe | not | Not safe | | |
| | what | theft | Theft | | |
| | what | fraud | Fraud | | |
| | what | noise | Noise | | |
| | what | none | None of these | | |
| | age | young | 16 to 29 | 16 | 29 |
| | age | middle | 30 to 59 | 30 | 59 |
| | age | old | 60 or over | 60 | 120 |
";

/// Makes a questionnaire of a form's file among the forms of the tests.
pub(crate) fn convert(name: &str, bytes: &[u8]) -> Result<Built, Faults> {
    let beside = |file: &str| -> io::Result<Vec<u8>> { fs::read(format!("tests/convert/forms/{file}")) };
    xlsform::workbook(name, bytes).and_then(|form| xlsform::build(&form, &beside))
}

/// Makes a questionnaire of the rows of a survey in Markdown; [`CHOICES`] and [`SETTINGS`] are added.
pub(crate) fn survey(rows: &str) -> Result<Built, Faults> {
    convert("form.md", format!("| survey |\n{}\n{CHOICES}{SETTINGS}", rows.trim()).as_bytes())
}

/// The questionnaire's file of a survey that is good and warns of nothing.
#[track_caller]
pub(crate) fn good(rows: &str) -> Value {
    let built = survey(rows).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(built.warnings.to_string(), "");
    serde_json::from_str(&built.json).unwrap()
}

/// The first item of a survey.
#[track_caller]
pub(crate) fn first(rows: &str) -> Value {
    good(rows)["sections"][0]["items"][0].clone()
}

/// A question that others can name, then a question with this `relevant`: its condition.
#[track_caller]
pub(crate) fn condition(relevant: &str) -> Value {
    let json = good(&asked(relevant));
    json["sections"][0]["items"][4]["ask_if"].clone()
}

/// The rows of [`condition`].
pub(crate) fn asked(relevant: &str) -> String {
    format!(
        "| | type | name | label | required | relevant | anxin::special | anxin::bins |
         | | select_one yes_no | burgled | Burgled? | yes | | refused | |
         | | select_one safe | overall | Safe? | no | | dont_know | |
         | | select_multiple what | problems | What? | no | | | |
         | | integer | age | How old? | yes | | refused | age |
         | | note | end | Thank you | | {} | | |",
        relevant.replace('|', "\\|")
    )
}
