//! The types of notices: the names that receivers, filters and dashboards know events by.

use lotse_domain::OutgoingKind;

/// The type of a notice (CloudEvents `type`). A change that an old receiver would misread gets a new
/// version number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeType {
    /// A message came and is to be classified.
    MessageReceived,
    /// A request is on its way to the desk that the queue stands for.
    RequestRouted,
    /// Safety-relevant information is to be handed over.
    SafetyFlagged,
    /// The contact is to hear that we have the inquiry, and what happens next.
    ContactReceipt,
    /// The contact is to be asked for what is missing.
    ContactQuestions,
    /// A specialist has answered.
    ContactAnswer,
    /// A specialist asks the contact.
    ContactQuestion,
    /// The contact is to be reminded.
    ContactReminder,
}

impl NoticeType {
    /// All types.
    pub const ALL: [Self; 8] = [
        Self::MessageReceived,
        Self::RequestRouted,
        Self::SafetyFlagged,
        Self::ContactReceipt,
        Self::ContactQuestions,
        Self::ContactAnswer,
        Self::ContactQuestion,
        Self::ContactReminder,
    ];

    /// The type as it stands in the notice.
    pub fn name(self) -> &'static str {
        match self {
            Self::MessageReceived => "lotse.message.received.v1",
            Self::RequestRouted => "lotse.request.routed.v1",
            Self::SafetyFlagged => "lotse.safety.flagged.v1",
            Self::ContactReceipt => "lotse.contact.receipt.v1",
            Self::ContactQuestions => "lotse.contact.questions.v1",
            Self::ContactAnswer => "lotse.contact.answer.v1",
            Self::ContactQuestion => "lotse.contact.question.v1",
            Self::ContactReminder => "lotse.contact.reminder.v1",
        }
    }

    /// The type that brings a due message to the function that sends it.
    pub fn of_message(kind: OutgoingKind) -> Self {
        match kind {
            OutgoingKind::Receipt => Self::ContactReceipt,
            OutgoingKind::GapQuestions => Self::ContactQuestions,
            OutgoingKind::Answer => Self::ContactAnswer,
            OutgoingKind::SpecialistQuestion => Self::ContactQuestion,
            OutgoingKind::Reminder => Self::ContactReminder,
        }
    }
}
