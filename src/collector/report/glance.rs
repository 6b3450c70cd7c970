//! Problems and shortfalls at a glance: the worst first.

use super::{
    compose::Composer,
    document::{Cell, Finding, Mark, short},
    figures::{AreaLine, Change, Line, Rated},
};
use crate::statistic::band::Band;

/// So many areas are named in a finding.
const NAMED: usize = 8;

/// What is to be looked at: what is below its target, what fell, what is wrong, of what nothing can be said.
pub(super) fn findings(it: &Composer, rated: &[Rated]) -> Vec<Finding> {
    let (words, now) = (&it.words.findings, it.now);
    let finding = |mark, text: &str| Finding { mark, text: text.to_owned() };
    if now.n == 0 && now.faults.is_empty() {
        return vec![finding(Mark::Untold, words.nobody)];
    }
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(rated.iter().filter_map(|rated| red(it, rated)));
    findings.extend(rated.iter().filter_map(|rated| fell(it, rated)));
    findings.extend(rated.iter().filter_map(|rated| red_areas(it, rated)));
    findings.extend(rated.iter().filter_map(|rated| fallen_areas(it, rated)));
    let problems = !findings.is_empty();
    let targets = rated.iter().any(|rated| rated.indicator.target.is_some());
    let before = rated.iter().any(|rated| rated.total.before.is_some());
    if !now.faults.is_empty() {
        findings.push(finding(Mark::Fault, &(words.faults)(now.faults.len())));
    }
    if now.told == 0 {
        findings.push(finding(Mark::Untold, words.nothing_told));
        return findings;
    }
    if rated.is_empty() {
        return findings;
    }
    // Only what was looked for can be said not to be there.
    if !problems && targets {
        findings.push(finding(Mark::Good, words.none_below));
    }
    if !problems && before {
        findings.push(finding(Mark::Good, words.none_fell));
    }
    findings.extend(too_few(it, rated));
    findings.extend(rated.iter().filter_map(|rated| withheld(it, rated)));
    if !targets {
        findings.push(finding(Mark::Untold, words.no_targets));
    }
    if !before {
        findings.push(finding(Mark::Untold, words.first_month));
    }
    findings
}

/// All that is selected is below its target.
fn red(it: &Composer, rated: &Rated) -> Option<Finding> {
    let mark = Mark::Band(rated.total.band.filter(|band| *band == Band::Red)?);
    let target = it.text(&Cell::Set(rated.indicator.target?.share));
    let head = format!("{}{}{}", short(Band::Red, it.language), it.words.colon, it.title(rated));
    let text = format!(
        "{head} {}{}{} {target}{}",
        it.words.findings.red,
        it.words.clause,
        it.words.findings.target,
        detail(it, &rated.total)
    );
    Some(Finding { mark, text })
}

/// Rate and interval in brackets, or the bound.
fn detail(it: &Composer, line: &Line) -> String {
    match line.estimate {
        Some(rate) => {
            format!(" ({}, {})", it.text(&Cell::Share(rate.rate)), it.text(&Cell::Range(rate.low, rate.high)))
        }
        None => format!(" ({})", it.text(&Cell::Flag(line.flag, line.bound))),
    }
}

/// All that is selected fell beyond chance.
fn fell(it: &Composer, rated: &Rated) -> Option<Finding> {
    let change = fallen(&rated.total)?;
    let words = &it.words.findings;
    let text = format!(
        "{} {}{}{}{} ({})",
        it.title(rated),
        words.fell,
        it.words.colon,
        it.text(&Cell::Points(change.difference.difference)),
        words.points,
        it.text(&Cell::PointsRange(change.difference.low, change.difference.high)),
    );
    Some(Finding { mark: Mark::Fall, text })
}

/// The change of what fell beyond chance.
pub(super) fn fallen(line: &Line) -> Option<&Change> {
    line.change.as_ref().filter(|change| change.beyond_chance && change.difference.difference < 0.0)
}

fn red_areas(it: &Composer, rated: &Rated) -> Option<Finding> {
    let mut red: Vec<&AreaLine> = rated.areas.iter().filter(|area| area.line.band == Some(Band::Red)).collect();
    // From the highest rate on, as in the table: the lowest comes first here.
    red.reverse();
    let target = rated.indicator.target.map(|target| it.text(&Cell::Set(target.share)))?;
    let head = format!(
        "{}{}{}{}{} {target}{}",
        short(Band::Red, it.language),
        it.words.colon,
        it.title(rated),
        it.words.clause,
        it.words.findings.target,
        it.words.clause,
    );
    let what = format!("{head}{}", (it.words.findings.red_areas)(red.len()));
    let each = |area: &AreaLine| match area.line.estimate {
        Some(rate) => it.text(&Cell::Share(rate.rate)),
        None => it.text(&Cell::Flag(area.line.flag, area.line.bound)),
    };
    listed(it, Mark::Band(Band::Red), what, &red, each)
}

fn fallen_areas(it: &Composer, rated: &Rated) -> Option<Finding> {
    let mut fell: Vec<&AreaLine> = rated.areas.iter().filter(|area| fallen(&area.line).is_some()).collect();
    let by = |area: &AreaLine| fallen(&area.line).map_or(0.0, |change| change.difference.difference);
    fell.sort_by(|a, b| by(a).total_cmp(&by(b)));
    let what = format!("{}{}{}", it.title(rated), it.words.clause, (it.words.findings.fallen_areas)(fell.len()));
    listed(it, Mark::Fall, what, &fell, |area| it.text(&Cell::Points(by(area))))
}

/// Areas of which nothing is told, whatever the indicator.
fn too_few(it: &Composer, rated: &[Rated]) -> Option<Finding> {
    let few = rated.first()?.areas.iter().filter(|area| area.line.flag == "too_few");
    let few: Vec<&AreaLine> = few.collect();
    let n = |area: &AreaLine| (it.words.findings.respondents)(area.n.unwrap_or(0));
    listed(it, Mark::Untold, (it.words.findings.too_few)(few.len()), &few, n)
}

fn withheld(it: &Composer, rated: &Rated) -> Option<Finding> {
    let untold: Vec<&AreaLine> = rated.areas.iter().filter(|area| area.line.flag == "withheld").collect();
    let what = format!("{}{}{}", it.title(rated), it.words.clause, (it.words.findings.withheld)(untold.len()));
    let n = |area: &AreaLine| (it.words.findings.respondents)(area.n.unwrap_or(0));
    listed(it, Mark::Untold, what, &untold, n)
}

/// Areas by name, each with a figure; no finding if there are none.
fn listed(
    it: &Composer,
    mark: Mark,
    what: String,
    areas: &[&AreaLine],
    figure: impl Fn(&AreaLine) -> String,
) -> Option<Finding> {
    if areas.is_empty() {
        return None;
    }
    let named = areas.iter().take(NAMED).map(|area| format!("{} {}", it.name(area), figure(area)));
    let named = named.collect::<Vec<_>>().join(it.words.comma);
    let more = areas.len().saturating_sub(NAMED);
    let more = if more > 0 { (it.words.findings.more)(more) } else { String::new() };
    Some(Finding { mark, text: format!("{what}{}{named}{more}", it.words.colon) })
}
