//! The sandbox: a small provider of our own, for demos and tests. No money moves.
//!
//! It is a provider in earnest: what it has answered for stands in its journal, so that a crash of the
//! process loses no charge and an attempt that is repeated charges once; its pages stand on another host than
//! the portal's; and its answers can be lost, late or repeated by a script. Several processes can be one bank.

mod book;
mod calls;
mod event;
mod form;
mod journal;
mod mishaps;
mod pages;
mod state;
mod test_card;
#[cfg(test)]
pub(crate) mod testing;

pub use journal::OpenError;
pub use mishaps::{Call, Mishap, Mishaps};
pub use test_card::{Behavior, TEST_CARDS, TestCard, WRONG_CODE};

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::time::Instant;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::watch;

use self::book::Book;
use self::journal::Sharing;
use self::state::State;
use crate::provider::{ProviderError, WebAddress};

/// What the sandbox takes from the world outside.
pub trait World: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;

    /// Fills `bytes` with what nobody can guess.
    fn fill(&self, bytes: &mut [u8]);
}

/// How a sandbox is set up.
#[derive(Clone)]
pub struct Options {
    /// Where people's browsers find its pages: another host name than the portal's, such as
    /// `http://localhost:3000` beside `http://127.0.0.1:3000`.
    pub address: WebAddress,
    /// Time and randomness.
    pub world: Arc<dyn World>,
    /// How long every call takes, besides the disk.
    pub latency: Duration,
    /// What goes wrong.
    pub mishaps: Mishaps,
}

impl Options {
    /// No latency, no mishaps.
    pub fn new(address: WebAddress, world: Arc<dyn World>) -> Self {
        Self { address, world, latency: Duration::ZERO, mishaps: Mishaps::none() }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("address", &self.address).finish_non_exhaustive()
    }
}

/// The sandbox. Clones are the same sandbox; its folder is free again when the last of them is gone, and the
/// router with them.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    address: WebAddress,
    world: Arc<dyn World>,
    latency: Duration,
    mishaps: Mutex<Mishaps>,
    late: Mutex<Vec<LateRequest>>,
    /// Whether an answer is held.
    held: watch::Sender<bool>,
    book: Book,
}

/// What a request that is still on its way will do. It does not know the sandbox that it will reach: otherwise the two
/// would keep each other alive.
type LateRequest = Box<dyn FnOnce(Sandbox) -> BoxFuture<'static, ()> + Send>;

impl Sandbox {
    /// Opens the sandbox whose journal stands in this folder; a new one where there is none. Nobody else can
    /// open it meanwhile.
    pub fn open(folder: &Path, options: Options) -> Result<Self, OpenError> {
        Self::open_as(Sharing::Alone, folder, options)
    }

    /// Opens the sandbox whose journal stands in this folder, as other processes may too in this way: all of
    /// them are one bank. Waits for what one of them is writing, and so does every call.
    pub fn open_shared(folder: &Path, options: Options) -> Result<Self, OpenError> {
        Self::open_as(Sharing::Shared, folder, options)
    }

    fn open_as(sharing: Sharing, folder: &Path, options: Options) -> Result<Self, OpenError> {
        let Options { address, world, latency, mishaps } = options;
        let book = Book::open(folder, sharing)?;
        let (mishaps, late, held) = (Mutex::new(mishaps), Mutex::default(), watch::Sender::new(false));
        Ok(Self { inner: Arc::new(Inner { address, world, latency, mishaps, late, held, book }) })
    }

    /// Its pages, for the host name of [`Options::address`]. They come with headers and checks of their own
    /// and need none of the portal's.
    pub fn router(&self) -> axum::Router {
        pages::router(self.clone())
    }

    /// The name under which people see it.
    pub const NAME: &'static str = "Sandbox Pay";

    /// From now on, this is what goes wrong.
    pub fn script(&self, mishaps: Mishaps) {
        *self.inner.mishaps.lock().unwrap_or_else(PoisonError::into_inner) = mishaps;
    }

    /// What is late arrives now: requests in the order in which they were sent, then the answer that is held.
    pub async fn catch_up(&self) {
        let late = std::mem::take(&mut *self.inner.late.lock().unwrap_or_else(PoisonError::into_inner));
        for request in late {
            request(self.clone()).await;
        }
        self.inner.held.send_replace(false);
    }

    /// Waits until an answer is held.
    pub async fn holding(&self) {
        self.until_held_is(true).await;
    }

    async fn until_held_is(&self, wanted: bool) {
        let mut held = self.inner.held.subscribe();
        // The sender lives as long as `self`.
        drop(held.wait_for(|held| *held == wanted).await);
    }

    /// How many charges have collected money, and how much is left of all of them together, in minor units: for
    /// tests and for `bench`, which compare it with what they believe to have paid. Blocks until all before it
    /// is done; nothing where the journal cannot be used, and the log says why.
    pub fn collected(&self) -> (usize, i64) {
        self.inner.book.look(self.now(), State::books).unwrap_or_else(|error| {
            tracing::error!(%error, "the sandbox cannot say what it has collected");
            (0, 0)
        })
    }

    fn now(&self) -> Instant {
        self.inner.world.now()
    }

    /// A name that nobody can guess.
    fn fresh(&self, prefix: &str) -> String {
        let mut bytes = [0; 16];
        self.inner.world.fill(&mut bytes);
        format!("{prefix}_{}", hex::encode(bytes))
    }

    /// Carries a request there and its answer back, with what the script says.
    async fn deliver<T, F, A>(&self, call: Call, act: A) -> Result<T, ProviderError>
    where
        A: Fn(Self) -> F + Send + 'static,
        F: Future<Output = Result<T, ProviderError>> + Send + 'static,
    {
        let act_now = || act(self.clone());
        let mishap = self.inner.mishaps.lock().unwrap_or_else(PoisonError::into_inner).take(call);
        if !self.inner.latency.is_zero() {
            tokio::time::sleep(self.inner.latency).await;
        }
        match mishap {
            Mishap::Fine => act_now().await,
            Mishap::Unreachable => Err(ProviderError::Unavailable("the line is dead".to_owned())),
            Mishap::RequestLost => Err(ProviderError::Unknown("no answer".to_owned())),
            Mishap::AnswerLost => {
                let _lost = act_now().await;
                Err(ProviderError::Unknown("no answer".to_owned()))
            }
            Mishap::RequestLate => {
                let arrives = move |sandbox| {
                    let arriving = act(sandbox);
                    async move { drop(arriving.await) }.boxed()
                };
                self.inner.late.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(arrives));
                Err(ProviderError::Unknown("no answer".to_owned()))
            }
            Mishap::AnswerHeld => {
                let answer = act_now().await;
                if !self.inner.held.send_replace(true) {
                    self.until_held_is(false).await;
                }
                answer
            }
            Mishap::AnswerLate(wait) => {
                let answer = act_now().await;
                tokio::time::sleep(wait).await;
                answer
            }
            Mishap::Repeated => {
                let (answer, _repeated) = futures::join!(act_now(), act_now());
                answer
            }
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.inner.address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
