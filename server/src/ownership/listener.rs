//! The owner's side: taking work from other processes and doing it.

use std::cell::Cell;
use std::fs::Permissions;
use std::io::{self, BufReader, Read};
use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use services::Services;
use tokio::net::UnixListener;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::Owner;
use super::protocol::{Answer, Piece, receive, send};
use crate::command::work::{Line, Output, Work};

/// How many files are read at once: each holds a reader of the store for as long as its asker sends.
const FILES: usize = 2;
/// How long an asker may take to say what it wants, and to take in what it is told.
const PATIENCE: Duration = Duration::from_secs(10);

/// Listens in the data folder.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: UnixListener,
    /// Until the socket's file is gone, the folder is not given up.
    owner: Arc<Owner>,
}

/// A listener at work.
#[derive(Debug)]
pub(crate) struct Listening {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Listener {
    /// Opens the socket, for this user alone. From now on askers can connect; they wait for [`Self::work`].
    pub(crate) fn open(owner: Arc<Owner>) -> anyhow::Result<Self> {
        let path = owner.socket_path();
        let socket =
            UnixListener::bind(&path).with_context(|| format!("cannot listen on {}", path.display()))?;
        std::fs::set_permissions(&path, Permissions::from_mode(0o600))
            .with_context(|| format!("cannot keep {} to this user", path.display()))?;
        Ok(Self { socket, owner })
    }

    /// Begins to take work.
    pub(crate) fn work(self, services: Services) -> Listening {
        let (stop, stopped) = watch::channel(false);
        Listening { stop, task: tokio::spawn(self.run(services, stopped)) }
    }

    async fn run(self, services: Services, stop: watch::Receiver<bool>) {
        let desk = Desk { services, files: Arc::new(Semaphore::new(FILES)), stop };
        let mut stop = desk.stop.clone();
        let mut askers = JoinSet::new();
        loop {
            tokio::select! {
                () = stopped(&mut stop) => break,
                Some(_) = askers.join_next() => {}
                asker = self.socket.accept() => match asker {
                    Ok((socket, _)) => {
                        askers.spawn(desk.clone().answer(socket));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "another process cannot hand work over");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
        desk.files.close();
        while askers.join_next().await.is_some() {}
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // If it stays, the next owner removes it.
        std::fs::remove_file(self.owner.socket_path()).ok();
    }
}

impl Listening {
    /// Takes no more work, lets go of files that are still being read, and finishes the rest.
    pub(crate) async fn close(self) {
        self.stop.send(true).ok();
        self.task.await.ok();
    }
}

/// Resolves when the listener is told to stop, or nobody can tell it any more.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    stop.wait_for(|stop| *stop).await.ok();
}

/// What is needed to do somebody's work.
#[derive(Clone, Debug)]
struct Desk {
    services: Services,
    files: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

impl Desk {
    /// Does the work of one asker.
    async fn answer(mut self, socket: tokio::net::UnixStream) {
        if let Err(error) = self.converse(socket).await {
            tracing::warn!(%error, "a conversation with another process broke off");
        }
    }

    /// The conversation is blocking, since files are read that way: it has a thread of its own.
    async fn converse(&mut self, socket: tokio::net::UnixStream) -> anyhow::Result<()> {
        let socket = socket.into_std()?;
        socket.set_nonblocking(false)?;
        socket.set_write_timeout(Some(PATIENCE))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let reading = socket.try_clone()?;
        let desk = self.clone();
        let asker = Asker { socket, gone: Cell::new(false), stop: self.stop.clone() };
        let runtime = Handle::current();
        let mut talk = tokio::task::spawn_blocking(move || desk.talk(&asker, &runtime));
        tokio::select! {
            done = &mut talk => return Ok(done??),
            () = stopped(&mut self.stop) => {}
        }
        // Nothing more is read from now on; what is being said still arrives.
        reading.shutdown(Shutdown::Read).ok();
        Ok(talk.await??)
    }

    fn talk(&self, asker: &Asker, runtime: &Handle) -> io::Result<()> {
        let mut from = BufReader::new(&asker.socket);
        let work = match receive::<Work>(&mut from) {
            Ok(Some(work)) => work,
            Ok(None) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let sentence =
                    "the running zaseki does not know this command: it is of another version; restart it";
                return send(&asker.socket, &Answer::Failed(sentence.to_owned()));
            }
            Err(error) => return Err(error),
        };
        // A pipe may be silent for as long as it likes.
        asker.socket.set_read_timeout(None)?;
        let mut output = ToAsker(asker);
        let done = runtime.block_on(async {
            let _place = if work.takes_file() { Some(self.place(&mut output).await?) } else { None };
            let mut file = Arriving { from, left: 0, whole: false, asker };
            work.carry_out(&self.services, &mut file, &mut output).await
        });
        match done {
            Ok(()) => tracing::info!(work = work.name(), "done for another process"),
            Err(_) if asker.gone.get() => tracing::info!(work = work.name(), "given up: its asker has gone"),
            Err(_) => tracing::info!(work = work.name(), "refused to another process"),
        }
        let answer = done.map_or_else(|error| Answer::Failed(format!("{error:#}")), |()| Answer::Done);
        if asker.gone.get() { Ok(()) } else { send(&asker.socket, &answer) }
    }

    /// Waits until another file may be read.
    async fn place(&self, output: &mut impl Output) -> anyhow::Result<tokio::sync::SemaphorePermit<'_>> {
        if let Ok(place) = self.files.try_acquire() {
            return Ok(place);
        }
        output.line(Line::Note("  other files are being imported; this one waits for its turn".to_owned()));
        self.files.acquire().await.context(TOLD_TO_STOP)
    }
}

const TOLD_TO_STOP: &str = "zaseki serve is being stopped";

/// The process that asked, on its thread.
struct Asker {
    socket: UnixStream,
    gone: Cell<bool>,
    stop: watch::Receiver<bool>,
}

impl Asker {
    /// Why nothing more comes from the asker.
    fn silence(&self) -> io::Error {
        if *self.stop.borrow() || self.stop.has_changed().is_err() {
            return io::Error::other(TOLD_TO_STOP);
        }
        self.gone.set(true);
        io::Error::other("whoever sent it has gone")
    }

    /// Whether the asker still waits for an answer; it has nothing more to send.
    fn waits(&self) -> io::Result<bool> {
        self.socket.set_nonblocking(true)?;
        let more = (&self.socket).read(&mut [0]);
        self.socket.set_nonblocking(false)?;
        Ok(more.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock))
    }
}

/// Lines for the asker.
struct ToAsker<'a>(&'a Asker);

impl Output for ToAsker<'_> {
    fn line(&mut self, line: Line) {
        let answer = match line {
            Line::Result(line) => Answer::Result(line),
            Line::Note(line) => Answer::Note(line),
        };
        if !self.0.gone.get() && send(&self.0.socket, &answer).is_err() {
            self.0.gone.set(true);
        }
    }
}

/// A file as it arrives. It ends only when it is whole and the asker still waits; everything else is an
/// error, so that half a file is never taken for one.
struct Arriving<'a> {
    from: BufReader<&'a UnixStream>,
    left: usize,
    whole: bool,
    asker: &'a Asker,
}

impl Arriving<'_> {
    fn next_piece(&mut self) -> io::Result<()> {
        match receive(&mut self.from) {
            Ok(Some(Piece::Bytes(count))) => self.left = count,
            Ok(Some(Piece::Unreadable(reason))) => return Err(io::Error::other(reason)),
            Ok(Some(Piece::End)) if self.asker.waits()? => self.whole = true,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(error),
            Ok(Some(Piece::End) | None) | Err(_) => return Err(self.asker.silence()),
        }
        Ok(())
    }
}

impl Read for Arriving<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.asker.gone.get() {
            return Err(self.asker.silence());
        }
        while self.left == 0 && !self.whole {
            self.next_piece()?;
        }
        let most = to.len().min(self.left);
        if most == 0 {
            return Ok(0);
        }
        match self.from.read(&mut to[..most]) {
            Ok(0) | Err(_) => Err(self.asker.silence()),
            Ok(count) => {
                self.left -= count;
                Ok(count)
            }
        }
    }
}

#[cfg(test)]
mod tests;
