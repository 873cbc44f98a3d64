//! The keys of a case's items. All are text that a person can read.

use lotse_domain::{CaseId, EventId};

/// What the partition of a case is called before its id: its events stand there, and the pieces of long texts.
pub(crate) const CASE_PREFIX: &str = "CASE#";
/// What every sort key of an event begins with: the stream's filter looks for it.
pub(crate) const EVENT_PREFIX: &str = "EVENT#";

/// The event of these keys.
pub(crate) fn event_of(partition: &str, key: &str) -> Option<EventId> {
    let case: CaseId = partition.strip_prefix(CASE_PREFIX)?.parse().ok()?;
    let sequence = key.strip_prefix(EVENT_PREFIX)?.parse().ok().filter(|sequence| *sequence > 0)?;
    Some(EventId { case, sequence })
}
