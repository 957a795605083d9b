//! The thread that has the state and its journal.

use std::path::Path;
use std::sync::mpsc;

use super::super::event::Line;
use super::super::journal::{Journal, OpenError, Sharing};
use super::State;
use crate::provider::ProviderError;

/// How many pieces of work share one turn: others wait for its end.
pub(super) const MOST_AT_ONCE: usize = 256;

/// A piece of work: done first, answered for later.
pub(super) trait Work: Send {
    /// Does it, and adds the lines that it becomes.
    fn act(&mut self, state: &mut State, lines: &mut Vec<String>);

    /// Answers, once it is known whether those lines and all before are on the disk.
    fn answer(self: Box<Self>, done: Result<(), ProviderError>);
}

/// Who has the state and its journal.
pub(super) struct Clerk {
    state: State,
    journal: Journal,
    /// Why nothing is done any more: a write failed, and what the file holds now differs from the state.
    broken: Option<String>,
}

impl Clerk {
    /// Reads the journal of a folder.
    pub(super) fn open(folder: &Path, sharing: Sharing) -> Result<Self, OpenError> {
        let mut state = State::default();
        let journal = Journal::open(folder, sharing, |line| read(&mut state, line))?;
        Ok(Self::new(state, journal))
    }

    /// A clerk of a journal that was read.
    pub(super) const fn new(state: State, journal: Journal) -> Self {
        Self { state, journal, broken: None }
    }

    /// Works until nobody can ask any more, and has done what was asked by then.
    pub(super) fn serve(mut self, waiting: &mpsc::Receiver<Box<dyn Work>>) {
        while let Ok(first) = waiting.recv() {
            let mut pieces = vec![first];
            let done = self.turn(&mut pieces, waiting);
            for piece in pieces {
                piece.answer(done.clone());
            }
        }
    }

    /// Does these pieces in one turn, and those that have come by the time it begins.
    fn turn(
        &mut self,
        pieces: &mut Vec<Box<dyn Work>>,
        waiting: &mpsc::Receiver<Box<dyn Work>>,
    ) -> Result<(), ProviderError> {
        if let Some(reason) = &self.broken {
            return Err(ProviderError::Unavailable(reason.clone()));
        }
        let Self { state, journal, broken } = self;
        let mut turn = journal
            .turn(|line| read(state, line))
            .map_err(|error| ProviderError::Unavailable(error.to_string()))?;
        let room = MOST_AT_ONCE.saturating_sub(pieces.len());
        pieces.extend(waiting.try_iter().take(room));
        let mut lines = Vec::new();
        for piece in pieces {
            piece.act(state, &mut lines);
        }
        turn.write(&lines).map_err(|error| {
            tracing::error!(%error, "the sandbox's journal cannot be written");
            ProviderError::Unknown(broken.insert(error.to_string()).clone())
        })
    }
}

fn read(state: &mut State, line: &str) -> Result<(), String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    state.apply(line)
}
