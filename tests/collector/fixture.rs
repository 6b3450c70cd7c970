//! A campaign as the page has it: fetched from the collector, answered by simulated respondents.

use std::sync::Arc;

use anxin::{
    campaign::{Campaign, Channel},
    day::Day,
    layout::Cells,
    questionnaire::Questionnaire,
    results::{Leaf, Results, Selection},
    simulate::Respondents,
    tally::{Batch, Tally},
};

use crate::site::{Collector, TODAY};

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

    /// What the collector must answer when these batches are counted, byte for byte.
    pub(crate) fn results(&self, batches: &[Batch], area: Option<&str>, day: Option<&str>) -> String {
        let leaf = |batch: &Batch| Leaf {
            area: batch.area.clone(),
            day: batch.day,
            channel: batch.channel,
            tally: batch.tally(),
            fault: None,
        };
        let leaves: Vec<Leaf> = batches.iter().map(leaf).collect();
        let selection =
            Selection { area: area.map(|it| it.parse().unwrap()), day: day.map(|it| it.parse::<Day>().unwrap()) };
        let results = Results::of(self.stored(), &self.questionnaire, &leaves, selection);
        serde_json::to_string(&results).unwrap()
    }
}

/// What is posted.
pub(crate) fn body(batch: &Batch) -> Vec<u8> {
    anxin::outgoing::request(batch, "").body().to_vec()
}

impl Field {
    /// The campaign without the collector's key, which results do not tell.
    fn stored(&self) -> Campaign {
        Campaign { deposit: None, signer: None, ..self.campaign.clone() }
    }

    /// The next respondent.
    pub(crate) fn person(&mut self) -> Cells {
        Cells::encode(&self.questionnaire, &self.respondents.next().unwrap())
    }

    /// What the collector must answer when these sums are shown, byte for byte: area (by index), day and sum of each.
    pub(crate) fn results_of(&self, shown: &[(usize, &str, Tally)]) -> String {
        let leaf = |(area, day, tally): &(usize, &str, Tally)| Leaf {
            area: self.campaign.areas[*area].code.clone(),
            day: day.parse().unwrap(),
            channel: Channel::Phone,
            tally: tally.clone(),
            fault: None,
        };
        let leaves: Vec<Leaf> = shown.iter().map(leaf).collect();
        let results = Results::of(self.stored(), &self.questionnaire, &leaves, Selection::default());
        serde_json::to_string(&results).unwrap()
    }
}
