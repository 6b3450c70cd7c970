//! What a report says of itself, in Chinese and English.

use super::document::Column;
use crate::{fieldwork::DayPart, tally::BadTally};

/// The words of a language.
pub(super) struct Words {
    /// The heading of a month, from its year and number.
    pub(super) title: fn(u16, u8) -> String,
    /// A month.
    pub(super) month: fn(u16, u8) -> String,
    /// The foot of a page, from the day.
    pub(super) made: fn(&str) -> String,
    /// So many, as the number of a page and of all.
    pub(super) page: fn(usize, usize) -> String,
    /// Between the parts of a list.
    pub(super) comma: &'static str,
    /// Between the parts of a sentence.
    pub(super) clause: &'static str,
    /// Behind what a list is of.
    pub(super) colon: &'static str,
    /// All areas.
    pub(super) everywhere: &'static str,
    /// Behind the heading of a table that goes on.
    pub(super) continued: &'static str,
    /// What does not add up in a sum.
    pub(super) fault: fn(&BadTally) -> String,
    /// Names of facts.
    pub(super) facts: Facts,
    /// Findings.
    pub(super) findings: Findings,
    /// Headings of tables.
    pub(super) tables: Tables,
    /// Headings of columns.
    pub(super) columns: Columns,
    /// What the rates of fieldwork are of.
    pub(super) outcomes: Outcomes,
    /// How the figures are meant.
    pub(super) notes: Notes,
}

/// Names of facts.
pub(super) struct Facts {
    pub(super) campaign: &'static str,
    pub(super) area: &'static str,
    pub(super) month: &'static str,
    pub(super) before: &'static str,
    pub(super) respondents: &'static str,
    pub(super) told: &'static str,
    pub(super) areas: &'static str,
    pub(super) questionnaire: &'static str,
    pub(super) made: &'static str,
}

/// What is seen at a glance.
pub(super) struct Findings {
    pub(super) heading: &'static str,
    /// Nobody answered in the month.
    pub(super) nobody: &'static str,
    /// Somebody did, but nothing of it is told.
    pub(super) nothing_told: &'static str,
    pub(super) first_month: &'static str,
    pub(super) no_targets: &'static str,
    pub(super) none_below: &'static str,
    pub(super) none_fell: &'static str,
    /// The whole selection is below a target.
    pub(super) red: &'static str,
    pub(super) fell: &'static str,
    /// So many areas are.
    pub(super) red_areas: fn(usize) -> String,
    pub(super) fallen_areas: fn(usize) -> String,
    pub(super) faults: fn(usize) -> String,
    pub(super) too_few: fn(usize) -> String,
    pub(super) withheld: fn(usize) -> String,
    /// So many more than are named.
    pub(super) more: fn(usize) -> String,
    pub(super) target: &'static str,
    pub(super) points: &'static str,
    pub(super) respondents: fn(u64) -> String,
}

/// Headings of tables, and names of sheets.
pub(super) struct Tables {
    pub(super) totals: &'static str,
    pub(super) totals_sheet: &'static str,
    pub(super) areas_sheet: &'static str,
    pub(super) overview_sheet: &'static str,
    pub(super) notes_sheet: &'static str,
    pub(super) faults: &'static str,
    pub(super) score: &'static str,
    pub(super) doors: &'static str,
    pub(super) doors_sheet: &'static str,
    pub(super) doors_areas: &'static str,
    pub(super) doors_areas_sheet: &'static str,
    /// What is known of an indicator: base, definition version, target.
    pub(super) definition: fn(&str, &str) -> String,
}

/// Headings of columns.
pub(super) struct Columns {
    pub(super) indicator: Column,
    pub(super) indicator_id: &'static str,
    pub(super) version: Column,
    pub(super) base: Column,
    pub(super) in_base: Column,
    pub(super) rate: Column,
    pub(super) interval: Column,
    pub(super) widened: Column,
    pub(super) target: Column,
    pub(super) gap: Column,
    pub(super) band: Column,
    pub(super) before: Column,
    pub(super) change: Column,
    pub(super) change_interval: Column,
    pub(super) beyond: Column,
    pub(super) flag: Column,
    pub(super) rank: Column,
    pub(super) area: Column,
    pub(super) code: Column,
    pub(super) respondents: Column,
    pub(super) day: Column,
    pub(super) channel: Column,
    pub(super) reports: Column,
    pub(super) fault: Column,
    pub(super) month: Column,
    pub(super) mean: Column,
    pub(super) sd: Column,
    pub(super) highest: Column,
    pub(super) passed: Column,
    pub(super) outcome: Column,
    pub(super) outcome_x: Column,
    pub(super) outcome_n: Column,
    pub(super) doors: Column,
    pub(super) visits: Column,
    pub(super) contacts: Column,
    pub(super) completes: Column,
    pub(super) rr1: Column,
    pub(super) coop1: Column,
    pub(super) ref1: Column,
    pub(super) con1: Column,
    pub(super) rr1_before: Column,
}

/// What the rates of fieldwork are of.
pub(super) struct Outcomes {
    pub(super) rr1: &'static str,
    pub(super) rr2: &'static str,
    pub(super) coop1: &'static str,
    pub(super) ref1: &'static str,
    pub(super) con1: &'static str,
    pub(super) opened: fn(DayPart) -> &'static str,
}

/// How the figures are meant.
pub(super) struct Notes {
    pub(super) heading: &'static str,
    pub(super) base: &'static str,
    pub(super) interval: &'static str,
    pub(super) bands: &'static str,
    pub(super) change: &'static str,
    pub(super) ranks: &'static str,
    pub(super) signs: &'static str,
    /// From k, the number of the first step, and the bounds.
    pub(super) rule: fn(u32, u32, &str) -> String,
    pub(super) rounding: fn(u32) -> String,
    /// From those who were told and all.
    pub(super) lag: &'static str,
    /// How doors are counted, from k.
    pub(super) doors: fn(u32) -> String,
    /// Name, version of the wording and hash.
    pub(super) questionnaire: fn(&str, &str, &str) -> String,
}

const fn one(heading: &'static str) -> Column {
    Column { heading, apart: &[], names: false }
}

const fn name(heading: &'static str) -> Column {
    Column { heading, apart: &[], names: true }
}

const fn apart(heading: &'static str, apart: &'static [&'static str]) -> Column {
    Column { heading, apart, names: false }
}

/// Chinese.
pub(super) const ZH: Words = Words {
    title: |year, month| format!("{year} 年 {month} 月平安报表"),
    month: |year, month| format!("{year} 年 {month} 月"),
    made: |day| format!("{day} 生成"),
    page: |page, of| format!("第 {page} 页，共 {of} 页"),
    comma: "、",
    clause: "，",
    colon: "：",
    everywhere: "全部地区",
    continued: "（续）",
    fault: |fault| match fault {
        BadTally::Length { got, want } => format!("合计有 {got} 格，问卷应有 {want} 格"),
        BadTally::CellAboveN { cell, count, n } => format!("第 {cell} 格计了 {count} 人，超过 {n} 人"),
        BadTally::BlockSum { block, start, sum, n } => {
            format!("第 {block} 组（从第 {start} 格起）加起来是 {sum} 人，应为 {n} 人")
        }
    },
    facts: Facts {
        campaign: "调查",
        area: "地区",
        month: "月份",
        before: "对比月份",
        respondents: "应答人数",
        told: "其中答案已公布",
        areas: "下级地区数",
        questionnaire: "问卷",
        made: "生成日期",
    },
    findings: Findings {
        heading: "问题与短板一览",
        nobody: "本月没有人应答，因此没有可报告的数字。",
        nothing_told: "本月应答人数太少，尚不公布任何数字。",
        first_month: "上月没有可比的数字，因此本期不报告变化。",
        no_targets: "没有设定目标，因此不分红黄蓝。",
        none_below: "没有低于目标的比率。",
        none_fell: "没有超出偶然波动的下降。",
        red: "低于目标",
        fell: "下降，超出偶然波动",
        red_areas: |n| format!("{n} 个地区低于目标"),
        fallen_areas: |n| format!("{n} 个地区下降，超出偶然波动"),
        faults: |n| format!("{n} 组数据加不平，未计入任何数字"),
        too_few: |n| format!("{n} 个地区人数太少或尚待公布，无法判断"),
        withheld: |n| format!("{n} 个地区不公布比率（保护个人）"),
        more: |n| format!("等，另有 {n} 个，见表"),
        target: "目标",
        points: "个百分点",
        respondents: |n| format!("{n} 人"),
    },
    tables: Tables {
        totals: "各项指标",
        totals_sheet: "指标",
        areas_sheet: "地区",
        overview_sheet: "一览",
        notes_sheet: "说明",
        faults: "加不平的数据",
        score: "得分",
        doors: "上门情况",
        doors_sheet: "上门",
        doors_areas: "上门情况：各地区",
        doors_areas_sheet: "上门（地区）",
        definition: |base, version| format!("基数：{base}；定义版本 {version}"),
    },
    columns: Columns {
        indicator: name("指标"),
        indicator_id: "指标代码",
        version: one("定义版本"),
        base: one("基数"),
        in_base: one("基数人数"),
        rate: one("比率"),
        interval: apart("95% 区间", &["区间下限", "区间上限"]),
        widened: apart("计入地区相似性的区间", &["计入地区相似性的下限", "计入地区相似性的上限"]),
        target: one("目标"),
        gap: one("差距（百分点）"),
        band: one("与目标相比"),
        before: one("上月"),
        change: one("变化（百分点）"),
        change_interval: apart("变化的 95% 区间", &["变化下限", "变化上限"]),
        beyond: one("超出偶然"),
        flag: apart("公布情况", &["公布情况", "界限"]),
        rank: apart("名次", &["名次", "最好可能名次", "最差可能名次"]),
        area: name("地区"),
        code: one("代码"),
        respondents: one("应答人数"),
        day: one("日期"),
        channel: one("渠道"),
        reports: one("人数"),
        fault: one("问题"),
        month: name("月份"),
        mean: one("平均分"),
        sd: one("标准差"),
        highest: one("满分"),
        passed: one("及格率"),
        outcome: name("上门结果"),
        outcome_x: one("户数（次数）"),
        outcome_n: one("基数"),
        doors: one("户数"),
        visits: one("上门次数"),
        contacts: one("见到人"),
        completes: one("完成"),
        rr1: one("应答率 RR1"),
        coop1: one("合作率 COOP1"),
        ref1: one("拒访率 REF1"),
        con1: one("接触率 CON1"),
        rr1_before: one("上月 RR1"),
    },
    outcomes: Outcomes {
        rr1: "应答率 RR1：完成，占全部符合条件的户",
        rr2: "应答率 RR2：完成或部分完成，占同上",
        coop1: "合作率 COOP1：完成，占见到人的户",
        ref1: "拒访率 REF1：拒访，占全部符合条件的户",
        con1: "接触率 CON1：见到人，占全部符合条件的户",
        opened: |part| match part {
            DayPart::Morning => "有人开门，上午（12 点前），占上门次数",
            DayPart::Afternoon => "有人开门，下午（12 点到 18 点），占上门次数",
            DayPart::Evening => "有人开门，晚上（18 点后），占上门次数",
        },
    },
    notes: Notes {
        heading: "怎样读这些数字",
        base: "“全部被问者”以被问到的所有人为基数；“有明确回答者”不含“不清楚”“不愿回答”和“未作答”。",
        interval: "区间为 95% Wilson 区间，按简单随机抽样计算。“计入地区相似性的区间”考虑同一地区的人彼此相似（方差分析求组内相关），\
            只用已公布的地区数字；至少两个地区公布时才有。两者都不加权，也不知道谁不在家。",
        bands: "红黄蓝看区间，不看单个比率：▲ 蓝，区间全部达到或高于目标；▼ 红，区间全部低于目标；◆ 黄，区间包含目标，无法区分。\
            合计用较宽的区间（有“计入地区相似性的区间”时用它），各地区用本地区的区间。不公布比率但界限足以判断的，也给出颜色。",
        change: "变化为本月减上月，只在两个月都公布且定义版本相同时给出；区间为 Newcombe 区间，合计计入地区相似性。↑ ↓ 表示超出偶然波动：\
            同一张表的全部比较按 Benjamini–Hochberg 校正，标出的变化中，预计由偶然造成的不超过 5%。",
        ranks: "名次后的括号是可能的名次范围：两两比较按 Holm 校正，范围内的地区无法区分；比率相同，名次相同。",
        signs: "“–”表示没有或不公布；“≥ 95%”表示比率不公布，但不低于该界限。",
        rule: |k, first, bounds| {
            format!(
                "公布规则：计入者不少于 {k} 人、未计入者也不少于 {k} 人的人数才公布；首次公布的答案来自 {first} 人；不公布的数字旁有相邻数字一并\
                 不公布，使其不能由加减得出；不公布的比率只给界限：{bounds}。"
            )
        },
        rounding: |to| format!("人数取整到 {to} 的倍数，比率由取整后的人数得出。"),
        lag: "答案分批公布，可能少于应答人数；每个比率的基数人数写明它来自多少人。",
        doors: |k| {
            format!(
                "上门情况为平板在整月记下的门数，公式用 AAPOR 的标准定义；只计入当月见到人不少于 {k} 户的地区。前一个月敲过、本月再上门的\
                 一户，那次结果仍记在前一个月，并从本月同样的结果里减去一户；几个月合起来只算一户。"
            )
        },
        questionnaire: |id, version, hash| format!("问卷 {id}，版本 {version}，摘要（SHA-256）{hash}。"),
    },
};

/// English.
pub(super) const EN: Words = Words {
    title: |year, month| format!("Monthly report, {year}-{month:02}"),
    month: |year, month| format!("{year}-{month:02}"),
    made: |day| format!("Made on {day}"),
    page: |page, of| format!("Page {page} of {of}"),
    comma: ", ",
    clause: ", ",
    colon: ": ",
    everywhere: "All areas",
    continued: " (continued)",
    fault: BadTally::to_string,
    facts: Facts {
        campaign: "Campaign",
        area: "Area",
        month: "Month",
        before: "Compared with",
        respondents: "Respondents",
        told: "Of them, whose answers are told",
        areas: "Areas below",
        questionnaire: "Questionnaire",
        made: "Made on",
    },
    findings: Findings {
        heading: "Problems and shortfalls at a glance",
        nobody: "Nobody answered in this month, so there are no figures to report.",
        nothing_told: "Too few have answered in this month: no figure is told yet.",
        first_month: "Nothing comparable is told of the month before, so no changes are reported.",
        no_targets: "No targets are set, so there are no bands.",
        none_below: "No rate is below its target.",
        none_fell: "No rate fell beyond chance.",
        red: "below its target",
        fell: "fell beyond chance",
        red_areas: |n| format!("{} below the target", areas(n)),
        fallen_areas: |n| format!("{} fell beyond chance", areas(n)),
        faults: |n| format!("Sums that do not add up, and are in no figure: {n}"),
        too_few: |n| format!("Too few, or not told yet: {}", areas(n)),
        withheld: |n| format!("{} withheld, so that nobody is given away", areas(n)),
        more: |n| format!(" and {n} more, see the table"),
        target: "target",
        points: " points",
        respondents: |n| format!("n = {n}"),
    },
    tables: Tables {
        totals: "All indicators",
        totals_sheet: "Indicators",
        areas_sheet: "Areas",
        overview_sheet: "At a glance",
        notes_sheet: "Notes",
        faults: "Sums that do not add up",
        score: "Score",
        doors: "At the doors",
        doors_sheet: "Doors",
        doors_areas: "At the doors, by area",
        doors_areas_sheet: "Doors by area",
        definition: |base, version| format!("base: {base}; definition version {version}"),
    },
    columns: Columns {
        indicator: name("Indicator"),
        indicator_id: "Indicator id",
        version: one("Definition version"),
        base: one("Base"),
        in_base: one("n in the base"),
        rate: one("Rate"),
        interval: apart("95% interval", &["Interval, low", "Interval, high"]),
        widened: apart("Clustering considered", &["Clustering considered, low", "Clustering considered, high"]),
        target: one("Target"),
        gap: one("Gap (points)"),
        band: one("Against the target"),
        before: one("Month before"),
        change: one("Change (points)"),
        change_interval: apart("95% interval of the change", &["Change, low", "Change, high"]),
        beyond: one("Beyond chance"),
        flag: apart("What is told", &["What is told", "Bound"]),
        rank: apart("Rank", &["Rank", "Best rank it may have", "Worst rank it may have"]),
        area: name("Area"),
        code: one("Code"),
        respondents: one("Respondents"),
        day: one("Day"),
        channel: one("Channel"),
        reports: one("Reports"),
        fault: one("Fault"),
        month: name("Month"),
        mean: one("Mean"),
        sd: one("Standard deviation"),
        highest: one("Highest possible"),
        passed: one("Pass share"),
        outcome: name("What came of it"),
        outcome_x: one("Doors (visits)"),
        outcome_n: one("Of"),
        doors: one("Doors"),
        visits: one("Visits"),
        contacts: one("Somebody met"),
        completes: one("Completed"),
        rr1: one("Response RR1"),
        coop1: one("Cooperation COOP1"),
        ref1: one("Refusal REF1"),
        con1: one("Contact CON1"),
        rr1_before: one("RR1, month before"),
    },
    outcomes: Outcomes {
        rr1: "Response rate RR1: completed, of all eligible doors",
        rr2: "Response rate RR2: completed or in part, of the same",
        coop1: "Cooperation rate COOP1: completed, of those where somebody was met",
        ref1: "Refusal rate REF1: refused, of all eligible doors",
        con1: "Contact rate CON1: somebody met, of all eligible doors",
        opened: |part| match part {
            DayPart::Morning => "Opened in the morning (before 12), of visits",
            DayPart::Afternoon => "Opened in the afternoon (12 to 18), of visits",
            DayPart::Evening => "Opened in the evening (from 18), of visits",
        },
    },
    notes: Notes {
        heading: "How to read these figures",
        base: "Everybody who was asked counts in one base; those who gave an opinion, in the other: without don't know, \
            prefer not to say and no answer.",
        interval: "Intervals are 95% Wilson intervals of a simple random sample. Where clustering is considered, it counts \
            that the respondents of an area are alike (intraclass correlation by analysis of variance), from the areas \
            whose figures are told, two at least. Neither is weighted, and neither knows who was not at home.",
        bands: "Bands look at the interval, not at the rate alone: ▲ blue, all of it is at the target or above; ▼ red, all \
            of it is below; ◆ yellow, it holds the target and cannot be told from it. Totals go by the wider interval \
            where clustering is known, areas by their own. A rate that is not told has a band where its bound is enough.",
        change: "A change is this month less the month before, given only where both are told and measured by the same \
            definition version; its interval is Newcombe's, in totals with clustering considered. ↑ ↓ mark what is beyond \
            chance: of all comparisons of a kind together, by Benjamini and Hochberg, no more than 5% of those marked are \
            expected to be chance.",
        ranks: "In brackets stand the ranks that an area may have: all areas are compared with each other under Holm's \
            correction, and those within the range cannot be told apart; equal rates share a rank.",
        signs: "“–” is nothing, or nothing that is told; “≥ 95%” is a rate that is not told, but is no lower.",
        rule: |k, first, bounds| {
            format!(
                "The rule: a count is told only if {k} or more are counted and {k} or more are not; the first answers are \
                 of {first} respondents; what is not told takes a neighbour with it, so that it cannot be had by \
                 subtraction; and has a bound instead: {bounds}."
            )
        },
        rounding: |to| format!("Counts are multiples of {to}, and rates are made of those."),
        lag: "Answers are told in steps and may be of fewer than the respondents; the base of each rate says of how many.",
        doors: |k| {
            format!(
                "Doors are those that the tablets counted in the whole month, rates as AAPOR defines them; in figures are \
                 areas where somebody was met at {k} or more in the month. A door of an earlier month that was called \
                 back at keeps its outcome there, and one of the same is taken off this month: only months together have \
                 it once."
            )
        },
        questionnaire: |id, version, hash| format!("Questionnaire {id}, version {version}, SHA-256 {hash}."),
    },
};

fn areas(n: usize) -> String {
    if n == 1 { "1 area".to_owned() } else { format!("{n} areas") }
}
