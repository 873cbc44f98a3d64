//! What the process needs of the world. An adapter implements a port; a handler is generic over it.
//!
//! Every method may be called concurrently. Errors say what a caller can do about them.

use crate::{
    BlobId, Case, CaseId, CaseReference, CaseSummary, Commit, ContactId, Cursor, DeskId, EmailAddress,
    EventId, Failure, IdentifierKind, Page, Queue, QueueMessage, RecordedEvent, UserId, WorklistEntry,
    WorklistQuery,
};
use jiff::Timestamp;
use std::{collections::BTreeSet, error::Error, fmt, future::Future, pin::Pin};

/// Tells the time. Passed in, so that tests and replays choose it.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// Gives numbers that nobody can guess.
pub trait RandomSource: Send + Sync {
    /// 128 random bits.
    fn number(&self) -> u128;
}

/// The world is not there, or not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// It may be there later: try again.
    #[error("not available now: {0}")]
    ForNow(#[source] Box<dyn Error + Send + Sync>),
    /// What is stored is not what this version writes: a person must look.
    #[error("stored data cannot be read: {0}")]
    Unreadable(#[source] Box<dyn Error + Send + Sync>),
}

impl Unavailable {
    /// It may be there later.
    pub fn for_now(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::ForNow(cause.into())
    }
    /// What is stored cannot be read.
    pub fn unreadable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unreadable(cause.into())
    }
}

/// Why a commit was not carried out. In every case nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The case has another version than expected: read it again and decide again.
    #[error("the case changed meanwhile")]
    Conflict,
    /// One of the claims is taken, by this case: what was to be done is done already.
    #[error("already done by case {case}")]
    AlreadyDone {
        /// The case that holds the claim.
        case: CaseId,
        /// The claim's key.
        key: String,
    },
    /// The store is not there.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// Cases and their history.
pub trait CaseStore: Send + Sync {
    /// The case as of its last commit; `None` where there is none.
    fn load(&self, case: CaseId) -> impl Future<Output = Result<Option<Case>, Unavailable>> + Send;

    /// Carries out a transition: snapshot, events and claims together or not at all.
    ///
    /// An adapter MUST check in one transaction that the stored version is the expected one (else
    /// `Conflict`) and that no claim is held (else `AlreadyDone`, which goes before `Conflict`); an
    /// expired claim counts as free. When it returns `Ok`, the commit survives a crash of process and
    /// machine, and its events are undelivered.
    fn commit(&self, commit: Commit) -> impl Future<Output = Result<(), CommitError>> + Send;

    /// The case's events, oldest first.
    fn history(&self, case: CaseId) -> impl Future<Output = Result<Vec<RecordedEvent>, Unavailable>> + Send;

    /// One event; `None` where there is none.
    fn event(&self, id: EventId) -> impl Future<Output = Result<Option<RecordedEvent>, Unavailable>> + Send;

    /// The case that holds a claim that has not expired at `now`.
    fn claimed_by(
        &self,
        key: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<CaseId>, Unavailable>> + Send;

    /// The case of that reference.
    fn find_by_reference(
        &self,
        reference: CaseReference,
    ) -> impl Future<Output = Result<Option<CaseId>, Unavailable>> + Send;

    /// A desk's lines of one status by due time, earliest first (for [`WorkStatus::Done`](crate::WorkStatus)
    /// latest first); equal times by case and item, so that paging neither skips nor repeats.
    /// A cursor that this store did not make reads as the first page.
    fn worklist(
        &self,
        query: &WorklistQuery,
    ) -> impl Future<Output = Result<Page<WorklistEntry>, Unavailable>> + Send;

    /// A contact's cases, latest first.
    fn timeline(
        &self,
        contact: ContactId,
        after: Option<&Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<CaseSummary>, Unavailable>> + Send;

    /// The cases that name an identifier, latest first, 50 at most.
    fn find_by_identifier(
        &self,
        kind: IdentifierKind,
        value: &str,
    ) -> impl Future<Output = Result<Vec<CaseSummary>, Unavailable>> + Send;

    /// The cases whose messages hold all these words, best first. Any text is a legal search.
    fn search(
        &self,
        words: &str,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<CaseSummary>, Unavailable>> + Send;

    /// The cases whose [`next_deadline`](Case::next_deadline) has come, earliest first.
    fn due(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<CaseId>, Unavailable>> + Send;
}

/// Bytes that are too large or too raw for an event: raw mail above all.
pub trait BlobStore: Send + Sync {
    /// Stores bytes under their hash; storing them twice is storing them once. On `Ok` they survive a crash.
    fn put(&self, bytes: Vec<u8>) -> impl Future<Output = Result<BlobId, Unavailable>> + Send;
    /// The bytes; `None` where there are none.
    fn get(&self, id: &BlobId) -> impl Future<Output = Result<Option<Vec<u8>>, Unavailable>> + Send;
}

/// Raw mail as a mail service has put it down, before it is kept as a blob.
pub trait IncomingMail: Send + Sync {
    /// The raw mail under the key that the service announced.
    ///
    /// # Errors
    /// To park where there is none, or none any more; to retry where it cannot be read now.
    fn incoming(&self, key: &str) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;
}

/// The way to the queues.
pub trait QueueSender: Send + Sync {
    /// Hands all messages over, or returns an error after which all may be handed over again: queues and
    /// their readers tolerate repeats. A queue that remembers keys drops a message whose key it saw.
    fn send(&self, messages: Vec<QueueMessage>) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// A delivery that was given up: it failed for good, or too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedDelivery {
    /// What it is tried again by.
    pub id: String,
    /// The queue that it stood in.
    pub queue: Queue,
    /// The message: JSON, for cases an [`EventNotice`](crate::EventNotice).
    pub body: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed the last time.
    pub reason: String,
    /// When it was given up.
    pub parked_at: Timestamp,
}

/// Deliveries that were given up, until a person has them tried again.
pub trait ParkedDeliveries: Send + Sync {
    /// Those given up, the latest first.
    fn parked(&self, limit: usize) -> impl Future<Output = Result<Vec<ParkedDelivery>, Unavailable>> + Send;
    /// Puts one back into its queue; false where it is not there, or not any more.
    fn retry_parked(&self, id: &str) -> impl Future<Output = Result<bool, Unavailable>> + Send;
}

/// The history as an outbox, where no stream of the table drives `dispatch`: embedded.
pub trait EventFeed: Send + Sync {
    /// Events that were not marked delivered: each case's in order, older commits first.
    fn undelivered(
        &self,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<RecordedEvent>, Unavailable>> + Send;
    /// Marks events delivered; those that are already stay so.
    fn mark_delivered(&self, events: &[EventId]) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// A mail, ready to go.
pub struct ReadyMail {
    /// Its Message-ID without angle brackets: what a repeated hand-over is recognised by.
    pub message_id: String,
    /// The envelope's sender; bounces go there.
    pub from: EmailAddress,
    /// The envelope's only recipient.
    pub to: EmailAddress,
    /// The message (RFC 5322), with CRLF line ends.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for ReadyMail {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[mail {}, {} bytes]", self.message_id, self.bytes.len())
    }
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The address or the message is refused for good: sending again cannot help.
    #[error("refused for good: {diagnosis}")]
    Refused {
        /// Status code (RFC 3463) or the server's words, without the address.
        diagnosis: String,
    },
    /// Later, perhaps.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// The way out for mail.
pub trait MailSender: Send + Sync {
    /// Takes a mail over for good: on `Ok` it will go out though this process dies. A mail whose
    /// Message-ID was taken before is not taken twice, as far as the way out allows; where it does not,
    /// both copies carry the same Message-ID and the same bytes.
    fn send(&self, mail: ReadyMail) -> impl Future<Output = Result<(), SendError>> + Send;
}

/// A person who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The sign-in name.
    pub id: UserId,
    /// The name that colleagues read.
    pub name: String,
    /// The desks the person works at.
    pub desks: BTreeSet<DeskId>,
    /// True where the person also sees parked failures and other people's desks.
    pub administrator: bool,
    /// True once the person may no longer sign in; open sessions end at once.
    pub disabled: bool,
    /// The password's hash.
    pub password: PasswordHash,
}

/// A password's hash in PHC string form (argon2id).
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[password hash]")
    }
}

/// A signed-in browser. The token itself is only in the browser's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who signed in.
    pub user: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The people at the desks, and who is signed in.
pub trait UserDirectory: Send + Sync {
    /// The user of that name, disabled ones included.
    fn user(&self, id: &UserId) -> impl Future<Output = Result<Option<User>, Unavailable>> + Send;
    /// All users, by name.
    fn users(&self) -> impl Future<Output = Result<Vec<User>, Unavailable>> + Send;
    /// Adds the user, or replaces the one of the same name. Disabling ends the user's sessions.
    fn save_user(&self, user: User) -> impl Future<Output = Result<(), Unavailable>> + Send;
    /// Opens a session.
    fn open_session(&self, session: Session) -> impl Future<Output = Result<(), Unavailable>> + Send;
    /// The user of a session that has not ended at `now` and whose user is not disabled.
    fn session_user(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<User>, Unavailable>> + Send;
    /// Ends a session; one that is not there counts as ended.
    fn end_session(&self, token_hash: &[u8; 32]) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// The way to the company's sign-in service, begun: where the browser goes, and what it must come back with.
/// Everything but the address stays with the browser that began, and is worth nothing without it.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInBegun {
    /// Where the browser is sent.
    pub address: String,
    /// What the service must send back with the browser (RFC 6749 §10.12).
    pub state: String,
    /// What the service must sign with the identity (OpenID Connect Core 1.0 §3.1.2.1).
    pub nonce: String,
    /// What shows that the code is redeemed by who asked for it (RFC 7636).
    pub verifier: String,
}

impl fmt::Debug for SignInBegun {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("[sign-in begun]")
    }
}

/// Who the company's sign-in service says somebody is.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// What the service knows the person by, forever and alone (OpenID Connect Core 1.0 §2, `sub`).
    pub subject: String,
    /// The name that colleagues read; empty where the service tells none.
    pub name: String,
    /// The groups that the service puts the person in.
    pub groups: BTreeSet<String>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[identity in {} groups]", self.groups.len())
    }
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The service did not vouch for anybody: a code that is not its own or was used before, an identity
    /// signed by somebody else, for somebody else, or too long ago.
    #[error("the sign-in service vouches for nobody: {0}")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
    /// The service is not there.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
}

/// What an identity provider answers with, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, IdentityError>> + Send + 'a>>;

/// The company's own sign-in service. Where there is one, the desk asks for no passwords.
///
/// Its futures are boxed, since a desk has such a service or has none, and is the same desk.
pub trait IdentityProvider: Send + Sync {
    /// Begins a sign-in.
    fn begin(&self) -> Answer<'_, SignInBegun>;

    /// Ends a sign-in that `begun` began, with the code that the browser came back with.
    ///
    /// An adapter MUST check that the identity is signed by the service, meant for this desk, not expired,
    /// and made for this very sign-in (its nonce).
    fn finish<'a>(&'a self, code: &'a str, begun: &'a SignInBegun) -> Answer<'a, Identity>;
}
