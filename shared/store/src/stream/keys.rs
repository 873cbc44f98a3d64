//! The keys of a case's items. All are text that a person can read.

use lotse_domain::{CaseId, EventId};

/// What every sort key of an event begins with: the stream's filter looks for it.
pub(crate) const EVENT_PREFIX: &str = "EVENT#";
const CASE_PREFIX: &str = "CASE#";

/// The partition of a case: its events, and the pieces of long texts.
pub(crate) fn case_partition(case: CaseId) -> String {
    format!("{CASE_PREFIX}{case}")
}

/// An event's place: ten digits hold any place, and sort as numbers do.
pub(crate) fn event_key(sequence: u32) -> String {
    format!("{EVENT_PREFIX}{sequence:010}")
}

/// A piece of the text of an event, counted from 0.
pub(crate) fn piece_key(sequence: u32, piece: usize) -> String {
    format!("{}{piece:02}", pieces_prefix(sequence))
}

/// What the keys of the pieces of one event's text begin with. Not an event's prefix, so that adding a
/// history up reads no long texts.
pub(crate) fn pieces_prefix(sequence: u32) -> String {
    format!("TEXT#{sequence:010}#")
}

/// The case of a partition.
pub(crate) fn case_of(partition: &str) -> Option<CaseId> {
    partition.strip_prefix(CASE_PREFIX)?.parse().ok()
}

/// The event of these keys.
pub(crate) fn event_of(partition: &str, key: &str) -> Option<EventId> {
    let sequence = key.strip_prefix(EVENT_PREFIX)?.parse().ok().filter(|sequence| *sequence > 0)?;
    Some(EventId { case: case_of(partition)?, sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_as_their_events_do_and_are_read_back() {
        let case = CaseId::from_number(7);
        let keys = [1, 9, 10, 100, u32::MAX].map(|sequence| (sequence, event_key(sequence)));
        assert!(keys.is_sorted_by(|(_, earlier), (_, later)| earlier < later));
        for (sequence, key) in keys {
            assert_eq!(event_of(&case_partition(case), &key), Some(EventId { case, sequence }));
        }
        for key in ["EVENT#0", "EVENT#", "EVENT#x", "TEXT#0000000001#00"] {
            assert_eq!(event_of(&case_partition(case), key), None, "{key}");
        }
    }
}
