//! The library's own JSON reader, held against `serde_json`: the same documents, the same values, and
//! what is refused beyond that is refused on purpose.
#![cfg(not(target_arch = "wasm32"))]

use anxin::questionnaire::{
    Questionnaire,
    json::{Broken, Json},
};
use proptest::prelude::*;
use serde_json::Value;

/// What `serde_json` takes and a questionnaire file may not hold.
const NARROWER: [&str; 4] = [
    "the object names this field twice",
    "the number is not whole",
    "the number is too large",
    "lists and objects nest too deep",
];

/// The same value, told by `serde_json`.
fn told(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => (*value).into(),
        Json::Number(value) => (*value).into(),
        Json::Text(text) => text.clone().into(),
        Json::List(values) => values.iter().map(told).collect(),
        Json::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), told(value))).collect(),
    }
}

/// `serde_json` reads `-0` as a fraction; nothing else differs.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_f64() == Some(0.0) => 0.into(),
        Value::Array(values) => values.into_iter().map(whole).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        other => other,
    }
}

/// Both readers agree on a document, or ours refuses it for a reason of its own.
#[track_caller]
fn readers_agree(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(bytes);
    match (Json::parse(bytes), theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(told(&ours), whole(theirs)),
        (Ok(ours), Err(error)) => panic!("taken: {ours:?}, though {error}"),
        (Err(broken), theirs) => {
            assert!(broken.offset <= bytes.len());
            assert!(
                theirs.is_err() || NARROWER.contains(&broken.what),
                "{broken:?}: {}",
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

/// Values that a questionnaire file can hold.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// A change to a document: a piece cut out, and another put in.
fn slips() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let pieces = prop::sample::select(vec![
        "",
        ",",
        ":",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "\\",
        "\\u",
        "\\ud800",
        "\\udc00",
        "\\u00e9",
        "\\x",
        "0",
        "-",
        "-0",
        "01",
        "1.5",
        "1e3",
        "9223372036854775808",
        "-9223372036854775809",
        "null",
        "nul",
        "tru",
        "\u{feff}",
        "\n",
        "\u{7f}",
        "\0",
        "é",
        "// x",
        "'",
        "\"a\":1,\"a\":2",
    ]);
    let bytes =
        prop_oneof![pieces.prop_map(|piece| piece.as_bytes().to_vec()), prop::collection::vec(any::<u8>(), 0..3)];
    (any::<prop::sample::Index>(), 0usize..4, bytes)
}

proptest! {
    /// What one writes the other reads, spaced or not.
    #[test]
    fn reads_what_others_write(value in values()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(told(&Json::parse(text.as_bytes()).unwrap()), value.clone());
        }
    }

    /// The canonical form is the one without white space, fields sorted by name; read again it is itself.
    #[test]
    fn canonical_is_compact_and_sorted(value in values()) {
        let json = Json::parse(value.to_string().as_bytes()).unwrap();
        let canonical = json.canonical();
        prop_assert_eq!(&canonical, &compact(&value));
        prop_assert_eq!(Json::parse(canonical.as_bytes()).unwrap(), json);
    }

    /// Documents with slips in them: taken by both, or refused by both, or refused on purpose.
    #[test]
    fn agrees_on_broken_documents(value in values(), slips in prop::collection::vec(slips(), 1..4)) {
        let mut bytes = value.to_string().into_bytes();
        for (at, cut, piece) in slips {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        readers_agree(&bytes);
    }

    /// Any bytes at all.
    #[test]
    fn agrees_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        readers_agree(&bytes);
    }

    /// Whatever is put where in a questionnaire file: it is read, or its faults are told; nothing panics.
    #[test]
    fn no_slip_in_a_questionnaire_is_too_much(slips in prop::collection::vec(slips(), 1..4)) {
        let mut bytes = include_bytes!("vectors/good/quiz.json").to_vec();
        for (at, cut, piece) in slips {
            let at = at.index(bytes.len() + 1);
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, piece);
        }
        if let Err(faults) = Questionnaire::parse(&bytes) {
            prop_assert!(!faults.0.is_empty() && !faults.to_string().is_empty());
        }
    }

    /// A value of another kind anywhere in a questionnaire file is told at its place or does no harm.
    #[test]
    fn no_value_in_a_questionnaire_is_too_much(at: prop::sample::Index, value in values()) {
        let mut json: Value = serde_json::from_slice(include_bytes!("vectors/good/survey.json")).unwrap();
        let mut places = Vec::new();
        pointers(&json, &mut String::new(), &mut places);
        *json.pointer_mut(&places[at.index(places.len())]).unwrap() = value;
        if let Err(faults) = Questionnaire::parse(json.to_string().as_bytes()) {
            // Every fault has a place in the file, or stands where something lacks.
            prop_assert!(faults.0.iter().all(|fault| json.pointer(&fault.at).is_some() || place_of(&json, &fault.at)), "{faults}");
        }
    }
}

/// JSON pointers to every value.
fn pointers(json: &Value, at: &mut String, into: &mut Vec<String>) {
    into.push(at.clone());
    let mut step = |name: &str, value: &Value| {
        let length = at.len();
        *at += &format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        pointers(value, at, into);
        at.truncate(length);
    };
    match json {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| step(name, value)),
        Value::Array(values) => values.iter().enumerate().for_each(|(i, value)| step(&i.to_string(), value)),
        _ => {}
    }
}

/// A place whose parent is there.
fn place_of(json: &Value, at: &str) -> bool {
    at.rsplit_once('/').is_some_and(|(parent, _)| json.pointer(parent).is_some() || place_of(json, parent))
}

fn compact(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|a, b| a.0.cmp(b.0));
            let field = |(name, value): (&String, &Value)| format!("{}:{}", Value::from(name.clone()), compact(value));
            format!("{{{}}}", fields.into_iter().map(field).collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(compact).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[track_caller]
fn broken(text: impl AsRef<[u8]>) -> (&'static str, usize) {
    let Broken { what, offset } = Json::parse(text.as_ref()).unwrap_err();
    (what, offset)
}

#[test]
fn tells_what_is_broken_and_where() {
    for (text, what, offset) in [
        ("", "the file ends too early", 0),
        ("  ", "the file ends too early", 2),
        ("{", "the name of a field is expected, in quotes", 1),
        ("{\"a\"", "`:` is expected", 4),
        ("{\"a\":1", "`,` or `}` is expected", 6),
        ("{\"a\":1,}", "the name of a field is expected, in quotes", 7),
        ("[1,]", "a value is expected", 3),
        ("[1 2]", "`,` or `]` is expected", 3),
        ("[1]x", "something follows the document", 3),
        ("\"a", "the file ends within a text", 2),
        ("\"a\nb\"", "a control character within a text; write it as an escape", 2),
        ("\"\\x\"", "there is no such escape", 2),
        ("\"\\u12\"", "four hexadecimal digits are expected", 5),
        ("01", "a number is not written like this", 2),
        ("-", "a number is not written like this", 1),
        ("+1", "a value is expected", 0),
        ("1.5", "the number is not whole", 1),
        ("1e3", "the number is not whole", 1),
        ("9223372036854775808", "the number is too large", 0),
        ("{\"a\":1,\"a\":2}", "the object names this field twice", 11),
        ("nul", "a value is expected", 0),
        ("'a'", "a value is expected", 0),
        ("\u{feff}{}", "a value is expected", 0),
    ] {
        assert_eq!(broken(text), (what, offset), "{text:?}");
    }
    assert_eq!(broken([b'"', 0xff, b'"']), ("the file is not UTF-8", 0));
}

/// Every character that has an escape of its own, and those that have none.
#[test]
fn canonical_escapes_what_must_be() {
    for c in ('\0'..='\u{a0}').chain(['é', '\u{2028}', '题', '\u{ffff}', '😀']) {
        let text = serde_json::to_string(&Value::from(c.to_string())).unwrap();
        assert_eq!(Json::parse(text.as_bytes()), Ok(Json::Text(c.into())));
        assert_eq!(Json::Text(c.into()).canonical(), text);
    }
}

/// Half of a surrogate pair is no character, wherever it stands; a whole pair is one.
#[test]
fn lone_surrogates_are_refused() {
    for text in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83dx""#,
        r#""\ud83d\n""#,
        r#""\ud83d\ud83d""#,
        r#""\ude00\ud83d""#,
        r#""\ud83d\u0041""#,
    ] {
        assert!(Json::parse(text.as_bytes()).is_err() && serde_json::from_str::<Value>(text).is_err(), "{text}");
    }
    assert_eq!(Json::parse(br#""\ud83d\ude00""#), Ok(Json::Text("😀".into())));
}

#[test]
fn the_smallest_and_the_largest_number_are_read() {
    for number in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
        assert_eq!(Json::parse(number.to_string().as_bytes()), Ok(Json::Number(number)));
    }
    assert_eq!(Json::parse(b"-0"), Ok(Json::Number(0)));
}

/// Lists and objects nest 64 deep; a file of a megabyte of brackets is refused like any other.
#[test]
fn nesting_is_bounded() {
    let nested = |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    assert!(Json::parse(nested("[", "]", 64).as_bytes()).is_ok());
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        assert_eq!(broken(nested(open, close, 65)).0, "lists and objects nest too deep");
    }
    assert_eq!(broken("[".repeat(1 << 20)).0, "lists and objects nest too deep");
}

/// Faults of a file that is no JSON are told by line and column, both from 1; columns count characters.
#[test]
fn broken_files_are_told_by_line_and_column() {
    for (text, line, column) in [
        ("", 1, 1),
        ("x", 1, 1),
        ("{\n  \"a\": x\n}", 2, 8),
        ("{\"标题\": x}", 1, 8),
        ("{\r\n\"a\"\r\n}", 3, 1),
        ("\n\n\n", 4, 1),
        ("{\"😀\":\n\"\u{1}\"", 2, 2),
    ] {
        let faults = Questionnaire::parse(text.as_bytes()).unwrap_err();
        let fault = &faults.0[0];
        assert_eq!((faults.0.len(), fault.code, fault.at.as_str()), (1, "broken_json", ""));
        assert_eq!((fault.line, fault.column), (Some(line), Some(column)), "{text:?}");
    }
}

/// A file over a megabyte is not looked at.
#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let faults = Questionnaire::parse(&vec![b'['; (1 << 20) + 1]).unwrap_err();
    assert_eq!(faults.0.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["too_large"]);
}
