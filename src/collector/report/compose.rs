//! From figures to a document: which of them stand where, and what they are called.

use super::{
    Month, What,
    document::{Cell, Column, Document, Mark, Table},
    doors,
    figures::{AreaLine, Line, Rated, figures},
    glance::findings,
    words::{Columns, EN, Words, ZH},
};
use crate::{
    campaign::Channel,
    collector::export::{
        figures::flag,
        table::{in_language, name_words},
        words,
    },
    results::Results,
};

/// What figures are put into words with.
pub(super) struct Composer<'w> {
    /// The words of the language.
    pub(super) words: &'static Words,
    /// The language.
    pub(super) language: &'w str,
    /// The results of the month.
    pub(super) now: &'w Results,
}

impl Composer<'_> {
    /// A figure as it is read.
    pub(super) fn text(&self, cell: &Cell) -> String {
        cell.text(self.language)
    }

    /// What an indicator is called.
    pub(super) fn title(&self, rated: &Rated) -> String {
        words(&rated.indicator.title, self.language)
    }

    /// What an area is called.
    pub(super) fn name(&self, area: &AreaLine) -> String {
        area.name.map_or_else(|| area.code.as_str().to_owned(), |name| words(name, self.language))
    }
}

/// The words of a language: Chinese for Chinese, else the English ones.
pub(super) fn words_of(language: &str) -> &'static Words {
    if in_language(language, "zh", "en") == "zh" { &ZH } else { &EN }
}

/// The document.
pub(super) fn document(what: &What) -> Document {
    let (now, language) = (what.now, what.language);
    let it = Composer { words: words_of(language), language, now };
    let (year, month) = what.month.parts();
    let campaign = words(&now.campaign.title, language);
    let area = match (&now.selection.area, now.path.last()) {
        (None, _) => it.words.everywhere.to_owned(),
        (Some(code), Some(area)) if area.code == *code => {
            now.path.iter().map(|area| words(&area.name, language)).collect::<Vec<_>>().join(" · ")
        }
        (Some(code), _) => code.as_str().to_owned(),
    };
    // A selection without anybody has rows of areas, but no figures.
    let rated = if now.n == 0 && now.faults.is_empty() { Vec::new() } else { figures(now, what.before) };
    let month = (it.words.month)(year, month);
    Document {
        language: language.to_owned(),
        title: (it.words.title)(year, what.month.parts().1),
        running: [campaign.as_str(), &area, &month].join(" · "),
        made: (it.words.made)(&what.day.to_string()),
        facts: facts(&it, what, (campaign, area, month)),
        glance: it.words.findings.heading,
        findings: findings(&it, &rated),
        tables: tables(&it, what, &rated),
        how_to_read: it.words.notes.heading,
        notes: notes(&it, what),
    }
}

fn facts(it: &Composer, what: &What, (campaign, area, month): (String, String, String)) -> Vec<(&'static str, Cell)> {
    let (names, now) = (&it.words.facts, it.now);
    let before = what.month.before().map(|before| {
        let (year, month) = before.parts();
        let n = what.before.map_or(0, |before| before.n);
        format!("{} ({})", (it.words.month)(year, month), (it.words.findings.respondents)(n))
    });
    vec![
        (names.campaign, Cell::Text(format!("{campaign} ({})", now.campaign.id))),
        (names.area, Cell::Text(area)),
        (names.month, Cell::Text(month)),
        (names.before, before.map_or(Cell::Empty, Cell::Text)),
        (names.respondents, Cell::Count(now.n)),
        (names.told, Cell::Count(now.told)),
        (names.areas, Cell::Count(now.areas.len() as u64)),
        (names.questionnaire, Cell::Text(format!("{} {}", now.questionnaire_id, now.version))),
        (names.made, Cell::Text(what.day.to_string())),
    ]
}

fn tables(it: &Composer, what: &What, rated: &[Rated]) -> Vec<Table> {
    let mut tables = Vec::new();
    tables.extend(score(it, what));
    if !rated.is_empty() {
        tables.push(totals(it, rated));
    }
    tables.extend(rated.iter().filter(|rated| !rated.areas.is_empty()).map(|rated| areas(it, rated)));
    tables.extend(doors::tables(it, what.before));
    if !it.now.faults.is_empty() {
        tables.push(faults(it));
    }
    tables
}

/// Every indicator of all that is selected.
fn totals(it: &Composer, rated: &[Rated]) -> Table {
    let of = &it.words.columns;
    let row = |rated: &Rated| {
        let (indicator, line) = (rated.indicator, &rated.total);
        let widened = indicator.clusters.map(|clusters| clusters.widened);
        let gap = indicator.target.and_then(|target| target.gap);
        let mut row = vec![
            Cell::Text(it.title(rated)),
            Cell::Text(indicator.definition_version.clone()),
            Cell::Text(name_words(indicator.base.name(), it.language).to_owned()),
        ];
        row.extend(rate(line));
        row.push(widened.map_or(Cell::Empty, |it| Cell::Range(it.low, it.high)));
        row.push(indicator.target.map_or(Cell::Empty, |target| Cell::Set(target.share)));
        row.push(gap.map_or(Cell::Empty, Cell::Points));
        row.extend(beside(line));
        row
    };
    let mut columns = vec![of.indicator, of.version, of.base];
    columns.extend(rate_columns(of));
    columns.extend([of.widened, of.target, of.gap]);
    columns.extend(beside_columns(of));
    Table {
        caption: it.words.tables.totals.to_owned(),
        sheet: it.words.tables.totals_sheet,
        lead: Vec::new(),
        columns,
        rows: rated.iter().map(row).collect(),
    }
}

/// An indicator, area by area.
fn areas(it: &Composer, rated: &Rated) -> Table {
    let (of, indicator) = (&it.words.columns, rated.indicator);
    let row = |area: &AreaLine| {
        let mut row = vec![
            area.line.rank.map_or(Cell::Empty, Cell::Places),
            Cell::Text(it.name(area)),
            Cell::Text(area.code.as_str().to_owned()),
            area.n.map_or(Cell::Empty, Cell::Count),
        ];
        row.extend(rate(&area.line));
        row.extend(beside(&area.line));
        row
    };
    let mut columns = vec![of.rank, of.area, of.code, of.respondents];
    columns.extend(rate_columns(of));
    columns.extend(beside_columns(of));
    let base = name_words(indicator.base.name(), it.language);
    let target = indicator.target.map(|target| Cell::Set(target.share));
    let mut caption = format!(
        "{}{}{}",
        it.title(rated),
        it.words.colon,
        (it.words.tables.definition)(base, &indicator.definition_version)
    );
    if let Some(target) = &target {
        caption.push_str(&format!("{} {}", in_language(it.language, "；目标", "; target"), it.text(target)));
    }
    Table {
        caption,
        sheet: it.words.tables.areas_sheet,
        lead: vec![
            (of.indicator_id, Cell::Text(indicator.id.clone())),
            (of.indicator.heading, Cell::Text(it.title(rated))),
            (of.version.heading, Cell::Text(indicator.definition_version.clone())),
            (of.base.heading, Cell::Text(base.to_owned())),
            (of.target.heading, target.unwrap_or(Cell::Empty)),
        ],
        columns,
        rows: rated.areas.iter().map(row).collect(),
    }
}

fn rate_columns(of: &Columns) -> [Column; 3] {
    [of.in_base, of.rate, of.interval]
}

/// What a rate is, and of how many.
fn rate(line: &Line) -> [Cell; 3] {
    let n = line.estimate.map(|it| it.n).or(line.bound.map(|it| it.n));
    [
        n.map_or(Cell::Empty, Cell::Count),
        Cell::share(line.estimate.map(|it| it.rate)),
        line.estimate.map_or(Cell::Empty, |it| Cell::Range(it.low, it.high)),
    ]
}

fn beside_columns(of: &Columns) -> [Column; 6] {
    [of.band, of.before, of.change, of.change_interval, of.beyond, of.flag]
}

/// A rate beside its target and beside the month before.
fn beside(line: &Line) -> [Cell; 6] {
    let change = line.change.map(|change| change.difference);
    let beyond = line
        .change
        .filter(|change| change.beyond_chance)
        .map(|change| if change.difference.difference < 0.0 { Mark::Fall } else { Mark::Rise });
    [
        line.band.map_or(Cell::Empty, Cell::Band),
        Cell::share(line.before.map(|it| it.rate)),
        change.map_or(Cell::Empty, |it| Cell::Points(it.difference)),
        change.map_or(Cell::Empty, |it| Cell::PointsRange(it.low, it.high)),
        beyond.map_or(Cell::Empty, Cell::Beyond),
        Cell::Flag(line.flag, line.bound),
    ]
}

/// How a quiz went, this month and the month before; none of a survey.
fn score(it: &Composer, what: &What) -> Option<Table> {
    let of = &it.words.columns;
    let row = |month: Month, results: &Results| {
        let (score, (year, month)) = (results.score.as_ref()?, month.parts());
        let (pass, bound) = (score.pass_share, score.pass_bound);
        Some(vec![
            Cell::Text((it.words.month)(year, month)),
            score.n.map_or(Cell::Empty, Cell::Count),
            score.mean.map_or(Cell::Empty, Cell::Mean),
            score.sd.map_or(Cell::Empty, Cell::Mean),
            Cell::Count(score.max.into()),
            Cell::share(pass.map(|it| it.rate)),
            pass.map_or(Cell::Empty, |it| Cell::Range(it.low, it.high)),
            Cell::Flag(flag(pass.as_ref(), bound.as_ref(), results.told), bound),
        ])
    };
    let now = row(what.month, it.now)?;
    let before = what.month.before().zip(what.before).and_then(|(month, before)| row(month, before));
    Some(Table {
        caption: it.words.tables.score.to_owned(),
        sheet: it.words.tables.score,
        lead: Vec::new(),
        columns: vec![of.month, of.in_base, of.mean, of.sd, of.highest, of.passed, of.interval, of.flag],
        rows: [Some(now), before].into_iter().flatten().collect(),
    })
}

/// Sums that do not add up.
fn faults(it: &Composer) -> Table {
    let of = &it.words.columns;
    let channel = |channel| match channel {
        Channel::Tablet => in_language(it.language, "平板", "Tablet"),
        Channel::Phone => in_language(it.language, "手机", "Phone"),
    };
    let row = |fault: &crate::results::FaultResult| {
        vec![
            Cell::Text(fault.area.as_str().to_owned()),
            Cell::Text(fault.day.to_string()),
            Cell::Text(channel(fault.channel).to_owned()),
            Cell::Count(fault.n),
            Cell::Text(fault.found.as_ref().map_or_else(|| fault.fault.clone(), it.words.fault)),
        ]
    };
    Table {
        caption: it.words.tables.faults.to_owned(),
        sheet: it.words.tables.faults,
        lead: Vec::new(),
        columns: vec![Column { names: true, ..of.code }, of.day, of.channel, of.reports, of.fault],
        rows: it.now.faults.iter().map(row).collect(),
    }
}

fn notes(it: &Composer, what: &What) -> Vec<String> {
    let (words, now) = (&it.words.notes, it.now);
    let bounds: Vec<String> = now.rule.bounds.iter().map(|share| it.text(&Cell::Set(*share))).collect();
    let mut notes: Vec<String> =
        [words.base, words.interval, words.bands, words.change, words.ranks, words.signs].map(str::to_owned).into();
    notes.push((words.rule)(now.rule.k, now.rule.first, &bounds.join(it.words.comma)));
    if now.rule.rounding > 1 {
        notes.push((words.rounding)(now.rule.rounding));
    }
    notes.push(words.lag.to_owned());
    if now.fieldwork.is_some() {
        notes.push((words.doors)(now.k));
    }
    notes.push((words.questionnaire)(&now.questionnaire_id, &now.version, &what.questionnaire.hash));
    notes
}
