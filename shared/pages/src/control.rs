//! One field of a form: its label, hint, control and error, tied together for whoever hears the page rather than
//! sees it (WCAG 2.2, 1.3.1, 3.3.1 to 3.3.3).

use crate::{PageLanguage, countries::Country, texts::FormTexts};
use askama::{Template, filters::HtmlSafe};

/// What the control is.
pub(crate) enum Kind {
    /// One line of text, with the `type` and `autocomplete` of the input.
    Line {
        /// `text`, `email`, `tel` or `date`.
        input_type: &'static str,
        /// What the browser may fill in (HTML, autofill field names).
        autocomplete: &'static str,
    },
    /// Several lines.
    Text,
    /// One of a few, all visible.
    Choice(Vec<Choice>),
    /// One of many: value and label of each.
    List(&'static [Country]),
    /// A box to tick.
    Tick,
}

/// One of a few.
pub(crate) struct Choice {
    /// The id of its input. The first has the name of the field, since the error summary links there.
    pub(crate) id: &'static str,
    pub(crate) value: &'static str,
    pub(crate) words: &'static str,
    pub(crate) explained: &'static str,
}

/// Whether the field must be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing is sent without it.
    Required,
    /// It is asked for, and the rest is taken without it.
    Asked,
    /// The label says that it may stay empty.
    Optional,
}

/// A field as `parts/control.html` shows it. The id of its input is its name.
#[derive(Template)]
#[template(path = "parts/control.html")]
pub(crate) struct Control<'a> {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: Option<&'static str>,
    pub(crate) kind: Kind,
    pub(crate) value: &'a str,
    pub(crate) limit: usize,
    pub(crate) error: Option<&'static str>,
    pub(crate) need: Need,
    pub(crate) language: PageLanguage,
}

impl HtmlSafe for Control<'_> {}

impl Control<'_> {
    fn texts(&self) -> &'static FormTexts {
        FormTexts::of(self.language)
    }

    fn is_required(&self) -> bool {
        self.need == Need::Required
    }

    fn is_optional(&self) -> bool {
        self.need == Need::Optional
    }

    fn is_chosen(&self, option: &str) -> bool {
        self.value == option
    }

    /// The ids of what describes the control: error first, since it matters most.
    fn described_by(&self) -> Option<String> {
        let error = self.error.map(|_| format!("{}-error", self.name));
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let ids: Vec<_> = error.into_iter().chain(hint).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}
