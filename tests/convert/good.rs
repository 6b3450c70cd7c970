//! Good forms, and what becomes of them.

use serde_json::json;

use crate::workbench::good;

#[test]
fn a_choice_of_one() {
    let json = good(
        "| | type | name | label | hint | required |
         | | select_one safe | overall | How safe? | Think of today | yes |",
    );
    assert_eq!(
        json["sections"],
        json!([{
            "id": "main",
            "title": { "en": "Form" },
            "items": [{
                "id": "overall",
                "type": "single",
                "text": { "en": "How safe?" },
                "help": { "en": "Think of today" },
                "options": [
                    { "id": "very", "text": { "en": "Very safe" } },
                    { "id": "fairly", "text": { "en": "Fairly safe" } },
                    { "id": "not", "text": { "en": "Not safe" } }
                ]
            }]
        }])
    );
}
