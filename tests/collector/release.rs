//! Who may read figures, and what figures look like as files.

mod access;
mod crossed;
mod export;
mod openapi;
mod paging;
mod report;
mod table;
mod target;
mod token;
mod workbook;

use std::process::Output;

use anxin::{
    campaign::Channel,
    statistic::rate::rate,
    tally::{Batch, Tally},
};
use serde_json::Value;

use crate::{
    fixture::{Field, body},
    site::{Collector, Reply, Site, TODAY, anxin},
};

const SAFETY: &str = "safety-demo";

/// Where the results of the campaign are read.
const RESULTS: &str = "/api/campaigns/safety-demo/results";

/// A collector that has counted respondents in four areas on two days: in one of them too few to tell, in another
/// one all of one mind.
struct Fielded {
    collector: Collector,
    site: Site,
}

impl Fielded {
    fn new() -> Self {
        let site = Site::new();
        let collector = site.start();
        let mut field = Field::fetch(&collector, SAFETY, 51);
        for (n, area, day) in
            [(200, 0, "2026-12-01"), (90, 1, "2026-12-01"), (150, 0, "2026-12-02"), (7, 2, "2026-12-02")]
        {
            assert_eq!(collector.post(SAFETY, &body(&field.batch_of(n, area, day))).status, 201);
        }
        assert_eq!(collector.post(SAFETY, &body(&of_one_mind(&mut field, 3))).status, 201);
        let it = Self { collector, site };
        for (indicator, percent) in [
            ("safety_satisfaction", "60"),
            ("walking_alone", "40"),
            ("public_order_rate", "50"),
            ("environment_rate", "5"),
        ] {
            let output = it.target(&["--indicator", indicator, "--percent", percent]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        it
    }

    /// One whose results are for those who are signed in.
    fn signed_in() -> Self {
        let it = Self::new();
        let store = rusqlite::Connection::open(it.site.data().join("anxin.sqlite")).unwrap();
        let sql = "UPDATE campaign SET json = json_set(json, '$.results', 'signed_in') WHERE id = ?1";
        assert_eq!(store.execute(sql, [SAFETY]), Ok(1));
        it
    }

    /// Runs `anxin token`.
    fn token(&self, arguments: &[&str]) -> Output {
        let end = ["--today", TODAY, "--data"];
        anxin().arg("token").args(arguments).args(end).arg(self.site.data()).output().unwrap()
    }

    /// Runs `anxin target` on the campaign.
    fn target(&self, arguments: &[&str]) -> Output {
        let end = ["--campaign", SAFETY, "--data"];
        anxin().arg("target").args(arguments).args(end).arg(self.site.data()).output().unwrap()
    }

    /// A new token.
    #[track_caller]
    fn made(&self, arguments: &[&str]) -> String {
        let output = self.token(&[&["new", "--name", "办公室"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// `GET`s with a token.
    fn with(&self, token: &str, path: &str) -> Reply {
        self.collector.ask("GET", path, &[("authorization", &format!("Bearer {token}"))], &[])
    }
}

/// A batch of respondents who say the same if they are asked for an opinion, as most are, today in an area (by index).
fn of_one_mind(field: &mut Field, area: usize) -> Batch {
    let mut tally = Tally::empty(field.questionnaire.layout.len());
    for (n, asked) in [(500, true), (100, false)] {
        let questionnaire = field.questionnaire.clone();
        let is_asked = |it: &Tally| rate(&questionnaire, it, 0).all.is_some();
        let alone = std::iter::repeat_with(|| field.tally(1)).find(|it| is_asked(it) == asked).unwrap();
        (0..n).for_each(|_| tally.merge(&alone));
    }
    let area = field.campaign.areas[area].code.clone();
    Batch::close(&field.campaign, area, TODAY.parse().unwrap(), Channel::Tablet, &tally, [9; 16]).unwrap()
}

/// A refusal that tells what is wrong, and nothing else.
#[track_caller]
fn assert_refused(reply: &Reply, status: u16, kind: &str, at: &str) {
    crate::refusals::assert_problem(reply, status, kind, at);
    let told = reply.json();
    let known = ["type", "title", "status", "detail", "at"];
    assert!(told.as_object().unwrap().keys().all(|key| known.contains(&&**key)), "{told}");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert_eq!(reply.header("etag"), "", "a tag would tell when figures change");
    assert_eq!(reply.header("www-authenticate"), if status == 401 { "Bearer" } else { "" });
}

/// The codes of the areas that an answer tells of.
fn areas(results: &Value) -> Vec<&str> {
    results["areas"].as_array().unwrap().iter().map(|area| area["code"].as_str().unwrap()).collect()
}

/// The id of a token.
fn id(token: &str) -> &str {
    token.split('_').nth(1).unwrap()
}
