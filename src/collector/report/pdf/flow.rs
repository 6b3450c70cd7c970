//! Pages that fill from top to bottom: what stands where, before anything is drawn.

use krilla::tagging::{Tag, TagKind};

use super::{
    fonts::Faces,
    tags::{Group, level},
    text::lines,
};

/// A4 on its side, in points.
pub(super) const PAGE: (f32, f32) = (841.89, 595.28);

/// Left and right of everything.
pub(super) const MARGIN: f32 = 34.0;

/// The first line stands here, under what stands on top of every page.
const TOP: f32 = 44.0;

/// Nothing stands below, but what stands at the foot of every page.
const BOTTOM: f32 = PAGE.1 - 40.0;

/// So wide is what stands between the margins.
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;

/// A line is so many times as high as its size.
pub(super) const LEADING: f32 = 1.4;

/// A colour: red, green and blue.
pub(super) type Colour = [u8; 3];

/// Ink.
pub(super) const BLACK: Colour = [26, 26, 26];

/// What is beside the matter.
pub(super) const GREY: Colour = [90, 90, 90];

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// In points.
    pub(super) size: f32,
    /// Bold, or regular.
    pub(super) bold: bool,
    /// Its ink.
    pub(super) colour: Colour,
}

impl Style {
    /// Regular, in black.
    pub(super) const fn plain(size: f32) -> Self {
        Self { size, bold: false, colour: BLACK }
    }

    /// Bold, in black.
    pub(super) const fn bold(size: f32) -> Self {
        Self { size, bold: true, colour: BLACK }
    }
}

/// Something on a page; from its upper left corner, downwards.
#[derive(Debug)]
pub(super) enum Mark {
    /// One line of text: left end and top of the line; which group it is of, by index, if it is no ornament.
    Text { x: f32, y: f32, text: String, style: Style, group: Option<usize> },
    /// A filled rectangle: left, top, width and height.
    Box { x: f32, y: f32, width: f32, height: f32, colour: Colour },
}

/// Pages so far.
pub(super) struct Flow<'f> {
    /// What is set with.
    pub(super) faces: &'f Faces,
    /// What stands on each page.
    pub(super) pages: Vec<Vec<Mark>>,
    /// Where the next thing stands.
    pub(super) y: f32,
    /// Headings, with page and height, for the reader's table of contents.
    pub(super) headings: Vec<(String, usize, f32)>,
    /// What the texts are, each group behind the one that it lies in.
    pub(super) groups: Vec<Group>,
    /// The group of what is put now.
    group: Option<usize>,
    /// What is put now is not read.
    unread: bool,
}

impl<'f> Flow<'f> {
    /// An empty page.
    pub(super) fn new(faces: &'f Faces) -> Self {
        Self {
            faces,
            pages: vec![Vec::new()],
            y: TOP,
            headings: Vec::new(),
            groups: Vec::new(),
            group: None,
            unread: false,
        }
    }

    /// How wide a text is.
    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        let face = if style.bold { &self.faces.bold } else { &self.faces.regular };
        face.width(text) * style.size
    }

    /// A text in lines.
    pub(super) fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        lines(if style.bold { &self.faces.bold } else { &self.faces.regular }, text, style.size, width)
    }

    /// So much still fits on the page.
    pub(super) fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Goes on on the next page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// Goes on on the next page if so much does not fit on this one.
    pub(super) fn need(&mut self, height: f32) {
        if height > self.room() && self.y > TOP {
            self.turn();
        }
    }

    /// Says of what is put meanwhile what it is, to those who do not see the page.
    pub(super) fn tagged(&mut self, tag: impl Into<TagKind>, put: impl FnOnce(&mut Self)) {
        if self.unread {
            return put(self);
        }
        self.groups.push(Group { tag: tag.into(), within: self.group });
        let before = self.group.replace(self.groups.len() - 1);
        put(self);
        self.group = before;
    }

    /// Says of what is put meanwhile that it is not to be read: it repeats what is.
    pub(super) fn repeated(&mut self, put: impl FnOnce(&mut Self)) {
        let before = (self.group.take(), std::mem::replace(&mut self.unread, true));
        put(self);
        (self.group, self.unread) = before;
    }

    /// Puts something on the page.
    pub(super) fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Puts lines below each other, from a place on.
    pub(super) fn put_lines(&mut self, lines: &[String], (x, y): (f32, f32), style: Style) {
        for (row, text) in lines.iter().enumerate() {
            let y = y + row as f32 * style.size * LEADING;
            self.put(Mark::Text { x, y, text: text.clone(), style, group: self.group });
        }
    }

    /// A heading that keeps something of what follows with it.
    pub(super) fn heading(&mut self, text: &str, style: Style, with: f32) {
        let lines = self.lines(text, style, WIDTH);
        let height = lines.len() as f32 * style.size * LEADING;
        self.need(height + with);
        let tag = Tag::Hn(level(self.headings.len()), Some(text.to_owned()));
        self.headings.push((text.to_owned(), self.pages.len() - 1, self.y));
        self.tagged(tag, |flow| flow.put_lines(&lines, (MARGIN, flow.y), style));
        self.y += height + 2.0;
    }

    /// An item of a list, indented behind a sign, which may have a ground of its own.
    pub(super) fn item(&mut self, sign: &str, text: &str, style: Style, ground: Option<Colour>) {
        const INDENT: f32 = 16.0;
        let lines = self.lines(text, style, WIDTH - INDENT - 4.0);
        let height = lines.len() as f32 * style.size * LEADING;
        self.need(height + 4.0);
        let (x, y) = (MARGIN, self.y + 2.0);
        if let Some(colour) = ground {
            self.put(Mark::Box { x, y: y - 2.0, width: WIDTH, height: height + 3.0, colour });
        }
        self.tagged(Tag::LI, |flow| {
            // The words say what the sign says.
            flow.repeated(|flow| flow.put_lines(&[sign.to_owned()], (x + 4.0, y), style));
            flow.tagged(Tag::LBody, |flow| flow.put_lines(&lines, (x + INDENT, y), style));
        });
        self.y += height + 5.0;
    }
}
