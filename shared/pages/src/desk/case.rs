//! One case: the conversation with its evidence, what was found, the requests and what can be done to them.

use super::{
    ActionError, Attempt, AttemptTarget, DeskChoice, DeskFrame, FlagAction, RequestAction,
    action::{allowed_on_flag, allowed_on_request},
    evidence::{self, Findings, Quote},
    history,
    unanswered::{self, Unanswered},
};
use crate::{
    Names, Span,
    conversation::{Message, conversation},
    countries::country_name,
    paths,
    problem::size_words,
    texts::DeskTexts,
    words::Words,
};
use askama::Template;
use lotse_domain::{
    Attachment, Case, Check, Contact, EmailAddress, Field, FlagState, Gap, IdentifierFinding, RecordedEvent,
    Request, RequestState, SafetyFlag, Topic, UserId,
};

/// One case at the desk. Everything it shows is read from the case and its history.
#[derive(Template)]
#[template(path = "desk/case.html")]
pub struct CasePage {
    /// What surrounds the page. Whoever is signed in decides which actions are offered.
    pub frame: DeskFrame,
    /// The case.
    pub case: Case,
    /// Its history, from the first event on.
    pub history: Vec<RecordedEvent>,
    /// What desks, products and people are called.
    pub names: Names,
    /// The desks that a request can be moved to.
    pub desks: Vec<DeskChoice>,
    /// An action that was refused.
    pub attempt: Option<Attempt>,
}

/// The topics that a person may move a request to.
pub(super) const MOVABLE_TOPICS: [Topic; 3] = [Topic::MedicalQuestion, Topic::ShippingStatus, Topic::Other];

/// A safety flag with what triage saw.
struct FlagSeen<'a> {
    flag: &'a SafetyFlag,
    percent: String,
    quotes: Vec<Quote<'a>>,
    actions: Vec<FlagAction>,
}

impl FlagSeen<'_> {
    fn may(&self, action: FlagAction) -> bool {
        self.actions.contains(&action)
    }
}

/// What a form of the page holds after an attempt that was refused; nothing where there was none.
#[derive(Default)]
struct Tried<'a> {
    typed: &'a str,
    desk: &'a str,
    topic: &'a str,
    /// What is wrong with the text, reason or number.
    entry_error: Option<&'static str>,
    /// What is wrong with the choice of desk and topic.
    target_error: Option<&'static str>,
}

impl Tried<'_> {
    fn is_refused(&self) -> bool {
        self.entry_error.is_some() || self.target_error.is_some()
    }
}

impl CasePage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }

    fn conversation(&self) -> Vec<Message<'_>> {
        conversation(&self.history)
    }

    /// The evidence in one part of a message.
    fn spans(&self, message: &Message<'_>, field: Field) -> Vec<Span> {
        message.decision.map_or_else(Vec::new, |decision| evidence::spans(decision, field, &self.names))
    }

    /// Who wrote a message.
    fn author<'a>(&'a self, message: &Message<'a>) -> &'a str {
        let Some(received) = message.received else { return &self.frame.company };
        let contact = &self.case.contact;
        let sender = received.mail.as_ref().and_then(|mail| mail.sender.as_ref());
        match sender {
            // Another address than the contact's: the name that is known may not be this person's.
            Some(sender) if contact.email.as_ref() != Some(sender) => sender.as_str(),
            _ => contact.name.as_deref().or(contact.email.as_ref().map(EmailAddress::as_str)).unwrap_or("?"),
        }
    }

    fn findings(&self) -> Findings<'_> {
        let gaps = |request| unanswered::gaps(request, &self.history);
        let open: Vec<Gap> = self.case.requests.iter().flat_map(gaps).copied().collect();
        evidence::gather(&self.conversation(), &open, &self.names)
    }

    fn flags(&self) -> Vec<FlagSeen<'_>> {
        let messages = self.conversation();
        self.case.flags.iter().map(|flag| self.flag_seen(flag, &messages)).collect()
    }

    fn flag_seen<'a>(&self, flag: &'a SafetyFlag, messages: &[Message<'a>]) -> FlagSeen<'a> {
        let message = messages.iter().find(|message| message.number == Some(flag.message));
        let decision = message.and_then(|message| message.decision);
        let finding =
            decision.and_then(|decision| decision.safety.iter().find(|finding| finding.kind == flag.kind));
        FlagSeen {
            flag,
            percent: finding.map_or_else(String::new, |finding| evidence::percent(finding.confidence)),
            quotes: match (message, finding) {
                (Some(message), Some(finding)) => evidence::quotes(message, &finding.evidence),
                _ => Vec::new(),
            },
            actions: self.frame.user.as_ref().map_or_else(Vec::new, |_| allowed_on_flag(flag)),
        }
    }

    fn allowed(&self, request: &Request) -> Vec<RequestAction> {
        self.frame.user.as_ref().map_or_else(Vec::new, |user| allowed_on_request(request, &user.id))
    }

    /// The allowed actions that need no more than a button.
    fn buttons(&self, request: &Request) -> Vec<RequestAction> {
        self.allowed(request).into_iter().filter(|action| action.needs_no_entry()).collect()
    }

    fn may(&self, request: &Request, action: RequestAction) -> bool {
        self.allowed(request).contains(&action)
    }

    fn unanswered(&self, request: &Request) -> Option<Unanswered> {
        unanswered::reason(request, &self.history)
    }

    fn is_mine(&self, request: &Request) -> bool {
        self.frame.user.as_ref().is_some_and(|user| request.state.assignee() == Some(&user.id))
    }

    fn request_path(&self, request: &Request, action: RequestAction) -> String {
        paths::request_action(self.case.id, request.id, action)
    }

    fn flag_path(&self, flag: &SafetyFlag, action: FlagAction) -> String {
        paths::flag_action(self.case.id, flag.number, action)
    }

    fn tried_on_request(&self, request: &Request, action: RequestAction) -> Tried<'_> {
        self.tried(AttemptTarget::Request(request.id, action))
    }

    fn tried_on_flag(&self, flag: &SafetyFlag, action: FlagAction) -> Tried<'_> {
        self.tried(AttemptTarget::Flag(flag.number, action))
    }

    fn tried(&self, target: AttemptTarget) -> Tried<'_> {
        let Some(attempt) = self.attempt.as_ref().filter(|attempt| attempt.target == target) else {
            return Tried::default();
        };
        let error = Some(attempt.error.words(self.frame.language));
        let is_about_target = attempt.error == ActionError::TargetMissing;
        let (entry_error, target_error) = if is_about_target { (None, error) } else { (error, None) };
        Tried { typed: &attempt.typed, desk: &attempt.desk, topic: &attempt.topic, entry_error, target_error }
    }

    /// What was typed for an action that is not offered any more: shown, so that it can be kept.
    fn stranded_text(&self) -> Option<&str> {
        let attempt = self.attempt.as_ref().filter(|attempt| !attempt.typed.is_empty())?;
        let is_offered = match attempt.target {
            AttemptTarget::Request(id, action) => {
                self.case.request(id).is_some_and(|request| self.may(request, action))
            }
            AttemptTarget::Flag(number, action) => {
                self.case.flag(number).is_some_and(|flag| allowed_on_flag(flag).contains(&action))
            }
        };
        (!is_offered).then_some(attempt.typed.as_str())
    }

    /// What is known of the contact: label and value of each.
    fn contact_facts(&self) -> Vec<(&'static str, &str)> {
        let t = self.texts();
        let Contact { email, name, profession, institution, country, phone } = &self.case.contact;
        let country = country.as_deref().map(|code| country_name(code, self.frame.language));
        [
            (t.name, name.as_deref()),
            (t.profession, profession.as_deref()),
            (t.institution, institution.as_deref()),
            (t.country, country),
            (t.email, email.as_ref().map(EmailAddress::as_str)),
            (t.phone, phone.as_deref()),
        ]
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)))
        .collect()
    }

    fn who<'a>(&'a self, recorded: &'a RecordedEvent) -> &'a str {
        history::who(recorded, &self.names, self.frame.language)
    }

    fn what(&self, recorded: &RecordedEvent) -> Vec<String> {
        history::what(recorded, &self.names, self.frame.language)
    }
}

/// Who works on a request, or gets it back once the contact has answered.
fn worker(request: &Request) -> Option<&UserId> {
    match &request.state {
        RequestState::WaitingForContact { asked_by, .. } => asked_by.as_ref(),
        RequestState::Received { returns_to } => returns_to.as_ref(),
        state => state.assignee(),
    }
}

fn attachment_size(attachment: &Attachment) -> String {
    size_words(usize::try_from(attachment.size).unwrap_or(usize::MAX))
}

/// The name that the stylesheet knows a check's result by.
fn check_name(found: &IdentifierFinding) -> &'static str {
    match found.check {
        Check::Valid => "valid",
        Check::Mistyped => "mistyped",
        Check::Unchecked => "unchecked",
        Check::Ambiguous => "ambiguous",
    }
}
