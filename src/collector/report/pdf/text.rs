//! Lines: where a text may be broken, by the rules of Unicode, which know Chinese.

use unicode_linebreak::linebreaks;

use super::fonts::Face;

/// A text in lines no wider than so much, in the unit of the size. What has no break and is too wide is broken anywhere.
/// A line that ends between two words ends with a space, which may stand beyond: who has the lines read to them as one
/// needs it.
pub(super) fn lines(face: &Face, text: &str, size: f32, width: f32) -> Vec<String> {
    let (mut lines, mut line, mut at) = (Vec::new(), String::new(), 0.0);
    let mut end = |line: &mut String, at: &mut f32| {
        let words = line.trim_end();
        lines.push(if words.len() < line.len() { format!("{words} ") } else { words.to_owned() });
        line.clear();
        *at = 0.0;
    };
    for part in parts(text) {
        if !line.is_empty() && at + face.width(part.trim_end()) * size > width {
            end(&mut line, &mut at);
        }
        for it in part.chars() {
            let wide = face.glyph(it).map_or(0.0, |(_, wide)| wide * size);
            if !line.is_empty() && at + wide > width && !it.is_whitespace() {
                end(&mut line, &mut at);
            }
            line.push(it);
            at += wide;
        }
    }
    line.truncate(line.trim_end().len());
    end(&mut line, &mut at);
    lines
}

/// How wide the widest part is that is not to be broken.
pub(super) fn least(face: &Face, text: &str) -> f32 {
    parts(text).map(|part| face.width(part.trim_end())).fold(0.0, f32::max)
}

/// The parts between which a line may end.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    linebreaks(text).map(move |(to, _)| {
        let part = text.get(from..to).unwrap_or_default();
        from = to;
        part
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collector::report::pdf::fonts::Faces;

    #[test]
    fn lines_end_where_they_may() {
        let text = "总体安全感（越城区）：97.5%，Walking alone after dark。";
        let faces = Faces::find(None, &text.chars().collect()).unwrap();
        let face = &faces.regular;
        let broken = lines(face, text, 10.0, 60.0);
        assert!(broken.len() > 3 && broken.iter().all(|line| face.width(line.trim_end()) * 10.0 <= 60.0), "{broken:?}");
        assert_eq!(broken.concat(), text, "nothing is lost");
        assert!(broken.iter().all(|line| !line.starts_with(['）', '，', '。', '：', '%'])), "{broken:?}");
        assert_eq!(lines(face, "Walking", 10.0, 20.0).concat(), "Walking", "broken anywhere, and whole");
        assert_eq!(lines(face, "", 10.0, 20.0), [""]);
        assert!((least(face, "dark Walking") - face.width("Walking")).abs() < 1e-6);
    }
}
