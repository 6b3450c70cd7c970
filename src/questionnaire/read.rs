//! From JSON to Rust types with every fault noted at its place: reading goes on after a fault, so that
//! an author sees all of them at once.
//!
//! Serde's derive stops at the first fault, and its monomorphic code would be half of the module that a
//! phone loads; [`record!`] states the fields of a type once and gives the type, its reading, its
//! serialisation and its JSON Schema.

use std::fmt;

use super::{
    fault::{Faults, say},
    json::Json,
};

/// Can be read from JSON.
pub(crate) trait Read {
    /// Reads a value over what was there, which stays where there is a fault. Faults are noted.
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults);
}

/// A place in a document: prints as a JSON pointer (RFC 6901).
#[derive(Clone, Copy)]
pub(crate) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Index(usize),
}

impl Place<'_> {
    /// The whole document.
    pub(crate) const ROOT: Place<'static> = Place { parent: None, step: Step::Index(0) };

    pub(crate) fn field<'p>(&'p self, name: &'p str) -> Place<'p> {
        Place { parent: Some(self), step: Step::Field(name) }
    }

    pub(crate) fn index(&self, index: usize) -> Place<'_> {
        Place { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.fmt(f)?;
        f.write_str("/")?;
        match self.step {
            Step::Index(index) => index.fmt(f),
            Step::Field(name) => name.chars().try_for_each(|c| match c {
                '~' => f.write_str("~0"),
                '/' => f.write_str("~1"),
                c => fmt::Write::write_char(f, c),
            }),
        }
    }
}

/// A field of an object: its name, whether it may be left out, and where it is read to.
pub(crate) type Field<'f> = (&'static str, bool, &'f mut dyn Read);

/// Reads an object field by field, and notes those that lack and those that nobody knows.
pub(crate) fn object(json: &Json, at: &Place, faults: &mut Faults, fields: &mut [Field]) {
    let Json::Object(given) = json else { return wrong_kind(json, "an object", at, faults) };
    for (name, _) in given.iter().filter(|(name, _)| !fields.iter().any(|(known, ..)| known == name)) {
        let known = || fields.iter().map(|(known, ..)| *known).collect::<Vec<_>>().join(", ");
        faults.add("unknown_field", &at.field(name), say!("no field `{name}` here; known: {}", known()));
    }
    for (name, optional, field) in fields {
        match given.iter().find(|(it, _)| it == name) {
            Some((_, json)) => field.read(json, &at.field(name), faults),
            None if *optional => {}
            None => faults.add("missing_field", at, say!("lacks the field `{name}`")),
        }
    }
}

/// Notes a value of the wrong kind.
pub(crate) fn wrong_kind(json: &Json, want: &str, at: &Place, faults: &mut Faults) {
    faults.add("wrong_kind", at, say!("is {}, must be {want}", json.name()));
}

/// Reads one of several names; gives its place among them.
pub(crate) fn one_of(json: &Json, names: &[&str], at: &Place, faults: &mut Faults) -> Option<usize> {
    let Json::Text(text) = json else {
        wrong_kind(json, "a text", at, faults);
        return None;
    };
    let found = names.iter().position(|name| name == text);
    if found.is_none() {
        faults.add("unknown_value", at, say!("`{text}` is none of {}", names.join(", ")));
    }
    found
}

/// Whether a field need not be written.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Read for String {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        match json {
            Json::Text(text) => self.clone_from(text),
            _ => wrong_kind(json, "a text", at, faults),
        }
    }
}

impl Read for bool {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        match json {
            Json::Bool(value) => *self = *value,
            _ => wrong_kind(json, "true or false", at, faults),
        }
    }
}

/// Reads a whole number within bounds.
fn whole(json: &Json, least: i64, most: i64, at: &Place, faults: &mut Faults) -> i64 {
    match json {
        Json::Number(number) if (least..=most).contains(number) => *number,
        _ => {
            wrong_kind(json, &say!("a whole number from {least} to {most}"), at, faults);
            least
        }
    }
}

impl Read for u32 {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        *self = whole(json, 0, i64::from(Self::MAX), at, faults) as Self;
    }
}

impl Read for i32 {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        *self = whole(json, i64::from(Self::MIN), i64::from(Self::MAX), at, faults) as Self;
    }
}

impl<T: Read + Default> Read for Option<T> {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        self.insert(T::default()).read(json, at, faults);
    }
}

impl<T: Read> Read for Box<T> {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        (**self).read(json, at, faults);
    }
}

impl<T: Read + Default> Read for Vec<T> {
    fn read(&mut self, json: &Json, at: &Place, faults: &mut Faults) {
        list(self, json, at, faults);
    }
}

/// A list that entries are read into.
trait Grow {
    /// One more entry.
    fn grow(&mut self) -> &mut dyn Read;
}

impl<T: Read + Default> Grow for Vec<T> {
    fn grow(&mut self) -> &mut dyn Read {
        self.push(T::default());
        let last = self.len() - 1;
        &mut self[last]
    }
}

/// Reads a list entry by entry: one function for all types.
fn list(into: &mut dyn Grow, json: &Json, at: &Place, faults: &mut Faults) {
    let Json::List(values) = json else { return wrong_kind(json, "a list", at, faults) };
    for (index, value) in values.iter().enumerate() {
        into.grow().read(value, &at.index(index), faults);
    }
}

/// Defines a type by its fields: `name: type`, or `name: type = default` for a field that may be left
/// out; `name as "field": type` where the JSON field has another name.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $record:ident { $($(#[$doc:meta])* pub $field:ident $(as $name:literal)? : $kind:ty $(= $default:ident)?,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
        pub struct $record {
            $($(#[$doc])*
            $(#[serde(rename = $name)])?
            $(#[serde($default, skip_serializing_if = "crate::questionnaire::read::is_default")])?
            pub $field: $kind,)*
        }

        impl $crate::questionnaire::read::Read for $record {
            fn read(&mut self, json: &$crate::questionnaire::json::Json, at: &$crate::questionnaire::read::Place, faults: &mut $crate::questionnaire::fault::Faults) {
                $crate::questionnaire::read::object(json, at, faults, &mut [
                    $(($crate::questionnaire::read::field_name!($field $($name)?), $crate::questionnaire::read::may_lack!($($default)?), &mut self.$field)),*
                ]);
            }
        }
    };
}

/// The name of a field in JSON.
macro_rules! field_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Whether a field may be left out.
macro_rules! may_lack {
    () => {
        false
    };
    (default) => {
        true
    };
}

/// Defines a type by the names of its values.
macro_rules! names {
    ($(#[$meta:meta])* pub enum $names:ident { $($(#[$doc:meta])* $value:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        pub enum $names {
            $($(#[$doc])* #[serde(rename = $name)] $value,)*
        }

        impl $names {
            /// Its name in JSON.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)*
                }
            }
        }

        impl $crate::questionnaire::read::Read for $names {
            fn read(&mut self, json: &$crate::questionnaire::json::Json, at: &$crate::questionnaire::read::Place, faults: &mut $crate::questionnaire::fault::Faults) {
                if let Some(place) = $crate::questionnaire::read::one_of(json, &[$($name),*], at, faults) {
                    *self = [$(Self::$value),*][place];
                }
            }
        }
    };
}

pub(crate) use {field_name, may_lack, names, record};
