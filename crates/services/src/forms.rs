//! Refused forms: what was typed is kept for 15 minutes for the session that typed it, so that the page can show
//! it again beside what is wrong with it (SPEC 7). Never a secret: a page hands over what may be kept.

use domain::id::FormId;
use domain::time::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Command;

use crate::asker::Asker;
use crate::{ServiceError, Services};

/// How long what was typed is kept.
const KEPT_SECONDS: i64 = 15 * 60;

impl Services {
    /// Keeps what was typed and gives the key that its page's address ends with.
    pub async fn keep_refused_form<T: Serialize>(
        &self,
        asker: &Asker,
        typed: &T,
    ) -> Result<FormId, ServiceError> {
        let content = serde_json::to_string(typed).map_err(ServiceError::broken)?;
        let session = asker.signed_in.as_ref().map(|signed_in| signed_in.session);
        let since = self.forms_since();
        let command = self.command(asker, Command::PUBLISHER, None);
        self.store()
            .write(command, move |tx| {
                let content = content.clone();
                Box::pin(async move { Ok(tx.keep_refused_form(session, content, since).await?) })
            })
            .await
    }

    /// What was typed, if this session typed it a moment ago and it has the shape that the page expects.
    pub async fn refused_form<T: DeserializeOwned>(
        &self,
        asker: &Asker,
        key: &str,
    ) -> Result<Option<T>, ServiceError> {
        let Ok(key) = key.parse::<FormId>() else { return Ok(None) };
        let session = asker.signed_in.as_ref().map(|signed_in| signed_in.session);
        let content =
            self.store().read().await?.conn().refused_form(key, session, self.forms_since()).await?;
        Ok(content.and_then(|content| serde_json::from_str(&content).ok()))
    }

    fn forms_since(&self) -> Instant {
        Instant::from_micros(self.environment().now().as_micros() - KEPT_SECONDS * 1_000_000)
    }
}
