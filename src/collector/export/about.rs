//! What the figures are: whose, of whom, and by which rule they are told.

use super::{
    Export,
    table::{Cell, in_language},
    words,
};

/// Name and value, a row each.
pub(super) fn rows(export: &Export) -> Vec<(&'static str, Cell)> {
    let (results, campaign, language) = (export.results, export.campaign, export.language);
    let selection = &results.selection;
    let name = |zh, en| in_language(language, zh, en);
    let text = |text: &str| Cell::Text(text.to_owned());
    let all = |chosen: Option<String>| Cell::Text(chosen.unwrap_or_else(|| name("全部", "All").to_owned()));
    let rule = &results.rule;
    let bounds: Vec<String> = rule.bounds.iter().map(f64::to_string).collect();
    let told = in_language(
        language,
        &format!("选择者不少于 {k} 人，且未选择者不少于 {k} 人", k = rule.k),
        &format!("{k} or more are counted, and {k} or more are not", k = rule.k),
    )
    .to_owned();
    vec![
        (name("调查", "Campaign"), Cell::Text(words(&campaign.title, language))),
        (name("调查代码", "Campaign id"), text(&campaign.id)),
        (name("地区", "Area"), all(selection.area.as_ref().map(|area| area.as_str().to_owned()))),
        (name("时期", "Period"), all(selection.period.map(|period| period.to_string()))),
        (name("开始", "Opens"), Cell::Text(campaign.opens.to_string())),
        (name("结束", "Closes"), Cell::Text(campaign.closes.to_string())),
        (name("应答人数", "Respondents"), Cell::Count(results.n)),
        (name("其中答案已公布", "Of them, whose answers are told"), Cell::Count(results.told)),
        (
            name(
                "置信度（Wilson 区间；精确区间为 Clopper–Pearson）",
                "Confidence of the intervals (Wilson; exact: Clopper–Pearson)",
            ),
            Cell::Share(results.confidence),
        ),
        (name("规则：最少人数 k", "Rule: least number k"), Cell::Count(rule.k.into())),
        (name("规则：公布人数的条件", "Rule: a count is told only if"), Cell::Text(told)),
        (name("规则：首次公布答案的人数", "Rule: first answers of so many"), Cell::Count(rule.first.into())),
        (name("规则：计数取整到", "Rule: counts are multiples of"), Cell::Count(rule.rounding.into())),
        (name("规则：不公布时的界限", "Rule: bounds of a rate that is not told"), Cell::Text(bounds.join(", "))),
        (name("问卷", "Questionnaire"), text(&results.questionnaire_id)),
        (name("问卷版本", "Version of its wording"), text(&results.version)),
        (name("问卷摘要 (SHA-256)", "Its hash (SHA-256)"), text(&export.questionnaire.hash)),
        (name("导出日期", "Exported on"), Cell::Text(export.day.to_string())),
    ]
}
