//! Closings, signatures and the lines that phones and mail programs add below a text.

use super::{
    PartKind, disclaimer,
    lines::{Line, starts_with},
    phrases::{
        CLOSINGS, CLOSINGS_BEFORE_NAME, CONTACT_LABELS, DEVICE_LINES, DEVICE_WORDS, GREETINGS, POSTSCRIPTS,
    },
    prose::reads_as_prose,
};

/// Where in a letter a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// Behind a closing, or behind a name at the end.
    Signature,
    /// Behind `-- ` (RFC 3676 section 4.3): the program's signature, whatever it says.
    MarkedSignature,
    /// Behind a legal notice below the signature.
    Notices,
}

impl Place {
    fn kind(self) -> PartKind {
        match self {
            Self::Text => PartKind::New,
            Self::Signature | Self::MarkedSignature => PartKind::Signature,
            Self::Notices => PartKind::Disclaimer,
        }
    }
}

/// Marks what is not newly written in one stretch of lines that are all new so far.
pub(super) fn mark(lines: &[Line<'_>], kinds: &mut [PartKind], sender_name: Option<&str>) {
    let mut place = Place::Text;
    let mut is_closed = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (end, kind) = if let Some(end) = notice_end(lines, at, is_closed) {
            place = if is_closed { Place::Notices } else { place };
            (end, PartKind::Disclaimer)
        } else {
            place = place_of(lines, at, place, sender_name);
            (at + 1, if is_device_line(line.content) { PartKind::Signature } else { place.kind() })
        };
        is_closed |= place != Place::Text;
        if let Some(kinds) = kinds.get_mut(at..end) {
            kinds.fill(kind);
        }
        at = end;
    }
}

/// The place of a line, given that of the line before.
fn place_of(lines: &[Line<'_>], at: usize, before: Place, sender_name: Option<&str>) -> Place {
    let Some(line) = lines.get(at).filter(|line| !line.is_blank()) else { return before };
    if POSTSCRIPTS.starting(line.content).is_some() {
        return Place::Text;
    }
    if line.is_strict_delimiter && lines.get(at + 1).is_some() {
        return Place::MarkedSignature;
    }
    let starts_paragraph = starts_paragraph(lines, at);
    let signs = |name| signs_with(lines, at, name);
    match before {
        Place::Text if is_delimiter(line.content) && signature_follows(lines, at + 1) => Place::Signature,
        Place::Text if is_closing(lines, at) => Place::Signature,
        Place::Text
            if starts_paragraph && (is_contact_block(lines, at) || sender_name.is_some_and(signs)) =>
        {
            Place::Signature
        }
        Place::Signature if starts_paragraph && is_new_text(lines, at) => Place::Text,
        place => place,
    }
}

fn starts_paragraph(lines: &[Line<'_>], at: usize) -> bool {
    at == 0 || lines.get(at - 1).is_some_and(Line::is_blank)
}

fn paragraph_end(lines: &[Line<'_>], start: usize) -> usize {
    start + lines.iter().skip(start).take_while(|line| !line.is_blank()).count()
}

/// How much of a paragraph is read to judge it, in lines.
const JUDGED_LINES: usize = 12;

fn paragraph<'a, 'text>(lines: &'a [Line<'text>], start: usize) -> &'a [Line<'text>] {
    let lines = lines.get(start..lines.len().min(start + JUDGED_LINES)).unwrap_or_default();
    let length = lines.iter().take_while(|line| !line.is_blank()).count();
    lines.get(..length).unwrap_or_default()
}

/// Where the legal notice that starts at this line ends, if one does. Notices stand at the top of a mail or
/// below its text: only there are paragraphs searched for one.
fn notice_end(lines: &[Line<'_>], at: usize, is_closed: bool) -> Option<usize> {
    const LINES_AT_TOP: usize = 6;
    const LINES_AT_END: usize = 40;
    /// Above the signature a notice is a banner: longer paragraphs hold text of the sender.
    const BANNER_LINES: usize = 5;
    let line = lines.get(at).filter(|line| line.content.len() > 12)?;
    let is_near_edge = at < LINES_AT_TOP || at + LINES_AT_END > lines.len();
    if !starts_paragraph(lines, at) || !(is_closed || is_near_edge) {
        return None;
    }
    let paragraph = paragraph(lines, at);
    if !disclaimer::is_notice(paragraph) {
        return None;
    }
    let holds_text =
        |line: &Line<'_>| line.content.ends_with('?') || GREETINGS.starting(line.content).is_some();
    if is_closed || (paragraph.len() <= BANNER_LINES && !paragraph.iter().any(holds_text)) {
        return Some(paragraph_end(lines, at));
    }
    disclaimer::is_notice(&[*line]).then_some(at + 1)
}

/// „Von meinem iPhone gesendet“, "Get Outlook for Android".
fn is_device_line(content: &str) -> bool {
    const LINE_BYTES: usize = 160;
    if content.len() > LINE_BYTES || content.ends_with('?') {
        return false;
    }
    if starts_with(content, "von mein") {
        return ["gesendet", "verschickt", "gesendet.", "geschrieben"]
            .iter()
            .any(|end| content.ends_with(end));
    }
    DEVICE_LINES.starting(content).is_some() && {
        let lower = content.to_lowercase();
        DEVICE_WORDS.iter().any(|word| lower.contains(word))
    }
}

/// `--`, `—` or a rule of at least five signs, alone on the line.
fn is_delimiter(content: &str) -> bool {
    let Some(first) = content.chars().next() else { return false };
    matches!(content, "--" | "---" | "—" | "–")
        || (matches!(first, '_' | '-' | '=' | '*' | '~' | '#')
            && content.len() >= 5
            && content.chars().all(|c| c == first))
}

/// True where the lines behind a delimiter are a signature and not a further section of the text.
fn signature_follows(lines: &[Line<'_>], behind: usize) -> bool {
    const LINE_BYTES: usize = 90;
    let first =
        lines.iter().skip(behind).take(4).position(|line| !line.is_blank()).map(|offset| behind + offset);
    first.is_some_and(|first| {
        !is_new_text(lines, first) && lines.get(first).is_some_and(|line| line.content.len() <= LINE_BYTES)
    })
}

/// „Mit freundlichen Grüßen …“, also with a name on the same line; „Danke“ where a name follows.
fn is_closing(lines: &[Line<'_>], at: usize) -> bool {
    const CLOSING_BYTES: usize = 90;
    let Some(line) = lines.get(at) else { return false };
    if line.content.len() > CLOSING_BYTES || line.content.ends_with(['?', ':']) {
        return false;
    }
    let alone = line.content.trim_end_matches(|c: char| !c.is_alphanumeric());
    let closes = CLOSINGS.starting(line.content).is_some_and(|closing| ends_word(line.content, closing));
    let closes_before_name = CLOSINGS_BEFORE_NAME.equal(alone).is_some();
    // „… und der Bitte um rasche Antwort, weil die Patientin …“ is no mere closing.
    if !(closes || closes_before_name) || reads_as_prose(line.content) {
        return false;
    }
    let next =
        lines.iter().skip(at + 1).take(6).position(|line| !line.is_blank()).map(|offset| at + 1 + offset);
    let Some((next, name)) = next.and_then(|next| Some((next, lines.get(next)?))) else { return closes };
    if POSTSCRIPTS.starting(name.content).is_some() {
        return closes;
    }
    (closes || is_name(name.content)) && !is_new_text(lines, next)
}

/// True where the phrase that the text starts with is not merely the start of a longer word.
fn ends_word(text: &str, phrase: &str) -> bool {
    let goes_on = text.get(phrase.len()..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    // „Mit frdl. Gr“ stands for every form of the word.
    !goes_on || phrase.ends_with("gr")
}

/// A short line that starts with a capital letter.
fn is_name(content: &str) -> bool {
    content.chars().count() <= 60
        && content.split_whitespace().count() <= 7
        && content.starts_with(|c: char| c.is_uppercase() || matches!(c, '(' | 'i'))
        && !content.ends_with(['?', ':'])
}

/// True where the paragraph is a text of its own, so that a signature ends before it.
fn is_new_text(lines: &[Line<'_>], at: usize) -> bool {
    let mut joined = String::new();
    let paragraph = paragraph(lines, at).iter().take(4);
    for line in paragraph.take_while(|line| POSTSCRIPTS.starting(line.content).is_none()) {
        joined.push_str(line.content);
        joined.push(' ');
    }
    let advertises = joined.contains("www.") || joined.contains("://");
    reads_as_prose(&joined) && (!advertises || joined.trim_end().ends_with('?'))
}

/// The last paragraph, where it is a name with phone, fax or web address and nothing else.
fn is_contact_block(lines: &[Line<'_>], at: usize) -> bool {
    let block = paragraph(lines, at);
    let is_first = lines.iter().take(at).all(Line::is_blank);
    let is_last = lines.iter().skip(at + block.len()).all(Line::is_blank);
    !is_first
        && is_last
        && block.len() >= 2
        && block.first().is_some_and(|line| is_name(line.content))
        && block.iter().skip(1).any(|line| contact_label(line.content) == Some(true))
        && block.iter().all(|line| line.content.len() <= 90 && contact_label(line.content) != Some(false))
        && !is_new_text(lines, at)
}

/// A paragraph below the text that starts with the sender's own name, as From shows it or a part of that:
/// „Ilka Reimers, PTA“. What stands behind the name must be set off, so that no sentence begins with it.
fn signs_with(lines: &[Line<'_>], at: usize, sender_name: &str) -> bool {
    const NAME_BYTES: usize = 60;
    let Some(line) = lines.get(at).filter(|line| line.content.len() <= NAME_BYTES) else { return false };
    let words = |text: &str| -> Vec<String> {
        let words =
            text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| word.chars().count() >= 2);
        words.map(str::to_lowercase).filter(|word| !matches!(word.as_str(), "dr" | "med" | "prof")).collect()
    };
    let name = line.content.split([',', '(', '|', '/', ';', '–']).next().unwrap_or_default();
    let (signed, known) = (words(name), words(sender_name));
    let is_first = lines.iter().take(at).all(Line::is_blank);
    !is_first
        && !signed.is_empty()
        && signed.iter().all(|word| known.contains(word))
        && !is_new_text(lines, at)
}

/// Whether a line's label is one of signatures; `None` where it has no label.
fn contact_label(content: &str) -> Option<bool> {
    let name = content.split([':', '.', '/']).next().unwrap_or_default().trim();
    if CONTACT_LABELS.equal(name).is_some() {
        return Some(true);
    }
    content.split_once(": ").map(|_| false)
}
