//! What all three writers write: headings, facts, findings and tables, every cell still a figure.

use crate::{
    collector::export::table::{in_language, name_words},
    disclosure::bound::Bound,
    statistic::{band::Band, ranking::Rank},
};

/// A report in a language, for every writer.
#[derive(Debug)]
pub(super) struct Document {
    /// The campaign's language.
    pub(super) language: String,
    /// The heading.
    pub(super) title: String,
    /// On top of every page: campaign, area and month.
    pub(super) running: String,
    /// At the foot of every page: the day on which it was made.
    pub(super) made: String,
    /// What it is of, name and value.
    pub(super) facts: Vec<(&'static str, Cell)>,
    /// Heading of what is seen at a glance.
    pub(super) glance: &'static str,
    /// Problems and shortfalls, the worst first.
    pub(super) findings: Vec<Finding>,
    /// The tables.
    pub(super) tables: Vec<Table>,
    /// Heading of the notes.
    pub(super) how_to_read: &'static str,
    /// How the figures are meant.
    pub(super) notes: Vec<String>,
}

/// Something to look at.
#[derive(Debug)]
pub(super) struct Finding {
    /// Of what kind.
    pub(super) mark: Mark,
    /// What, in words.
    pub(super) text: String,
}

/// Marks that stand by their shape, not by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Where a rate stands to its target.
    Band(Band),
    /// More than chance would do.
    Fall,
    /// The same, upwards.
    Rise,
    /// Something is wrong.
    Fault,
    /// Nothing can be said.
    Untold,
    /// Nothing to look at.
    Good,
}

impl Mark {
    /// Its sign: each is in GB 2312, so that every Chinese font has it.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Band(Band::Red) => "▼",
            Self::Band(Band::Yellow) => "◆",
            Self::Band(Band::Blue) => "▲",
            Self::Fall => "↓",
            Self::Rise => "↑",
            Self::Fault => "※",
            Self::Untold => "○",
            Self::Good => "●",
        }
    }

    /// Its name, for styles.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Band(band) => band.name(),
            Self::Fall => "fall",
            Self::Rise => "rise",
            Self::Fault => "fault",
            Self::Untold => "untold",
            Self::Good => "good",
        }
    }
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    /// What it is of.
    pub(super) caption: String,
    /// The sheet of a workbook that it stands on, below others of the same name.
    pub(super) sheet: &'static str,
    /// What a workbook has in front of each row, so that tables of one sheet can be told apart.
    pub(super) lead: Vec<(&'static str, Cell)>,
    /// Its columns.
    pub(super) columns: Vec<Column>,
    /// Its rows: a cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Its heading, and those of the columns of a workbook that it takes: one number has one.
    pub(super) heading: &'static str,
    /// Where a workbook has several columns for it, theirs.
    pub(super) apart: &'static [&'static str],
    /// It names its row.
    pub(super) names: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing, or nothing that is told.
    Empty,
    /// Words.
    Text(String),
    /// A number of people.
    Count(u64),
    /// A mean or a spread, in points of a quiz.
    Mean(f64),
    /// A share that was measured, from 0 to 1.
    Share(f64),
    /// A share that was set, from 0 to 1: all its digits count.
    Set(f64),
    /// From and to, of shares.
    Range(f64, f64),
    /// A difference of shares, from −1 to 1.
    Points(f64),
    /// From and to, of differences.
    PointsRange(f64, f64),
    /// A rank and those that cannot be told from it.
    Places(Rank),
    /// Where a rate stands to its target.
    Band(Band),
    /// A change beyond chance: up or down.
    Beyond(Mark),
    /// What is told, by name, and the bound if one is.
    Flag(&'static str, Option<Bound>),
}

impl Cell {
    /// A share, where it is told.
    pub(super) fn share(told: Option<f64>) -> Self {
        told.map_or(Self::Empty, Self::Share)
    }

    /// Numbers stand at the right.
    pub(super) fn is_number(&self) -> bool {
        !matches!(self, Self::Text(_) | Self::Band(_) | Self::Beyond(_) | Self::Flag(..))
    }

    /// As it is read.
    pub(super) fn text(&self, language: &str) -> String {
        match self {
            Self::Empty => "–".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => grouped(*count),
            Self::Mean(mean) => format!("{mean:.1}"),
            Self::Share(share) => format!("{:.1}%", share * 100.0),
            Self::Set(share) => format!("{}%", exact(*share)),
            Self::Range(low, high) => format!("{:.1}–{:.1}%", low * 100.0, high * 100.0),
            Self::Points(points) => signed(*points),
            Self::PointsRange(low, high) => format!("{} … {}", signed(*low), signed(*high)),
            Self::Places(rank) if rank.best == rank.worst => rank.rank.to_string(),
            Self::Places(rank) => format!("{} ({}–{})", rank.rank, rank.best, rank.worst),
            Self::Band(band) => format!("{} {}", Mark::Band(*band).sign(), short(*band, language)),
            Self::Beyond(Mark::Fall) => format!("{} {}", Mark::Fall.sign(), in_language(language, "下降", "fell")),
            Self::Beyond(mark) => format!("{} {}", mark.sign(), in_language(language, "上升", "rose")),
            Self::Flag("told", _) => String::new(),
            Self::Flag("at_least", Some(bound)) => format!("≥ {}%", exact(bound.share)),
            Self::Flag("at_most", Some(bound)) => format!("≤ {}%", exact(bound.share)),
            Self::Flag(name, _) => name_words(name, language).to_owned(),
        }
    }
}

/// A band's colour, as a word.
pub(super) fn short(band: Band, language: &str) -> &'static str {
    match band {
        Band::Red => in_language(language, "红", "Red"),
        Band::Yellow => in_language(language, "黄", "Yellow"),
        Band::Blue => in_language(language, "蓝", "Blue"),
    }
}

/// Percent with as many decimals as were set, two at most.
fn exact(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

/// Percentage points with their sign.
fn signed(share: f64) -> String {
    let points = format!("{:.1}", (share * 100.0).abs());
    let sign = if points == "0.0" {
        "±"
    } else if share < 0.0 {
        "−"
    } else {
        "+"
    };
    format!("{sign}{points}")
}

/// A count in groups of three digits.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::bound::Side;

    #[test]
    fn figures_are_read_as_they_are_meant() {
        let text = |cell: Cell| cell.text("en");
        assert_eq!(text(Cell::Count(1_234_567)), "1,234,567");
        assert_eq!((text(Cell::Share(0.97456)), text(Cell::Set(0.9746))), ("97.5%".into(), "97.46%".into()));
        assert_eq!((text(Cell::Set(0.95)), text(Cell::Range(0.9, 1.0))), ("95%".into(), "90.0–100.0%".into()));
        assert_eq!([0.0321, -0.0321, 0.0004, -0.0004].map(signed), ["+3.2", "−3.2", "±0.0", "±0.0"]);
        assert_eq!(text(Cell::Places(Rank { rank: 2, best: 1, worst: 4 })), "2 (1–4)");
        assert_eq!(text(Cell::Places(Rank { rank: 2, best: 2, worst: 2 })), "2");
        assert_eq!(text(Cell::Band(Band::Red)), "▼ Red");
        let bound = Bound { side: Side::AtLeast, share: 0.95, n: 90 };
        assert_eq!((text(Cell::Flag("at_least", Some(bound))), text(Cell::Empty)), ("≥ 95%".into(), "–".into()));
        assert_eq!(Cell::Flag("too_few", None).text("zh-CN"), "人数太少");
    }
}
