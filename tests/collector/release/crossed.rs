//! What crossed answers tell, and rates weighted to a population: as a running collector tells them.

use std::{fs, process::Output};

use serde_json::Value;

use super::{Fielded, RESULTS, SAFETY};
use crate::{
    fixture::{Field, body},
    site::{TODAY, anxin},
};

impl Fielded {
    /// Runs `anxin weight` on the campaign.
    fn weight(&self, arguments: &[&str]) -> Output {
        let end = ["--campaign", SAFETY, "--data"];
        anxin().arg("weight").args(arguments).args(end).arg(self.site.data()).output().unwrap()
    }

    /// Weights to a table, and gives what is said to that.
    fn weighted_to(&self, table: &str) -> (bool, String) {
        let file = self.site.data().join("population.csv");
        fs::write(&file, table).unwrap();
        let output = self.weight(&["--population", file.to_str().unwrap(), "--source", "人口普查 2020"]);
        let told = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(told).unwrap())
    }
}

#[test]
fn drivers_are_of_the_whole_campaign() {
    let it = Fielded::new();
    let results = it.collector.get(RESULTS).json();
    let drivers = &results["crossed"]["drivers"];
    assert_eq!((&drivers["overall"], drivers["domains"].as_array().unwrap().len()), (&"overall".into(), 6));
    let of_area = it.collector.get(&format!("{RESULTS}?area=330602")).json();
    assert_eq!((&of_area["crossed"], &of_area["weighted"]), (&Value::Null, &Value::Null));
}

#[test]
fn ways_of_asking_are_of_the_whole_campaign() {
    let it = Fielded::new();
    let many = Field::fetch(&it.collector, SAFETY, 52).batch_of(3_000, 0, TODAY);
    assert_eq!(it.collector.post(SAFETY, &body(&many)).status, 201);
    let results = it.collector.get(RESULTS).json();
    let effects = results["crossed"]["effects"].as_array().unwrap();
    let ways: Vec<_> = effects.iter().map(|effect| (&effect["indicator"], &effect["asked"])).collect();
    let headline = &"safety_satisfaction".into();
    assert_eq!(ways, [(headline, &"order".into()), (headline, &"mode".into())]);
    assert!(effects.iter().all(|effect| effect["difference"]["interval"]["high"].is_f64()), "{effects:?}");
}

#[test]
fn rates_are_weighted_to_a_population() {
    let it = Fielded::new();
    let weighted = || it.collector.get(RESULTS).json()["weighted"].clone();
    assert_eq!(weighted(), Value::Null);
    let (done, told) = it.weighted_to("sex,population\nmale,1000\nfemale,\"1,100\"\n");
    assert!(done && told.contains("sex: 2 groups, 2100 people") && told.contains("safety_satisfaction"), "{told}");
    let by_sex = weighted();
    assert_eq!((&by_sex["source"], by_sex["rates"].as_array().unwrap().len()), (&"人口普查 2020".into(), 1));
    // By area: what the table of areas tells, the populations as they are.
    let results = it.collector.get(RESULTS).json();
    let codes: Vec<&str> = super::areas(&results);
    let table: String = codes.iter().map(|code| format!("{code},1000\n")).collect();
    let (done, told) = it.weighted_to(&format!("area,population\n{table}"));
    assert!(done, "{told}");
    let by_area = &weighted()["rates"][0];
    let rate = |area: &Value| area["indicators"][0]["estimates"]["valid"]["rate"].as_f64();
    let rates: Vec<f64> = results["areas"].as_array().unwrap().iter().filter_map(rate).collect();
    assert!(!rates.is_empty() && rates.len() < codes.len());
    let mean = rates.iter().sum::<f64>() / rates.len() as f64;
    assert!((by_area["rate"]["range"]["low"].as_f64().unwrap() - mean).abs() < 1e-9);
    let covered = rates.len() as f64 / codes.len() as f64;
    assert!((by_area["covered"].as_f64().unwrap() - covered).abs() < 1e-9, "the others are said to be left out");
    assert!(it.weight(&["--remove"]).status.success());
    assert_eq!(weighted(), Value::Null);
    assert_eq!(String::from_utf8(it.weight(&[]).stdout).unwrap(), "Respondents are not weighted.\n");
}

#[test]
fn a_population_that_does_not_match_is_told_and_not_taken() {
    let it = Fielded::new();
    for (table, why) in [
        ("sex,population\nmale,1000\n", "does not say how large the group female is"),
        ("sex,population\nmale,1000\nfemale,5\nother,1\n", "there is no group other"),
        ("sex,population\nmale,many\nfemale,5\n", "row 2, column B (population)"),
        ("sex,people\nmale,5\nfemale,5\n", "no column tells how many people"),
        ("height,population\ntall,5\n", "no joint block of the questionnaire crosses height"),
        ("resident,population\nyes,5\n", "what was not declared can never be computed"),
        ("area,population\n330602,5\n", "does not say how large the group 330603 is"),
        ("area,population\n999,5\n", "there is no group 999"),
        ("sex,population\nmale,0\nfemale,0\n", "counts nobody"),
        ("area,sex,population\n330602,male,5\n330602,female,5\n", "not to both at once"),
    ] {
        let (done, told) = it.weighted_to(table);
        assert!(!done && told.contains(why), "{table}: {told}");
    }
    // Nor by one table of each; and it is said what can be done.
    let tables = [("areas.csv", "area,population\n330602,5\n"), ("sexes.csv", "sex,population\nmale,5\nfemale,5\n")];
    let files = tables.map(|(name, table)| {
        let file = it.site.data().join(name);
        fs::write(&file, table).unwrap();
        file.to_str().unwrap().to_owned()
    });
    let output = it.weight(&["--population", &files[0], "--population", &files[1], "--source", "x"]);
    let told = String::from_utf8(output.stderr).unwrap();
    let instead = "give one table by area alone, or leave area out and add its people up by sex\n";
    assert!(!output.status.success() && told.ends_with(instead), "{told}");
    assert_eq!(it.collector.get(RESULTS).json()["weighted"], Value::Null);
    let missing = it.weight(&["--population", "/nowhere.csv", "--source", "x"]);
    assert!(!missing.status.success() && missing.stdout.is_empty());
    let file = it.site.data().join("population.csv");
    fs::write(&file, "sex,population\nmale,1\nfemale,1\n").unwrap();
    for more in [["--source", " "], ["--cap", "0.5"]] {
        let source = if more[0] == "--cap" { &["--source", "x"][..] } else { &[] };
        let asked = [&["--population", file.to_str().unwrap()], &more[..], source].concat();
        assert!(!it.weight(&asked).status.success(), "{more:?}");
    }
}
