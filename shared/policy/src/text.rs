//! One text of the policy, with placeholders that are filled when it is used.

use crate::table::Table;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use std::collections::BTreeSet;

/// What can be put into a text. In the files it stands in braces: `{reference}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Placeholder {
    /// Name of the contact, with title.
    Name,
    /// Reference of the case.
    Reference,
    /// When the inquiry came in, in words.
    Received,
    /// When the question was asked, in words.
    Asked,
    /// Until when something is done, in words.
    Due,
    /// Name of the desk.
    Desk,
    /// Link to the contact's own page of the case.
    StatusLink,
    /// What happens next, one line per request.
    Steps,
    /// The questions to the contact, one per line.
    Questions,
    /// What helps but is not needed, one per line.
    Helpful,
    /// What a contact wrote that does not fit: a number with a typing error, names that are ambiguous.
    Value,
    /// The answer, as the specialist wrote it.
    Answer,
    /// The question, as the specialist wrote it.
    Question,
    /// Kinds of safety-relevant information, in words.
    Kinds,
    /// The contact's message, verbatim.
    Message,
    /// Who reported: name, profession, institution, country, address and phone, as far as known.
    Reporter,
    /// The places of a message that speak for safety-relevant information, one per line.
    Evidence,
    /// Link to the case at the desk.
    DeskLink,
    /// Name of the company.
    Company,
    /// Postal address of the company.
    PostalAddress,
    /// Phone of the company.
    Phone,
    /// Where patients report side effects.
    SafetyAddress,
    /// Link to the imprint.
    ImprintUrl,
    /// Link to the privacy notice.
    PrivacyUrl,
}

impl Placeholder {
    const ALL: [Self; 24] = [
        Self::Name,
        Self::Reference,
        Self::Received,
        Self::Asked,
        Self::Due,
        Self::Desk,
        Self::StatusLink,
        Self::Steps,
        Self::Questions,
        Self::Helpful,
        Self::Value,
        Self::Answer,
        Self::Question,
        Self::Kinds,
        Self::Message,
        Self::Reporter,
        Self::Evidence,
        Self::DeskLink,
        Self::Company,
        Self::PostalAddress,
        Self::Phone,
        Self::SafetyAddress,
        Self::ImprintUrl,
        Self::PrivacyUrl,
    ];

    /// The name as it stands between the braces.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Reference => "reference",
            Self::Received => "received",
            Self::Asked => "asked",
            Self::Due => "due",
            Self::Desk => "desk",
            Self::StatusLink => "status_link",
            Self::Steps => "steps",
            Self::Questions => "questions",
            Self::Helpful => "helpful",
            Self::Value => "value",
            Self::Answer => "answer",
            Self::Question => "question",
            Self::Kinds => "kinds",
            Self::Message => "message",
            Self::Reporter => "reporter",
            Self::Evidence => "evidence",
            Self::DeskLink => "desk_link",
            Self::Company => "company",
            Self::PostalAddress => "postal_address",
            Self::Phone => "phone",
            Self::SafetyAddress => "safety_address",
            Self::ImprintUrl => "imprint_url",
            Self::PrivacyUrl => "privacy_url",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|placeholder| placeholder.name() == name)
    }
}

/// A text of the policy: paragraphs of words and placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    paragraphs: Vec<Vec<Piece>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Piece {
    Words(String),
    Placeholder(Placeholder),
}

impl Text {
    /// The text with values in the place of its placeholders, paragraphs parted by an empty line.
    /// A placeholder without a value stays empty, and a paragraph whose placeholders are all empty is
    /// left out: „Was schon läuft: {steps}“ stands there only where there are steps. Values are taken
    /// as they are: braces in them mean nothing.
    pub fn fill(&self, values: &[(Placeholder, &str)]) -> String {
        let value_of = |wanted: Placeholder| {
            values
                .iter()
                .find(|(placeholder, _)| *placeholder == wanted)
                .map_or("", |(_, value)| value.trim())
        };
        let paragraphs = self.paragraphs.iter().filter_map(|pieces| {
            let mut placeholders = pieces.iter().filter_map(Piece::placeholder).peekable();
            let is_idle = placeholders.peek().is_some() && placeholders.all(|one| value_of(one).is_empty());
            let fill_piece = |piece: &Piece| match piece {
                Piece::Words(words) => words.clone(),
                Piece::Placeholder(placeholder) => value_of(*placeholder).to_owned(),
            };
            (!is_idle).then(|| pieces.iter().map(fill_piece).collect::<String>())
        });
        paragraphs.collect::<Vec<_>>().join("\n\n")
    }

    /// Reads a text. Reports placeholders that nobody fills there, and those that must not be left out.
    pub(crate) fn read(
        table: &mut Table<'_>,
        key: &str,
        must_have: &[Placeholder],
        may_have: &[Placeholder],
    ) -> Option<Self> {
        let source = table.required::<Spanned<String>>(key)?;
        let allowed: Vec<Placeholder> = must_have.iter().chain(may_have).copied().collect();
        let report_placeholder = |braces: &str, what: &str| {
            let names: Vec<String> = allowed.iter().map(|one| format!("{{{}}}", one.name())).collect();
            let expected = if names.is_empty() {
                "no braces here".to_owned()
            } else {
                format!("one of: {}", names.join(", "))
            };
            let place = table.file().find(source.span(), braces);
            table.report(place, format!("{key}: {what}"), expected);
        };
        let plain_lines = source.get_ref().replace("\r\n", "\n");
        let paragraphs = plain_lines.split("\n\n").map(str::trim).filter(|text| !text.is_empty());
        let mut unknown = Vec::new();
        let text = Self {
            paragraphs: paragraphs.map(|paragraph| parse_paragraph(paragraph, &mut unknown)).collect(),
        };
        for braces in unknown {
            report_placeholder(&braces, &format!("unknown placeholder {braces}"));
        }
        let found: BTreeSet<Placeholder> =
            text.paragraphs.iter().flatten().filter_map(Piece::placeholder).collect();
        for placeholder in found.iter().filter(|placeholder| !allowed.contains(placeholder)) {
            let braces = format!("{{{}}}", placeholder.name());
            report_placeholder(&braces, &format!("{braces} has no value here"));
        }
        for placeholder in must_have.iter().filter(|placeholder| !found.contains(placeholder)) {
            let name = placeholder.name();
            table.report(
                source.span(),
                format!("{key}: {{{name}}} is missing"),
                format!("{{{name}}} somewhere in this text"),
            );
        }
        if plain_lines.trim().is_empty() {
            table.report(source.span(), format!("{key}: the text is empty"), "words");
        }
        Some(text)
    }

    /// Reads a text of one line, such as a subject.
    pub(crate) fn read_line(
        table: &mut Table<'_>,
        key: &str,
        must_have: &[Placeholder],
        may_have: &[Placeholder],
    ) -> Option<Self> {
        let text = Self::read(table, key, must_have, may_have)?;
        let is_line = match text.paragraphs.as_slice() {
            [] => true,
            [pieces] => {
                !pieces.iter().any(|piece| matches!(piece, Piece::Words(words) if words.contains('\n')))
            }
            _ => false,
        };
        if !is_line {
            table.report(table.span(), format!("{key}: more than one line"), "a text on one line");
        }
        Some(text)
    }
}

impl Piece {
    fn placeholder(&self) -> Option<Placeholder> {
        match self {
            Self::Words(_) => None,
            Self::Placeholder(placeholder) => Some(*placeholder),
        }
    }
}

/// Reads the pieces of a paragraph. Braces around something else, or braces that nobody closes, go
/// to `unknown`, as they are written.
fn parse_paragraph(paragraph: &str, unknown: &mut Vec<String>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = paragraph;
    while let Some((words, after)) = rest.split_once('{') {
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        rest = after;
        if let Some((name, after)) = after.split_once('}') {
            match Placeholder::named(name) {
                Some(placeholder) => pieces.push(Piece::Placeholder(placeholder)),
                None => unknown.push(format!("{{{name}}}")),
            }
            rest = after;
        } else {
            let first_word = after.split_whitespace().next().unwrap_or_default();
            unknown.push(format!("{{{first_word}"));
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{
        Placeholder::{Due, Name, Reference, Steps},
        Text, parse_paragraph,
    };

    fn text(source: &str) -> Text {
        let mut unknown = Vec::new();
        let paragraphs =
            source.split("\n\n").map(|paragraph| parse_paragraph(paragraph, &mut unknown)).collect();
        assert_eq!(unknown, [""; 0]);
        Text { paragraphs }
    }

    #[test]
    fn values_stand_where_the_placeholders_stood() {
        let text = text("Guten Tag {name},\n\nbis {due} hören Sie von uns ({reference}).");
        let filled = text.fill(&[(Name, "Dr. Amsel"), (Due, "Montag"), (Reference, "K7-42")]);
        assert_eq!(filled, "Guten Tag Dr. Amsel,\n\nbis Montag hören Sie von uns (K7-42).");
    }

    #[test]
    fn a_paragraph_is_left_out_where_all_of_its_placeholders_are_empty() {
        let text = text("Danke.\n\nSo geht es weiter:\n{steps}\n\n{reference}, bis {due}");
        assert_eq!(text.fill(&[(Reference, "K7-42")]), "Danke.\n\nK7-42, bis ");
        assert_eq!(text.fill(&[(Steps, " \n")]), "Danke.");
    }

    #[test]
    fn braces_in_a_value_mean_nothing() {
        assert_eq!(text("{name}").fill(&[(Name, "{due} {"), (Due, "nie")]), "{due} {");
    }
}
