//! The sheet `settings`.

use super::{Sheet, heading, lists::Lists};
use crate::{questionnaire::Definition, xlsform::language};

/// The sheet.
pub(super) fn sheet(definition: &Definition) -> Sheet {
    let columns = [
        "form_title",
        "anxin::title*",
        "form_id",
        "version",
        "default_language",
        "anxin::table_number*",
        "anxin::issued_by*",
        "anxin::approval_number*",
        "anxin::valid_from",
        "anxin::valid_until",
        "anxin::purpose*",
        "anxin::organiser*",
        "anxin::contact*",
        "anxin::retention*",
        "anxin::dont_know*",
        "anxin::refuse*",
        "anxin::feedback",
        "anxin::draw",
        "anxin::pass_percent",
        "anxin::score_bands",
        "anxin::topics",
    ];
    let mut sheet = Sheet::new("settings", definition, &columns);
    sheet.row();
    // XLSForm has a title in one language.
    for (tag, words) in definition.title.iter() {
        let default = definition.languages.first().is_some_and(|it| it == tag);
        sheet.put(&if default { "form_title".to_owned() } else { heading("anxin::title", tag) }, words);
    }
    sheet.put("form_id", &definition.id);
    sheet.put("version", &definition.version);
    sheet.put("default_language", definition.languages.first().map(|tag| language::name(tag)).unwrap_or_default());
    let header = &definition.header;
    for (base, text) in [
        ("anxin::table_number", &header.table_number),
        ("anxin::issued_by", &header.issued_by),
        ("anxin::approval_number", &header.approval_number),
        ("anxin::purpose", &header.purpose),
        ("anxin::organiser", &header.organiser),
        ("anxin::contact", &header.contact),
        ("anxin::retention", &header.retention),
        ("anxin::dont_know", &definition.words.dont_know),
        ("anxin::refuse", &definition.words.refuse),
    ] {
        sheet.put_text(base, text);
    }
    sheet.put("anxin::valid_from", &header.valid_from);
    sheet.put("anxin::valid_until", &header.valid_until);
    if let Some(quiz) = &definition.quiz {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        sheet.put("anxin::feedback", quiz.feedback.name());
        sheet.put("anxin::draw", number(quiz.draw));
        sheet.put("anxin::pass_percent", number(quiz.pass_percent));
        let bands: Vec<String> = quiz.score_bands.iter().map(u32::to_string).collect();
        sheet.put("anxin::score_bands", bands.join(" "));
        sheet.put("anxin::topics", Lists::of_topics(definition).unwrap_or_default());
    }
    sheet
}
