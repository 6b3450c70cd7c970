//! How a question is asked: whether it must be answered, in which order its options stand, how it looks.

use super::Builder;
use crate::{
    questionnaire::definition::{ItemType, Order, Required},
    xlsform::table::Row,
};

impl Builder<'_> {
    pub(super) fn required(&mut self, row: Row, kind: ItemType) -> Required {
        let soft = self.one_of(row, "anxin::required", &[("", false), ("soft", true)]);
        // A note has nothing that could be left out.
        let empty = if kind == ItemType::Statement { Required::Required } else { Required::Optional };
        let (yes, no) = (Required::Required, Required::Optional);
        let words = [("", empty), ("yes", yes), ("true", yes), ("true()", yes), ("1", yes)];
        let words = [&words[..], &[("no", no), ("false", no), ("false()", no), ("0", no)]].concat();
        let text = row.get("required").to_ascii_lowercase();
        if !words.iter().any(|(word, _)| *word == text) {
            let message = "is yes or no here: write a second question with a `relevant` for those who must answer";
            self.wrong("bad_required", row, "required", message);
        }
        let required = words.iter().find(|(word, _)| *word == text).map_or(yes, |(_, required)| *required);
        if soft && required == Required::Required && !text.is_empty() {
            self.wrong(
                "bad_required",
                row,
                "anxin::required",
                "`soft` asks once more and then lets go on: `required` is no",
            );
        }
        if soft { Required::Soft } else { required }
    }

    pub(super) fn order(&mut self, row: Row, kind: ItemType) -> Order {
        self.parameters(row, kind);
        let orders = [
            ("", Order::Fixed),
            ("fixed", Order::Fixed),
            ("reversible", Order::Reversible),
            ("shuffled", Order::Shuffled),
        ];
        let order = self.one_of(row, "anxin::order", &orders);
        if !self.randomized(row) {
            return order;
        }
        if !matches!(row.get("anxin::order"), "" | "shuffled") {
            self.wrong("two_orders", row, "anxin::order", "`parameters` says randomize=true, which is `shuffled`");
        }
        Order::Shuffled
    }

    /// Notes parameters that mean nothing here.
    fn parameters(&mut self, row: Row, kind: ItemType) {
        let range = row.get("type").starts_with("range");
        for (name, value) in parameters(row) {
            match name.as_str() {
                "randomize"
                    if matches!(kind, ItemType::Single | ItemType::Multiple | ItemType::Rating | ItemType::YesNo) =>
                {
                    if !matches!(value.as_str(), "true" | "false") {
                        self.wrong(
                            "bad_parameter",
                            row,
                            "parameters",
                            format!("randomize={value} is neither true nor false"),
                        );
                    }
                }
                "seed" if self.randomized(row) => {
                    self.left_out(
                        row,
                        "parameters",
                        "`seed`: every respondent has an order of their own, which stays the same for them",
                    );
                }
                "start" | "end" | "step" if range => {}
                _ => self.wrong("bad_parameter", row, "parameters", format!("`{name}` means nothing here")),
            }
        }
    }

    pub(super) fn randomized(&self, row: Row) -> bool {
        parameters(row).iter().any(|(name, value)| name == "randomize" && value == "true")
    }

    pub(super) fn bound(&mut self, row: Row, name: &str, else_: i64) -> i64 {
        let parameters = parameters(row);
        let Some((_, value)) = parameters.iter().find(|(it, _)| it == name) else { return else_ };
        value.parse::<i32>().map(i64::from).unwrap_or_else(|_| {
            self.wrong("bad_parameter", row, "parameters", format!("{name}={value}: only whole numbers are counted"));
            else_
        })
    }

    pub(super) fn likert(&self, row: Row) -> bool {
        row.words("appearance").iter().any(|word| word == "likert")
    }

    pub(super) fn appearance(&mut self, row: Row) {
        if row.words("appearance").iter().any(|word| word != "likert") {
            self.left_out(row, "appearance", "how a question looks, its type says");
        }
    }
}

/// `name=value` pairs.
fn parameters(row: Row) -> Vec<(String, String)> {
    let text = row.raw("parameters").replace([',', ';'], " ").replace(" =", "=").replace("= ", "=");
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_ascii_lowercase(), value.to_ascii_lowercase())
    };
    text.split_whitespace().map(pair).collect()
}
