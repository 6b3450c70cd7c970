//! `anxin preview`: the form that an author has open in a spreadsheet, as respondents will see it, anew at every save.
//!
//! ```text
//!  form.xlsx ──watch──▶ read: convert, parse ──▶ Desk: the last good form, the faults of the file as it stands
//!                                             └──▶ prove ──▶ findings        │
//!  browser ◀── preview.html: phone and tablet, paths, cells ◀── routes ◀─────┘
//! ```
//!
//! The frames hold the page and the module that respondents load, under the addresses of a campaign without a channel:
//! to the page that is practice, which sends nothing, and says so. The server listens on this machine alone, answers
//! `GET` alone, and keeps nothing.

mod desk;
mod finding;
mod form;
mod respondent;
mod routes;
mod view;
mod watch;

use std::{
    fmt::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, mpsc},
    thread,
};

use tokio::net::TcpListener;

use self::{desk::Desk, finding::Finding, form::Form};
use super::{Failure, print};
use crate::{
    collector::{
        listen::listen,
        serve::{told_to_stop, url},
        world::Clock,
    },
    day::Day,
};

/// Where it listens, unless that is taken or another address is asked for.
const USUAL: &str = "127.0.0.1:8090";

/// What stands below the options in `--help`.
const MORE: &str = "\
Open the address that it prints, and keep the form open in the spreadsheet beside it: whenever the file is saved,
the browser shows the new form on a phone and on a tablet, or everything that is wrong with it, each with sheet, row
and column; the last good form stays on view. The page also tells what is proved of the form (anxin check), follows
any path through it, fills it in like a simulated respondent, and shows which cells count what.

Nothing that is answered there is sent or kept.

  anxin preview form.xlsx
  anxin preview q.json --listen 127.0.0.1:9000";

/// Shows a form in the browser as respondents will see it, anew whenever it is saved.
#[derive(clap::Args)]
#[command(after_long_help = MORE)]
pub(super) struct Preview {
    /// The form (.xlsx, .xls, .csv, .md) or the questionnaire (.json)
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Address on this machine to listen on; 127.0.0.1:8090, or any port that is free, unless it is given
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// For tests: a day on which time stands still
    #[arg(long, value_name = "YYYY-MM-DD", hide = true)]
    today: Option<Day>,
}

impl Preview {
    /// Serves until it is told to stop.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        // A name that was mistyped is told here; a file that goes later is told on the page.
        std::fs::metadata(&self.file).map_err(|error| format!("{}: {error}", self.file.display()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve())?;
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(self) -> Result<(), Failure> {
        let listener = self.listener().await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(&self.file)?);
        let name = self.file.display();
        print(&format!("Anxin shows {name}: open {} and save the file (Ctrl-C stops it)\n", url(address)))?;
        follow(&desk, self.file, Clock { stopped: self.today });
        let stop = told_to_stop()?;
        let stopped = desk.clone();
        let stop = async move {
            stop.await;
            stopped.stop();
        };
        listen(listener, routes::router(desk), stop).await;
        Ok(())
    }

    /// A socket on this machine, which nobody else's can reach.
    async fn listener(&self) -> Result<TcpListener, Failure> {
        let told = |address: &dyn std::fmt::Display, error| {
            format!("cannot listen on {address}: {error}; --listen takes another address")
        };
        match self.listen {
            Some(address) if !address.ip().is_loopback() => {
                Err(format!("{address} can be reached from elsewhere: a preview is for this machine alone").into())
            }
            Some(address) => Ok(TcpListener::bind(address).await.map_err(|error| told(&address, error))?),
            None => match TcpListener::bind(USUAL).await {
                Ok(listener) => Ok(listener),
                Err(_) => Ok(TcpListener::bind("127.0.0.1:0").await.map_err(|error| told(&"127.0.0.1", error))?),
            },
        }
    }
}

/// Follows the file on a thread of its own, and proves what is good of it on another: a form is on view before it is
/// proved, and a proof that takes its time holds up no save.
fn follow(desk: &Arc<Desk>, file: PathBuf, clock: Clock) {
    let (to_prove, forms) = mpsc::channel::<Arc<Form>>();
    let (shown, proved) = (desk.clone(), desk.clone());
    thread::spawn(move || {
        watch::watch(&file, &mut |path| {
            let read = form::read(path, clock.today());
            // Nobody may be reading.
            let _ = print(&told(path, &read.form));
            let good = shown.show(read.form);
            good.into_iter().for_each(|form| {
                let _ = to_prove.send(form);
            });
            read.beside
        });
    });
    thread::spawn(move || {
        while let Ok(mut form) = forms.recv() {
            // Of what came meanwhile the last alone.
            while let Ok(later) = forms.try_recv() {
                form = later;
            }
            let proof = form.prove();
            proved.proved(&form, proof);
        }
    });
}

/// What came of a save, for the terminal: a line a fault, or one for what is good.
fn told(path: &Path, form: &Result<Form, Vec<Finding>>) -> String {
    let name = path.display();
    let mut told = String::new();
    match form {
        Ok(form) => {
            form.warnings.iter().for_each(|warning| {
                let _ = writeln!(told, "{name}: {warning} (a warning)");
            });
            let _ = writeln!(told, "{name}: good: {}", form.told());
        }
        Err(faults) => faults.iter().for_each(|fault| {
            let _ = writeln!(told, "{name}: {fault}");
        }),
    }
    told
}
