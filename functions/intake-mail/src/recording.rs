//! Committing a mail: as a new case, or as the next message of one.

use crate::{Dependencies, Outcome, reading::Mail};
use lotse_domain::{
    Actor, CaseId, CaseReference, Change, Claim, Command, Failure, Opening, ProcessError, Refused,
    advance_claiming, hand_over_came_back,
    ports::{CaseStore, Clock, CommitError, RandomSource},
};
use lotse_runtime::MailPurpose;

/// Two random references of 3.4 thousand million collide so rarely that five times in a row means a fault.
const MOST_REFERENCES: usize = 5;

/// Opens the case of a mail. Its id is derived from the mail's content, so that a repeat meets the case that
/// the first one opened.
pub(crate) async fn open<S: CaseStore, B, C, R: RandomSource>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    mail: &Mail,
    refers_to: Option<CaseId>,
) -> Result<Outcome, Failure> {
    let Dependencies { store, keys, random, .. } = dependencies;
    let id = keys.case_id("mail", &mail.content);
    let contact_id = match &mail.contact.email {
        Some(address) => keys.contact_id(address),
        None => keys.nameless_contact_id(&mail.content),
    };
    let mut message = mail.message.clone();
    if let Some(origin) = &mut message.mail {
        origin.refers_to = refers_to;
    }
    for _ in 0..MOST_REFERENCES {
        // Any 64 of the 128 bits do.
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is as random as the whole")]
        let reference = CaseReference::from_random(random.number() as u64);
        let opening = Opening {
            case: id,
            reference,
            contact_id,
            contact: mail.contact.clone(),
            language: None,
            message: message.clone(),
        };
        let by_reference = Claim::reference(reference);
        let reference_key = by_reference.key.clone();
        let change = Change::open(opening, mail.received_at, Actor::Contact);
        let Some(commit) = change.into_commit(vec![content_claim(dependencies, mail), by_reference]) else {
            break;
        };
        match store.commit(commit).await {
            Ok(()) => return Ok(Outcome::Opened(id)),
            Err(CommitError::AlreadyDone { key, .. }) if key == reference_key => {}
            Err(CommitError::AlreadyDone { case, .. }) => return Ok(Outcome::CameBefore(case)),
            // The id is the content's: whoever was faster took in the same mail.
            Err(CommitError::Conflict) => return Ok(Outcome::CameBefore(id)),
            Err(CommitError::Unavailable(unavailable)) => return Err(unavailable.into()),
        }
    }
    Err(Failure::retry("no free case reference was found"))
}

/// Appends a mail to the case of its contact. A case that holds as many messages as it can is continued by
/// a new one.
///
/// # Errors
/// To park where a hand-over to a department came back, after that was recorded.
pub(crate) async fn append<S: CaseStore, B, C: Clock, R: RandomSource>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    case: CaseId,
    mail: &Mail,
) -> Result<Outcome, Failure> {
    let Dependencies { store, clock, policy, .. } = dependencies;
    let (failed_address, failed_hand_over) = match &mail.bounce {
        Some(bounce) if is_about_mail_to_contact(dependencies, case, mail) => (Some(bounce), None),
        bounce => (None, bounce.as_ref()),
    };
    let received = Command::ReceiveMessage { message: mail.message.clone() };
    let failed = failed_address.map(|bounce| Command::MarkAddressFailed {
        diagnosis: bounce.diagnosis.clone(),
        arrival: policy.review_arrival(clock.now()),
    });
    let actor = if mail.message.automatic.is_some() { Actor::system("intake-mail") } else { Actor::Contact };
    let claims = vec![content_claim(dependencies, mail)];
    let commands: Vec<Command> = std::iter::once(received).chain(failed).collect();
    let step =
        advance_claiming(*store, case, mail.received_at, &actor, claims, |_| Ok(commands.clone())).await;
    match step {
        Ok(_) => match failed_hand_over {
            // It is recorded; and nobody but a person can do anything about it.
            Some(bounce) => Err(hand_over_came_back(case, &bounce.diagnosis)),
            None => Ok(Outcome::Appended(case)),
        },
        Err(ProcessError::AlreadyDone(case)) => Ok(Outcome::CameBefore(case)),
        Err(ProcessError::Refused(Refused::Full(_))) => open(dependencies, mail, Some(case)).await,
        Err(error) => Err(error.into()),
    }
}

/// A bounce of a hand-over to a department says nothing about the contact's address. Mail to the contact
/// returns to the case's own address, or names the Message-ID that such mail has.
fn is_about_mail_to_contact<S, B, C, R>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    case: CaseId,
    mail: &Mail,
) -> bool {
    let keys = dependencies.keys;
    let returned = mail.bounce.as_ref().and_then(|bounce| bounce.original_message_id.as_deref());
    match returned.and_then(|id| keys.read_message_id(id)) {
        Some(sent) => sent.event.case == case && sent.purpose == MailPurpose::Contact,
        None => mail.hints.reply_tokens.iter().any(|token| keys.read_reply_token(token) == Some(case)),
    }
}

/// Never expires: an old mailbox that is imported years later must not double what came in live.
fn content_claim<S, B, C, R>(dependencies: &Dependencies<'_, S, B, C, R>, mail: &Mail) -> Claim {
    dependencies.keys.claim("mail", &mail.content, None)
}
