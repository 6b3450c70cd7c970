//! The document in which all of it stands.

use anxin::device::{BadStep, Device};
use serde_json::{Value, json};

use crate::tablet::{AREAS, Tablet, campaign};

/// A document that is damaged, cut short or from the future is an error, at every step; the step is not
/// taken, so that what is there stays as it is.
#[test]
fn a_document_that_cannot_be_read_is_left_alone() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    (0..7).for_each(|number| tablet.add(&campaign, number).unwrap());
    let good = tablet.document.unwrap();
    assert!(Device::read(Some(&good)).is_ok());
    for cut in (0..good.len()).filter(|&at| good.is_char_boundary(at)) {
        assert!(Device::read(Some(&good[..cut])).is_err(), "{}", &good[..cut]);
    }
    for (field, value) in
        [("version", json!(3)), ("version", json!(0)), ("tallies", json!(null)), ("outbox", json!([{}]))]
    {
        let mut document: Value = serde_json::from_str(&good).unwrap();
        document[field] = value;
        assert!(Device::read(Some(&document.to_string())).is_err(), "{field}");
    }
    for rubbish in ["", " ", "null", "[]", "{}", "0", "{\"version\":1}"] {
        assert!(Device::read(Some(rubbish)).is_err(), "{rubbish}");
    }
    let future = good.replace("\"version\":2", "\"version\":7");
    assert_eq!(Device::read(Some(&future)), Err(BadStep::Version.to_string()));
}

/// Nothing stored yet is a tablet with nobody in it.
#[test]
fn nothing_stored_is_an_empty_tablet() {
    let device = Device::read(None).unwrap();
    assert!(device.to_post(true).is_empty() && device.state(&campaign("one")).is_none());
    assert_eq!(Device::read(Some(&device.write())), Ok(device));
}
