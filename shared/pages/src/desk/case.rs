//! One case: the conversation with its evidence, what was found, the requests and what can be done to them.

use super::{
    Attempt, AttemptTarget, DeskFrame, EvidenceQuote, Findings, FlagAction, HistoryEntry, RequestAction,
    findings::percent,
};
use crate::{
    MessageKind, Piece, Span, Stage, highlight, paths, problem::size_words, texts::DeskTexts, words::Words,
};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::{
    Automatic, CaseId, Channel, Check, Confidence, DeskId, FlagNumber, FormField, IdentifierFinding,
    Language, MessageNumber, RequestId, SafetyKind, Topic,
};

/// A desk to choose.
#[derive(Clone, Debug)]
pub struct DeskChoice {
    /// Its id.
    pub id: DeskId,
    /// Its name in the language of the page.
    pub name: String,
}

/// What is known of the contact. Empty texts are not shown. Holds personal data: it has no `Debug`.
#[derive(Clone, Default)]
pub struct ContactCard {
    /// Name.
    pub name: String,
    /// Profession.
    pub profession: String,
    /// Institution.
    pub institution: String,
    /// Country.
    pub country: String,
    /// Mail address.
    pub email: String,
    /// True where mail to this address came back.
    pub email_failed: bool,
    /// Phone number.
    pub phone: String,
}

/// An attachment of a message.
#[derive(Clone)]
pub struct Attachment {
    /// Its file name.
    pub name: String,
    /// Its size in bytes.
    pub size: usize,
}

/// A message of the conversation, with the evidence in it. Holds personal data: it has no `Debug`.
#[derive(Clone)]
pub struct CaseMessage {
    /// Its number in the case.
    pub number: MessageNumber,
    /// What it is.
    pub kind: MessageKind,
    /// The way it came or went.
    pub channel: Channel,
    /// When it was received or sent.
    pub at: Timestamp,
    /// Who wrote it, in words.
    pub from: String,
    /// Set where no person wrote it.
    pub automatic: Option<Automatic>,
    /// The subject line.
    pub subject: String,
    /// Evidence in the subject.
    pub subject_spans: Vec<Span>,
    /// The text as received or sent.
    pub body: String,
    /// Evidence in the text.
    pub body_spans: Vec<Span>,
    /// What was filled into fields beside the text.
    pub fields: Vec<(FormField, String)>,
    /// Attachments.
    pub attachments: Vec<Attachment>,
}

impl ContactCard {
    pub(crate) fn is_unknown(&self) -> bool {
        self.name.is_empty() && self.email.is_empty() && self.phone.is_empty()
    }
}

impl CaseMessage {
    pub(crate) fn subject_pieces(&self) -> Vec<Piece<'_>> {
        highlight(&self.subject, &self.subject_spans)
    }

    pub(crate) fn body_pieces(&self) -> Vec<Piece<'_>> {
        highlight(&self.body, &self.body_spans)
    }
}

impl Attachment {
    pub(crate) fn size_words(&self) -> String {
        size_words(self.size)
    }
}

/// The name that the stylesheet knows a check's result by.
pub(super) fn check_name(found: &IdentifierFinding) -> &'static str {
    match found.check {
        Check::Valid => "valid",
        Check::Mistyped => "mistyped",
        Check::Unchecked => "unchecked",
        Check::Ambiguous => "ambiguous",
    }
}

/// A request, with what the user may do to it.
#[derive(Clone)]
pub struct RequestCard {
    /// Its number.
    pub id: RequestId,
    /// What it is about.
    pub topic: Topic,
    /// Where it stands.
    pub stage: Stage,
    /// The desk's name; empty before it has one.
    pub desk: String,
    /// When it is due. `None` while its clock stands still.
    pub due: Option<Timestamp>,
    /// The name of whoever works on it.
    pub assignee: Option<String>,
    /// Whether the desk is asked to confirm the route.
    pub confirm: bool,
    /// What the user may do now, in the order of [`RequestAction::ALL`].
    pub actions: Vec<RequestAction>,
}

impl RequestCard {
    pub(crate) fn may(&self, action: RequestAction) -> bool {
        self.actions.contains(&action)
    }

    /// The actions that need no more than a button.
    pub(crate) fn simple_actions(&self) -> Vec<RequestAction> {
        self.actions.iter().copied().filter(|action| action.needs_no_entry()).collect()
    }
}

/// Where a safety flag stands.
#[derive(Clone)]
pub enum FlagState {
    /// Seen, on its way to pharmacovigilance or quality.
    Open,
    /// Handed over, not yet acknowledged.
    HandedOver {
        /// When.
        at: Timestamp,
    },
    /// Taken on.
    Acknowledged {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
        /// The number under which it is kept there.
        number: String,
    },
    /// Dismissed by a person.
    Dismissed {
        /// When.
        at: Timestamp,
        /// By whom.
        by: String,
        /// Why.
        reason: String,
    },
}

/// A safety flag, with what the user may do to it.
#[derive(Clone)]
pub struct FlagCard {
    /// Its number.
    pub number: FlagNumber,
    /// The kind.
    pub kind: SafetyKind,
    /// How sure triage is.
    pub confidence: Confidence,
    /// The message it was seen in.
    pub message: MessageNumber,
    /// Why.
    pub evidence: Vec<EvidenceQuote>,
    /// Where it stands.
    pub state: FlagState,
    /// When it must be acknowledged at the latest. `None` once that is settled.
    pub due: Option<Timestamp>,
    /// What the user may do now.
    pub actions: Vec<FlagAction>,
}

impl FlagCard {
    pub(crate) fn percent(&self) -> String {
        percent(self.confidence)
    }

    pub(crate) fn is_settled(&self) -> bool {
        matches!(self.state, FlagState::Acknowledged { .. } | FlagState::Dismissed { .. })
    }

    pub(crate) fn may(&self, action: FlagAction) -> bool {
        self.actions.contains(&action)
    }
}

/// One case at the desk.
#[derive(Template)]
#[template(path = "desk/case.html")]
pub struct CasePage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The case.
    pub case: CaseId,
    /// Its version; every form carries it, so that nobody acts on what has changed.
    pub version: u32,
    /// The case reference.
    pub reference: String,
    /// When the inquiry arrived.
    pub received_at: Timestamp,
    /// The language to answer in.
    pub language: Language,
    /// Who wrote.
    pub contact: ContactCard,
    /// Safety flags.
    pub flags: Vec<FlagCard>,
    /// The requests.
    pub requests: Vec<RequestCard>,
    /// The conversation, oldest first.
    pub conversation: Vec<CaseMessage>,
    /// What triage found.
    pub findings: Findings,
    /// The history, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The desks that a request can be moved to.
    pub desks: Vec<DeskChoice>,
    /// An action that was refused.
    pub attempt: Option<Attempt>,
}

/// The topics that a person may move a request to.
pub(super) const MOVABLE_TOPICS: [Topic; 3] = [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other];

impl CasePage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }

    fn request_path(&self, request: &RequestCard, action: RequestAction) -> String {
        paths::request_action(self.case, request.id, action)
    }

    fn flag_path(&self, flag: &FlagCard, action: FlagAction) -> String {
        paths::flag_action(self.case, flag.number, action)
    }

    /// The refused attempt, if it was this one.
    fn attempt_on_request(&self, request: &RequestCard, action: RequestAction) -> Option<&Attempt> {
        let target = AttemptTarget::Request(request.id, action);
        self.attempt.as_ref().filter(|attempt| attempt.target == target)
    }

    fn attempt_on_flag(&self, flag: &FlagCard, action: FlagAction) -> Option<&Attempt> {
        let target = AttemptTarget::Flag(flag.number, action);
        self.attempt.as_ref().filter(|attempt| attempt.target == target)
    }
}
