//! The language of a page, and the macro that keeps every text of a page in both.

use lotse_domain::Language;

/// A language that the pages speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PageLanguage {
    /// German, formal („Sie“).
    #[default]
    German,
    /// English.
    English,
}

impl PageLanguage {
    /// Both, in the order in which a language switch shows them.
    pub const ALL: [Self; 2] = [Self::German, Self::English];

    /// The BCP 47 tag for `lang` attributes and the `lang` parameter: `de` or `en`.
    pub fn tag(self) -> &'static str {
        self.choose(("de", "en"))
    }

    /// The language with this tag; `None` for any other text.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language's name in itself, as a language switch shows it.
    pub fn own_name(self) -> &'static str {
        self.choose(("Deutsch", "English"))
    }

    /// The other of the two.
    #[must_use]
    pub fn other(self) -> Self {
        self.choose((Self::English, Self::German))
    }

    /// The German or the English one of a pair. Pairs are how texts are written, so that none lacks a language.
    pub fn choose<T>(self, (german, english): (T, T)) -> T {
        match self {
            Self::German => german,
            Self::English => english,
        }
    }

    /// The first page language that a browser's `Accept-Language` header (RFC 9110, 12.5.4) prefers. Weights
    /// are compared; what cannot be read is passed over. `None` where it names neither language.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let weight = |parameters: &str| {
            let given = parameters.trim().strip_prefix("q=").and_then(|text| text.trim().parse::<f32>().ok());
            given.unwrap_or(1.0)
        };
        let wanted = header.split(',').filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            Some((Self::from_tag(&primary)?, weight(parameters)))
        });
        // The first of the heaviest: `max_by` would give the last.
        let heaviest = wanted
            .filter(|(_, weight)| *weight > 0.0)
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        heaviest.map(|(language, _)| language)
    }
}

impl From<&Language> for PageLanguage {
    /// German to German, English to everybody else.
    fn from(language: &Language) -> Self {
        match language {
            Language::German => Self::German,
            Language::English | Language::Other(_) => Self::English,
        }
    }
}

/// A table of the texts of one page: a struct with one field per text and a value of it for each language.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $german:literal, $english:literal;)+ }) => {
        $(#[$doc])*
        pub(crate) struct $name {
            $(pub(crate) $field: &'static str,)+
        }

        impl $name {
            /// The texts in this language.
            pub(crate) fn of(language: $crate::PageLanguage) -> &'static Self {
                const GERMAN: $name = $name { $($field: $german,)+ };
                const ENGLISH: $name = $name { $($field: $english,)+ };
                language.choose((&GERMAN, &ENGLISH))
            }
        }
    };
}
pub(crate) use texts;

#[cfg(test)]
mod tests {
    use super::PageLanguage::{self, English, German};

    #[test]
    fn a_browser_is_answered_in_the_language_it_prefers() {
        let cases = [
            ("de-DE,de;q=0.9,en;q=0.8", Some(German)),
            ("en-GB,en;q=0.9,de;q=0.2", Some(English)),
            ("fr;q=0.9,en;q=0.3,de;q=0.4", Some(German)),
            ("en, de", Some(English)),
            ("DE-at", Some(German)),
            ("de;q=0,en;q=0.1", Some(English)),
            ("fr-FR,fr;q=0.9", None),
            ("", None),
            (";;q=,,=;q=x", None),
        ];
        for (header, expected) in cases {
            assert_eq!(PageLanguage::from_accept_language(header), expected, "{header}");
        }
    }

    #[test]
    fn a_tag_names_its_language_and_nothing_else() {
        for language in PageLanguage::ALL {
            assert_eq!(PageLanguage::from_tag(language.tag()), Some(language));
            assert_ne!(language.other(), language);
        }
        assert_eq!(PageLanguage::from_tag("fr"), None);
    }
}
