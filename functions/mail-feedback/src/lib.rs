//! What SES says became of a mail of ours: the same as a bounce by mail, told by an event.
//!
//! A mail to the contact that came back for good, or that the contact complained about, marks the address and
//! puts the case before a person, as a bounce does that comes in by mail (`intake-mail`). SES then takes no
//! more mail to the address either. A delay changes nothing: it is noted in the log. A hand-over to a
//! department that came back, for good or not, says nothing about the contact: a person must see to it at once.
//!
//! `report` reads what SES says; nothing here keeps or logs an address.

mod report;

use lotse_domain::{
    Actor, CaseId, Command, Failure, advance, hand_over_came_back,
    ports::{CaseStore, Clock},
};
use lotse_policy::Policy;
use lotse_runtime::{Keys, MailPurpose};
use report::{Meaning, Report};

/// What the function works with.
pub struct Dependencies<'a, S, C> {
    /// The cases.
    pub store: &'a S,
    /// The time.
    pub clock: &'a C,
    /// The review desk's clock.
    pub policy: &'a Policy,
    /// What recognises our Message-IDs and reply addresses.
    pub keys: &'a Keys,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The contact's address is marked, now or before.
    AddressFailed(CaseId),
    /// The mail of this case is late or was refused for now.
    Delayed(CaseId),
    /// Nothing follows from it: a mail arrived, or was opened.
    NothingToDo,
}

/// Acts on what one queue message says became of a mail.
///
/// # Errors
/// To park where the message is no report of SES, or of a kind that this version does not know, where the
/// mail is none of ours, and where a hand-over to a department came back; to retry where the store is not
/// there.
pub async fn handle<S: CaseStore, C: Clock>(
    dependencies: &Dependencies<'_, S, C>,
    body: &str,
) -> Result<Outcome, Failure> {
    let report = Report::read(body)?;
    if report.meaning == Meaning::NothingToDo {
        // Most reports: they need no case.
        return Ok(Outcome::NothingToDo);
    }
    let (case, purpose) = mail_of(&report, dependencies.keys).ok_or_else(|| {
        Failure::park("the report names no mail of ours: check what else sends with this configuration set")
    })?;
    match (&report.meaning, purpose) {
        // A department that was not reached does not know: no delivery that was given up is a mere delay.
        (Meaning::Failed { diagnosis } | Meaning::CameBack { diagnosis }, MailPurpose::HandOver(_)) => {
            Err(hand_over_came_back(case, diagnosis))
        }
        (Meaning::Failed { diagnosis }, MailPurpose::Contact) => {
            mark_address(dependencies, case, diagnosis).await
        }
        (Meaning::CameBack { .. } | Meaning::Delayed { .. }, _) => Ok(Outcome::Delayed(case)),
        (Meaning::NothingToDo, _) => Ok(Outcome::NothingToDo),
    }
}

/// The case of the mail that a report is about, and whom the mail was for. Only mail to contacts has a reply
/// address of the case.
fn mail_of(report: &Report, keys: &Keys) -> Option<(CaseId, MailPurpose)> {
    let by_message_id = report.message_ids.iter().find_map(|id| keys.read_message_id(id));
    let by_reply_token = || report.reply_tokens.iter().find_map(|token| keys.read_reply_token(token));
    match by_message_id {
        Some(sent) => Some((sent.event.case, sent.purpose)),
        None => by_reply_token().map(|case| (case, MailPurpose::Contact)),
    }
}

async fn mark_address<S: CaseStore, C: Clock>(
    dependencies: &Dependencies<'_, S, C>,
    case: CaseId,
    diagnosis: &str,
) -> Result<Outcome, Failure> {
    let Dependencies { store, clock, policy, .. } = dependencies;
    let now = clock.now();
    let arrival = policy.review_arrival(now);
    let command = Command::MarkAddressFailed { diagnosis: diagnosis.to_owned(), arrival };
    advance(*store, case, now, &Actor::system("mail-feedback"), |_| Ok(vec![command.clone()])).await?;
    Ok(Outcome::AddressFailed(case))
}
