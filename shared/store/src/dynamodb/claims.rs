//! Claims: names that one case at most may take.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Read, expiry, is_expired, text},
    keys,
    table::EXPIRY,
};
use jiff::Timestamp;
use lotse_domain::{CaseId, Claim};

/// The attribute that names the case.
const CASE: &str = "case";

/// The claim as an item.
pub(super) fn claim_item(claim: &Claim, case: CaseId) -> Item {
    let mut item = keys::claim(&claim.key).with([(CASE, text(case.to_string()))]);
    if let Some(expires_at) = claim.expires_at {
        item.insert(EXPIRY.to_owned(), expiry(expires_at));
    }
    item
}

/// The case that an item says has taken its name, and still has at `now`; whenever, where that is `None`.
pub(super) fn holder(item: &Item, now: Option<Timestamp>) -> Result<Option<CaseId>, Fault> {
    if now.is_some_and(|now| is_expired(item, now)) {
        return Ok(None);
    }
    Ok(Some(Read(item).parsed(CASE)?))
}

impl DynamoStore {
    /// The case that has taken a name.
    pub(super) async fn holder_of(
        &self,
        name: &str,
        now: Option<Timestamp>,
    ) -> Result<Option<CaseId>, Fault> {
        match self.get(&keys::claim(name)).await? {
            Some(item) => holder(&item, now),
            None => Ok(None),
        }
    }
}
