//! What people see of many cases at once.

use crate::{
    Case, CaseId, CaseReference, DeskId, FlagNumber, Language, ProductId, RequestId, SafetyKind, StateName,
    Topic, UserId,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of a desk's worklist: a request, or a safety flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorklistEntry {
    /// The case.
    pub case: CaseId,
    /// Its name for people.
    pub reference: CaseReference,
    /// What is to be worked on.
    pub item: WorkItem,
    /// The desk.
    pub desk: DeskId,
    /// Where it stands, in a worklist's terms.
    pub status: WorkStatus,
    /// Who works on it.
    pub assignee: Option<UserId>,
    /// When it is due: the order of the list. Where no clock runs, when the contact's turn ends or, for
    /// what is done, when it last changed.
    pub due_at: Timestamp,
    /// True once the due time has passed.
    pub overdue: bool,
    /// When the case was opened.
    pub opened_at: Timestamp,
    /// The contact's language.
    pub language: Language,
    /// The products named.
    pub products: Vec<ProductId>,
    /// The kinds of safety flags that the case carries, dismissed ones left out.
    pub safety: Vec<SafetyKind>,
    /// True where the desk should confirm the route.
    pub confirm: bool,
}

/// What a line of a worklist is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkItem {
    /// A request.
    Request {
        /// Its number.
        id: RequestId,
        /// What it is about.
        topic: Topic,
    },
    /// A safety flag.
    Flag {
        /// Its number.
        number: FlagNumber,
        /// The kind.
        kind: SafetyKind,
    },
}

/// The part of a desk's worklist that a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkStatus {
    /// To be worked on: at its desk or on its way there, in review, or a flag to acknowledge.
    Open,
    /// The contact's turn.
    Waiting,
    /// Answered, closed, acknowledged or dismissed.
    Done,
}

impl WorkStatus {
    /// The name as it stands in JSON and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }
}

impl Case {
    /// The lines that this case has on worklists.
    pub fn worklist_entries(&self) -> Vec<WorklistEntry> {
        let products: Vec<ProductId> = self.products.iter().cloned().collect();
        let dismissed = |flag: &&crate::SafetyFlag| !matches!(flag.state, crate::FlagState::Dismissed { .. });
        let mut safety: Vec<SafetyKind> = self.flags.iter().filter(dismissed).map(|flag| flag.kind).collect();
        safety.sort_unstable();
        safety.dedup();
        let entry = |item, desk: &DeskId, status, due_at, overdue| WorklistEntry {
            case: self.id,
            reference: self.reference,
            item,
            desk: desk.clone(),
            status,
            assignee: None,
            due_at,
            overdue,
            opened_at: self.opened_at,
            language: self.language.clone(),
            products: products.clone(),
            safety: safety.clone(),
            confirm: false,
        };
        let requests = self.requests.iter().map(|request| {
            let (status, due_at) = match &request.state {
                crate::RequestState::WaitingForContact { next_step_at, .. } => {
                    (WorkStatus::Waiting, *next_step_at)
                }
                crate::RequestState::Answered { at } | crate::RequestState::Closed { at } => {
                    (WorkStatus::Done, *at)
                }
                _ => (WorkStatus::Open, request.clock.due_at.unwrap_or(request.opened_at)),
            };
            let item = WorkItem::Request { id: request.id, topic: request.topic };
            let assignee = request.state.assignee().cloned();
            WorklistEntry {
                assignee,
                confirm: request.confirm,
                ..entry(item, &request.desk, status, due_at, request.overdue)
            }
        });
        let flags = self.flags.iter().map(|flag| {
            let status = if flag.is_open() { WorkStatus::Open } else { WorkStatus::Done };
            let item = WorkItem::Flag { number: flag.number, kind: flag.kind };
            entry(item, &flag.desk, status, flag.due_at, flag.overdue)
        });
        requests.chain(flags).collect()
    }
}

/// Which part of a desk's worklist to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorklistQuery {
    /// The desk.
    pub desk: DeskId,
    /// Which part.
    pub status: WorkStatus,
    /// Only this person's, where given.
    pub assignee: Option<UserId>,
    /// Where the page before ended; `None` for the first.
    pub after: Option<Cursor>,
    /// How many lines at most: 1 to 200.
    pub limit: usize,
}

/// A place between two lines of a list; what it holds is the store's own. Comes back from a browser, so
/// a store takes nothing in it for granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The lines.
    pub items: Vec<T>,
    /// Where the next page starts; `None` where this is the last.
    pub next: Option<Cursor>,
}

/// One case in a list of cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseSummary {
    /// The case.
    pub case: CaseId,
    /// Its name for people.
    pub reference: CaseReference,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The topics and where each stands.
    pub requests: Vec<(Topic, StateName)>,
    /// True where nobody has anything left to do.
    pub done: bool,
}

impl From<&Case> for CaseSummary {
    fn from(case: &Case) -> Self {
        Self {
            case: case.id,
            reference: case.reference,
            opened_at: case.opened_at,
            requests: case.requests.iter().map(|request| (request.topic, request.state.name())).collect(),
            done: case.is_done(),
        }
    }
}
