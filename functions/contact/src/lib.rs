//! Everything that goes out to the contact: receipts, questions for what is missing, answers, reminders.
//!
//! One event asks for one mail at most. The mail is written from the history up to that event and nothing
//! else, so that a repeat (a crash between sending and recording, a notice delivered twice) writes the same
//! bytes under the same Message-ID, and the way out takes them once.
//!
//! - `conversation` is the case as it stood when the event happened,
//! - `withholding` decides whether anything may go out,
//! - `letter` writes subject and text, in the contact's language, by the policy's texts,
//! - `posting` makes the mail of it: addresses, threading, HTML.

mod conversation;
mod letter;
mod posting;
mod withholding;

use conversation::Conversation;
use lotse_domain::{
    Actor, Command, EmailAddress, Failure, OutgoingKind, ProcessError, RecordedEvent, SentMessage,
    WithholdReason, advance, noticed_event,
    ports::{CaseStore, Clock, MailSender, SendError},
};
use lotse_policy::Policy;
use lotse_runtime::Keys;

/// What the function works with.
pub struct Dependencies<'a, S, C, M> {
    /// The cases.
    pub store: &'a S,
    /// The time.
    pub clock: &'a C,
    /// The way out.
    pub sender: &'a M,
    /// Texts, desks, calendar and limits.
    pub policy: &'a Policy,
    /// What makes links, reply addresses and Message-IDs ours.
    pub keys: &'a Keys,
    /// Where contacts reach the pages, such as `https://anfragen.nordhafen-pharma.example`.
    pub base_url: &'a str,
}

/// Sends the mail that one notice asks for, or records why none goes out.
///
/// # Errors
/// To park where the notice is none or names no event of ours; to retry where store or way out are not
/// there.
pub async fn handle<S: CaseStore, C: Clock, M: MailSender>(
    dependencies: &Dependencies<'_, S, C, M>,
    body: &str,
) -> Result<(), Failure> {
    let Dependencies { store, clock, policy, .. } = dependencies;
    let event = noticed_event(*store, body).await?;
    let Some(kind) = event.event.due_message() else { return Ok(()) };
    let case = store.load(event.id.case).await?.ok_or(ProcessError::NoSuchCase(event.id.case))?;
    if case.has_responded_to(event.id.sequence) {
        return Ok(());
    }
    let history = store.history(event.id.case).await?;
    let conversation = Conversation::until(&history, &event)?;
    let now = clock.now();
    let command = match withholding::recipient(*store, policy, &case, &conversation, kind, now).await? {
        Ok(to) => return send(dependencies, &conversation, kind, to).await,
        Err(reason) => withheld(kind, &event, reason),
    };
    record(dependencies, &event, vec![command]).await
}

async fn send<S: CaseStore, C: Clock, M: MailSender>(
    dependencies: &Dependencies<'_, S, C, M>,
    conversation: &Conversation<'_>,
    kind: OutgoingKind,
    to: EmailAddress,
) -> Result<(), Failure> {
    let Dependencies { clock, sender, policy, .. } = dependencies;
    let event = conversation.event;
    let status_link = posting::status_link(dependencies, event);
    let Some(letter) = letter::write(conversation, kind, policy, &status_link) else { return Ok(()) };
    let mail = posting::compose(dependencies, conversation, kind, &letter, &to);
    let message_id = mail.message_id.clone();
    let commands = match sender.send(mail).await {
        Ok(()) => vec![Command::RecordSent {
            message: SentMessage {
                kind,
                caused_by: event.id.sequence,
                about: letter.about,
                subject: letter.subject.into(),
                text: letter.text.into(),
                to,
                message_id,
            },
        }],
        Err(SendError::Refused { diagnosis }) => {
            let arrival = policy.review_arrival(clock.now());
            let reason = WithholdReason::AddressFailed;
            vec![Command::MarkAddressFailed { diagnosis, arrival }, withheld(kind, event, reason)]
        }
        Err(SendError::Unavailable(unavailable)) => return Err(unavailable.into()),
    };
    record(dependencies, event, commands).await
}

fn withheld(kind: OutgoingKind, event: &RecordedEvent, reason: WithholdReason) -> Command {
    Command::RecordWithheld { kind, caused_by: event.id.sequence, reason }
}

async fn record<S: CaseStore, C: Clock, M>(
    dependencies: &Dependencies<'_, S, C, M>,
    event: &RecordedEvent,
    commands: Vec<Command>,
) -> Result<(), Failure> {
    let Dependencies { store, clock, .. } = dependencies;
    let actor = Actor::system("contact");
    advance(*store, event.id.case, clock.now(), &actor, |_| Ok(commands.clone())).await?;
    Ok(())
}
