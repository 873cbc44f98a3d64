//! Whether anything may go out to the contact, and to which address.

use crate::conversation::Conversation;
use jiff::{SignedDuration, Timestamp};
use lotse_domain::{
    Case, Direction, EmailAddress, OutgoingKind, WithholdReason,
    ports::{CaseStore, Unavailable},
};
use lotse_policy::Policy;

/// The address that the mail goes to, or why none goes out. `case` is the case now: an address may have
/// failed since the event.
pub(crate) async fn recipient<S: CaseStore>(
    store: &S,
    policy: &Policy,
    case: &Case,
    conversation: &Conversation<'_>,
    kind: OutgoingKind,
    now: Timestamp,
) -> Result<Result<EmailAddress, WithholdReason>, Unavailable> {
    if kind.is_automatic() && answers_a_machine(conversation) {
        return Ok(Err(WithholdReason::AutomaticMail));
    }
    let Some(address) = &case.contact.email else { return Ok(Err(WithholdReason::NoAddress)) };
    if case.address_failed {
        return Ok(Err(WithholdReason::AddressFailed));
    }
    if kind.is_automatic() && is_at_cap(store, policy, case, now).await? {
        return Ok(Err(WithholdReason::TooManyAutomaticMessages));
    }
    Ok(Ok(address.clone()))
}

/// RFC 3834 §2: nothing automatic goes back to what no person wrote, or to what asks for silence.
fn answers_a_machine(conversation: &Conversation<'_>) -> bool {
    match conversation.answered().map(|head| &head.direction) {
        Some(Direction::Inbound { automatic, suppress_reply, .. }) => automatic.is_some() || *suppress_reply,
        Some(Direction::Outbound { .. }) | None => true,
    }
}

/// Whoever opens so many cases within an hour is a machine, and is not looked at one by one.
const CASES_OF_A_MACHINE: usize = 50;

/// True where the contact got as many automatic mails within the last hour as the policy allows, over all
/// cases: a machine that answers under a new subject opens a new case each time.
async fn is_at_cap<S: CaseStore>(
    store: &S,
    policy: &Policy,
    case: &Case,
    now: Timestamp,
) -> Result<bool, Unavailable> {
    let cap = usize::try_from(policy.thresholds.limits.automatic_mails_per_hour).unwrap_or(usize::MAX);
    let since = now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
    let recent = store.timeline(case.contact_id, None, CASES_OF_A_MACHINE).await?.items;
    let recent: Vec<_> = recent.into_iter().filter(|recent| recent.opened_at > since).collect();
    if recent.len() >= CASES_OF_A_MACHINE {
        return Ok(true);
    }
    let mut sent = automatic_mails(case, since);
    for other in recent.iter().filter(|recent| recent.case != case.id) {
        if sent >= cap {
            break;
        }
        sent += store.load(other.case).await?.map_or(0, |other| automatic_mails(&other, since));
    }
    Ok(sent >= cap)
}

fn automatic_mails(case: &Case, since: Timestamp) -> usize {
    let is_automatic =
        |direction: &Direction| matches!(direction, Direction::Outbound { kind, .. } if kind.is_automatic());
    case.messages.iter().filter(|head| head.at > since && is_automatic(&head.direction)).count()
}
