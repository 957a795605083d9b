//! Due work beside serving, or in a process of its own: what falls due is carried out, whoever is there or not.

use std::time::Duration;

use services::Services;
use services::worker::Done;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::config::Share;

/// How long the worker rests when there was nothing to do.
const REST: Duration = Duration::from_secs(1);

/// A worker; it stops between two rounds.
#[derive(Debug)]
pub(crate) struct Worker {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Begins at once: what a process before this one has left open is taken up. `share` is the part of its time that
    /// it may work; it rests for the other part.
    pub(crate) fn start(services: Services, share: Share) -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            loop {
                let began = Instant::now();
                let rest = match services.do_due_work().await {
                    Ok(done) if done == Done::default() => REST,
                    Ok(done) => {
                        tracing::debug!(?done, "due work");
                        share.rest_after(began.elapsed())
                    }
                    Err(error) => {
                        tracing::error!(%error, "due work failed and is tried again");
                        REST
                    }
                };
                tokio::select! {
                    _ = &mut stopped => return,
                    () = tokio::time::sleep(rest) => {}
                }
            }
        });
        Self { stop, task }
    }

    /// Waits until the round that is under way is over.
    pub(crate) async fn stop(self) {
        // A worker that has ended already has nothing to be told.
        self.stop.send(()).ok();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker ended by itself");
        }
    }
}
