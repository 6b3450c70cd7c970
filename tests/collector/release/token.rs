//! `anxin token`: made once, kept as a digest, listed, revoked.

use std::{collections::BTreeSet, fs};

use super::{Fielded, id};
use crate::site::Site;

#[test]
fn a_token_is_shown_once_and_kept_as_a_digest() {
    let it = Fielded::new();
    let tokens: Vec<String> = (0..3).map(|_| it.made(&["--role", "reader"])).collect();
    let secret = |token: &String| token.split('_').nth(2).unwrap().to_owned();
    for token in &tokens {
        assert!(token.starts_with("anxin_") && token.split('_').count() == 3, "{token}");
        assert_eq!((id(token).len(), secret(token).len()), (12, 64), "256 bits in hexadecimal digits");
    }
    assert_eq!(tokens.iter().map(secret).collect::<BTreeSet<_>>().len(), 3);
    let output = it.token(&["list"]);
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(tokens.iter().all(|token| list.contains(id(token)) && !list.contains(&secret(token))), "{list}");
    for file in fs::read_dir(it.site.data()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let found = |part: &str| bytes.windows(part.len()).any(|it| it == part.as_bytes());
        assert!(tokens.iter().all(|token| !found(&secret(token)[..16])), "a secret is on disk");
    }
}

#[test]
fn the_list_tells_what_each_is_good_for() {
    let it = Fielded::new();
    let none = it.token(&["list"]);
    assert_eq!(String::from_utf8(none.stdout).unwrap(), "There is no token.\n");
    let first = it.made(&["--role", "reader", "--area", "330602", "--expires", "2026-12-01"]);
    let second = it.made(&["--role", "organiser"]);
    let lines = |output: std::process::Output| -> Vec<Vec<String>> {
        let text = String::from_utf8(output.stdout).unwrap();
        let cells =
            |line: &str| line.split("  ").map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        text.lines().map(cells).collect()
    };
    let want = [
        [id(&first), "reader", "330602", "until 2026-12-01", "办公室"],
        [id(&second), "organiser", "all areas", "until revoked", "办公室"],
    ];
    assert_eq!(lines(it.token(&["list"])), want);
    let later =
        crate::site::anxin().args(["token", "list", "--today", "2026-12-02", "--data"]).arg(it.site.data()).output();
    assert_eq!(lines(later.unwrap())[0][3], "ended 2026-12-01");
    assert!(it.token(&["revoke", id(&first)]).status.success());
    assert_eq!(lines(it.token(&["list"])), want[1..]);
}

#[test]
fn what_makes_no_token_is_told() {
    let it = Fielded::new();
    let long = "名".repeat(65);
    for (arguments, words) in [
        (&["new", "--name", "x", "--role", "reader", "--expires", "2026-11-30"][..], "2026-11-30 is over"),
        (&["new", "--name", " ", "--role", "reader"], "a token's name has 1 to 64 characters"),
        (&["new", "--name", "a\nb", "--role", "reader"], "in one line"),
        (&["new", "--name", &long, "--role", "reader"], "1 to 64"),
        (&["new", "--name", "x", "--role", "reader", "--area", "越城"], "an area code is 1 to 24 digits"),
        (&["new", "--name", "x", "--role", "admin"], "possible values: reader, organiser"),
        (&["new", "--name", "x"], "--role"),
        (&["revoke", "000000000000"], "there is no token \"000000000000\""),
    ] {
        let output = it.token(arguments);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty() && told.contains(words), "{arguments:?}: {told}");
    }
    assert_eq!(String::from_utf8(it.token(&["list"]).stdout).unwrap(), "There is no token.\n");
    let site = Site::new();
    let output = crate::site::anxin().args(["token", "list", "--data"]).arg(site.data()).output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("no collector has kept anything"));
}
