//! What a store refuses because it contradicts itself, whatever is stored.

use lotse_domain::{Commit, EventId};

/// True where the events are the case's own and lead from the expected version to the snapshot's.
pub(crate) fn is_consistent(commit: &Commit) -> bool {
    let mut version = commit.expected_version;
    for event in &commit.events {
        if event.id != (EventId { case: commit.case.id, sequence: version.saturating_add(1) }) {
            return false;
        }
        version = event.id.sequence;
    }
    version == commit.case.version
}
