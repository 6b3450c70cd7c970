//! From a JSON pointer to line and column, for an author's editor.

use jsonc_parser::{
    ast::Value,
    common::{Range, Ranged},
};

/// A file's text with its structure.
pub(super) struct Source<'t> {
    text: &'t str,
    root: Option<Value<'t>>,
}

impl<'t> Source<'t> {
    /// Reads a file. One that is no JSON has no places but its beginning.
    pub(super) fn new(text: &'t str) -> Self {
        let parsed = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default());
        Self { text, root: parsed.ok().and_then(|it| it.value) }
    }

    /// Line and column, both from 1, of what a JSON pointer points at: a field's name, a list's entry.
    /// Of what is missing, the place of the nearest thing around it.
    pub(super) fn place(&self, pointer: &str) -> (usize, usize) {
        let mut start = self.root.as_ref().map_or(0, |root| root.range().start);
        let mut at = self.root.as_ref();
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let Some((range, value)) = at.and_then(|value| child(value, &step)) else { break };
            start = range.start;
            at = Some(value);
        }
        self.line_and_column(start)
    }

    fn line_and_column(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// Where a step leads, and where that begins.
fn child<'v, 't>(value: &'v Value<'t>, step: &str) -> Option<(Range, &'v Value<'t>)> {
    match value {
        Value::Object(object) => {
            let property = object.properties.iter().find(|property| property.name.as_str() == step)?;
            Some((property.range, &property.value))
        }
        Value::Array(list) => {
            let entry = list.elements.get(step.parse::<usize>().ok()?)?;
            Some((entry.range(), entry))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_fields_and_entries() {
        let source = Source::new("{\n  \"题\": \"安心\", \"list\": [1,\n    {\"a/b\": 2}]\n}");
        for (pointer, place) in [
            ("", (1, 1)),
            ("/题", (2, 3)),
            ("/list", (2, 14)),
            ("/list/1", (3, 5)),
            ("/list/1/a~1b", (3, 6)),
            ("/list/1/missing", (3, 5)),
            ("/list/9", (2, 14)),
        ] {
            assert_eq!(source.place(pointer), place, "{pointer}");
        }
        assert_eq!(Source::new("{").place("/a"), (1, 1));
    }
}
