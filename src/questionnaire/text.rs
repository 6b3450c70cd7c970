//! Texts in several languages.

use serde::{Deserialize, Serialize, Serializer};

use super::{
    fault::Faults,
    json::Json,
    read::{Place, Read, wrong_kind},
};

/// A text in several languages: BCP 47 tag → words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<(String, String)>);

impl Text {
    /// The words in a language.
    pub fn get(&self, language: &str) -> Option<&str> {
        self.0.iter().find(|(tag, _)| tag == language).map(|(_, words)| words.as_str())
    }

    /// Whether there are no words in any language.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every language with its words.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(tag, words)| (tag.as_str(), words.as_str()))
    }
}

impl FromIterator<(String, String)> for Text {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

impl Read for Text {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        let Json::Object(fields) = json else { return wrong_kind(json, "an object of language and words", at, faults) };
        for (tag, json) in fields {
            let mut words = String::new();
            words.read(json, &at.field(tag), faults);
            self.0.push((tag.clone(), words));
        }
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = std::collections::BTreeMap::<String, String>::deserialize(deserializer)?;
        Ok(words.into_iter().collect())
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A text in several languages: BCP 47 tag to words.",
            "type": "object",
            "additionalProperties": { "type": "string" },
        })
    }
}
