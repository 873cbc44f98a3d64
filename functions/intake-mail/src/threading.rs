//! Which case a mail belongs to, and whether its sender belongs to that case.

use crate::{Dependencies, reading::Mail};
use lotse_domain::{
    Case, CaseId,
    ports::{CaseStore, Unavailable},
};

/// Where a mail goes.
pub(crate) enum Place {
    /// It is the next message of this case.
    Case(CaseId),
    /// It opens a case.
    New {
        /// A case that it answers although its sender does not belong to it: a person decides.
        refers_to: Option<CaseId>,
    },
}

/// Finds the place of a mail. What leads to a case, most trusted first: our reply address, our Message-IDs
/// (both keyed, so that nobody can make them up), then the reference, which is no secret.
///
/// Whoever writes must also belong to the case: an answer that was forwarded, or sent from elsewhere, opens
/// a case of its own, and nothing of the other one is shown there. Automatic mail need not come from the
/// contact (bounces never do); it is kept with the keyed case that it is about, where it changes no request.
pub(crate) async fn place<S: CaseStore, B, C, R>(
    dependencies: &Dependencies<'_, S, B, C, R>,
    mail: &Mail,
) -> Result<Place, Unavailable> {
    let Dependencies { store, keys, .. } = dependencies;
    let is_automatic = mail.message.automatic.is_some();
    let mut refers_to = None;
    let by_token = mail.hints.reply_tokens.iter().filter_map(|token| keys.read_reply_token(token));
    let by_message_id =
        mail.hints.message_ids.iter().filter_map(|id| keys.read_message_id(id)).map(|sent| sent.event.case);
    let mut proven: Vec<CaseId> = Vec::new();
    for id in by_token.chain(by_message_id) {
        if !proven.contains(&id) {
            proven.push(id);
        }
    }
    for id in proven {
        if let Some(case) = store.load(id).await? {
            if is_automatic || wrote(mail, &case) {
                return Ok(Place::Case(id));
            }
            refers_to.get_or_insert(id);
        }
    }
    for reference in &mail.hints.references {
        let Some(id) = store.find_by_reference(*reference).await? else { continue };
        if store.load(id).await?.is_some_and(|case| wrote(mail, &case)) {
            return Ok(Place::Case(id));
        }
        refers_to.get_or_insert(id);
    }
    Ok(Place::New { refers_to })
}

/// True where the mail comes from the case's contact.
fn wrote(mail: &Mail, case: &Case) -> bool {
    let Some(contact) = &case.contact.email else { return false };
    mail.writers.iter().any(|writer| writer.normalised() == contact.normalised())
}
