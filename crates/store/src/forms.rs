//! What was typed into a plain form that was refused, kept until the page has shown it again.

use domain::id::{FormId, SessionId};
use domain::time::Instant;

use crate::StoreError;
use crate::statement::sql;
use crate::unit::{Conn, Tx};
use crate::value::binds;

impl Conn<'_> {
    /// What was typed, as JSON: only for the session that typed it, and only if it was kept after `since`.
    pub async fn refused_form(
        &mut self,
        id: FormId,
        session: Option<SessionId>,
        since: Instant,
    ) -> Result<Option<String>, StoreError> {
        self.row(
            sql!(
                "SELECT content FROM refused_form
                 WHERE id = $1 AND created_at >= $3 AND (session_id = $2 OR (session_id IS NULL AND $2 IS NULL))"
            ),
            binds![id, session, since],
        )
        .await?
        .map(|mut row| row.take())
        .transpose()
    }
}

impl Tx<'_> {
    /// Keeps a refused form and forgets those kept before `since`. Bookkeeping: nothing of the customer changes.
    pub async fn keep_refused_form(
        &mut self,
        session: Option<SessionId>,
        content: String,
        since: Instant,
    ) -> Result<FormId, StoreError> {
        let id = self.id(FormId::new);
        let at = self.at();
        self.keep_books(sql!("DELETE FROM refused_form WHERE created_at < $1"), binds![since]).await?;
        self.keep_books(
            sql!("INSERT INTO refused_form (id, session_id, content, created_at) VALUES ($1, $2, $3, $4)"),
            binds![id, session, content, at],
        )
        .await?;
        Ok(id)
    }
}
