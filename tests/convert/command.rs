//! `anxin convert` as a process.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

use crate::{
    files::archive,
    workbench::{CHOICES, SETTINGS},
};

fn convert(input: &Path, output: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anxin")).arg("convert").arg(input).arg("-o").arg(output).output().unwrap()
}

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("convert-{name}-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn goes_there_and_back() {
    let directory = directory("back");
    for kind in ["xlsx", "csv", "md"] {
        let (form, json) = (directory.join(format!("form.{kind}")), directory.join("form.json"));
        let output = convert(Path::new("www/instruments/safety.json"), &form);
        assert!(output.status.success(), "{output:?}");
        let output = convert(&form, &json);
        assert!(output.status.success(), "{output:?}");
        let told = stdout(&output);
        let (_, told) = told.split_once(": ").unwrap();
        assert!(told.starts_with("good: safety 2026.2, 15 items, 534 cells, "), "{told}");
    }
}

#[test]
fn tells_all_faults_and_writes_nothing() {
    let directory = directory("faults");
    let (form, json) = (directory.join("form.md"), directory.join("form.json"));
    fs::write(&form, "| survey |\n| | type | name |\n| | text | why |\n| | date | when |\n").unwrap();
    let output = convert(&form, &json);
    assert_eq!(output.status.code(), Some(1));
    let told: Vec<String> =
        stdout(&output).lines().map(|line| line.replace(form.to_str().unwrap(), "form.md")).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0], "form.md: there is no sheet `settings` [no_sheet]");
    assert!(told[1].starts_with("form.md: sheet survey, row 3, column B (type): `text` cannot be kept: "), "{told:?}");
    assert!(told[2].starts_with("form.md: sheet survey, row 4, column B (type): `date` cannot be kept: "), "{told:?}");
    assert!(!json.exists());
}

#[test]
fn reads_choices_beside_the_form() {
    let json = directory("beside").join("form.json");
    let output = convert(Path::new("tests/convert/forms/neighbourhood.xlsx"), &json);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        fs::read_to_string(json).unwrap(),
        fs::read_to_string("tests/convert/forms/neighbourhood.json").unwrap()
    );
}

/// The kinds that there are, and the ways between them.
#[test]
fn says_what_becomes_of_what() {
    let directory = directory("ways");
    for (input, output, want) in [
        ("www/instruments/safety.json", "form.xls", "from a .json file becomes an .xlsx, .csv or .md file"),
        (
            "tests/convert/forms/neighbourhood.xlsx",
            "form.md",
            "a form becomes a .json file; from there, any other kind of form",
        ),
        ("nowhere.xlsx", "form.json", "nowhere.xlsx: No such file or directory"),
        ("tests/vectors/bad/duplicate_id.json", "form.xlsx", "stands here twice"),
    ] {
        let output = convert(Path::new(input), &directory.join(output));
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(want), "{told}");
    }
}

/// What cells do not keep is told, not lost.
#[test]
fn refuses_what_a_spreadsheet_cannot_keep() {
    let directory = directory("kept");
    let json = fs::read_to_string("www/instruments/safety.json").unwrap();
    for (from, to, at) in [
        ("\"How safe residents feel\"", "\" \"", "/title/en"),
        (
            "\"type\": \"statement\",",
            "\"type\": \"statement\", \"required\": \"required\",",
            "/sections/0/items/3/required",
        ),
    ] {
        let (input, output) = (directory.join("q.json"), directory.join("q.xlsx"));
        fs::write(&input, json.replacen(from, to, 1)).unwrap();
        let told = String::from_utf8(convert(&input, &output).stderr).unwrap();
        assert!(told.contains(&format!("{at} would not come back as it is written")), "{told}");
        assert!(!output.exists());
    }
}

#[test]
fn help_says_what_becomes_of_what() {
    let output = Command::new(env!("CARGO_BIN_EXE_anxin")).args(["convert", "--help"]).output().unwrap();
    let told = stdout(&output);
    for part in ["anxin convert form.xlsx -o q.json", "anxin convert q.json -o form.xlsx", "anxin::special"] {
        assert!(told.contains(part), "{told}");
    }
}

/// The same for programs: each fault and warning with its cell.
#[test]
fn tells_programs_what_it_tells_people() {
    let directory = directory("json");
    let told = |name: &str, form: &str| -> (Option<i32>, Value) {
        let (input, output) = (directory.join(name), directory.join("q.json"));
        fs::write(&input, form).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_anxin"))
            .args(["convert", "--json", "-o"])
            .args([&output, &input])
            .output()
            .unwrap();
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
    };
    let (code, json) = told("bad.md", "| survey |\n| | type | name |\n| | text | why |\n");
    assert_eq!(code, Some(1));
    let (missing, text) = (&json["faults"][0], &json["faults"][1]);
    assert_eq!(
        (&missing["code"], &missing["sheet"], &missing["row"]),
        (&json!("no_sheet"), &Value::Null, &Value::Null)
    );
    assert_eq!((&text["code"], &text["sheet"]), (&json!("type_not_kept"), &json!("survey")));
    assert_eq!((&text["row"], &text["column"], &text["heading"]), (&json!(3), &json!("B"), &json!("type")));
    assert!(text["message"].as_str().unwrap().starts_with("`text` cannot be kept: "), "{json}");
    assert_eq!((&json["warnings"], &json["hash"]), (&json!([]), &Value::Null));

    let form = format!(
        "| survey |\n| | type | name | label | constraint_message |\n| | select_one yes_no | a | A? | Say it |\n{CHOICES}{SETTINGS}"
    );
    let (code, json) = told("good.md", &form);
    assert_eq!(code, Some(0));
    assert_eq!((&json["id"], &json["items"], &json["faults"]), (&json!("form"), &json!(1), &json!([])));
    let warning = &json["warnings"][0];
    assert_eq!((&warning["code"], &warning["column"]), (&json!("left_out"), &json!("E")));
    assert!(warning["message"].as_str().unwrap().starts_with("`Say it` is left out"), "{json}");
}

/// Files that are made to take memory: refused within 128 MiB of address space, the program itself included.
#[cfg(target_os = "linux")]
#[test]
fn takes_bounded_memory_for_whatever_it_is_given() {
    let directory = directory("memory");
    let nothing = vec![b' '; 200 << 20];
    let rows = |count: u32| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("survey").unwrap();
        for row in 0..count {
            sheet.write_string(row, 0, "note").unwrap();
        }
        book.save_to_buffer().unwrap()
    };
    for (name, bytes, want) in [
        ("rows.xlsx", rows(100_000), "[too_many_rows]"),
        ("rows.csv", format!("survey\n,type\n{}", ",note\n".repeat(100_000)).into_bytes(), "[too_many_rows]"),
        (
            "bomb.xlsx",
            archive(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &nothing)]),
            "[too_large]",
        ),
    ] {
        let (input, output) = (directory.join(name), directory.join("q.json"));
        fs::write(&input, bytes).unwrap();
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 131072; exec \"$0\" convert \"$1\" -o \"$2\"", env!("CARGO_BIN_EXE_anxin")])
            .args([&input, &output])
            .output()
            .unwrap();
        let told = stdout(&output);
        assert!(output.status.code() == Some(1) && told.contains(want), "{name}: {output:?}");
    }
}
