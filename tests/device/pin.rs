//! The volunteer's shift, and the PIN that keeps residents out of it.

use anxin::{
    device::{BadStep, Device},
    response::Mode,
};

use crate::tablet::{AREAS, PIN, QUESTIONNAIRE, Tablet, campaign, day, respondent};

/// Wrong PINs make the next try wait, longer and longer up to a minute; the right one always opens.
#[test]
fn a_wrong_pin_waits_and_never_locks_out() {
    let (mut tablet, campaign) = (Tablet::new(), campaign("one"));
    tablet.begin(&campaign, AREAS[0]).unwrap();
    tablet.step(|device| device.hand_over(&campaign)).unwrap();
    let wait = |tablet: &Tablet| Device::read(tablet.document.as_deref()).unwrap().pin_wait_seconds(&campaign).unwrap();
    let mut waits = Vec::new();
    for _ in 0..12 {
        waits.push(wait(&tablet));
        assert_eq!(tablet.step(|device| device.take_back(&campaign, "2581")), Ok(false));
    }
    assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    let handed_over =
        |tablet: &Tablet| Device::read(tablet.document.as_deref()).unwrap().state(&campaign).unwrap().handed_over;
    assert!(handed_over(&tablet));
    assert_eq!(tablet.step(|device| device.take_back(&campaign, PIN)), Ok(true));
    assert!(!handed_over(&tablet));
    assert_eq!(wait(&tablet), 0);
    assert_eq!(tablet.step(|device| device.end(&campaign, "")), Ok(false));
    assert_eq!(tablet.step(|device| device.end(&campaign, PIN)), Ok(true));
    assert_eq!(tablet.step(|device| device.end(&campaign, PIN)), Err(BadStep::NoShift));
}

/// A PIN is four to eight digits, and does not stand in the document.
#[test]
fn a_pin_is_four_to_eight_digits() {
    let campaign = campaign("one");
    for (pin, taken) in [
        ("2580", true),
        ("25802580", true),
        ("258", false),
        ("258025802", false),
        ("", false),
        ("25 80", false),
        ("２５８０", false),
        ("abcd", false),
        ("-258", false),
    ] {
        let mut device = Device::read(None).unwrap();
        let begun = device.begin(&campaign, AREAS[0], Mode::ReadAloud, pin, [1; 16], day("2026-11-23"));
        assert_eq!(begun, if taken { Ok(()) } else { Err(BadStep::Pin) }, "{pin}");
        assert!(!taken || !device.write().contains(pin), "the PIN can be read");
    }
}

/// A shift begins in an area of an open campaign, one at a time; nothing is added to another's.
#[test]
fn a_shift_begins_where_and_when_people_are_asked() {
    let (one, two) = (campaign("one"), campaign("two"));
    let begin = |device: &mut Device, campaign, area, today| {
        device.begin(campaign, area, Mode::ReadAloud, PIN, [1; 16], day(today))
    };
    let mut device = Device::read(None).unwrap();
    for area in ["330605", "3306", "33060201", ""] {
        assert_eq!(begin(&mut device, &one, area, "2026-11-23"), Err(BadStep::Area), "{area}");
    }
    for today in ["2026-10-31", "2026-12-01"] {
        assert_eq!(begin(&mut device, &one, AREAS[1], today), Err(BadStep::Closed), "{today}");
    }
    assert_eq!(device, Device::read(None).unwrap(), "a step that was not taken changes nothing");
    assert_eq!(begin(&mut device, &one, AREAS[1], "2026-11-30"), Ok(()));
    assert_eq!(begin(&mut device, &two, AREAS[1], "2026-11-23"), Err(BadStep::ShiftOn));
    let before = device.clone();
    let add = device.add(&two, &QUESTIONNAIRE.layout, &respondent(0), None, day("2026-11-23"), [0; 16]);
    assert_eq!((add, device.hand_over(&two)), (Err(BadStep::NoShift), Err(BadStep::NoShift)));
    assert_eq!(device.take_back(&two, PIN), Err(BadStep::NoShift));
    assert_eq!(device.pin_wait_seconds(&two), Err(BadStep::NoShift));
    assert!(device == before && device.state(&two).is_none());
    let state = device.state(&one).unwrap();
    assert_eq!((state.area.as_str(), state.mode, state.k, state.completed), (AREAS[1], Mode::ReadAloud, 5, 0));
}
