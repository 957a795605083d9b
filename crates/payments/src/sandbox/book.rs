//! The state and its journal together: what is answered for is on the disk.
//!
//! A thread has both, the [`Clerk`]. Whoever wants something puts a piece of work into its queue; it takes what
//! waits there, does all of it in one turn of the journal and answers after the `fsync`. So many pieces at once
//! take as long as one, whether the journal is shared or not, and no thread of the runtime's waits for a lock
//! or for the disk.

mod clerk;

use std::path::Path;
use std::sync::mpsc;
use std::thread::JoinHandle;

use domain::time::Instant;
use futures::channel::oneshot;

use self::clerk::{Clerk, Work};
use super::event::{Event, Line};
use super::journal::{OpenError, Sharing};
use super::state::State;
use crate::provider::ProviderError;

/// The way to the clerk. Dropping it waits for what is being done, so that no piece of work may hold it.
pub(super) struct Book {
    queue: Option<mpsc::Sender<Box<dyn Work>>>,
    clerk: Option<JoinHandle<()>>,
}

/// The state during one piece of work, with what is to be written of it.
pub(super) struct Draft<'a> {
    state: &'a mut State,
    now: Instant,
    lines: &'a mut Vec<String>,
}

/// A piece of work, and who waits for it.
struct Piece<A, T> {
    now: Instant,
    act: Option<A>,
    answer: Option<Result<T, ProviderError>>,
    asker: oneshot::Sender<Result<T, ProviderError>>,
}

impl Book {
    /// Reads the journal of a folder.
    pub(super) fn open(folder: &Path, sharing: Sharing) -> Result<Self, OpenError> {
        let clerk = Clerk::open(folder, sharing)?;
        Self::start(clerk).map_err(|error| OpenError::Io { path: folder.to_owned(), error })
    }

    fn start(clerk: Clerk) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel();
        let thread = std::thread::Builder::new().name("sandbox-journal".to_owned());
        let clerk = thread.spawn(move || clerk.serve(&waiting))?;
        Ok(Self { queue: Some(queue), clerk: Some(clerk) })
    }

    /// Does one piece of work on the newest state and answers when all that it saw and changed is on the disk:
    /// also what another piece changed just before, or an answer could tell what a crash still takes back.
    /// It is done even if the asker has gone.
    pub(super) async fn work<T, A>(&self, now: Instant, act: A) -> Result<T, ProviderError>
    where
        T: Send + 'static,
        A: FnOnce(&mut Draft<'_>) -> Result<T, ProviderError> + Send + 'static,
    {
        let (asker, answer) = oneshot::channel();
        if let Some(queue) = &self.queue {
            // A clerk that is gone has dropped the asker's end as well.
            let _gone = queue.send(Box::new(Piece { now, act: Some(act), answer: None, asker }));
        }
        answer.await.unwrap_or_else(|_| Err(ProviderError::Unknown("the journal is closed".to_owned())))
    }

    /// Looks at the newest state, on a thread that may wait.
    pub(super) fn look<T, S>(&self, now: Instant, see: S) -> Result<T, ProviderError>
    where
        T: Send + 'static,
        S: FnOnce(&State) -> T + Send + 'static,
    {
        futures::executor::block_on(self.work(now, move |draft| Ok(see(draft.state()))))
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(clerk) = self.clerk.take() {
            // A clerk that panicked has written what it could.
            let _panicked = clerk.join();
        }
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

impl<T, A> Work for Piece<A, T>
where
    T: Send,
    A: FnOnce(&mut Draft<'_>) -> Result<T, ProviderError> + Send,
{
    fn act(&mut self, state: &mut State, lines: &mut Vec<String>) {
        if let Some(act) = self.act.take() {
            self.answer = Some(act(&mut Draft { state, now: self.now, lines }));
        }
    }

    fn answer(self: Box<Self>, done: Result<(), ProviderError>) {
        let Self { answer, asker, .. } = *self;
        let never = || Err(ProviderError::Unavailable("nobody did it".to_owned()));
        let answer = done.and_then(|()| answer.unwrap_or_else(never));
        // An asker that is gone wants no answer.
        let _gone = asker.send(answer);
    }
}

#[cfg(test)]
mod tests;
