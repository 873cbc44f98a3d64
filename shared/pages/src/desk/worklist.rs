//! The worklist: what waits for whom, by due time; and what a search found.

use super::{DeskChoice, DeskFrame};
use crate::{PageLanguage, paths, texts::DeskTexts, words::Words};
use askama::Template;
use lotse_domain::{CaseSummary, Cursor, DeskId, WorkItem, WorkStatus, WorklistEntry};

/// A view of a desk's worklist.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WorklistView {
    /// Everything to be worked on, claimed or not.
    #[default]
    Open,
    /// What nobody works on.
    Unclaimed,
    /// What I work on.
    Mine,
    /// What waits for the contact.
    Waiting,
    /// What is answered, closed or settled.
    Done,
}

impl WorklistView {
    /// All views, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Open, Self::Unclaimed, Self::Mine, Self::Waiting, Self::Done];

    /// The value of the parameter `view`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Unclaimed => "unclaimed",
            Self::Mine => "mine",
            Self::Waiting => "waiting",
            Self::Done => "done",
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
            Self::Open => ("Offen", "Open"),
            Self::Unclaimed => ("Noch frei", "Unclaimed"),
            Self::Mine => ("Meine", "Mine"),
            Self::Waiting => ("Warten auf den Kontakt", "Waiting for the contact"),
            Self::Done => ("Erledigt", "Done"),
        }
    }
}

/// A tab of the worklist.
#[derive(Clone, Copy, Debug)]
pub struct WorklistTab {
    /// The view it opens.
    pub view: WorklistView,
    /// How many lines it holds, where that is known.
    pub count: Option<usize>,
}

/// A line of the worklist. Holds personal data: it has no `Debug`.
#[derive(Clone)]
pub struct WorklistRow {
    /// The line as the store has it.
    pub entry: WorklistEntry,
    /// The products named, by brand.
    pub products: Vec<String>,
    /// The name of whoever works on it.
    pub assignee: Option<String>,
    /// Who wrote: name or institution; empty where it is not shown.
    pub contact: String,
}

impl WorklistRow {
    fn path(&self) -> String {
        let part = match self.entry.item {
            WorkItem::Request { id, .. } => format!("#request-{id}"),
            WorkItem::Flag { number, .. } => format!("#flag-{number}"),
        };
        paths::case(self.entry.case) + &part
    }

    fn is_flag(&self) -> bool {
        matches!(self.entry.item, WorkItem::Flag { .. })
    }

    /// What it is about: topic or kind of flag, and the products.
    fn title(&self, language: PageLanguage) -> String {
        let about = match self.entry.item {
            WorkItem::Request { topic, .. } => topic.words(language),
            WorkItem::Flag { kind, .. } => kind.words(language),
        };
        if self.products.is_empty() {
            about.to_owned()
        } else {
            format!("{about} – {}", self.products.join(", "))
        }
    }

    fn is_waiting(&self) -> bool {
        self.entry.status == WorkStatus::Waiting
    }

    /// Only what is to be worked on has a due time that can pass.
    fn is_open(&self) -> bool {
        self.entry.status == WorkStatus::Open
    }

    fn state(&self, language: PageLanguage) -> &'static str {
        language.choose(match (self.entry.status, self.entry.assignee.is_some()) {
            (WorkStatus::Open, false) => ("Noch frei", "Unclaimed"),
            (WorkStatus::Open, true) => ("In Bearbeitung", "In progress"),
            (WorkStatus::Waiting, _) => ("Wartet auf den Kontakt", "Waiting for the contact"),
            (WorkStatus::Done, _) => ("Erledigt", "Done"),
        })
    }
}

/// The worklist of one desk.
#[derive(Template)]
#[template(path = "desk/worklist.html")]
pub struct WorklistPage {
    /// What surrounds the page.
    pub frame: DeskFrame,
    /// The tabs.
    pub tabs: Vec<WorklistTab>,
    /// The tab that is open.
    pub view: WorklistView,
    /// The desks that the user may see.
    pub desks: Vec<DeskChoice>,
    /// The desk that is shown.
    pub desk: DeskId,
    /// The lines, next due first.
    pub rows: Vec<WorklistRow>,
    /// True on a page after the first.
    pub continued: bool,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

impl WorklistPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }

    fn is_open(&self, tab: &WorklistTab) -> bool {
        self.view == tab.view
    }

    fn is_shown(&self, desk: &DeskChoice) -> bool {
        self.desk == desk.id
    }

    fn tab_path(&self, tab: &WorklistTab) -> String {
        paths::worklist(&self.desk, tab.view)
    }

    fn desk_path(&self, desk: &DeskChoice) -> String {
        paths::worklist(&desk.id, self.view)
    }

    /// The first page; the template adds the cursor with percent-encoding.
    fn first_path(&self) -> String {
        paths::worklist(&self.desk, self.view)
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
    /// The cases found, best first.
    pub cases: Vec<CaseSummary>,
}

impl SearchPage {
    fn texts(&self) -> &'static DeskTexts {
        self.frame.texts()
    }
}
