//! A campaign as the page has it: fetched from the collector, answered by simulated respondents.

use std::{path::Path, sync::Arc};

use anxin::{
    area::AreaCode,
    campaign::{Campaign, Channel},
    day::Day,
    layout::Cells,
    questionnaire::Questionnaire,
    results::{Results, Selection},
    simulate::Respondents,
    tally::{Batch, Tally},
};

use rusqlite::{Connection, OpenFlags};

use crate::{
    releases::Releases,
    site::{Collector, TODAY},
};

/// A campaign with its questionnaire, and an endless line of respondents.
pub(crate) struct Field {
    /// The campaign.
    pub(crate) campaign: Campaign,
    /// Its questionnaire.
    pub(crate) questionnaire: Arc<Questionnaire>,
    respondents: Respondents,
    seed: u64,
    batches: u64,
}

impl Field {
    /// Fetches a campaign. Respondents and batch ids follow from the seed.
    pub(crate) fn fetch(collector: &Collector, id: &str, seed: u64) -> Self {
        let campaign: Campaign = serde_json::from_value(collector.get(&format!("/api/campaigns/{id}")).json()).unwrap();
        let file = collector.get(&format!("/api/questionnaires/{}", campaign.questionnaire)).body;
        let questionnaire = Arc::new(Questionnaire::parse(&file).unwrap());
        assert_eq!(questionnaire.hash, campaign.questionnaire);
        let respondents = Respondents::new(questionnaire.clone(), seed);
        Self { campaign, questionnaire, respondents, seed, batches: 0 }
    }

    /// The next n respondents, summed up.
    pub(crate) fn tally(&mut self, n: usize) -> Tally {
        let mut tally = Tally::empty(self.questionnaire.layout.len());
        for response in self.respondents.by_ref().take(n) {
            tally.add(&Cells::encode(&self.questionnaire, &response));
        }
        tally
    }

    /// A batch of the next n respondents, today in the campaign's first area.
    pub(crate) fn batch(&mut self, n: usize) -> Batch {
        self.batch_of(n, 0, TODAY)
    }

    /// A batch of the next n respondents in an area (by index) on a day.
    pub(crate) fn batch_of(&mut self, n: usize, area: usize, day: &str) -> Batch {
        self.batches += 1;
        let mut random = [0; 16];
        random[..8].copy_from_slice(&self.seed.to_be_bytes());
        random[8..].copy_from_slice(&self.batches.to_be_bytes());
        let tally = self.tally(n);
        let area = self.campaign.areas[area].code.clone();
        Batch::close(&self.campaign, area, day.parse().unwrap(), Channel::Tablet, &tally, random).unwrap()
    }

    /// What the collector must answer when these batches are counted in this order, byte for byte.
    pub(crate) fn results(&self, batches: &[Batch], area: Option<&str>, period: Option<&str>) -> String {
        self.shown(&released(&self.campaign, batches), area, period)
    }

    /// The same once the campaign is over.
    pub(crate) fn results_at_last(&self, batches: &[Batch]) -> String {
        let mut releases = released(&self.campaign, batches);
        releases.step();
        self.shown(&releases, None, None)
    }

    /// That each of these batches is in the store's sums once, in whatever order they came: answers depend on it.
    #[track_caller]
    pub(crate) fn assert_sums(&self, data: &Path, batches: &[Batch]) {
        let leaf =
            |(area, day, channel): (AreaCode, Day, Channel)| format!("{} {day} {}", area.as_str(), channel.name());
        let released = released(&self.campaign, batches);
        let want = released.sums().map(|(name, sum)| (leaf(name), sum.n, encoded(&sum.cells)));
        let store = Connection::open_with_flags(data.join("anxin.sqlite"), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = "SELECT area || ' ' || day || ' ' || channel, n, cells FROM tally WHERE campaign = ?1 ORDER BY area, day, channel";
        let mut statement = store.prepare(sql).unwrap();
        let row =
            |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?, row.get::<_, Vec<u8>>(2)?));
        let got: Vec<_> = statement.query_map([&self.campaign.id], row).unwrap().map(Result::unwrap).collect();
        assert!(got == want.collect::<Vec<_>>(), "not every batch once");
    }

    fn shown(&self, releases: &Releases, area: Option<&str>, period: Option<&str>) -> String {
        let selection =
            Selection { area: area.map(|it| it.parse().unwrap()), period: period.map(|it| it.parse().unwrap()) };
        let results = Results::of(&self.campaign, &self.questionnaire, &releases.leaves(), selection);
        serde_json::to_string(&results).unwrap()
    }
}

/// What the collector's books say once these batches are counted.
fn released(campaign: &Campaign, batches: &[Batch]) -> Releases {
    let mut releases = Releases::new(campaign.k);
    for batch in batches {
        releases.add((batch.area.clone(), batch.day, batch.channel), &batch.tally(), None);
    }
    releases
}

/// Cells as they are stored: LEB128.
fn encoded(cells: &[u64]) -> Vec<u8> {
    let bytes = |&cell: &u64| {
        let length = (64 - cell.leading_zeros()).div_ceil(7).max(1);
        (0..length).map(move |i| (cell >> (7 * i)) as u8 & 0x7f | if i + 1 < length { 0x80 } else { 0 })
    };
    cells.iter().flat_map(bytes).collect()
}

/// What is posted.
pub(crate) fn body(batch: &Batch) -> Vec<u8> {
    anxin::outgoing::request(batch, "").body().to_vec()
}

impl Field {
    /// The next respondent.
    pub(crate) fn person(&mut self) -> Cells {
        Cells::encode(&self.questionnaire, &self.respondents.next().unwrap())
    }

    /// What the collector must answer when these sums were added in this order, byte for byte: area (by index), day and
    /// sum of each.
    pub(crate) fn results_of(&self, shown: &[(usize, &str, Tally)]) -> String {
        let mut releases = Releases::new(self.campaign.k);
        for (area, day, tally) in shown {
            let leaf = (self.campaign.areas[*area].code.clone(), day.parse().unwrap(), Channel::Phone);
            releases.add(leaf, tally, None);
        }
        let results = Results::of(&self.campaign, &self.questionnaire, &releases.leaves(), Selection::default());
        serde_json::to_string(&results).unwrap()
    }
}
