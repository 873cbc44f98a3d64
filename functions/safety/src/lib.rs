//! Hands safety-relevant information over to the department that must have it: pharmacovigilance or quality.
//!
//! Runs beside every route and waits for nothing: neither for what is missing, nor for business hours.
//! Day zero has begun with the message (GVP Module VI). One classified message gives one mail for each
//! department, with the wording, the places that speak for it and the reporter, whom the department needs
//! to know (one of the four minimum criteria of a valid report).

mod handover;

use handover::HandOver;
use lotse_domain::{
    Actor, Case, Command, Failure, FlagState, ProcessError, advance, noticed_event,
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
    /// Desks and texts.
    pub policy: &'a Policy,
    /// What makes Message-IDs ours.
    pub keys: &'a Keys,
    /// Where the desk's pages are, such as `https://anfragen.nordhafen-pharma.example`.
    pub base_url: &'a str,
}

/// Hands over what one classified message holds. A department that cannot be reached does not keep the
/// others from hearing of it.
///
/// # Errors
/// To park where the notice is none, or where a department's address is refused for good; to retry where
/// store or way out are not there.
pub async fn handle<S: CaseStore, C: Clock, M: MailSender>(
    dependencies: &Dependencies<'_, S, C, M>,
    body: &str,
) -> Result<(), Failure> {
    let event = noticed_event(dependencies.store, body).await?;
    let id = event.id.case;
    let case = dependencies.store.load(id).await?.ok_or(ProcessError::NoSuchCase(id))?;
    let mut outcome = Ok(());
    for handover in handover::of(&case, &event) {
        let handed =
            if is_done(&case, &handover) { Ok(()) } else { hand_over(dependencies, &case, handover).await };
        outcome = Failure::of_both(outcome, handed);
    }
    outcome
}

/// True where the department has been told of all of it, or a person settled it first.
fn is_done(case: &Case, handover: &HandOver<'_>) -> bool {
    let is_raised = |number| case.flag(number).is_some_and(|flag| flag.state == FlagState::Raised);
    !handover.flags.iter().any(|flag| is_raised(flag.number))
}

async fn hand_over<S: CaseStore, C: Clock, M: MailSender>(
    dependencies: &Dependencies<'_, S, C, M>,
    case: &Case,
    handover: HandOver<'_>,
) -> Result<(), Failure> {
    let Dependencies { store, clock, sender, policy, keys, base_url } = dependencies;
    let wording = store.event(handover.message_event()).await?;
    let message = wording.as_ref().and_then(|recorded| recorded.event.received_message());
    let message = message.ok_or_else(|| Failure::park("the message that was flagged is gone"))?;
    let mail = handover.compose(case, message, policy, keys, base_url);
    let (to, message_id) = (mail.to.clone(), mail.message_id.clone());
    sender.send(mail).await.map_err(|error| match error {
        SendError::Refused { diagnosis } => Failure::park(format!(
            "the hand-over to desk {} was refused ({diagnosis}); correct the desk's address in desks.toml, then release this message",
            handover.desk,
        )),
        SendError::Unavailable(unavailable) => unavailable.into(),
    })?;
    let flags = handover.flags.iter().map(|flag| flag.number).collect();
    let command = Command::HandOver { flags, to, message_id };
    advance(*store, case.id, clock.now(), &Actor::system("safety"), |_| Ok(vec![command.clone()])).await?;
    Ok(())
}
