//! What the desk says after an action: passed on over a redirect by its name, never with text.

use crate::words::Words;

/// What has just been done, or why it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A request was claimed.
    Claimed,
    /// A request was released.
    Released,
    /// An answer is on its way.
    Answered,
    /// A question to the contact is on its way.
    Asked,
    /// A route was confirmed.
    RouteConfirmed,
    /// A request was moved.
    Moved,
    /// A request was closed.
    Closed,
    /// A request was reopened.
    Reopened,
    /// A safety flag was acknowledged.
    Acknowledged,
    /// A safety flag was dismissed.
    Dismissed,
    /// A parked delivery is tried again.
    Retried,
    /// Not done: somebody else changed the case meanwhile.
    CaseChanged,
    /// Not done: somebody else works on the request.
    TakenByAnother,
    /// Not done: the state of the request or flag does not allow it.
    NotPossible,
}

impl Notice {
    /// All notices.
    pub const ALL: [Self; 14] = [
        Self::Claimed,
        Self::Released,
        Self::Answered,
        Self::Asked,
        Self::RouteConfirmed,
        Self::Moved,
        Self::Closed,
        Self::Reopened,
        Self::Acknowledged,
        Self::Dismissed,
        Self::Retried,
        Self::CaseChanged,
        Self::TakenByAnother,
        Self::NotPossible,
    ];

    /// The value of the parameter `notice`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Released => "released",
            Self::Answered => "answered",
            Self::Asked => "asked",
            Self::RouteConfirmed => "route-confirmed",
            Self::Moved => "moved",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Acknowledged => "acknowledged",
            Self::Dismissed => "dismissed",
            Self::Retried => "retried",
            Self::CaseChanged => "case-changed",
            Self::TakenByAnother => "taken-by-another",
            Self::NotPossible => "not-possible",
        }
    }

    /// The notice with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.name() == name)
    }

    /// Whether it says that something was not done.
    pub fn is_problem(self) -> bool {
        matches!(self, Self::CaseChanged | Self::TakenByAnother | Self::NotPossible)
    }
}

impl Words for Notice {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Claimed => ("Sie haben die Anfrage übernommen.", "You have claimed the request."),
            Self::Released => ("Die Anfrage ist wieder frei.", "The request is open to others again."),
            Self::Answered => ("Die Antwort ist unterwegs.", "The answer is on its way."),
            Self::Asked => ("Die Rückfrage ist unterwegs.", "The question is on its way."),
            Self::RouteConfirmed => ("Die Zuordnung ist bestätigt.", "The route is confirmed."),
            Self::Moved => ("Die Anfrage ist weitergegeben.", "The request has been moved."),
            Self::Closed => ("Die Anfrage ist abgeschlossen.", "The request is closed."),
            Self::Reopened => ("Die Anfrage ist wieder geöffnet.", "The request is open again."),
            Self::Acknowledged => ("Die Übernahme ist festgehalten.", "The acknowledgement is on record."),
            Self::Dismissed => ("Der Sicherheitshinweis ist verworfen.", "The safety flag is dismissed."),
            Self::Retried => ("Die Zustellung wird erneut versucht.", "The delivery is being tried again."),
            Self::CaseChanged => (
                "Nicht ausgeführt: Der Fall hat sich inzwischen geändert. Bitte prüfen Sie den neuen Stand und wiederholen Sie den Schritt.",
                "Not done: the case has changed in the meantime. Please check the new state and repeat the step.",
            ),
            Self::TakenByAnother => (
                "Nicht ausgeführt: Jemand anders bearbeitet diese Anfrage. Bitte sprechen Sie sich ab, oder lassen Sie sich die Anfrage zurückgeben.",
                "Not done: somebody else works on this request. Please talk to them, or have them release the request.",
            ),
            Self::NotPossible => (
                "Nicht ausgeführt: Dieser Schritt ist im jetzigen Zustand nicht möglich.",
                "Not done: this step is not possible in the present state.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Notice;

    #[test]
    fn a_notice_survives_a_redirect_by_its_name() {
        for notice in Notice::ALL {
            assert_eq!(Notice::from_name(notice.name()), Some(notice));
        }
        assert_eq!(Notice::from_name("<script>"), None);
    }
}
