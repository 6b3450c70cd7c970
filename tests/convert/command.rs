//! `anxin convert` as a process.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
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
        assert!(told.starts_with("good: safety 2026.1, 15 items, 522 cells, "), "{told}");
    }
}
