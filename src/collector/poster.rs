//! Sheets to hang up: one A4 page an area, as a page that prints itself without anything beside it.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, types::QrError};

use crate::{
    campaign::{Area, Campaign},
    day::Day,
    questionnaire::{Questionnaire, Text},
};

/// What stands on a sheet.
pub(super) struct Sheet<'s> {
    /// The campaign.
    pub(super) campaign: &'s Campaign,
    /// Its questionnaire, for the marks.
    pub(super) questionnaire: &'s Questionnaire,
    /// Which of the questionnaire's languages.
    pub(super) language: &'s str,
    /// Where it hangs.
    pub(super) area: Area,
    /// Where the collector is.
    pub(super) origin: &'s str,
    /// What the code says.
    pub(super) link: String,
    /// Last day of the code.
    pub(super) until: Day,
}

/// What a respondent takes over a question, in seconds: rather more than most need.
const A_QUESTION: u32 = 12;

/// Light modules around a code, without which it is not found.
const QUIET: usize = 4;

/// The sheets as one page of HTML.
///
/// # Errors
/// If an address is too long for a QR code.
pub(super) fn page<'s>(sheets: impl Iterator<Item = Sheet<'s>>) -> Result<String, QrError> {
    let mut html = String::new();
    for sheet in sheets {
        if html.is_empty() {
            let _ = write!(
                html,
                "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>\n{}</style>\n",
                escaped(sheet.language),
                sheet.say(&sheet.campaign.title),
                include_str!("poster.css"),
            );
        }
        sheet.write(&mut html)?;
    }
    Ok(html + "</html>\n")
}

impl Sheet<'_> {
    /// A text in the sheet's language, fit for a page.
    fn say(&self, text: &Text) -> String {
        escaped(self.questionnaire.say(text, self.language))
    }

    fn write(&self, html: &mut String) -> Result<(), QrError> {
        let words = if self.language.starts_with("en") { &EN } else { &ZH };
        let header = &self.questionnaire.definition.header;
        let day = |day: &str| (words.day)(day);
        let until = day(&self.until.to_string());
        let span = (words.span)(&day(&header.valid_from), &day(&header.valid_until));
        let marks = [
            (words.table_number, self.say(&header.table_number)),
            (words.issued_by, self.say(&header.issued_by)),
            (words.approval_number, self.say(&header.approval_number)),
            (words.valid, span),
        ];
        html.push_str("<section>\n<dl class=\"marks\">");
        for (term, value) in marks {
            let _ = write!(html, "<dt>{term}</dt><dd>{value}</dd>");
        }
        let questions = self.questionnaire.cover(self.language, self.until).items;
        let within = self.campaign.regions_of(&self.area.code).into_iter().map(|region| self.say(&region.name) + " · ");
        let _ = write!(
            html,
            "</dl>\n<h1>{title}</h1>\n<p class=\"purpose\">{purpose}</p>\n<p class=\"promise\">{promise}</p>\n\
             <p class=\"scan\">{scan}</p>\n{code}\n\
             <p class=\"area\">{name}</p>\n<p class=\"within\">{within}{area}</p>\n\
             <p class=\"link\">{or} {origin}/c/{id}</p>\n<p class=\"until\">{until}</p>\n\
             <footer>{organiser} · {contact}</footer>\n</section>\n",
            title = self.say(&self.campaign.title),
            purpose = self.say(&header.purpose),
            promise = (words.promise)(questions, (questions * A_QUESTION).div_ceil(60)),
            scan = words.scan,
            code = svg(&self.link, words.code)?,
            name = self.say(&self.area.name),
            within = within.collect::<String>(),
            area = self.area.code.as_str(),
            or = words.or,
            origin = escaped(self.origin),
            id = self.campaign.id,
            until = (words.until)(&until),
            organiser = self.say(&header.organiser),
            contact = self.say(&header.contact),
        );
        Ok(())
    }
}

/// A code that a quarter of may be torn or dirty; each dark stretch of a line is one rectangle.
fn svg(link: &str, name: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(link, EcLevel::Q)?;
    let (width, colours) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, line) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for stretch in line.chunk_by(|one, next| one == next) {
            if stretch.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{2}z", x + QUIET, y + QUIET, stretch.len());
            }
            x += stretch.len();
        }
    }
    let all = width + 2 * QUIET;
    Ok(format!(
        "<svg viewBox=\"0 0 {all} {all}\" role=\"img\" aria-label=\"{name}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{all}v{all}h-{all}z\"/><path d=\"{path}\"/></svg>"
    ))
}

/// Text stays text.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What a sheet says of itself.
struct Words {
    table_number: &'static str,
    issued_by: &'static str,
    approval_number: &'static str,
    valid: &'static str,
    scan: &'static str,
    code: &'static str,
    or: &'static str,
    /// A day, written out.
    day: fn(&str) -> String,
    span: fn(&str, &str) -> String,
    /// From the questions and the minutes.
    promise: fn(u32, u32) -> String,
    until: fn(&str) -> String,
}

const ZH: Words = Words {
    table_number: "表号",
    issued_by: "制定机关",
    approval_number: "批准或备案文号",
    valid: "有效期限",
    scan: "用微信或手机相机扫一扫",
    code: "二维码",
    or: "也可以在手机浏览器里输入",
    day: |day| {
        let parts: Vec<&str> = day.split('-').map(|part| part.trim_start_matches('0')).collect();
        if let [year, month, day] = parts[..] { format!("{year}年{month}月{day}日") } else { day.to_owned() }
    },
    span: |from, until| format!("{from}至{until}"),
    promise: |questions, minutes| {
        format!(
            "最多{questions}题，大约{minutes}分钟，自愿参加。不问姓名、电话和身份证号；\
             您的回答在手机上拆成两份密文，只和别人的加在一起算总数。"
        )
    },
    until: |until| format!("{until}截止"),
};

const EN: Words = Words {
    table_number: "Form number",
    issued_by: "Issued by",
    approval_number: "Approval or filing number",
    valid: "Valid",
    scan: "Scan with WeChat or the phone's camera",
    code: "QR code",
    or: "Or type into the phone's browser:",
    day: str::to_owned,
    span: |from, until| format!("{from} to {until}"),
    promise: |questions, minutes| {
        format!(
            "Up to {questions} questions, about {minutes} minutes, voluntary. No name, phone number or ID number is \
             asked for; on the phone your answers are split into two sealed parts, which only count in sums with others."
        )
    },
    until: |until| format!("Open until {until}"),
};
