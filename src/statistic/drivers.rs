//! Drivers: which domains go together with the overall judgement, and where to act first.

use serde::Serialize;

use super::{
    correlation::{Correlation, correlation},
    crosstab::crosstab,
    figure::Figure,
    proportion::Estimate,
    rate::rate,
    scale::{Best, best},
};
use crate::{
    questionnaire::{Part, Questionnaire, definition::ItemType},
    tally::Tally,
};

/// A domain and how it goes together with the overall item.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Driver {
    /// The domain's item, by index.
    pub item: usize,
    /// Importance: the correlation of the two scales, best points upwards. It tells no cause.
    pub importance: Figure<Correlation>,
    /// Performance: the rate of the item's first indicator, of those who gave an opinion.
    pub performance: Figure<Estimate>,
}

/// What to do about a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Quadrant {
    /// Important, and below the others: improve first.
    Improve,
    /// Important, and no worse than the others: keep it up.
    KeepUp,
    /// Less important, and below the others: low priority.
    LowPriority,
    /// Less important, and no worse than the others: perhaps more than is needed.
    Overdone,
}

/// The importance–performance map.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Map {
    /// Mean performance of the domains on it: what is under it is low.
    pub performance: f64,
    /// Mean importance of the domains on it: what is under it is low.
    pub importance: f64,
    /// Where each domain lies, in the order given; none without importance or performance.
    pub quadrants: Vec<Option<Quadrant>>,
}

/// The overall item, as joint blocks tell: the one scale that most other scales are crossed with. `None` if two
/// scales share the first place.
pub fn overall(questionnaire: &Questionnaire) -> Option<usize> {
    let scales = || (0..questionnaire.items.len()).filter(|&item| is_scale(questionnaire, item));
    let crossed = scales().map(|item| (domains(questionnaire, item).count(), item));
    let (most, item) = crossed.clone().max()?;
    (most > 0 && crossed.filter(|(count, _)| *count == most).count() == 1).then_some(item)
}

fn is_scale(questionnaire: &Questionnaire, item: usize) -> bool {
    questionnaire.items[item].definition.kind == ItemType::Rating
}

/// The scales that a joint block crosses with this item.
fn domains(questionnaire: &Questionnaire, overall: usize) -> impl Iterator<Item = usize> {
    let crossed = move |item| {
        let both = |joint: &crate::questionnaire::Joint| {
            joint.parts.contains(&Part::Item(item)) && joint.parts.contains(&Part::Item(overall))
        };
        item != overall && questionnaire.joints.iter().any(both)
    };
    (0..questionnaire.items.len()).filter(move |&item| is_scale(questionnaire, item) && crossed(item))
}

/// A domain's item, by index, and its crosstab with the overall item.
pub type Table = (usize, Figure<Vec<Vec<u64>>>);

/// The domains whose crosstab with the overall item is declared, in the order asked; both scales run the same way. A
/// scale that no indicator gives a direction is taken to begin with its best point.
pub fn tables(questionnaire: &Questionnaire, tally: &Tally, overall: usize) -> Vec<Table> {
    let worst_first = |item| best(questionnaire, item) == Some(Best::Last);
    let table = |item| match crosstab(questionnaire, tally, Part::Item(item), Part::Item(overall)) {
        Figure::Known(mut table) => {
            if worst_first(item) != worst_first(overall) {
                table.reverse();
            }
            (item, Figure::Known(table))
        }
        none => (item, none),
    };
    domains(questionnaire, overall).map(table).collect()
}

/// The same as figures.
pub fn drivers(questionnaire: &Questionnaire, tally: &Tally, overall: usize) -> Vec<Driver> {
    let driver = |(item, table): Table| {
        let importance = match table {
            Figure::Known(table) => correlation(&table).into(),
            Figure::NotDeclared => Figure::NotDeclared,
            _ => Figure::TooFew,
        };
        let performance = match questionnaire.indicators.iter().position(|it| it.item == item) {
            Some(indicator) => rate(questionnaire, tally, indicator).valid.into(),
            None => Figure::NotDeclared,
        };
        Driver { item, importance, performance }
    };
    tables(questionnaire, tally, overall).into_iter().map(driver).collect()
}

/// The importance–performance map of drivers, cut at the means; `None` for fewer than two domains that are on it.
///
/// J. A. Martilla, J. C. James, Importance-performance analysis, J. Marketing 41 (1977).
pub fn map(drivers: &[Driver]) -> Option<Map> {
    let place = |driver: &Driver| Some((driver.performance.known()?.rate, driver.importance.known()?.r));
    let places: Vec<Option<(f64, f64)>> = drivers.iter().map(place).collect();
    let on: Vec<(f64, f64)> = places.iter().flatten().copied().collect();
    let mean = |of: fn(&(f64, f64)) -> f64| on.iter().map(of).sum::<f64>() / on.len() as f64;
    let (performance, importance) = (mean(|it| it.0), mean(|it| it.1));
    let quadrant = |(x, y): (f64, f64)| match (y >= importance, x >= performance) {
        (true, false) => Quadrant::Improve,
        (true, true) => Quadrant::KeepUp,
        (false, false) => Quadrant::LowPriority,
        (false, true) => Quadrant::Overdone,
    };
    let quadrants = places.into_iter().map(|it| it.map(quadrant)).collect();
    (on.len() > 1).then_some(Map { performance, importance, quadrants })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistic::proportion::wilson;

    fn driver(item: usize, x: u64, r: f64) -> Driver {
        let importance = Figure::Known(Correlation { n: 100, r, low: None, high: None });
        Driver { item, importance, performance: wilson(x, 100).into() }
    }

    #[test]
    fn quadrants_are_cut_at_the_means() {
        let unknown = Driver { importance: Figure::TooFew, ..driver(4, 10, 0.0) };
        let drivers = [driver(0, 80, 0.6), driver(1, 98, 0.5), unknown, driver(2, 82, 0.1), driver(3, 96, 0.2)];
        let it = map(&drivers).unwrap();
        assert!((it.performance - 0.89).abs() < 1e-12 && (it.importance - 0.35).abs() < 1e-12);
        use Quadrant::*;
        assert_eq!(it.quadrants, [Some(Improve), Some(KeepUp), None, Some(LowPriority), Some(Overdone)]);
        assert_eq!(map(&drivers[1..3]), None);
    }

    #[test]
    fn joint_blocks_tell_which_item_is_the_overall_one() {
        let safety = Questionnaire::parse(include_bytes!("../../www/instruments/safety.json")).unwrap();
        let item = overall(&safety).unwrap();
        assert_eq!(safety.items[item].definition.id, "overall");
        let nobody = Tally::empty(safety.layout.len());
        let domains = drivers(&safety, &nobody, item);
        assert_eq!(domains.len(), 6);
        assert!(domains.iter().all(|it| it.importance == Figure::TooFew && it.performance == Figure::TooFew));
        // Of two items that are crossed with each other alone, either may be the overall one; a quiz has none.
        assert_eq!(drivers(&safety, &nobody, domains[0].item).len(), 1);
        let pair = include_str!("../../www/instruments/safety.json")
            .replace("_overall\", \"of\": [\"", "_overall\", \"of\": [\"age\", \"");
        let pair = pair.replacen("[\"age\", \"fire\"", "[\"fire\"", 1);
        let pair = ["public_order", "work_safety", "food_medicine", "environment", "traffic"].iter().fold(
            pair,
            |file, domain| {
                file.replace(&format!("\"age\", \"{domain}\", \"overall\""), &format!("\"age\", \"{domain}\""))
            },
        );
        assert_eq!(overall(&Questionnaire::parse(pair.as_bytes()).unwrap()), None);
        // One scale that nothing is crossed with.
        let survey = include_str!("../../tests/vectors/good/survey.json");
        assert_eq!(overall(&Questionnaire::parse(survey.as_bytes()).unwrap()), None);
        let quiz = Questionnaire::parse(include_bytes!("../../www/instruments/anti_fraud.json")).unwrap();
        assert_eq!(overall(&quiz), None);
    }
}
