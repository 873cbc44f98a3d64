//! Waking those who wait for something new, so that nobody needs to poll.

use lotse_domain::Queue;
use std::{collections::HashMap, future::pending};
use tokio::sync::watch;

/// What somebody may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Events that are not delivered yet.
    Events,
    /// Messages in a queue.
    Queue(Queue),
    /// Mail on its way out.
    Mails,
}

/// Tells when there is something new of one [`Subject`]. Look once before the first wait: what was there
/// before the subscription is not told of.
#[derive(Debug)]
pub struct Changes(watch::Receiver<()>);

impl Changes {
    /// Returns once something was committed since the last return; at once if it already was. Never returns
    /// after the store is closed. Safe to cancel.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            pending::<()>().await;
        }
    }
}

/// The other end of all [`Changes`] of a store.
#[derive(Debug)]
pub(super) struct Announcer(HashMap<Subject, watch::Sender<()>>);

impl Default for Announcer {
    fn default() -> Self {
        let queues = Queue::ALL.into_iter().map(Subject::Queue);
        let subjects = queues.chain([Subject::Events, Subject::Mails]);
        Self(subjects.map(|subject| (subject, watch::Sender::new(()))).collect())
    }
}

impl Announcer {
    pub(super) fn subscribe(&self, subject: Subject) -> Changes {
        Changes(self.0[&subject].subscribe())
    }

    pub(super) fn announce(&self, subject: Subject) {
        self.0[&subject].send_replace(());
    }
}
