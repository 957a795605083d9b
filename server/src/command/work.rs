//! Work that changes data. Whoever owns the data does it: the command itself, or the process that serves, on
//! its behalf. Either way the same code says the same things.

use std::io::{Read, Write as _};

use domain::mail::MailAddress;
use domain::time::Date;
use serde::{Deserialize, Serialize};
use services::{ServiceError, Services};

use super::import::{self, Kind};
use crate::config::Clock;

/// A piece of work, as it is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Work {
    /// Imports a file, whose bytes come beside.
    Import {
        kind: Kind,
        /// What the file is called in messages.
        file: String,
    },
    /// Checks everything that must be true of the data.
    Verify,
    /// Starts or moves a test clock.
    Clock(ClockWork),
    /// Makes a one-time link for the person with this address.
    Link { mail: String, public_address: String },
    /// Makes the account of this address act for the publisher, and a link for it.
    AddOperator { mail: String, public_address: String },
}

/// What to do with the test clock of the organization of this key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum ClockWork {
    /// Puts it on one.
    Start { organization: String },
    /// Moves it.
    Advance { organization: String, to: Date },
}

impl From<Clock> for ClockWork {
    fn from(what: Clock) -> Self {
        match what {
            Clock::Start { organization } => Self::Start { organization },
            Clock::Advance { organization, to } => Self::Advance { organization, to },
        }
    }
}

/// A line that a command says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// Of the result.
    Result(String),
    /// Beside it: how far it is, what is wrong.
    Note(String),
}

/// Where the lines go.
pub(crate) trait Output {
    /// Takes a line, without its end.
    fn line(&mut self, line: Line);
}

/// Results on standard output, the rest on standard error.
#[derive(Debug)]
pub(crate) struct Terminal;

impl Output for Terminal {
    fn line(&mut self, line: Line) {
        // Nobody may be reading any more; the work goes on all the same.
        match line {
            Line::Result(line) => writeln!(std::io::stdout(), "{line}").ok(),
            Line::Note(line) => writeln!(std::io::stderr(), "{line}").ok(),
        };
    }
}

impl Work {
    /// The command that it comes from.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Import { kind: Kind::Catalog, .. } => "import catalog",
            Self::Import { kind: Kind::Organizations, .. } => "import organizations",
            Self::Import { kind: Kind::People { .. }, .. } => "import people",
            Self::Verify => "verify",
            Self::Clock(_) => "clock",
            Self::Link { .. } => "link",
            Self::AddOperator { .. } => "operator add",
        }
    }

    /// Whether somebody may be charged.
    pub(crate) fn pays(&self) -> bool {
        matches!(self, Self::Clock(_))
    }

    /// Whether a file comes beside it.
    pub(crate) fn takes_file(&self) -> bool {
        matches!(self, Self::Import { .. })
    }

    /// Does it. `file` is read as a stream and blocks: to be called on a thread that may.
    ///
    /// Errors: the sentence for whoever asked; what is wrong with a file has gone to `output` by then.
    pub(crate) async fn carry_out(
        &self,
        services: &Services,
        file: &mut dyn Read,
        output: &mut dyn Output,
    ) -> anyhow::Result<()> {
        match self {
            Self::Import { kind, file: name } => import::run(services, *kind, name, file, output).await,
            Self::Verify => verify(services, output).await,
            Self::Clock(work) => clock(services, work, output).await,
            Self::Link { mail, public_address } => link(services, mail, public_address, output).await,
            Self::AddOperator { mail, public_address } => {
                services.add_operator(&address(mail)?).await?;
                link(services, mail, public_address, output).await
            }
        }
    }
}

/// Starts or moves a test clock, and says what happens.
async fn clock(services: &Services, work: &ClockWork, output: &mut dyn Output) -> anyhow::Result<()> {
    let (organization, to) = match work {
        ClockWork::Start { organization } => {
            let day = services.start_clock(organization).await?;
            output.line(Line::Result(format!("the test clock of {organization} stands at {day}")));
            return Ok(());
        }
        ClockWork::Advance { organization, to } => (organization, *to),
    };
    let advanced = services.advance_clock(organization, to, |happened| {
        let line = format!("{}  {}  {}", happened.on, happened.what, happened.subscription);
        output.line(Line::Result(line));
    });
    let advanced = advanced.await?;
    let done = advanced.happened.len();
    output.line(Line::Result(format!(
        "the test clock of {organization} stands at {to}; {done} things happened"
    )));
    for failed in &advanced.failed {
        output.line(Line::Note(format!("left: {failed}")));
    }
    anyhow::ensure!(advanced.failed.is_empty(), "{} things could not be done", advanced.failed.len());
    Ok(())
}

/// Says what was checked and how it stands; an error if something does not hold.
async fn verify(services: &Services, output: &mut dyn Output) -> anyhow::Result<()> {
    let verdicts = services
        .verify(|verdict| {
            let line = match &verdict.broken {
                None => format!("holds   {}", verdict.rule),
                Some(row) => format!("BROKEN  {}: {row}", verdict.rule),
            };
            output.line(Line::Result(line));
        })
        .await?;
    let broken = verdicts.iter().filter(|verdict| verdict.broken.is_some()).count();
    anyhow::ensure!(broken == 0, "{broken} of {} rules do not hold", verdicts.len());
    Ok(())
}

async fn link(
    services: &Services,
    mail: &str,
    public_address: &str,
    output: &mut dyn Output,
) -> anyhow::Result<()> {
    let mail = address(mail)?;
    let token = services.make_link(&mail).await.map_err(|error| match error {
        ServiceError::NotFound => anyhow::anyhow!("nobody has the address {mail}; import the person first"),
        other => other.into(),
    })?;
    output.line(Line::Result(format!("{public_address}/link/{token}")));
    Ok(())
}

fn address(mail: &str) -> anyhow::Result<MailAddress> {
    MailAddress::parse(mail).map_err(|problem| anyhow::anyhow!("\"{mail}\" {problem}"))
}
