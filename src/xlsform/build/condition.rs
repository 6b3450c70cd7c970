//! What names questions: conditions, constraints, calculations.

use super::Builder;
use crate::{
    questionnaire::definition::{Base, Condition, Indicator, Item, ItemType, Joint, Several},
    xlsform::{
        expression::{Scope, Subject, Truth, parse},
        table::Row,
    },
};

/// A row that is gone through once more when all names are known.
pub(super) enum Pending<'f> {
    /// A section, and the groups that it stands in, the outermost first.
    Section {
        section: usize,
        groups: Vec<Row<'f>>,
    },
    Item {
        section: usize,
        item: usize,
        row: Row<'f>,
        offered: Option<Condition>,
    },
    Indicator {
        indicator: usize,
        row: Row<'f>,
    },
    Calculation {
        row: Row<'f>,
    },
}

impl<'f> Builder<'f> {
    /// Resolves what names questions.
    pub(super) fn conditions(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        // First, so that what names a bad calculation is not told again.
        for pending in &pending {
            if let Pending::Calculation { row } = pending {
                self.check_calculation(*row);
            }
        }
        for pending in pending {
            match pending {
                Pending::Calculation { .. } => {}
                Pending::Section { section, groups } => {
                    self.definition.sections[section].ask_if = self.relevant_all(section, &groups);
                }
                Pending::Item { section, item, row, offered } => {
                    let ask_if = match (self.relevant(row), offered) {
                        (Some(relevant), Some(offered)) => {
                            Some(Condition::And(Several { of: vec![relevant, offered] }))
                        }
                        (relevant, offered) => relevant.or(offered),
                    };
                    self.definition.sections[section].items[item].ask_if = ask_if;
                    let mut it = std::mem::take(&mut self.definition.sections[section].items[item]);
                    self.constraint(row, &mut it);
                    self.definition.sections[section].items[item] = it;
                }
                Pending::Indicator { indicator, row } => self.positive(row, indicator),
            }
        }
    }

    /// When an expression in a cell holds; `None` if that is wrong or of no interest.
    pub(super) fn truth(&mut self, row: Row, base: &str, this: Option<&str>) -> Option<Truth> {
        let text = row.get(base);
        if text.is_empty() {
            return None;
        }
        match parse(text).and_then(|expression| Scope::new(&self.names, this).truth(&expression)) {
            Ok(truth) => Some(truth),
            Err(wrong) => {
                // What names a refused row is not told again.
                if !wrong.code.is_empty() {
                    self.wrong(wrong.code, row, base, wrong.message);
                }
                None
            }
        }
    }

    fn relevant(&mut self, row: Row) -> Option<Condition> {
        match self.truth(row, "relevant", None)? {
            Truth::Always => None,
            Truth::When(condition) => Some(condition),
            Truth::Never => {
                self.wrong("never_asked", row, "relevant", "this never holds: nobody would be asked");
                None
            }
        }
    }

    /// When a section is asked: when every group that it stands in is.
    fn relevant_all(&mut self, section: usize, groups: &[Row<'f>]) -> Option<Condition> {
        let mut conditions = Vec::new();
        for row in groups {
            conditions.extend(self.relevant(*row).map(|condition| (*row, condition)));
        }
        if conditions.len() < 2 {
            return conditions.pop().map(|(_, condition)| condition);
        }
        let mut all = Vec::new();
        for (row, condition) in conditions {
            let parts = match condition {
                Condition::And(it) => it.of,
                other => vec![other],
            };
            for part in parts {
                self.places.condition(format!("/sections/{section}/ask_if/of/{}", all.len()), row);
                all.push(part);
            }
        }
        Some(Condition::And(Several { of: all }))
    }

    /// A calculation: a joint block, an indicator, or a name for a part of conditions.
    pub(super) fn calculate(&mut self, row: Row<'f>) {
        let name = row.get("name");
        if name.is_empty() {
            return self.wrong("no_name", row, "name", "a calculation has a name");
        }
        if !row.get("anxin::joint").is_empty() {
            // Its calculation is there for other programs, which want one.
            self.only(row, &["name", "label", "calculation", "anxin::joint"]);
            let joint = self.definition.joints.len();
            self.places.joint(format!("/joints/{joint}"), row);
            self.definition.joints.push(Joint { id: name.into(), of: row.words("anxin::joint") });
            self.names.entry(name.into()).or_insert(Subject::Silent("a joint block"));
        } else if !row.get("anxin::indicator").is_empty() {
            self.only(row, &["name", "label", "calculation", "anxin::indicator", "anxin::definition_version"]);
            let indicator = self.definition.indicators.len();
            self.places.indicator(format!("/indicators/{indicator}"), row);
            let base = self.one_of(row, "anxin::indicator", &[("all", Base::All), ("valid", Base::Valid)]);
            let definition_version = row.raw("anxin::definition_version").into();
            let title = self.label(row);
            let it = Indicator { id: name.into(), title, base, definition_version, ..Indicator::default() };
            self.definition.indicators.push(it);
            self.pending.push(Pending::Indicator { indicator, row });
            self.names.entry(name.into()).or_insert(Subject::Silent("an indicator"));
        } else {
            self.only(row, &["name", "label", "calculation"]);
            self.calculation(row);
        }
    }

    fn check_calculation(&mut self, row: Row) {
        let Some(Subject::Calculation(expression)) = self.names.get(row.get("name")) else { return };
        if let Err(wrong) = Scope::new(&self.names, None).check(expression) {
            if !wrong.code.is_empty() {
                self.wrong(wrong.code, row, "calculation", wrong.message);
            }
            self.names.insert(row.get("name").into(), Subject::Refused);
        }
    }

    fn calculation(&mut self, row: Row<'f>) {
        let name = row.get("name").to_owned();
        let subject = match parse(row.get("calculation")) {
            Ok(expression) => Subject::Calculation(expression),
            Err(wrong) => {
                self.wrong(wrong.code, row, "calculation", wrong.message);
                Subject::Refused
            }
        };
        if self.names.get(&name).is_some_and(|it| !matches!(it, Subject::Silent(_))) {
            return self.wrong("duplicate_id", row, "name", format!("`{name}` stands here twice"));
        }
        self.names.insert(name, subject);
        self.pending.push(Pending::Calculation { row });
    }

    /// The item and the options that an indicator counts.
    fn positive(&mut self, row: Row, indicator: usize) {
        if row.get("calculation").is_empty() {
            let message = "an indicator says which answers count, for example selected(${overall}, 'safe')";
            return self.wrong("no_positive", row, "calculation", message);
        }
        let Some(truth) = self.truth(row, "calculation", None) else {
            return self.refused.push(String::new());
        };
        let found = match &truth {
            Truth::When(condition) => self.options_of(condition),
            _ => None,
        };
        match found {
            Some((item, positive)) => {
                let indicator = &mut self.definition.indicators[indicator];
                (indicator.item, indicator.positive) = (item, positive);
            }
            None => {
                let message = "an indicator counts answers to one question: its options joined by `or`, or whole bins of its number";
                self.wrong("bad_indicator", row, "calculation", message);
            }
        }
    }

    fn options_of(&self, condition: &Condition) -> Option<(String, Vec<String>)> {
        match condition {
            Condition::AnyOf(it) => Some((it.item.clone(), it.options.clone())),
            Condition::Range(it) => {
                let item = self.item_named(&it.item).filter(|item| item.kind == ItemType::Integer)?;
                let (min, max) = (it.min.unwrap_or(i32::MIN), it.max.unwrap_or(i32::MAX));
                let inside: Vec<_> = item.bins.iter().filter(|bin| bin.from >= min && bin.to <= max).collect();
                // Bounds that cut a bin in two cannot be counted.
                let cut = |bin: &&crate::questionnaire::definition::Bin| {
                    (bin.from..=bin.to).contains(&min) && bin.from != min
                        || (bin.from..=bin.to).contains(&max) && bin.to != max
                };
                let whole = !inside.is_empty() && !item.bins.iter().any(|bin| cut(&bin));
                whole.then(|| (it.item.clone(), inside.iter().map(|bin| bin.id.clone()).collect()))
            }
            Condition::Or(it) => {
                let mut parts = it.of.iter().map(|part| self.options_of(part));
                let (item, mut options) = parts.next()??;
                for part in parts {
                    let (same, more) = part?;
                    options.extend(more.into_iter().filter(|_| same == item));
                    if same != item {
                        return None;
                    }
                }
                Some((item, options))
            }
            _ => None,
        }
    }

    fn item_named(&self, id: &str) -> Option<&Item> {
        self.definition.sections.iter().flat_map(|section| &section.items).find(|item| item.id == id)
    }
}
