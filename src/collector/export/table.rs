//! Tables of cells: what all formats write.

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing, or nothing that is told.
    Empty,
    /// Words or a code.
    Text(String),
    /// One of [`NAMES`].
    Name(&'static str),
    /// A count, a rank.
    Count(u64),
    /// A share, from 0 to 1.
    Share(f64),
}

impl Cell {
    /// A count, where it is told.
    pub(super) fn count(told: Option<u64>) -> Self {
        told.map_or(Self::Empty, Self::Count)
    }

    /// A share, where it is told.
    pub(super) fn share(told: Option<f64>) -> Self {
        told.map_or(Self::Empty, Self::Share)
    }
}

/// A column: its name for programs, and its heading in Chinese and English.
pub(super) struct Column {
    pub(super) id: &'static str,
    zh: &'static str,
    en: &'static str,
    /// What its cells are.
    pub(super) kind: Kind,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Name,
    Count,
    Share,
}

/// A column.
pub(super) const fn column(id: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Column {
    Column { id, zh, en, kind }
}

impl Column {
    /// Its heading.
    pub(super) fn heading(&self, language: &str) -> &'static str {
        in_language(language, self.zh, self.en)
    }
}

/// Chinese words for Chinese, else the English ones.
pub(in crate::collector) fn in_language<'w>(language: &str, zh: &'w str, en: &'w str) -> &'w str {
    if language == "zh" || language.starts_with("zh-") { zh } else { en }
}

/// The column in which a name stands, the name, and its words in Chinese and English.
pub(in crate::collector) const NAMES: [(&str, &str, &str, &str); 17] = [
    ("table", "total", "合计", "Total"),
    ("table", "area", "按地区", "By area"),
    ("table", "period", "按时期", "By period"),
    ("base", "all", "全部被问者", "Everybody who was asked"),
    ("base", "valid", "有明确回答者", "Those who gave an opinion"),
    ("flag", "told", "公布", "Told"),
    ("flag", "at_least", "不低于", "At least the bound"),
    ("flag", "at_most", "不高于", "At most the bound"),
    ("flag", "withheld", "不公布（保护个人）", "Withheld, so that it gives nobody away"),
    ("flag", "too_few", "人数太少", "Too few to say"),
    ("band", "red", "红：区间全部低于目标", "Red: the whole interval is below"),
    ("band", "yellow", "黄：区间包含目标，无法区分", "Yellow: the interval holds the target"),
    ("band", "blue", "蓝：区间全部达到目标", "Blue: the whole interval is at it or above"),
    ("special", "dont_know", "不清楚", "Don't know"),
    ("special", "refused", "不愿回答", "Prefer not to say"),
    ("special", "no_answer", "未作答", "No answer"),
    ("special", "not_asked", "未询问", "Not asked"),
];

/// The words for a name.
pub(in crate::collector) fn name_words(name: &str, language: &str) -> &'static str {
    let found = NAMES.iter().find(|(_, id, ..)| *id == name);
    found.map_or("", |(_, _, zh, en)| in_language(language, zh, en))
}
