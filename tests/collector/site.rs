//! A collector as a process on a free port, with a data directory of its own; both go when dropped.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;
use ureq::{
    Agent,
    http::{HeaderMap, Request},
};

/// The day on which the collectors of these tests stand still.
pub(crate) const TODAY: &str = "2026-12-01";

/// So long a condition may take to come true.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program.
pub(crate) fn anxin() -> Command {
    Command::new(env!("CARGO_BIN_EXE_anxin"))
}

/// A data directory, and the log of the collectors that ran on it.
pub(crate) struct Site {
    directory: PathBuf,
}

impl Site {
    /// An empty one.
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("collector-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        Self { directory }
    }

    /// Where the collector keeps its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    /// What all collectors of this site have logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap()
    }

    /// Starts a collector on [`TODAY`].
    pub(crate) fn start(&self) -> Collector {
        self.start_on(TODAY)
    }

    /// Starts a collector on another day.
    pub(crate) fn start_on(&self, today: &str) -> Collector {
        self.start_with(today, &[])
    }

    /// Starts a collector on a day, with more arguments.
    pub(crate) fn start_with(&self, today: &str, more: &[&str]) -> Collector {
        let log = File::options().create(true).append(true).open(self.directory.join("log")).unwrap();
        let mut child = anxin()
            .args(["serve", "--listen", "127.0.0.1:0", "--today", today, "--data"])
            .arg(self.data())
            .args(more)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut told = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut told).unwrap();
        let (_, rest) = told.split_once("http://").unwrap_or_else(|| panic!("no address in {told:?}; {}", self.log()));
        let address = rest.split('/').next().unwrap().to_owned();
        Collector { child, address, told }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// A collector that runs.
pub(crate) struct Collector {
    child: Child,
    /// Host and port.
    pub(crate) address: String,
    /// What it said when it was ready.
    pub(crate) told: String,
}

impl Collector {
    /// `GET`s a path.
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[], &[])
    }

    /// Posts a batch, well or badly formed.
    pub(crate) fn post(&self, campaign: &str, body: &[u8]) -> Reply {
        self.ask("POST", &batches(campaign), &[("content-type", "application/json")], body)
    }

    /// Asks anything.
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.try_ask(method, path, headers, body).unwrap()
    }

    /// Asks a collector that may be gone.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply, ureq::Error> {
        try_ask(&self.address, method, path, headers, body)
    }

    /// Kills it outright, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        let kill = Command::new("sh").arg("-c").arg(format!("kill -TERM {}", self.child.id())).status().unwrap();
        assert!(kill.success());
    }

    /// Waits until it has stopped.
    pub(crate) fn ended(mut self) -> ExitStatus {
        until(|| self.child.try_wait().unwrap())
    }

    /// Waits until it takes no more connections.
    pub(crate) fn wait_until_closed(&self) {
        until(|| TcpStream::connect(&self.address).is_err().then_some(()));
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where batches of a campaign are posted.
pub(crate) fn batches(campaign: &str) -> String {
    format!("/api/campaigns/{campaign}/batches")
}

/// Asks a collector by its address.
pub(crate) fn try_ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Result<Reply, ureq::Error> {
    let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
    let agent: Agent = config.allow_non_standard_methods(true).build().into();
    let mut request = Request::builder().method(method).uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response =
        if body.is_empty() { agent.run(request.body(()).unwrap()) } else { agent.run(request.body(body).unwrap()) }?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Ok(Reply { status, headers, body: response.body_mut().read_to_vec()? })
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    /// Its status.
    pub(crate) status: u16,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// A header's value, empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Waits for a condition, and fails if it does not come true.
pub(crate) fn until<T>(mut condition: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(it) = condition() {
            return it;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain");
        std::thread::yield_now();
    }
}
