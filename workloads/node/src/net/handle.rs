//! The handle to the network, for the rest of a node.

use libp2p::gossipsub::{MessageAcceptance, MessageId};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::hub::Hub;
use super::{Options, Status, Topic};
use crate::{Error, Result};

/// A running network. Dropped, it ends; [`stop`](Self::stop) also waits until it has.
#[derive(Debug)]
pub struct Network {
    commands: mpsc::UnboundedSender<Command>,
    status: watch::Receiver<Status>,
    address: Option<Multiaddr>,
    task: JoinHandle<()>,
}

/// A command to the task. There are no more verdicts than messages, whose channel is bounded.
#[derive(Debug)]
pub(super) enum Command {
    Publish(Topic, Vec<u8>, oneshot::Sender<Result<()>>),
    Judge(Ticket, MessageAcceptance),
    Dial(Multiaddr),
}

/// A message that a peer sent, and that is not relayed yet.
#[derive(Debug)]
pub struct Received {
    /// Its topic.
    pub topic: Topic,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The caller gives it back with a verdict.
    pub ticket: Ticket,
}

/// The right to a verdict about one message.
#[derive(Debug)]
pub struct Ticket {
    pub(super) id: MessageId,
    pub(super) source: PeerId,
}

impl Ticket {
    /// The sender of the message.
    pub fn source(&self) -> PeerId {
        self.source
    }

    #[cfg(test)]
    pub(crate) fn of(source: PeerId) -> Self {
        Self { id: MessageId::new(b"a test"), source }
    }
}

/// A verdict about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is valid, and relayed.
    Relay,
    /// It is not relayed, which is not its sender's fault: it is known, or the pool is full.
    Ignore,
    /// It is invalid, which its sender could have known. A peer that sends eight such messages is disconnected.
    Reject,
}

impl Network {
    /// Starts a network, in the tokio runtime in which it is called; it listens when this returns.
    /// Messages of peers arrive at the receiver.
    ///
    /// # Errors
    /// [`Error::Stopped`] if it cannot listen where it should.
    pub async fn start(options: Options) -> Result<(Self, mpsc::Receiver<Received>)> {
        let (commands, orders) = mpsc::unbounded_channel();
        let (incoming, received) = mpsc::channel(options.waiting.max(1));
        let (report, status) = watch::channel(Status::default());
        let mut hub = Hub::new(&options, orders, incoming, report)?;
        let address = hub.listen(options.listen).await?;
        let task = tokio::spawn(hub.run());
        Ok((Self { commands, status, address, task }, received))
    }

    /// Where it listens, with the port that the system chose.
    pub fn address(&self) -> Option<&Multiaddr> {
        self.address.as_ref()
    }

    /// The numbers of peers.
    pub fn status(&self) -> Status {
        *self.status.borrow()
    }

    /// Waits until enough peers have come far enough.
    ///
    /// # Errors
    /// [`Error::Stopped`] if the network ends before.
    pub async fn wait_for(&self, enough: impl FnMut(&Status) -> bool) -> Result<Status> {
        let mut status = self.status.clone();
        let seen = status.wait_for(enough).await.map(|status| *status);
        seen.map_err(|error| Error::stopped("network", error))
    }

    /// Sends a message to all subscribed peers. With no such peer it succeeds and sends nothing; peers that
    /// come later do not get the message, which may be published again.
    ///
    /// # Errors
    /// [`Error::Stopped`] if the network has ended, or every queue is full: the message is then only
    /// offered to those who ask, and publishing it again does nothing.
    pub async fn publish(&self, topic: Topic, bytes: Vec<u8>) -> Result<()> {
        let (reply, replied) = oneshot::channel();
        self.tell(Command::Publish(topic, bytes, reply))?;
        replied.await.map_err(|error| Error::stopped("network", error))?
    }

    /// Says what becomes of a message.
    ///
    /// # Errors
    /// [`Error::Stopped`] if the network has ended.
    pub fn judge(&self, ticket: Ticket, judgement: Judgement) -> Result<()> {
        let acceptance = match judgement {
            Judgement::Relay => MessageAcceptance::Accept,
            Judgement::Ignore => MessageAcceptance::Ignore,
            Judgement::Reject => MessageAcceptance::Reject,
        };
        self.tell(Command::Judge(ticket, acceptance))
    }

    /// Dials a peer, once; whether it answers shows in the [status](Self::status).
    ///
    /// # Errors
    /// [`Error::Stopped`] if the network has ended.
    pub fn dial(&self, address: Multiaddr) -> Result<()> {
        self.tell(Command::Dial(address))
    }

    /// Leaves all peers, and waits until everything of it is gone.
    pub async fn stop(self) {
        drop(self.commands);
        let _it_was_told_to_end = self.task.await;
    }

    fn tell(&self, command: Command) -> Result<()> {
        self.commands.send(command).map_err(|_| Error::stopped("network", "its task has ended"))
    }
}
