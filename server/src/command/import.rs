//! `zaseki import …`: says what it recognized, how far it is, and what changed or what is wrong.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use services::Services;
use services::importing::{Imported, NotImported, PeopleOptions, Step};

use super::work::{Line, Output, Work};
use crate::config::Import;

/// What a file holds, and how it is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Kind {
    Catalog,
    Organizations,
    People { many_leavers: bool },
}

/// The work that was asked for, and its file, opened. `-` is standard input.
pub(super) fn ask(what: Import) -> anyhow::Result<(Work, Box<dyn Read + Send>)> {
    let (kind, file) = match what {
        Import::Catalog { file } => (Kind::Catalog, file),
        Import::Organizations { file } => (Kind::Organizations, file),
        Import::People { file, many_leavers } => (Kind::People { many_leavers }, file),
    };
    if file == Path::new("-") {
        return Ok((Work::Import { kind, file: "standard input".to_owned() }, Box::new(std::io::stdin())));
    }
    let input = File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok((Work::Import { kind, file: file.display().to_string() }, Box::new(input)))
}

/// Imports a file that is called `name`.
pub(super) async fn run(
    services: &Services,
    kind: Kind,
    name: &str,
    file: &mut dyn Read,
    output: &mut dyn Output,
) -> anyhow::Result<()> {
    let outcome = match kind {
        Kind::Catalog => services.import_catalog(file).await,
        Kind::Organizations => services.import_organizations(file).await,
        Kind::People { many_leavers } => {
            let options = PeopleOptions { many_leavers };
            services.import_people(file, options, |step| output.line(progress(step))).await
        }
    };
    match outcome {
        Ok(imported) => {
            tell(name, &imported, output);
            Ok(())
        }
        Err(refused) => Err(explain(name, refused, output)),
    }
}

fn progress(step: Step) -> Line {
    Line::Note(match step {
        Step::Checked(rows) => format!("  {rows} rows checked"),
        Step::Applying => "  every row is right; applying".to_owned(),
    })
}

fn tell(name: &str, imported: &Imported, output: &mut dyn Output) {
    for warning in &imported.warnings {
        output.line(Line::Note(format!("  {name}: note: {warning}")));
    }
    let changed = imported.changed;
    output.line(Line::Result(format!(
        "{name} ({}): {} added, {} changed, {} as they were",
        imported.recognized, changed.added, changed.changed, changed.same
    )));
}

/// Every bad row on a line of its own, then the sentence.
fn explain(name: &str, refused: NotImported, output: &mut dyn Output) -> anyhow::Error {
    match refused {
        NotImported::Problems { problems, more } => {
            for problem in &problems {
                output.line(Line::Note(format!("{name}: {problem}")));
            }
            if more > 0 {
                output.line(Line::Note(format!("{name}: and {more} more")));
            }
            let count = problems.len() + more;
            let problems = if count == 1 { "1 problem".to_owned() } else { format!("{count} problems") };
            anyhow::anyhow!("{problems} in {name}; nothing was imported")
        }
        NotImported::ManyLeavers { leaving, active, organization } => anyhow::anyhow!(
            "{name} would deactivate {leaving} of the {active} active people of \"{organization}\"; nothing \
             was imported. If that is right, import it again with --many-leavers"
        ),
        NotImported::Stale | NotImported::Failed(_) => {
            anyhow::Error::new(refused).context(format!("{name} was not imported"))
        }
    }
}
