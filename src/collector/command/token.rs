//! `anxin token`: who may read figures that are not for everybody.

use std::{fmt::Write, process::ExitCode};

use clap::Subcommand;

use super::{Failure, dap::Kept, print};
use crate::{
    area::AreaCode,
    collector::{
        store::Tokens,
        token::{Role, Token as Kind},
    },
    day::Day,
};

/// Makes, lists and revokes the tokens by which figures are read.
#[derive(clap::Args)]
pub(super) struct Token {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a token and print it, this once; a running collector takes it at once
    New(New),
    /// List the tokens: id, role, area, last day and name
    List(List),
    /// Revoke a token; a running collector refuses it at once
    Revoke(Revoke),
}

#[derive(clap::Args)]
struct New {
    /// Whose it is: a person or an office
    #[arg(long, value_name = "LABEL")]
    name: String,

    /// What it lets do
    #[arg(long, value_enum)]
    role: Role,

    /// Only figures of areas whose code begins like this; without it, of all
    #[arg(long, value_name = "PREFIX")]
    area: Option<AreaCode>,

    /// Last day on which it is taken; without it, until it is revoked
    #[arg(long, value_name = "YYYY-MM-DD")]
    expires: Option<Day>,

    #[command(flatten)]
    kept: Kept,
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    kept: Kept,
}

#[derive(clap::Args)]
struct Revoke {
    /// The token's id: what stands between its two underscores
    #[arg(value_name = "ID")]
    id: String,

    #[command(flatten)]
    kept: Kept,
}

impl Token {
    /// Does what it is asked.
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::New(new) => new.run()?,
            Command::List(list) => list.run()?,
            Command::Revoke(revoke) => revoke.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl New {
    fn run(self) -> Result<(), Failure> {
        let store = self.kept.store()?;
        if let Some(day) = self.expires.filter(|day| *day < self.kept.today()) {
            return Err(format!("{day} is over: nobody could use the token").into());
        }
        let (kind, digest, token) = Kind::new(&self.name, self.role, self.area, self.expires)?;
        store.add_token(&kind, &digest)?;
        // On a line of its own, so that a script can take it.
        print(&format!("{}\n", *token))?;
        eprintln!(
            "This is the only time that it is shown. Its id is {}: `anxin token revoke {}` ends it.",
            kind.id, kind.id
        );
        Ok(())
    }
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let (tokens, today) = (self.kept.store()?.tokens()?, self.kept.today());
        let mut told = String::new();
        for token in &tokens {
            let area = token.area.as_ref().map_or("all areas", AreaCode::as_str);
            let until = match token.expires {
                Some(day) if token.expired_on(today) => format!("ended {day}"),
                Some(day) => format!("until {day}"),
                None => "until revoked".to_owned(),
            };
            let _ = writeln!(told, "{}  {:9}  {area:24}  {until:21}  {}", token.id, token.role.name(), token.name);
        }
        print(if tokens.is_empty() { "There is no token.\n" } else { &told })
    }
}

impl Revoke {
    fn run(self) -> Result<(), Failure> {
        if !self.kept.store()?.revoke_token(&self.id)? {
            return Err(format!("there is no token {:?}; `anxin token list` lists them", self.id).into());
        }
        print(&format!("{} is revoked.\n", self.id))
    }
}
