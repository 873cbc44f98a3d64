//! What the keys of the items look like. All are text that a person can read.

use super::item::Key;
use crate::stream::keys::{CASE_PREFIX, EVENT_PREFIX};
use data_encoding::HEXLOWER;
use jiff::Timestamp;
use lotse_domain::{
    CaseId, ContactId, DeskId, FlagNumber, IdentifierKind, RequestId, UserId, WorkItem, WorkStatus,
};

/// The partition of all users.
pub(super) const USERS: &str = "USERS";
/// A key holds 2,048 bytes; what is longer than this was written by nobody.
const LONGEST_VALUE: usize = 1_000;

/// The partition of a case: its events, and the pieces of long texts.
pub(super) fn case_partition(case: CaseId) -> String {
    format!("{CASE_PREFIX}{case}")
}

/// An event's place: ten digits hold any place, and sort as numbers do.
pub(super) fn event_key(sequence: u32) -> String {
    format!("{EVENT_PREFIX}{sequence:010}")
}

/// A piece of the text of an event, counted from 0.
pub(super) fn piece_key(sequence: u32, piece: usize) -> String {
    format!("{}{piece:02}", pieces_prefix(sequence))
}

/// What the keys of the pieces of one event's text begin with. Not an event's prefix, so that adding a
/// history up reads no long texts.
pub(super) fn pieces_prefix(sequence: u32) -> String {
    format!("TEXT#{sequence:010}#")
}

/// A time that sorts as text: always in UTC, always with nine digits after the seconds.
pub(super) fn sortable(at: Timestamp) -> String {
    format!("{at:.9}")
}

/// A claim.
pub(super) fn claim(name: &str) -> Key {
    Key::new(format!("CLAIM#{name}"), "CLAIM")
}

/// The partition of an identifier; `None` where it is longer than any.
pub(super) fn identifier_partition(kind: IdentifierKind, value: &str) -> Option<String> {
    (value.len() <= LONGEST_VALUE).then(|| format!("IDENTIFIER#{}#{value}", kind.name()))
}

/// A case among those that name an identifier, or among a contact's: by the time it was opened.
pub(super) fn by_time(opened_at: Timestamp, case: CaseId) -> String {
    format!("{}#{case}", sortable(opened_at))
}

/// The case of such a key.
pub(super) fn case_by_time(key: &str) -> Option<(Timestamp, CaseId)> {
    let (opened_at, case) = key.split_once('#')?;
    Some((opened_at.parse().ok()?, case.parse().ok()?))
}

/// The partition, in the index, of a contact's cases.
pub(super) fn contact_partition(contact: ContactId) -> String {
    format!("CONTACT#{contact}")
}

/// A user.
pub(super) fn user(id: &UserId) -> Key {
    Key::new(USERS, id.as_str())
}

/// A session.
pub(super) fn session(token_hash: &[u8; 32]) -> Key {
    Key::new(format!("SESSION#{}", HEXLOWER.encode(token_hash)), "SESSION")
}

/// The partition of all lines of one status, whichever their desk.
pub(super) fn lines_partition(status: WorkStatus) -> String {
    format!("WORK#{}", status.name())
}

/// What the keys of a desk's lines begin with.
pub(super) fn desk_prefix(desk: &str) -> String {
    format!("{desk}#")
}

/// What comes after all lines of a desk, and before those of any other: `$` follows `#`, and no desk's name
/// has either.
pub(super) fn after_desk(desk: &str) -> String {
    format!("{desk}$")
}

/// A line's place among those of its desk and status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) due_at: Timestamp,
    pub(super) case: CaseId,
    pub(super) item: ItemKey,
}

/// Which of a case's items a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKey {
    Request(RequestId),
    Flag(FlagNumber),
}

impl From<WorkItem> for ItemKey {
    fn from(item: WorkItem) -> Self {
        match item {
            WorkItem::Request { id, .. } => Self::Request(id),
            WorkItem::Flag { number, .. } => Self::Flag(number),
        }
    }
}

impl Place {
    /// The parts of the place, which sort as lines do: by due time, case and item, requests before flags.
    fn parts(&self) -> [String; 3] {
        let item = match self.item {
            ItemKey::Request(id) => format!("request-{:05}", id.0),
            ItemKey::Flag(number) => format!("safety-{:05}", number.0),
        };
        [sortable(self.due_at), self.case.to_string(), item]
    }

    /// The place as a sort key.
    pub(super) fn sort_key(&self, desk: &DeskId) -> String {
        format!("{}{}", desk_prefix(desk.as_str()), self.parts().join("#"))
    }

    /// The place as a cursor: without characters that mean something in an address.
    pub(super) fn cursor(&self) -> String {
        self.parts().join("_")
    }

    /// The place in a line's sort key, or in a cursor; `None` where it is neither.
    pub(super) fn read(text: &str, separator: char) -> Option<Self> {
        let mut parts = text.split(separator);
        let (due_at, case, item) = (parts.next()?, parts.next()?, parts.next()?);
        let (kind, number) = item.split_once('-')?;
        let number: u16 = number.parse().ok()?;
        let item = match kind {
            "request" => ItemKey::Request(RequestId(number)),
            "safety" => ItemKey::Flag(FlagNumber(number)),
            _ => return None,
        };
        let place = Self { due_at: due_at.parse().ok()?, case: case.parse().ok()?, item };
        parts.next().is_none().then_some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::keys::event_of;
    use jiff::SignedDuration;
    use lotse_domain::EventId;

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

    #[test]
    fn times_sort_as_text() {
        let start: Timestamp = "1999-12-31T23:59:59.999Z".parse().expect("a time");
        let times = [0, 1, 999, 1_000_000, 60_000_000_000, 3_000_000_000_000_000_000]
            .map(|nanoseconds| sortable(start + SignedDuration::from_nanos(nanoseconds)));
        assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
        assert!(times.iter().all(|text| text.len() == 30), "{times:?}");
    }

    #[test]
    fn a_place_is_read_back_from_key_and_cursor() {
        let at: Timestamp = "2026-11-23T08:00:00Z".parse().expect("a time");
        for item in [ItemKey::Request(RequestId(3)), ItemKey::Flag(FlagNumber(12))] {
            let place = Place { due_at: at, case: CaseId::from_number(7), item };
            assert_eq!(Place::read(&place.cursor(), '_'), Some(place));
            let key = place.sort_key(&"logistics".parse().expect("a desk"));
            assert_eq!(key.strip_prefix("logistics#").and_then(|rest| Place::read(rest, '#')), Some(place));
            assert!(key < after_desk("logistics"));
            assert!(after_desk("logistics") < desk_prefix("logistics-2"));
        }
    }
}
