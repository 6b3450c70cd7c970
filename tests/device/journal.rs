//! The journal in which all of it stands.

use anxin::device::Device;
use serde_json::{Value, json};

use crate::tablet::{AREAS, TODAY, Tablet, campaign, on};

/// A text that is damaged, cut short or from the future is an error, and what is there stays as it is.
#[test]
fn a_journal_that_cannot_be_read_is_left_alone() {
    let (mut tablet, campaign) = (Tablet::writing_all_after(1_000), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    (0..3).for_each(|number| tablet.ask(&campaign, number, true, on(TODAY)).unwrap());
    let entries: Vec<String> = tablet.texts().cloned().collect();
    let whole = tablet.device().write();
    assert_eq!(Device::read(None, &entries), Device::read(Some(&whole), &[]));
    for text in entries.iter().chain([&whole]) {
        for cut in (0..text.len()).step_by(7).filter(|&at| text.is_char_boundary(at)) {
            assert!(Device::read(None, &[text[..cut].to_owned()]).is_err(), "{}", &text[..cut]);
            assert!(Device::read(Some(&text[..cut]), &[]).is_err());
        }
    }
    for (field, value) in [("version", json!(4)), ("version", json!(2)), ("sums", json!(null)), ("outbox", json!([{}]))]
    {
        let mut json: Value = serde_json::from_str(&whole).unwrap();
        json[field] = value;
        assert!(Device::read(Some(&json.to_string()), &[]).is_err(), "{field}");
    }
    for rubbish in ["", " ", "null", "[]", "{}", "0", "{\"version\":3}", "\"flown\"", "{\"begun\":{}}"] {
        assert!(Device::read(Some(rubbish), &[]).is_err(), "{rubbish}");
        assert!(Device::read(None, &[rubbish.to_owned()]).is_err(), "{rubbish}");
    }
}

/// Nothing stored yet is a tablet with nobody in it.
#[test]
fn nothing_stored_is_an_empty_tablet() {
    let device = Device::read(None, &[]).unwrap();
    assert!(device.to_post(true).is_empty() && device.state(&campaign("one")).is_none());
    assert_eq!((device.seq(), device.waiting()), (0, 0));
    assert_eq!(Device::read(Some(&device.write()), &[]), Ok(device));
}

/// After a thousand respondents without a network the state is still small, and as quick to read.
#[test]
fn a_thousand_respondents_stay_small() {
    let (mut tablet, campaign) = (Tablet::long(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    for number in 0..1_000 {
        tablet.ask(&campaign, number, false, on(TODAY)).unwrap();
    }
    tablet.gather(on(TODAY));
    assert_eq!((tablet.device().waiting(), tablet.outbox().len()), (1_000, 1));
    assert_eq!(tablet.stored(), tablet.device());
    let bytes = tablet.device().write().len();
    assert!(bytes < 1_000 * 200, "{bytes} bytes");
}
