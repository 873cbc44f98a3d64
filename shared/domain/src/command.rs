//! What may be asked of a case, and why it may be refused.

use crate::{
    Arrival, Decision, DeskId, Destination, EmailAddress, FlagNumber, MessageNumber, OutgoingKind,
    ReceivedMessage, RequestId, SafetyKind, SentMessage, StateName, Topic, UserId, Verbatim, WithholdReason,
};
use jiff::Timestamp;

/// What somebody wants to happen to a case. Times that depend on the policy's calendar are computed by
/// whoever sends the command; the case only keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Append a message from the contact.
    ReceiveMessage {
        /// The message.
        message: ReceivedMessage,
    },
    /// Act on what triage decided about a message. Deciding twice about one message changes nothing.
    Classify {
        /// Which message.
        message: MessageNumber,
        /// What triage found.
        decision: Decision,
        /// What the policy says about desks and times.
        plan: RoutingPlan,
    },
    /// The request reached its desk: start the clock.
    Arrive {
        /// Which request.
        request: RequestId,
        /// The clock.
        arrival: Arrival,
    },
    /// Take an unclaimed request.
    Claim {
        /// Which request.
        request: RequestId,
    },
    /// Give a claimed request back.
    Release {
        /// Which request.
        request: RequestId,
    },
    /// Confirm the route that triage was not quite sure of.
    ConfirmRoute {
        /// Which request.
        request: RequestId,
    },
    /// Answer the contact. Claims the request if nobody has.
    Answer {
        /// Which request.
        request: RequestId,
        /// The answer.
        text: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
    },
    /// Ask the contact something, and wait.
    AskContact {
        /// Which request.
        request: RequestId,
        /// The question.
        text: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
        /// When to remind.
        next_step_at: Timestamp,
    },
    /// Bring the request to another desk, or call it another topic.
    Move {
        /// Which request.
        request: RequestId,
        /// What it is about.
        topic: Topic,
        /// The new desk.
        desk: DeskId,
        /// The new desk's kind; never the contact.
        to: Destination,
        /// Why.
        reason: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
        /// The clock, needed where `to` is review.
        arrival: Option<Arrival>,
    },
    /// Close the request.
    Close {
        /// Which request.
        request: RequestId,
        /// Why.
        reason: Verbatim,
        /// Business minutes since the clock last started.
        spent_minutes: u32,
    },
    /// Open a request again that was done.
    Reopen {
        /// Which request.
        request: RequestId,
        /// Where it goes; never the contact.
        to: Destination,
        /// Why.
        reason: Verbatim,
        /// The clock, needed where `to` is review.
        arrival: Option<Arrival>,
    },
    /// Record that a message went out. Recording twice changes nothing.
    RecordSent {
        /// The message.
        message: SentMessage,
    },
    /// Record that a message did not go out. Recording twice changes nothing.
    RecordWithheld {
        /// What it would have been.
        kind: OutgoingKind,
        /// The event it would have answered.
        caused_by: u32,
        /// Why not.
        reason: WithholdReason,
    },
    /// Mail to the contact came back for good.
    MarkAddressFailed {
        /// Status code (RFC 3463) or the server's words.
        diagnosis: String,
        /// The clock of the person who decides now.
        arrival: Arrival,
    },
    /// Remind the contact of every request whose time has come.
    Remind {
        /// When the next step is due.
        next_step_at: Timestamp,
    },
    /// Give every waiting request whose time has come to a person.
    GiveToPerson {
        /// Their clock.
        arrival: Arrival,
    },
    /// Mark what is past its due time.
    MarkOverdue,
    /// Record that pharmacovigilance or quality has been told.
    HandOver {
        /// Which flags.
        flags: Vec<FlagNumber>,
        /// The department's address.
        to: EmailAddress,
        /// The Message-ID of the hand-over.
        message_id: String,
    },
    /// Record the department's own number.
    AcknowledgeFlag {
        /// Which flag.
        flag: FlagNumber,
        /// The number.
        number: String,
    },
    /// Record that it is none.
    DismissFlag {
        /// Which flag.
        flag: FlagNumber,
        /// Why.
        reason: Verbatim,
    },
}

/// What the policy and its calendar say about a decision, worked out before the case acts on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutingPlan {
    /// The desk of each topic that the decision routes, `Unknown` included.
    pub desks: Vec<(Topic, DeskId)>,
    /// The desk of each safety kind that the decision flags.
    pub safety_desks: Vec<(SafetyKind, DeskId)>,
    /// When to remind a contact who is asked now.
    pub next_step_at: Timestamp,
    /// The clock of a request that goes to review now.
    pub review: Arrival,
    /// When a safety hand-over is due.
    pub hand_over_due_at: Timestamp,
}

/// Why a command is refused. Says what to do instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No such request.
    #[error("the case has no request {0}")]
    NoSuchRequest(RequestId),
    /// No such message.
    #[error("the case has no message {0} from the contact")]
    NoSuchMessage(MessageNumber),
    /// No such flag.
    #[error("the case has no safety flag {0}")]
    NoSuchFlag(FlagNumber),
    /// The request's state does not allow it.
    #[error("request {request} is {state} and cannot be {attempted}; it must be {needed}")]
    WrongState {
        /// Which request.
        request: RequestId,
        /// Where it stands.
        state: StateName,
        /// What was attempted, as a participle: "answered".
        attempted: &'static str,
        /// What it would have to be.
        needed: &'static str,
    },
    /// Somebody else works on it.
    #[error("request {request} is claimed by {by}; ask them to release it")]
    ClaimedBy {
        /// Which request.
        request: RequestId,
        /// Who.
        by: UserId,
    },
    /// Only a person at a desk may do this.
    #[error("only a person at a desk can do this")]
    NeedsPerson,
    /// A text that is needed is blank.
    #[error("the {0} is empty; write one")]
    BlankText(&'static str),
    /// A request cannot be moved there.
    #[error("a request cannot be sent to the contact as if to a desk; ask the contact a question instead")]
    ContactIsNoDesk,
    /// A review desk starts its clock at once.
    #[error("no clock given for the review desk")]
    ClockMissing,
    /// The policy names no desk for a topic or safety kind that was decided.
    #[error("no desk given for {0}")]
    DeskMissing(&'static str),
    /// The flag is settled.
    #[error("safety flag {0} is settled already")]
    FlagSettled(FlagNumber),
    /// A case holds a bounded number of messages, requests and flags.
    #[error("the case holds as many {0} as it can; open a new case")]
    Full(&'static str),
}
