//! The state and its journal together: what is answered for is on the disk.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use domain::time::Instant;

use super::event::{Event, Line};
use super::journal::{Journal, OpenError};
use super::state::State;
use crate::provider::ProviderError;

/// The state, one at a time, and the journal it is read from.
pub(super) struct Book {
    state: Mutex<State>,
    journal: Journal,
}

/// The state during one piece of work, with what is to be written of it.
pub(super) struct Draft<'a> {
    state: &'a mut State,
    now: Instant,
    lines: Vec<String>,
}

impl Book {
    /// Reads the journal of a folder.
    pub(super) fn open(folder: &Path) -> Result<Self, OpenError> {
        let mut state = State::default();
        let journal = Journal::open(folder, |line| {
            let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
            state.apply(line)
        })?;
        Ok(Self { state: Mutex::new(state), journal })
    }

    /// Does one piece of work and answers when all that it saw and changed is on the disk: also what another
    /// piece changed just before, or an answer could tell what a crash still takes back.
    pub(super) async fn work<T>(
        &self,
        now: Instant,
        act: impl FnOnce(&mut Draft<'_>) -> Result<T, ProviderError>,
    ) -> Result<T, ProviderError> {
        let (answer, ticket) = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let mut draft = Draft { state: &mut state, now, lines: Vec::new() };
            let answer = act(&mut draft);
            let lines = draft.lines;
            (answer, self.journal.enqueue(&lines))
        };
        self.journal.settled(ticket).await.map_err(ProviderError::Unknown)?;
        answer
    }
}

impl Draft<'_> {
    /// The state as it is now, with what was recorded.
    pub(super) fn state(&self) -> &State {
        self.state
    }

    /// Takes an event in, if there is one. Errors mean that nothing has changed.
    pub(super) fn record(&mut self, event: Option<Event>) -> Result<(), ProviderError> {
        let Some(event) = event else { return Ok(()) };
        let line = Line { at: self.now, event };
        let nothing_done = |reason: String| ProviderError::Unavailable(reason);
        let text = serde_json::to_string(&line).map_err(|error| nothing_done(error.to_string()))?;
        self.state.apply(line).map_err(nothing_done)?;
        self.lines.push(text);
        Ok(())
    }
}

impl Book {
    /// Looks at the state.
    pub(super) fn look<T>(&self, see: impl FnOnce(&State) -> T) -> T {
        see(&self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
