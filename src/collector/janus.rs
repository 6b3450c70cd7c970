//! Two other bodies as aggregators, each with a Janus 0.7: what each is told of a campaign, and what the
//! collector keeps so that it alone can put their two sums together.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use janus_core::{
    auth_tokens::{AuthenticationToken, AuthenticationTokenHash},
    hpke::HpkeKeypair,
    vdaf::{VdafInstance, vdaf_dp_strategies},
};
use janus_messages::{CollectionJobId, HpkeAeadId, HpkeConfig, HpkeKdfId, HpkeKemId, Role, TaskId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{aggregators::write_private, store::StoreError, world};
use crate::{
    area::AreaCode,
    campaign::{Aggregators, Campaign},
    day::Day,
    split::{Pair, Task, chunk_length},
};

/// The file in the data directory.
pub(super) const FILE: &str = "dap-collector.json";

/// What the collector keeps of the campaigns that two other bodies add up.
pub(super) struct Secrets {
    path: PathBuf,
    campaigns: BTreeMap<String, Secret>,
    /// While it is open no other process writes the file.
    _lock: fs::File,
}

/// What the collector keeps of one campaign.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Secret {
    /// Opens the two sums of shares.
    pub(super) keys: HpkeKeypair,
    /// The collector shows it to the leader.
    pub(super) collector: AuthenticationToken,
    /// The leader shows it to the helper.
    aggregator: AuthenticationToken,
    /// What the leader was asked for.
    pub(super) asked: Vec<Asked>,
}

/// A collection, noted before the leader is asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// What for.
    pub(super) days: Days,
    /// Its name at the leader.
    pub(super) job: String,
    /// Respondents, once they are added.
    pub(super) added: Option<u64>,
}

/// Days of an area, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Days {
    /// Where.
    pub(super) area: AreaCode,
    /// The first.
    pub(super) from: Day,
    /// The last.
    pub(super) until: Day,
}

impl Days {
    /// Whether a day is in both.
    pub(super) fn overlap(&self, other: &Self) -> bool {
        self.area == other.area && self.from <= other.until && other.from <= self.until
    }

    /// The name of their collection at the leader: always the same, so that asking again asks for the same.
    pub(super) fn job(&self, task: &Task) -> Result<CollectionJobId, StoreError> {
        let hash = self.hash("anxin dap-09 collection job", task);
        Ok(CollectionJobId::try_from(&hash[..CollectionJobId::LEN])?)
    }

    /// The name under which their sum is added. Longer than any batch's, so that none can take it.
    pub(super) fn sum(&self, task: &Task) -> String {
        crate::questionnaire::hex(&self.hash("anxin dap-09 collection", task))
    }

    fn hash(&self, label: &str, task: &Task) -> [u8; 32] {
        let hash = Sha256::new().chain_update(label).chain_update(task.id.as_ref());
        hash.chain_update(format!("{} {}", self.from, self.until)).finalize().into()
    }
}

impl Secrets {
    /// Those of a data directory; none if there is no file yet.
    pub(super) fn open(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(FILE);
        let lock = fs::File::create(path.with_extension("lock"))?;
        match lock.try_lock() {
            Err(fs::TryLockError::WouldBlock) => {
                return Err(format!("another anxin is at work on {}", path.display()).into());
            }
            other => other?,
        }
        let campaigns = match fs::read(&path).map(Zeroizing::new) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(format!("{}: {error}", path.display()).into()),
        };
        Ok(Self { path, campaigns, _lock: lock })
    }

    /// Those of a campaign.
    pub(super) fn get(&mut self, campaign: &str) -> Option<&mut Secret> {
        self.campaigns.get_mut(campaign)
    }

    /// Those of a campaign, made and kept if there are none.
    pub(super) fn get_or_make(&mut self, campaign: &str) -> Result<Secret, StoreError> {
        if let Some(secret) = self.campaigns.get(campaign) {
            return Ok(secret.clone());
        }
        let secret = Secret::new()?;
        self.campaigns.insert(campaign.to_owned(), secret.clone());
        self.write()?;
        Ok(secret)
    }

    /// Writes the file.
    pub(super) fn write(&self) -> Result<(), StoreError> {
        Ok(write_private(&self.path, &Zeroizing::new(serde_json::to_vec(&self.campaigns)?))?)
    }
}

impl Secret {
    fn new() -> Result<Self, StoreError> {
        let suite = (HpkeKemId::X25519HkdfSha256, HpkeKdfId::HkdfSha256, HpkeAeadId::Aes128Gcm);
        let token = || -> Result<AuthenticationToken, StoreError> {
            let random = URL_SAFE_NO_PAD.encode(world::random::<32>()?);
            Ok(AuthenticationToken::new_bearer_token_from_string(random)?)
        };
        let keys = HpkeKeypair::generate(1.into(), suite.0, suite.1, suite.2)?;
        Ok(Self { keys, collector: token()?, aggregator: token()?, asked: Vec::new() })
    }
}

/// A task as `janus_cli provision-tasks` of Janus 0.7 reads it.
#[derive(Serialize)]
struct Provisioned {
    task_id: TaskId,
    peer_aggregator_endpoint: String,
    query_type: &'static str,
    vdaf: VdafInstance,
    role: Role,
    vdaf_verify_key: String,
    max_batch_query_count: u64,
    task_expiration: u64,
    report_expiry_age: Option<u64>,
    min_batch_size: u32,
    time_precision: u64,
    tolerable_clock_skew: u64,
    collector_hpke_config: HpkeConfig,
    aggregator_auth_token: Option<AuthenticationToken>,
    aggregator_auth_token_hash: Option<AuthenticationTokenHash>,
    collector_auth_token_hash: Option<AuthenticationTokenHash>,
    /// Empty: each body makes its own, and nobody else ever has them.
    hpke_keys: [(); 0],
}

/// The task file of one of the two bodies: an entry an area.
pub(super) fn tasks(
    role: Role,
    campaign: &Campaign,
    cells: usize,
    at: &Aggregators,
    pair: &Pair,
    secret: &Secret,
) -> Result<String, StoreError> {
    let leads = role == Role::Leader;
    let peer = if leads { &at.helper } else { &at.leader };
    let task = |code: &AreaCode| {
        let task = Task::of(campaign, code, cells);
        Provisioned {
            task_id: task.id,
            peer_aggregator_endpoint: format!("{peer}/"),
            query_type: "TimeInterval",
            vdaf: VdafInstance::Prio3SumVec {
                bits: 1,
                length: cells,
                chunk_length: chunk_length(cells),
                dp_strategy: vdaf_dp_strategies::Prio3SumVec::NoDifferentialPrivacy,
            },
            role,
            vdaf_verify_key: URL_SAFE_NO_PAD.encode(pair.verify_key(&task)),
            max_batch_query_count: 1,
            task_expiration: Task::time(campaign.closes.plus_days(campaign.grace_days).plus_days(1)),
            report_expiry_age: None,
            min_batch_size: campaign.k,
            time_precision: Task::PRECISION_SECONDS,
            // A report's time is its local day's first second in UTC: that of a phone in the east is yet to come.
            tolerable_clock_skew: Task::PRECISION_SECONDS,
            collector_hpke_config: secret.keys.config().clone(),
            aggregator_auth_token: leads.then(|| secret.aggregator.clone()),
            aggregator_auth_token_hash: (!leads).then(|| (&secret.aggregator).into()),
            collector_auth_token_hash: leads.then(|| (&secret.collector).into()),
            hpke_keys: [],
        }
    };
    let tasks: Vec<Provisioned> = campaign.areas.iter().map(|area| task(&area.code)).collect();
    let body = if leads { "leader" } else { "helper" };
    Ok(format!(
        "# Tasks of the campaign {} for the {body}, as Janus 0.7 provisions them. Secret: for the {body}'s body alone.\n{}",
        campaign.id,
        yaml_serde::to_string(&tasks)?
    ))
}
