//! Evidence in its place: cuts a text at the ends of its spans, so that each piece knows what was found in it.

use crate::{PageLanguage, words::Words};
use lotse_domain::{Check, IdentifierKind, SafetyKind, Topic};

/// What a marked passage is evidence of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A sign of a topic, with the rule that saw it.
    Topic {
        /// The topic.
        topic: Topic,
        /// The policy's rule.
        rule: String,
    },
    /// Safety-relevant information, with the rule that saw it.
    Safety {
        /// The kind.
        kind: SafetyKind,
        /// The policy's rule.
        rule: String,
    },
    /// A product, by its brand.
    Product(String),
    /// A number or code.
    Identifier {
        /// What it is.
        kind: IdentifierKind,
        /// What checking showed.
        check: Check,
    },
}

/// A marked passage: byte offsets into the text as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// What it is evidence of.
    pub mark: Mark,
}

/// A part of a text under the same marks throughout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text.
    pub text: &'a str,
    /// What was found here, in the order of the spans given; empty for plain text.
    pub marks: Vec<&'a Mark>,
}

impl Mark {
    /// What was found, and by which rule.
    fn words(&self, language: PageLanguage) -> String {
        let rule_word = language.choose(("Regel", "rule"));
        match self {
            Self::Topic { topic, rule } => {
                let word = language.choose(("Thema", "Topic"));
                format!("{word}: {} ({rule_word} {rule})", topic.words(language))
            }
            Self::Safety { kind, rule } => {
                let word = language.choose(("Sicherheitshinweis", "Safety flag"));
                format!("{word}: {} ({rule_word} {rule})", kind.words(language))
            }
            Self::Product(name) => format!("{}: {name}", language.choose(("Produkt", "Product"))),
            Self::Identifier { kind, check } => {
                format!("{}: {}", kind.words(language), check.words(language))
            }
        }
    }

    /// The name that the stylesheet knows it by, after its rank: where marks share a piece, the highest shows.
    fn ranked_name(&self) -> (u8, &'static str) {
        match self {
            Self::Safety { .. } => (3, "safety"),
            Self::Identifier { .. } => (2, "identifier"),
            Self::Product(_) => (1, "product"),
            Self::Topic { .. } => (0, "topic"),
        }
    }
}

impl Piece<'_> {
    /// What was found in this piece, in words.
    pub(crate) fn title(&self, language: PageLanguage) -> String {
        let mut words: Vec<_> = self.marks.iter().map(|mark| mark.words(language)).collect();
        words.dedup();
        words.join("; ")
    }

    /// The kind of mark that the piece is shown as.
    pub(crate) fn strongest(&self) -> &'static str {
        self.marks.iter().map(|mark| mark.ranked_name()).max().map_or("topic", |(_, name)| name)
    }
}

/// Cuts the text into pieces; joined they give the text again, whatever the spans.
///
/// Spans may overlap and come in any order. One that begins or ends inside a character is widened to the whole
/// character, one that reaches beyond the text is cut, and an empty one is left out: a wrong offset must
/// never hide or break what a person wrote. Takes time in proportion to the text and the marks shown.
pub fn highlight<'a>(text: &'a str, spans: &'a [Span]) -> Vec<Piece<'a>> {
    struct Edge {
        at: usize,
        opens: bool,
        span: usize,
    }
    let mut edges = Vec::with_capacity(spans.len() * 2);
    for (index, span) in spans.iter().enumerate() {
        let start = text.floor_char_boundary(span.start);
        let end = text.ceil_char_boundary(span.end);
        if span.start < span.end && start < end {
            edges.push(Edge { at: start, opens: true, span: index });
            edges.push(Edge { at: end, opens: false, span: index });
        }
    }
    edges.sort_by_key(|edge| edge.at);

    let mut pieces: Vec<Piece<'a>> = Vec::with_capacity(edges.len() + 1);
    let mut open: Vec<usize> = Vec::new();
    let mut rest = text;
    let mut position = 0;
    for edge in &edges {
        if edge.at > position {
            let (piece, after) = rest.split_at(edge.at - position);
            pieces.push(Piece { text: piece, marks: marks_of(spans, &open) });
            rest = after;
            position = edge.at;
        }
        match open.binary_search(&edge.span) {
            Err(place) if edge.opens => open.insert(place, edge.span),
            Ok(place) if !edge.opens => {
                open.remove(place);
            }
            _ => {}
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece { text: rest, marks: Vec::new() });
    }
    pieces
}

fn marks_of<'a>(spans: &'a [Span], open: &[usize]) -> Vec<&'a Mark> {
    open.iter().filter_map(|&index| spans.get(index)).map(|span| &span.mark).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn product(name: &str, start: usize, end: usize) -> Span {
        Span { start, end, mark: Mark::Product(name.to_owned()) }
    }

    fn shown(text: &str, spans: &[Span]) -> Vec<String> {
        highlight(text, spans)
            .iter()
            .map(|piece| {
                let names: Vec<_> = piece
                    .marks
                    .iter()
                    .map(|mark| if let Mark::Product(name) = mark { name.as_str() } else { "?" })
                    .collect();
                format!("{}[{}]", piece.text, names.join("+"))
            })
            .collect()
    }

    #[test]
    fn a_passage_in_the_middle_is_marked() {
        let spans = [product("Glykaris", 4, 12)];
        assert_eq!(shown("Ist Glykaris teilbar?", &spans), ["Ist []", "Glykaris[Glykaris]", " teilbar?[]"]);
    }

    #[test]
    fn overlapping_passages_share_the_piece_that_both_cover() {
        let spans = [product("b", 2, 6), product("a", 0, 4)];
        assert_eq!(shown("abcdefgh", &spans), ["ab[a]", "cd[b+a]", "ef[b]", "gh[]"]);
    }

    #[test]
    fn neighbours_stay_apart_and_nested_passages_open_within() {
        let spans = [product("outer", 0, 6), product("inner", 2, 4), product("next", 6, 8)];
        assert_eq!(shown("abcdefgh", &spans), ["ab[outer]", "cd[outer+inner]", "ef[outer]", "gh[next]"]);
    }

    #[test]
    fn a_wrong_offset_never_breaks_a_character_or_the_page() {
        let spans = [product("half", 1, 2), product("beyond", 3, 99), product("gone", 50, 60)];
        assert_eq!(shown("aäb!", &spans), ["a[]", "ä[half]", "b![beyond]"]);
        let reversed = [product("reversed", 3, 1), product("empty", 2, 2)];
        assert_eq!(shown("abcd", &reversed), ["abcd[]"]);
        assert!(highlight("", &[product("nothing", 0, 1)]).is_empty());
    }

    proptest! {
        #[test]
        fn the_pieces_give_the_text_again(
            text in "[a-zäöü€😀 \\n<&]{0,60}",
            offsets in prop::collection::vec((0_usize..80, 0_usize..80), 0..12),
        ) {
            let spans: Vec<_> = offsets.iter().map(|&(start, end)| product("p", start, end)).collect();
            let pieces = highlight(&text, &spans);
            let joined: String = pieces.iter().map(|piece| piece.text).collect();
            prop_assert_eq!(&joined, &text);
            prop_assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
        }

        #[test]
        fn every_byte_inside_a_span_is_marked_and_every_plain_byte_outside_is_not(
            text in "[a-z]{1,40}",
            offsets in prop::collection::vec((0_usize..50, 0_usize..50), 0..8),
        ) {
            let spans: Vec<_> = offsets.iter().map(|&(start, end)| product("p", start, end)).collect();
            let mut position = 0;
            for piece in highlight(&text, &spans) {
                for byte in position..position + piece.text.len() {
                    let covering = spans.iter().filter(|span| (span.start..span.end).contains(&byte)).count();
                    prop_assert_eq!(piece.marks.len(), covering);
                }
                position += piece.text.len();
            }
        }
    }
}
