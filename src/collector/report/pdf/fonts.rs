//! Fonts that have Chinese: the machine's, or a file that is given.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use fontdb::{Database, Family, Query, Source, Weight};
use krilla::text::{Font, GlyphId};
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, prelude::Size};

/// Families with the forms of the characters that are usual on the mainland, the best first.
const FAMILIES: [&str; 12] = [
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "SimHei",
    "SimSun",
];

/// Why nothing can be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::collector) enum NoFont {
    /// The machine has none of the families.
    #[error(
        "this machine has no font with Chinese; looked for: {}. \
         Debian's package fonts-noto-cjk has the first; --font takes a file",
        FAMILIES.join(", ")
    )]
    Nowhere,
    /// A file holds no font.
    #[error("{} is no font that can be read", .0.display())]
    Unreadable(PathBuf),
    /// There are characters that a font does not have; boxes would stand for them.
    #[error("the font {font} does not have these characters: {missing}; --font takes another file")]
    Lacking {
        /// The font's name.
        font: String,
        /// What it lacks, or the beginning of it.
        missing: String,
    },
}

/// A weight of a font, with the characters that a text needs.
pub(super) struct Face {
    /// For the library that writes.
    pub(super) font: Font,
    /// Glyph and width of each character, in parts of the size.
    glyphs: BTreeMap<char, (GlyphId, f32)>,
}

/// The two weights that a report is set in.
pub(super) struct Faces {
    /// For figures and text.
    pub(super) regular: Face,
    /// For headings.
    pub(super) bold: Face,
}

impl Faces {
    /// Finds fonts that have all characters of a text: in a file, or on this machine.
    pub(super) fn find(given: Option<&Path>, text: &BTreeSet<char>) -> Result<Self, NoFont> {
        let mut fonts = Database::new();
        match given {
            Some(file) => fonts.load_font_file(file).map_err(|_| NoFont::Unreadable(file.to_owned()))?,
            None => fonts.load_system_fonts(),
        }
        let (regular, bold) = match given {
            Some(file) => own(&fonts).ok_or_else(|| NoFont::Unreadable(file.to_owned()))?,
            None => installed(&fonts).ok_or(NoFont::Nowhere)?,
        };
        let load = |id| Face::load(&fonts, id, text);
        Ok(Self { regular: load(regular)?, bold: load(bold)? })
    }
}

/// The first family that there is: its regular and its bold weight, which may be the same.
fn installed(fonts: &Database) -> Option<(fontdb::ID, fontdb::ID)> {
    let of = |family, weight| fonts.query(&Query { families: &[Family::Name(family)], weight, ..Query::default() });
    FAMILIES.into_iter().find_map(|family| Some((of(family, Weight::NORMAL)?, of(family, Weight::BOLD)?)))
}

/// The fonts of a file: of a collection, one of the mainland's forms if there is one.
fn own(fonts: &Database) -> Option<(fontdb::ID, fontdb::ID)> {
    let known = |face: &&fontdb::FaceInfo| face.families.iter().any(|(name, _)| FAMILIES.contains(&name.as_str()));
    let face = fonts.faces().find(known).or_else(|| fonts.faces().next())?;
    Some((face.id, face.id))
}

impl Face {
    fn load(fonts: &Database, id: fontdb::ID, text: &BTreeSet<char>) -> Result<Self, NoFont> {
        let face = fonts.face(id).ok_or(NoFont::Nowhere)?;
        let Source::File(file) = &face.source else { return Err(NoFont::Nowhere) };
        let unreadable = || NoFont::Unreadable(file.clone());
        let data = Arc::new(fs::read(file).map_err(|_| unreadable())?);
        let font = FontRef::from_index(&data, face.index).map_err(|_| unreadable())?;
        let units = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em.max(1));
        let (map, widths) = (font.charmap(), font.glyph_metrics(Size::unscaled(), LocationRef::default()));
        let glyph = |it: char| {
            let glyph = map.map(it)?;
            Some((it, (GlyphId::new(glyph.to_u32()), widths.advance_width(glyph)? / units)))
        };
        let glyphs: BTreeMap<char, (GlyphId, f32)> = text.iter().filter_map(|it| glyph(*it)).collect();
        let missing: String = text.iter().filter(|it| !glyphs.contains_key(it)).take(20).collect();
        if !missing.is_empty() {
            return Err(NoFont::Lacking { font: face.post_script_name.clone(), missing });
        }
        let font = Font::new(data.clone().into(), face.index).ok_or_else(unreadable)?;
        Ok(Self { font, glyphs })
    }

    /// Glyph and width of a character, in parts of the size.
    pub(super) fn glyph(&self, it: char) -> Option<(GlyphId, f32)> {
        self.glyphs.get(&it).copied()
    }

    /// How wide a text is, in parts of the size.
    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars().filter_map(|it| self.glyph(it)).map(|(_, width)| width).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> BTreeSet<char> {
        text.chars().collect()
    }

    #[test]
    fn without_a_font_there_is_no_report() {
        assert_eq!(installed(&Database::new()), None);
        let told = NoFont::Nowhere.to_string();
        assert!(told.contains("Noto Sans CJK SC") && told.contains("SimSun") && told.contains("--font"), "{told}");
        let none = Faces::find(Some(Path::new("Cargo.toml")), &text("a")).err();
        assert_eq!(none, Some(NoFont::Unreadable("Cargo.toml".into())));
        assert!(matches!(Faces::find(Some(Path::new("no/such.ttf")), &text("a")).err(), Some(NoFont::Unreadable(_))));
    }

    /// The machine that runs the tests has a font: `.ci/tools` sees to it.
    #[test]
    fn what_a_font_lacks_is_named() {
        let faces = Faces::find(None, &text("安全 95.0%")).unwrap();
        assert!((faces.regular.width("安全") - 2.0).abs() < 1e-3, "a character is as wide as the size");
        assert!(faces.bold.width("95") > 0.9 && faces.bold.width("95") < 1.5);
        let lacking = Faces::find(None, &text("安\u{10ffff}")).err().map(|it| it.to_string()).unwrap();
        assert!(lacking.contains('\u{10ffff}') && !lacking.contains('安'), "{lacking}");
    }
}
