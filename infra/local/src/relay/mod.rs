//! Mail on its way out: from the store's outbox to the company's mail relay.
//!
//! Without a relay nothing goes out: mails stay in the outbox, and the development mailbox shows them.
//! With one, each mail is handed over once; where the process dies between the relay's answer and our
//! note of it, the same bytes with the same Message-ID go again, which receivers recognise.

mod refusal;
mod transport;

pub(crate) use transport::Relay;

use crate::pump::{Functions, delay};
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Actor, Command, EventId, ProcessError, advance,
    ports::{Clock as _, ReadyMail, SendError, Unavailable},
};
use lotse_store::{OutgoingMail, Subject};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Mails that are handed over at once.
const AT_ONCE: usize = 4;
const FIRST_DELAY: SignedDuration = SignedDuration::from_secs(5);
const LONGEST_DELAY: SignedDuration = SignedDuration::from_mins(30);
/// After so many attempts, spread over about three days (RFC 5321 §4.5.4.1: four to five days at the
/// senders' end of the mail system, of which the relay has its own share), the mail counts as refused.
const MOST_ATTEMPTS: u32 = 150;
/// How long to wait where nothing is due: a new mail ends the wait earlier.
const IDLE: Duration = Duration::from_hours(1);
/// How long to wait after the store did not answer.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Brings mails to the relay until the server stops.
pub(crate) async fn run(functions: Arc<Functions>, relay: Arc<Relay>, stopping: CancellationToken) {
    let mut changes = functions.store.changes(Subject::Mails);
    while !stopping.is_cancelled() {
        let due = functions.store.outgoing(functions.clock.now(), AT_ONCE).await;
        let wait = match due {
            Ok(due) if due.is_empty() => wait_for_due(&functions).await,
            Ok(due) => {
                let mut handed_over = JoinSet::new();
                for mail in due {
                    handed_over.spawn(hand_over(Arc::clone(&functions), Arc::clone(&relay), mail));
                }
                while handed_over.join_next().await.is_some() {}
                continue;
            }
            Err(error) => {
                tracing::error!(%error, "the outbox could not be read; trying again");
                STORE_PAUSE
            }
        };
        tokio::select! {
            () = changes.next() => {}
            () = tokio::time::sleep(wait) => {}
            () = stopping.cancelled() => {}
        }
    }
}

async fn wait_for_due(functions: &Functions) -> Duration {
    match functions.store.next_mail_due().await {
        Ok(Some(due)) => {
            Duration::try_from(functions.clock.now().duration_until(due)).unwrap_or_default().min(IDLE)
        }
        Ok(None) => IDLE,
        Err(_) => STORE_PAUSE,
    }
}

/// Hands one mail over, and notes what became of it.
async fn hand_over(functions: Arc<Functions>, relay: Arc<Relay>, outgoing: OutgoingMail) {
    let OutgoingMail { mail, attempts } = outgoing;
    let attempts = attempts.saturating_add(1);
    let now = functions.clock.now();
    let noted = match relay.send(&mail).await {
        Ok(()) => functions.store.mark_sent(&mail.message_id, now).await,
        Err(SendError::Refused { diagnosis }) => refuse(&functions, &mail, &diagnosis).await,
        Err(SendError::Unavailable(_)) if attempts >= MOST_ATTEMPTS => {
            refuse(&functions, &mail, "4.4.7 not taken in time").await
        }
        Err(SendError::Unavailable(error)) => {
            let wait = delay(attempts, FIRST_DELAY, LONGEST_DELAY, &functions.random);
            tracing::warn!(attempts, %error, "the relay did not take a mail; trying again");
            let at = now.saturating_add(wait).unwrap_or(now);
            functions.store.retry_mail_at(&mail.message_id, at, &error.to_string()).await
        }
    };
    if let Err(error) = noted {
        tracing::error!(%error, "what became of a mail could not be stored");
        // Not at once again: the relay would get the mail as fast as the store fails.
        tokio::time::sleep(STORE_PAUSE).await;
    }
}

/// The relay refuses for good. The case learns of it first, so that a crash in between repeats the step.
///
/// A hand-over to a department comes by this way too. That its address fails says nothing about the contact,
/// and a safety report is never given up: it is tried until somebody has mended the address.
async fn refuse(functions: &Functions, mail: &ReadyMail, diagnosis: &str) -> Result<(), Unavailable> {
    if mail.to.domain() == functions.policy.company.mail_domain.to_lowercase() {
        tracing::error!(diagnosis, "mail to a department is refused: check its address in the policy");
        let at = functions.clock.now().saturating_add(LONGEST_DELAY).unwrap_or(Timestamp::MAX);
        return functions.store.retry_mail_at(&mail.message_id, at, diagnosis).await;
    }
    if let Some(sent) = functions.keys.read_message_id(&mail.message_id) {
        mark_address_failed(functions, sent.event, diagnosis).await?;
    }
    functions.store.mark_refused(&mail.message_id, diagnosis).await
}

/// Puts the case in front of a person.
async fn mark_address_failed(
    functions: &Functions,
    event: EventId,
    diagnosis: &str,
) -> Result<(), Unavailable> {
    tracing::warn!(case.id = %event.case, diagnosis, "the contact's address is refused");
    let now = functions.clock.now();
    let actor = Actor::system("relay");
    let marked = advance(&functions.store, event.case, now, &actor, |_| {
        let arrival = functions.policy.review_arrival(now);
        Ok(vec![Command::MarkAddressFailed { diagnosis: diagnosis.to_owned(), arrival }])
    });
    match marked.await {
        Ok(_) => Ok(()),
        Err(ProcessError::Unavailable(error)) => Err(error),
        Err(error) => {
            tracing::error!(case.id = %event.case, %error, "the case does not take the refusal");
            Ok(())
        }
    }
}
