//! The numberer: issuers' series without gaps (SPEC 5, Documents).
//!
//! One at a time in a process, and between processes whoever takes the numbers first: the other one finds that the
//! series has moved on, and looks again.

use domain::document::Series;
use domain::time::{Date, Zone};
use store::audit::Record;
use store::{Command, StoreError};

use crate::{ServiceError, Services};

/// How many documents one unit of work numbers.
const TOGETHER: u32 = 100;

impl Services {
    /// Numbers every document that waits, in the order in which they were written. Says how many.
    pub async fn number_documents(&self) -> Result<u32, ServiceError> {
        let _one_at_a_time = self.numberer().lock().await;
        let series = self.store().read().await?.conn().series_with_waiting().await?;
        let mut numbered = 0;
        for (issuer, series) in series {
            loop {
                match self.number_some(&issuer, series).await {
                    Ok(0) => break,
                    Ok(count) => numbered += count,
                    // Another numberer was quicker.
                    Err(ServiceError::Stale) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(numbered)
    }

    /// Should this fail or the process die, the worker numbers what waits.
    pub(crate) async fn number_what_waits(&self) {
        if let Err(error) = self.number_documents().await {
            tracing::warn!(%error, "a document waits for its number");
        }
    }

    async fn number_some(&self, issuer: &str, series: Series) -> Result<u32, ServiceError> {
        let mut reader = self.store().read().await?;
        let mut conn = reader.conn();
        let first = conn.next_number(issuer, series).await?;
        let waiting = conn.waiting_documents(issuer, series, TOGETHER).await?;
        drop(reader);
        let count = u32::try_from(waiting.len()).map_err(ServiceError::broken)?;
        if count == 0 {
            return Ok(0);
        }
        let today = self.issuers_day(issuer).await?;
        let issuer = issuer.to_owned();
        let command = self.command_of_machine(Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| {
                let (issuer, waiting) = (issuer.clone(), waiting.clone());
                Box::pin(async move {
                    tx.take_numbers(&issuer, series, first, count).await?;
                    for (running, waiting) in (first..).zip(waiting) {
                        let place = u64::try_from(running).map_err(ServiceError::broken)?;
                        let (organization, id) = (waiting.organization, waiting.id);
                        // On a test clock the day is the one at which the clock stands (SPEC 3).
                        let test = match series {
                            Series::Test => {
                                tx.organization(organization).await?.and_then(|found| found.test_clock)
                            }
                            Series::Invoice | Series::CreditNote => None,
                        };
                        let day = test.unwrap_or(today);
                        let issued = waiting.document.issue(place, day).number;
                        tx.issue_document(organization, id, &issued.number, running, day).await?;
                        tx.audit(
                            Record::new("document.issue", "document", id.uuid())
                                .of(organization)
                                .fact("number", issued.number),
                        );
                    }
                    Ok::<_, ServiceError>(count)
                })
            })
            .await
    }

    /// The issuer's calendar day at this moment: the date of issue.
    async fn issuers_day(&self, key: &str) -> Result<Date, ServiceError> {
        let shelf = self.shelf().await?;
        let issuer = shelf.catalog.issuer(key);
        let issuer = issuer.ok_or_else(|| StoreError::Corrupt { what: format!("no issuer {key}") })?;
        let zone = Zone::find(&issuer.time_zone).map_err(ServiceError::broken)?;
        Ok(zone.date(self.environment().now()))
    }
}
