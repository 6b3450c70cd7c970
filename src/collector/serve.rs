//! `anxin serve`: the collector as a process.

use std::{
    fs,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::net::TcpListener;

use super::{
    aggregators::KeyFiles,
    demonstration,
    listen::listen,
    log, routes,
    shared::Shared,
    signer,
    store::{Sqlite, Store},
    world::Clock,
};
use crate::day::Day;

/// Runs the collector, with the page built in.
#[derive(clap::Args)]
pub(super) struct Serve {
    /// Address to listen on; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,

    /// Directory that holds everything the collector keeps; made if it is not there
    #[arg(long, value_name = "DIR", default_value = "anxin-data")]
    data: PathBuf,

    /// A font that has Chinese for reports that are printed (PDF), instead of the machine's
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,

    /// Begin without the demonstration campaigns
    #[arg(long)]
    bare: bool,

    /// For tests: a day on which time stands still
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    today: Option<Day>,
}

/// Why the collector does not start.
type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Serve {
    /// Serves until it is told to stop.
    pub(super) fn run(self) -> Result<(), Failure> {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(self.serve())
    }

    async fn serve(self) -> Result<(), Failure> {
        let clock = Clock { stopped: self.today };
        let (store, keys, signer) = open(&self.data)?;
        store.begin(&if self.bare { Vec::new() } else { demonstration::campaigns(clock.today())? })?;
        let listener = TcpListener::bind(&self.listen).await;
        let listener = listener
            .map_err(|error| format!("cannot listen on {}: {error}; --listen takes another address", self.listen))?;
        let stop = told_to_stop()?;
        log::start(clock);
        let address = listener.local_addr()?;
        let data = self.data.display();
        // Nobody may be reading.
        let _ = writeln!(io::stdout(), "Anxin is ready: open {} (data in {data}; Ctrl-C stops it)", url(address));
        tracing::info!(port = address.port(), "listening");
        let shared = Shared::new(store, keys, signer, clock).printing_with(self.font);
        listen(listener, routes::router(Arc::new(shared)), stop).await;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Opens a data directory, and makes what is missing of it: the directory, the store, the keys.
pub(super) fn open(data: &Path) -> Result<(Sqlite, KeyFiles, String), Failure> {
    let all = || {
        make_private(data)?;
        let store = Sqlite::open(data)?;
        // Sums of shares that are under k open with the keys that they were sealed with alone.
        let new = !store.holds_shares()?;
        Ok((store, KeyFiles::open(data, new)?, signer::public(&signer::open(data)?)))
    };
    all().map_err(|error: Failure| format!("cannot open {}: {error}", data.display()).into())
}

/// Makes a directory that only its owner can look into.
fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(directory)
}

/// Where to point a browser on this machine.
pub(super) fn url(address: SocketAddr) -> String {
    let ip = if address.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { address.ip() };
    format!("http://{}/", SocketAddr::new(ip, address.port()))
}

/// Is done when the process is told to stop.
pub(super) fn told_to_stop() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
