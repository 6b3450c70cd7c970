//! Pages to print: A4 on its side, Chinese set with a font that has it, of which what is used goes with the file, so that
//! it looks the same everywhere and its text can be found and copied; tagged, so that it can be read aloud.
//!
//! A character is one glyph here: Chinese, Latin, Greek and Cyrillic need no more. Scripts that join their letters do; a
//! page in a browser sets those.

mod flow;
pub(super) mod fonts;
mod table;
mod tags;
mod text;

use std::{collections::BTreeSet, path::Path};

use krilla::{
    Document as File,
    color::rgb,
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect},
    metadata::{DateTime, Metadata},
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::Fill,
    surface::Surface,
    tagging::{Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag},
    text::KrillaGlyph,
};

use self::{
    flow::{Colour, Flow, GREY, LEADING, MARGIN, Mark, PAGE, Style, WIDTH},
    fonts::Faces,
};
use super::{
    NoReport,
    compose::words_of,
    document::{Document, Mark as Kind},
};
use crate::{day::Day, statistic::band::Band};

/// Of text from its line's top to its baseline, in parts of its size.
const ASCENT: f32 = 1.08;

/// The file.
pub(super) fn write(document: &Document, day: Day, font: Option<&Path>) -> Result<Vec<u8>, NoReport> {
    let words = words_of(&document.language);
    let faces = Faces::find(font, &characters(document))?;
    let mut flow = Flow::new(&faces);
    flow.heading(&document.title, Style::bold(16.0), 0.0);
    flow.tagged(Tag::L(ListNumbering::None), |flow| facts(flow, document));
    flow.y += 8.0;
    flow.heading(document.glance, Style::bold(11.0), 30.0);
    flow.tagged(Tag::L(ListNumbering::None), |flow| {
        for finding in &document.findings {
            flow.item(finding.mark.sign(), &finding.text, Style::plain(8.5), Some(ground(finding.mark)));
        }
    });
    for table in &document.tables {
        table::draw(&mut flow, table, &document.language, words.continued);
    }
    flow.y += 12.0;
    flow.heading(document.how_to_read, Style::bold(11.0), 30.0);
    flow.tagged(Tag::L(ListNumbering::Disc), |flow| {
        document.notes.iter().for_each(|note| flow.item("·", note, Style::plain(8.0), None));
    });
    file(document, day, &flow).map_err(|error| NoReport::Failed(format!("the PDF library failed: {error:?}").into()))
}

/// The name of each fact above its value, four beside each other.
fn facts(flow: &mut Flow, document: &Document) {
    const BESIDE: usize = 4;
    let (name, value) = (Style { colour: GREY, ..Style::plain(7.5) }, Style::bold(8.5));
    let width = WIDTH / BESIDE as f32;
    for facts in document.facts.chunks(BESIDE) {
        let mut height: f32 = 0.0;
        for (place, (of, cell)) in facts.iter().enumerate() {
            let x = MARGIN + place as f32 * width;
            let lines = flow.lines(&cell.text(&document.language), value, width - 8.0);
            flow.tagged(Tag::LI, |flow| {
                flow.tagged(Tag::Lbl, |flow| flow.put_lines(&[(*of).to_owned()], (x, flow.y), name));
                flow.tagged(Tag::LBody, |flow| flow.put_lines(&lines, (x, flow.y + name.size * LEADING), value));
            });
            height = height.max((name.size + lines.len() as f32 * value.size) * LEADING);
        }
        flow.y += height + 5.0;
    }
}

/// The ground on which a finding stands.
fn ground(mark: Kind) -> Colour {
    match mark {
        Kind::Band(band) => table::colours(band).0,
        Kind::Fall | Kind::Fault => table::colours(Band::Red).0,
        Kind::Rise | Kind::Good => table::colours(Band::Blue).0,
        Kind::Untold => [242, 242, 242],
    }
}

/// Every character that is written.
fn characters(document: &Document) -> BTreeSet<char> {
    let words = words_of(&document.language);
    let language = &document.language;
    let mut text: Vec<String> = vec![
        document.title.clone(),
        document.running.clone(),
        document.made.clone(),
        (words.page)(1_234_567_890, 1),
        words.continued.to_owned(),
        [document.glance, document.how_to_read, "·"].concat(),
    ];
    text.extend(document.facts.iter().map(|(name, value)| format!("{name}{}", value.text(language))));
    text.extend(document.findings.iter().map(|it| format!("{}{}", it.mark.sign(), it.text)));
    for table in &document.tables {
        text.push(table.caption.clone());
        text.extend(table.columns.iter().map(|column| column.heading.to_owned()));
        text.extend(table.rows.iter().flatten().map(|cell| cell.text(language)));
    }
    text.extend(document.notes.iter().cloned());
    text.iter().flat_map(|text| text.chars()).collect()
}

/// Draws what stands where.
fn file(document: &Document, day: Day, flow: &Flow) -> Result<Vec<u8>, krilla::error::KrillaError> {
    let words = words_of(&document.language);
    let mut file = File::new();
    let small = Style { colour: GREY, ..Style::plain(7.5) };
    let Some(size) = PageSettings::from_wh(PAGE.0, PAGE.1) else { return file.finish() };
    let mut texts: Vec<Vec<Identifier>> = flow.groups.iter().map(|_| Vec::new()).collect();
    for (index, marks) in flow.pages.iter().enumerate() {
        let mut page = file.start_page_with(size.clone());
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text { group: Some(group), .. } => {
                    let text = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                    texts[*group].push(text);
                    draw(&mut surface, flow.faces, mark);
                    surface.end_tagged();
                }
                _ => beside(&mut surface, flow.faces, mark, ArtifactType::Layout),
            }
        }
        let page_of = (words.page)(index + 1, flow.pages.len());
        let right = PAGE.0 - MARGIN - flow.width(&page_of, small);
        for (x, y, text, kind) in [
            (MARGIN, 22.0, document.running.clone(), ArtifactType::Header),
            (MARGIN, PAGE.1 - 30.0, document.made.clone(), ArtifactType::Footer),
            (right, PAGE.1 - 30.0, page_of, ArtifactType::Footer),
        ] {
            let mark = Mark::Text { x, y, text, style: small, group: None };
            beside(&mut surface, flow.faces, &mark, kind);
        }
        surface.finish();
        page.finish();
    }
    let mut outline = Outline::new();
    for (text, page, y) in &flow.headings {
        let place = XyzDestination::new(*page, Point::from_xy(MARGIN, (y - 6.0).max(0.0)));
        outline.push_child(OutlineNode::new(text.clone(), place));
    }
    file.set_outline(outline);
    file.set_tag_tree(tags::tree(&flow.groups, texts, &document.language));
    let made = DateTime::new(day.year()).month(day.month()).day(day.day_of_month());
    let title = format!("{} · {}", document.title, document.running);
    file.set_metadata(
        Metadata::new().title(title).language(document.language.clone()).creator("Anxin".into()).creation_date(made),
    );
    file.finish()
}

/// Draws what is not read.
fn beside(surface: &mut Surface, faces: &Faces, mark: &Mark, kind: ArtifactType) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface, faces, mark);
    surface.end_tagged();
}

fn draw(surface: &mut Surface, faces: &Faces, mark: &Mark) {
    let fill = |[red, green, blue]: Colour| Fill { paint: rgb::Color::new(red, green, blue).into(), ..Fill::default() };
    match mark {
        Mark::Text { x, y, text, style, .. } => {
            let face = if style.bold { &faces.bold } else { &faces.regular };
            let glyph = |(at, it): (usize, char)| {
                let (glyph, width) = face.glyph(it)?;
                Some(KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, at..at + it.len_utf8(), None))
            };
            let glyphs: Vec<KrillaGlyph> = text.char_indices().filter_map(glyph).collect();
            surface.set_fill(Some(fill(style.colour)));
            let start = Point::from_xy(*x, y + style.size * ASCENT);
            surface.draw_glyphs(start, &glyphs, face.font.clone(), text, style.size, false);
        }
        Mark::Box { x, y, width, height, colour } => {
            let mut path = PathBuilder::new();
            let Some(area) = Rect::from_xywh(*x, *y, *width, *height) else { return };
            path.push_rect(area);
            surface.set_fill(Some(fill(*colour)));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}
