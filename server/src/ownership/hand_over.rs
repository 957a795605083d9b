//! The asker's side: finding out whose turn it is, and handing work over.

use std::io::{self, BufReader, Read};
use std::os::unix::net::UnixStream;

use super::protocol::{Answer, PIECE, Piece, receive, send};
use super::{Claimant, NotClaimed, Owner, claim, socket_path};
use crate::command::work::{Line, Output, Work};
use crate::config::Config;

/// Who does a piece of work.
#[derive(Debug)]
pub(crate) enum Turn {
    /// This process. It owns the data folder, where there is one.
    Ours(Option<Owner>),
    /// The owner of the folder, who listens here.
    Theirs(Connection),
}

/// A connection to the owner of the data.
#[derive(Debug)]
pub(crate) struct Connection {
    socket: UnixStream,
    owner: Claimant,
}

/// Claims the data folder for `command`, or finds its owner.
pub(crate) fn turn(config: &Config, command: &str) -> anyhow::Result<Turn> {
    let mut ended = false;
    loop {
        let taken = match claim(config, command) {
            Ok(owner) => return Ok(Turn::Ours(owner)),
            Err(not_claimed) => not_claimed,
        };
        let NotClaimed::Taken { folder, owner } = &taken else { return Err(taken.into()) };
        match UnixStream::connect(socket_path(folder)) {
            Ok(socket) => return Ok(Turn::Theirs(Connection { socket, owner: owner.clone() })),
            // It may have ended between the two: then the folder is free now.
            Err(_) if !ended => ended = true,
            Err(_) => return Err(taken.advise("it does not answer; try again when it has ended")),
        }
    }
}

impl Connection {
    /// Has the owner do `work`, with `file` where it takes one; what it says goes to `output`.
    ///
    /// Errors: the owner's own sentence; or that it went away, and then what became of the work is not known.
    pub(crate) fn hand_over(
        self,
        work: &Work,
        file: Option<Box<dyn Read + Send>>,
        output: &mut dyn Output,
    ) -> anyhow::Result<()> {
        let Self { socket, owner } = self;
        // What cannot be sent is told by what comes back: an answer, or nothing.
        send(&socket, work).ok();
        if let Some(file) = file {
            let socket = socket.try_clone()?;
            // Not waited for: an owner who has seen enough answers while a pipe may still be silent.
            std::thread::spawn(move || send_file(&socket, file).ok());
        }
        let mut answers = BufReader::new(&socket);
        loop {
            match receive(&mut answers) {
                Ok(Some(Answer::Result(line))) => output.line(Line::Result(line)),
                Ok(Some(Answer::Note(line))) => output.line(Line::Note(line)),
                Ok(Some(Answer::Done)) => return Ok(()),
                Ok(Some(Answer::Failed(sentence))) => return Err(anyhow::anyhow!(sentence)),
                Ok(None) | Err(_) => {
                    return Err(anyhow::anyhow!(
                        "{owner} stopped before it said how this ended; run the command again"
                    ));
                }
            }
        }
    }
}

fn send_file(socket: &UnixStream, mut file: impl Read) -> io::Result<()> {
    let mut bytes = vec![0; PIECE];
    loop {
        match file.read(&mut bytes) {
            Ok(0) => return send(socket, &Piece::End),
            Ok(count) => {
                send(socket, &Piece::Bytes(count))?;
                io::Write::write_all(&mut &*socket, &bytes[..count])?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return send(socket, &Piece::Unreadable(error.to_string())),
        }
    }
}
