//! Due work beside serving: payments that nobody has come back for, documents that wait for a number.

use std::time::Duration;

use services::Services;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How long the worker rests between two rounds.
const REST: Duration = Duration::from_secs(1);

/// The worker; it stops between two rounds.
#[derive(Debug)]
pub(super) struct Worker {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Begins at once: what a process before this one has left open is taken up.
    pub(super) fn start(services: Services) -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            loop {
                if let Err(error) = services.do_due_work().await {
                    tracing::error!(%error, "due work failed and is tried again");
                }
                tokio::select! {
                    _ = &mut stopped => return,
                    () = tokio::time::sleep(REST) => {}
                }
            }
        });
        Self { stop, task }
    }

    /// Waits until the round that is under way is over.
    pub(super) async fn stop(self) {
        // A worker that has ended already has nothing to be told.
        self.stop.send(()).ok();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the worker ended by itself");
        }
    }
}
