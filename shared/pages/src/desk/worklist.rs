//! The worklist: what waits for whom, by due time.

use super::{DeskChoice, DeskFrame};
use crate::{Stage, paths, texts::DeskTexts, words::Words};
use askama::Template;
use jiff::Timestamp;
use lotse_domain::{CaseId, DeskId, Language, RequestId, SafetyKind, Topic};

/// A view of the worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorklistView {
    /// Everything open at one's desks, claimed or not.
    #[default]
    Open,
    /// What nobody works on.
    Unclaimed,
    /// What somebody works on.
    Claimed,
    /// What I work on.
    Mine,
    /// What waits for the contact.
    Waiting,
    /// What a person must route.
    Review,
    /// What is answered or closed.
    Answered,
}

impl WorklistView {
    /// All views, in the order of the tabs.
    pub const ALL: [Self; 7] =
        [Self::Open, Self::Unclaimed, Self::Claimed, Self::Mine, Self::Waiting, Self::Review, Self::Answered];

    /// The value of the parameter `view`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unclaimed => "unclaimed",
            Self::Claimed => "claimed",
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Answered => "answered",
        }
    }

    /// The view with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.name() == name)
    }
}

impl Words for WorklistView {
    fn pair(&self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("Alle offenen", "All open"),
            Self::Unclaimed => ("Frei", "Unclaimed"),
            Self::Claimed => ("Übernommen", "Claimed"),
            Self::Mine => ("Meine", "Mine"),
            Self::Waiting => ("Warten auf Kontakt", "Waiting for contact"),
            Self::Review => ("Zu prüfen", "To review"),
            Self::Answered => ("Beantwortet", "Answered"),
        }
    }
}

/// A tab of the worklist.
#[derive(Clone, Copy, Debug)]
pub struct WorklistTab {
    /// The view it opens.
    pub view: WorklistView,
    /// How many requests it holds, where that is known.
    pub count: Option<usize>,
}

/// A request in the worklist. Holds personal data: it has no `Debug`.
#[derive(Clone)]
pub struct WorklistRow {
    /// The case.
    pub case: CaseId,
    /// The request.
    pub request: RequestId,
    /// The case reference.
    pub reference: String,
    /// The subject, or the beginning of the text.
    pub subject: String,
    /// Who wrote: name or institution.
    pub contact: String,
    /// What it is about.
    pub topic: Topic,
    /// Where it stands.
    pub stage: Stage,
    /// The desk's name.
    pub desk: String,
    /// The name of whoever works on it.
    pub assignee: Option<String>,
    /// When the inquiry arrived.
    pub received_at: Timestamp,
    /// When it is due. `None` while its clock stands still.
    pub due: Option<Timestamp>,
    /// The language of the inquiry.
    pub language: Language,
    /// Whether the desk is asked to confirm the route.
    pub confirm: bool,
    /// Safety flags of the case that are not dismissed.
    pub safety: Vec<SafetyKind>,
}

impl WorklistRow {
    pub(crate) fn path(&self) -> String {
        paths::case(self.case)
    }
}

/// The worklist.
#[derive(Template)]
#[template(path = "desk/worklist.html")]
pub struct WorklistPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The tabs.
    pub tabs: Vec<WorklistTab>,
    /// The tab that is open.
    pub view: WorklistView,
    /// The desks that the user works at.
    pub desks: Vec<DeskChoice>,
    /// The desk that is shown; `None`: all of the user's.
    pub desk: Option<DeskId>,
    /// The requests, next due first.
    pub rows: Vec<WorklistRow>,
    /// True on a page after the first.
    pub continued: bool,
    /// The cursor of the next page.
    pub next: Option<String>,
}

impl WorklistPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }

    fn is_shown(&self, desk: &DeskChoice) -> bool {
        self.desk.as_ref() == Some(&desk.id)
    }

    fn is_open(&self, tab: &WorklistTab) -> bool {
        self.view == tab.view
    }

    fn tab_path(&self, tab: &WorklistTab) -> String {
        self.path_of(tab.view)
    }

    fn path_of(&self, view: WorklistView) -> String {
        let desk = self.desk.as_ref().map_or_else(String::new, |desk| format!("&desk={desk}"));
        format!("{}?view={}{desk}", paths::DESK, view.name())
    }

    /// The path without the cursor, to which the template adds it with percent-encoding.
    fn here(&self) -> String {
        self.path_of(self.view)
    }
}

/// What a search found.
#[derive(Template)]
#[template(path = "desk/search.html")]
pub struct SearchPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// What was searched for.
    pub query: String,
    /// The requests found.
    pub rows: Vec<WorklistRow>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

impl SearchPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }
}
