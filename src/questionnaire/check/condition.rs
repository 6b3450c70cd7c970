//! Checks of conditions, and their resolution into rules.

use super::{
    Checker, Item, Place, SPECIAL,
    definition::{self, Condition, ItemType, Required},
    limit, say,
};
use crate::{
    item::{self, Count},
    questionnaire::Rule,
};

/// What a condition may look at: the items before it, and the names of all for a good message.
struct Before<'i> {
    items: &'i [Item],
    all: &'i [String],
}

impl Checker {
    /// Resolves a condition that stands after `items`.
    pub(super) fn condition(
        &mut self,
        condition: Option<&Condition>,
        at: &Place,
        items: &[Item],
        all: &[String],
    ) -> Option<Rule> {
        self.rule(condition?, at, &Before { items, all }, 0)
    }

    fn rule(&mut self, condition: &Condition, at: &Place, before: &Before, depth: usize) -> Option<Rule> {
        if depth > limit::CONDITION_DEPTH {
            self.add("over_limit", at, say!("conditions nest {} deep at most", limit::CONDITION_DEPTH));
            return None;
        }
        match condition {
            Condition::And(it) => self.rules(&it.of, at, before, depth).map(Rule::And),
            Condition::Or(it) => self.rules(&it.of, at, before, depth).map(Rule::Or),
            Condition::Not(it) => {
                self.rule(&it.of, &at.field("of"), before, depth + 1).map(|rule| Rule::Not(Box::new(rule)))
            }
            Condition::AnyOf(it) => self.any_of(it, at, before),
            Condition::Count(it) => {
                let item = self.earlier(&it.item, at, before)?;
                let counted = item::kind(before.items[item].definition.kind).count() == Count::MultiHot;
                self.bounded(at, counted, "count", it.min.unwrap_or(0) <= it.max.unwrap_or(u32::MAX))?;
                Some(Rule::Count { item, min: it.min.unwrap_or(0), max: it.max.unwrap_or(u32::MAX) })
            }
            Condition::Range(it) => {
                let item = self.earlier(&it.item, at, before)?;
                let number = before.items[item].definition.kind == ItemType::Integer;
                self.bounded(at, number, "range", it.min.unwrap_or(i32::MIN) <= it.max.unwrap_or(i32::MAX))?;
                Some(Rule::Range { item, min: it.min.unwrap_or(i32::MIN), max: it.max.unwrap_or(i32::MAX) })
            }
        }
    }

    fn rules(&mut self, of: &[Condition], at: &Place, before: &Before, depth: usize) -> Option<Vec<Rule>> {
        let at = at.field("of");
        if of.is_empty() {
            self.add("empty_condition", &at, say!("needs one condition at least"));
        }
        // All of them are looked at, also after a fault.
        let rules: Vec<Option<Rule>> =
            of.iter().enumerate().map(|(i, part)| self.rule(part, &at.index(i), before, depth + 1)).collect();
        rules.into_iter().collect()
    }

    fn bounded(&mut self, at: &Place, right_type: bool, op: &str, ordered: bool) -> Option<()> {
        if !right_type {
            self.add("bad_condition", at, say!("`{op}` cannot be asked of an item of this type"));
        }
        if !ordered {
            self.add("bad_condition", at, say!("max is less than min"));
        }
        (right_type && ordered).then_some(())
    }

    fn any_of(&mut self, it: &definition::AnyOf, at: &Place, before: &Before) -> Option<Rule> {
        let index = self.earlier(&it.item, at, before)?;
        let item = &before.items[index];
        let at = at.field("options");
        let has = |name: &str| it.options.iter().any(|option| option == name);
        let options: Vec<String> = it.options.iter().filter(|id| !SPECIAL.contains(&id.as_str())).cloned().collect();
        if item.definition.kind == ItemType::Statement {
            self.add("bad_condition", &at, say!("a statement has no answer"));
        }
        if item.definition.kind == ItemType::Integer && !options.is_empty() {
            self.add("bad_condition", &at, say!("numbers are compared with `range`"));
        }
        if it.options.is_empty() {
            self.add("empty_condition", &at, say!("needs one option at least"));
        }
        let offered =
            [item.definition.dont_know, item.definition.refuse, item.definition.required != Required::Required, false];
        for (name, offered) in SPECIAL.iter().zip(offered) {
            if has(name) && !offered {
                self.add("unknown_option", &at, say!("`{}` does not offer `{name}`", item.definition.id));
            }
        }
        let options = self.options_named(&item.options, &options, &at);
        Some(Rule::AnyOf {
            item: index,
            options,
            dont_know: has(SPECIAL[0]),
            refused: has(SPECIAL[1]),
            no_answer: has(SPECIAL[2]),
        })
    }

    /// The index of an item that stands before.
    fn earlier(&mut self, id: &str, at: &Place, before: &Before) -> Option<usize> {
        let found = before.items.iter().position(|item| item.definition.id == id);
        let at = at.field("item");
        if found.is_none() && before.all.iter().any(|it| it == id) {
            self.add("cyclic_routing", &at, say!("`{id}` comes later, or is this very item; a condition looks back only, or the routing could go in circles"));
        } else if found.is_none() {
            self.add("unknown_item", &at, say!("there is no item `{id}`"));
        }
        found
    }
}
