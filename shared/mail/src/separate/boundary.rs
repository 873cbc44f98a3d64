//! What starts an earlier message: an attribution line, a separator, or a block of header lines.

use super::{
    lines::{Line, starts_with},
    phrases::{EARLIER_SEPARATORS, FORWARD_LINES, FORWARD_SEPARATORS, OPENERS, VERBS},
};
use lotse_domain::{Contact, EmailAddress};

/// How an earlier message came below the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It says that it was forwarded.
    Forwarded,
    /// Shown with its header lines: Outlook does this for answers and for forwarded messages.
    Shown,
    /// It was answered: "On … wrote:".
    Answered,
}

/// The start of an earlier message.
pub(super) struct Boundary {
    pub(super) origin: Origin,
    /// The first line of the earlier message's own text.
    pub(super) body: usize,
    /// Who wrote it, as far as shown.
    pub(super) sender: Contact,
}

/// How many lines an attribution may be wrapped over.
const ATTRIBUTION_LINES: usize = 4;
/// How long an attribution may be, in bytes.
const ATTRIBUTION_BYTES: usize = 400;
/// How many lines a block of header lines may have, long lists of recipients included.
const HEADER_LINES: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    From,
    Sent,
    To,
    Subject,
    Further,
}

const LABELS: &[(&str, Label)] = &[
    ("von", Label::From),
    ("from", Label::From),
    ("absender", Label::From),
    ("de", Label::From),
    ("da", Label::From),
    ("van", Label::From),
    ("från", Label::From),
    ("fra", Label::From),
    ("gesendet", Label::Sent),
    ("gesendet am", Label::Sent),
    ("sent", Label::Sent),
    ("sent at", Label::Sent),
    ("datum", Label::Sent),
    ("date", Label::Sent),
    ("envoyé", Label::Sent),
    ("enviado", Label::Sent),
    ("inviato", Label::Sent),
    ("data", Label::Sent),
    ("fecha", Label::Sent),
    ("verzonden", Label::Sent),
    ("skickat", Label::Sent),
    ("sendt", Label::Sent),
    ("an", Label::To),
    ("to", Label::To),
    ("empfänger", Label::To),
    ("à", Label::To),
    ("para", Label::To),
    ("a", Label::To),
    ("aan", Label::To),
    ("till", Label::To),
    ("til", Label::To),
    ("betreff", Label::Subject),
    ("betr.", Label::Subject),
    ("thema", Label::Subject),
    ("subject", Label::Subject),
    ("objet", Label::Subject),
    ("asunto", Label::Subject),
    ("oggetto", Label::Subject),
    ("assunto", Label::Subject),
    ("onderwerp", Label::Subject),
    ("ämne", Label::Subject),
    ("emne", Label::Subject),
    ("cc", Label::Further),
    ("bcc", Label::Further),
    ("kopie", Label::Further),
    ("kopie (cc)", Label::Further),
    ("antwort an", Label::Further),
    ("antworten an", Label::Further),
    ("reply-to", Label::Further),
    ("reply to", Label::Further),
    ("organisation", Label::Further),
    ("wichtigkeit", Label::Further),
    ("priorität", Label::Further),
    ("importance", Label::Further),
    ("priority", Label::Further),
    ("anlagen", Label::Further),
    ("anhänge", Label::Further),
    ("anhang", Label::Further),
    ("attachments", Label::Further),
    ("message-id", Label::Further),
    ("resent-from", Label::Further),
];

/// The boundary that starts at this line, if one does. Looks a bounded number of lines ahead.
pub(super) fn find(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    let line = lines.get(at)?;
    let first = line.content.chars().next()?;
    if matches!(first, '-' | '_' | '=' | '—' | '–' | '*')
        && let Some(boundary) = separator(lines, at)
    {
        return Some(boundary);
    }
    // Every other boundary has a colon near its end, on this line or on the next ones.
    forward_line(lines, at)
        .or_else(|| header_block(lines, at, Origin::Shown))
        .or_else(|| attribution(lines, at))
}

/// The start of a forwarded message at this line, if it is one.
pub(super) fn find_forwarded(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    separator(lines, at).or_else(|| forward_line(lines, at)).filter(|found| found.origin == Origin::Forwarded)
}

/// A boundary that ends before line `behind`, or with the header lines that follow there.
fn with_header_block(lines: &[Line<'_>], behind: usize, origin: Origin) -> Boundary {
    let next =
        lines.iter().skip(behind).take(3).position(|line| !line.is_blank()).map(|offset| behind + offset);
    next.and_then(|next| header_block(lines, next, origin)).unwrap_or(Boundary {
        origin,
        body: behind,
        sender: Contact::default(),
    })
}

fn separator(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    const RULE: &[char] = &['-', '_', '=', '—', '–', '*', ' '];
    let content = lines.get(at)?.content;
    let words = content.trim_matches(RULE);
    let rule = content.len() - content.trim_start_matches(RULE).len();
    if rule < 2 || words.len() > 200 {
        return None;
    }
    if words.is_empty() {
        // Outlook on the web: a long rule, then the header lines.
        let behind = lines.iter().skip(at + 1).take(2).position(|line| !line.is_blank())? + at + 1;
        return header_block(lines, behind, Origin::Shown);
    }
    if FORWARD_SEPARATORS.starting(words).is_some() {
        return Some(with_header_block(lines, at + 1, Origin::Forwarded));
    }
    if EARLIER_SEPARATORS.starting(words).is_some() && content.ends_with(['-', '_', '=', '—', '–', '*']) {
        // The same words stand above forwarded messages in Outlook and GMX.
        return Some(with_header_block(lines, at + 1, Origin::Shown));
    }
    // Lotus Notes: -----service@nordhafen-pharma.example schrieb: -----
    let said = words.trim_end_matches([':', ' ']);
    let verb = VERBS.iter().find(|verb| said.ends_with(**verb))?;
    let sender = read_sender(said.strip_suffix(verb).unwrap_or_default());
    let boundary = with_header_block(lines, at + 1, Origin::Answered);
    Some(Boundary { origin: Origin::Answered, sender, ..boundary })
}

fn forward_line(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    let content = lines.get(at)?.content;
    let fits = content.ends_with(':') && FORWARD_LINES.equal(content).is_some();
    fits.then(|| with_header_block(lines, at + 1, Origin::Forwarded))
}

/// The label before a line's colon, and what stands behind it. Bold labels carry asterisks in plain text.
fn label(content: &str) -> Option<(Label, &str)> {
    let colon = memchr::memchr(b':', content.as_bytes().get(..content.len().min(24))?)?;
    let name = content.get(..colon)?.trim_matches(['*', '_', ' ', '\t', '\u{a0}']);
    let (_, label) = LABELS.iter().find(|(word, _)| word.len() == name.len() && starts_with(name, word))?;
    Some((*label, content.get(colon + 1..)?.trim_matches(['*', ' ', '\t', '\u{a0}'])))
}

/// Header lines as Outlook and its kin show them: a sender, a date or a subject, and a third label.
fn header_block(lines: &[Line<'_>], at: usize, origin: Origin) -> Option<Boundary> {
    label(lines.get(at)?.content)?;
    let mut seen = [0_usize; 5];
    let mut sender = Contact::default();
    let mut body = at;
    let mut last = Label::Further;
    let mut continued = 0;
    for (offset, line) in lines.iter().skip(at).take(HEADER_LINES).enumerate() {
        match label(line.content) {
            Some((label, value)) => {
                if label == Label::From && seen[Label::From as usize] == 0 {
                    sender = read_sender(value);
                }
                seen[label as usize] += 1;
                let may_repeat = if label == Label::Further { 8 } else { 1 };
                if seen[label as usize] > may_repeat {
                    break;
                }
                last = label;
                continued = 0;
                body = at + offset + 1;
            }
            // One blank line may stand between labels, and long lists of recipients are wrapped.
            None if line.is_blank() => {
                let ends = lines.get(at + offset + 1).is_none_or(|next| label(next.content).is_none());
                if ends {
                    break;
                }
            }
            None if matches!(last, Label::To | Label::Further) && line.content.contains(['@', ';']) => {
                body = at + offset + 1;
            }
            None if continued < 1 => continued += 1,
            None => break,
        }
    }
    let has = |label: Label| seen[label as usize] > 0;
    let kinds = seen.iter().filter(|&&count| count > 0).count();
    (has(Label::From) && (has(Label::Sent) || has(Label::Subject)) && kinds >= 3).then_some(Boundary {
        origin,
        body,
        sender,
    })
}

/// „Am … schrieb …:“, "On … wrote:", "Name <address> wrote:", also wrapped over several lines.
fn attribution(lines: &[Line<'_>], at: usize) -> Option<Boundary> {
    let first = lines.get(at)?;
    let opens = OPENERS.starting(first.content).is_some();
    // Without an opening word only an address at the end of the line lets its sentence go on.
    let reach = match (opens, first.content.ends_with('>')) {
        (true, _) => ATTRIBUTION_LINES,
        (false, true) => 2,
        (false, false) => 1,
    };
    if reach == 1 && !first.content.ends_with(':') {
        return None;
    }
    let mut joined = String::new();
    for (offset, line) in lines.iter().skip(at).take(reach).enumerate() {
        if line.is_blank()
            || line.depth != first.depth
            || joined.len() + line.content.len() > ATTRIBUTION_BYTES
        {
            return None;
        }
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(line.content);
        let body = at + offset + 1;
        let sender = || attributed_sender(&joined);
        if line.content.ends_with(':') {
            let marked = lines.iter().skip(body).take(3).find(|line| !line.is_blank());
            let quotes_follow = marked.is_some_and(|line| line.depth > first.depth);
            return is_attribution(&joined, opens, quotes_follow).then(|| Boundary {
                origin: Origin::Answered,
                body,
                sender: sender(),
            });
        }
        // Yahoo's app lets the earlier message start on the same line.
        if opens
            && let Some(said) = up_to_verb(&joined)
            && is_attribution(said, true, false)
        {
            return Some(Boundary { origin: Origin::Answered, body, sender: read_sender(said) });
        }
    }
    None
}

/// The line up to the colon directly behind the verb: "On … wrote:".
fn up_to_verb(line: &str) -> Option<&str> {
    ["wrote:", "geschrieben:", "a écrit :"]
        .iter()
        .find_map(|verb| line.find(verb).and_then(|at| line.get(..at + verb.len())))
}

/// Words of sentences that tell what somebody wrote; no attribution has them. Lower case only: a name
/// may be „Er“.
const TELLING_WORDS: &[&str] =
    &["mir", "uns", "ich", "wir", "er", "sie", "ihnen", "me", "us", "we", "he", "she", "they", "you"];

/// A sentence such as „Am 3.11. um 9:30 schrieb mir der Kollege:“ has the same words: hence a time of day,
/// an address or quoted lines behind it are asked for as well, and nobody's telling.
fn is_attribution(line: &str, opens: bool, quotes_follow: bool) -> bool {
    let said = line.trim_end_matches([':', ' ', '\u{a0}']);
    let has_address = said.contains('@');
    if ["zitat von ", "quoting ", "zitiere "].iter().any(|start| starts_with(said, start)) {
        return has_address || quotes_follow;
    }
    if !VERBS.iter().any(|verb| said.contains(verb)) {
        // Older Gmail: 2026-11-12 9:14 GMT+01:00 Name <name@host>:
        let starts_with_date = said.starts_with(|c: char| c.is_ascii_digit()) && has_time(said);
        return starts_with_date && said.ends_with('>') && has_address;
    }
    if quotes_follow {
        return true;
    }
    if said.split_whitespace().any(|word| TELLING_WORDS.contains(&word)) {
        return false;
    }
    let has_date = said.bytes().any(|byte| byte.is_ascii_digit());
    let ends_with_verb = VERBS.iter().any(|verb| said.ends_with(verb));
    (opens && has_date && (has_address || has_time(said)))
        || (said.contains('<') && has_address && (ends_with_verb || has_date))
}

/// A time of day: digits on both sides of a colon.
fn has_time(text: &str) -> bool {
    memchr::memchr_iter(b':', text.as_bytes()).any(|colon| {
        let digit =
            |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
        digit(colon.checked_sub(1)) && digit(Some(colon + 1))
    })
}

fn attributed_sender(line: &str) -> Contact {
    let said = line.trim_end_matches([':', ' ']);
    let behind_verb =
        ["schrieb ", "hat "].iter().find_map(|verb| said.split_once(verb)).map(|(_, name)| name);
    read_sender(behind_verb.unwrap_or(said))
}

/// Name and address from `Name <address>`, `Name [mailto:address]` or the address alone.
fn read_sender(value: &str) -> Contact {
    let letters_of_address = |c: char| {
        !(c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')' | '"' | '\'' | ',' | ';' | ':'))
    };
    let Some(at_sign) = value.find('@') else {
        return Contact { name: read_name(value), ..Contact::default() };
    };
    let start = value
        .get(..at_sign)
        .and_then(|head| head.rfind(|c| !letters_of_address(c)))
        .map_or(0, |at| at + value.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let end = value
        .get(at_sign..)
        .and_then(|tail| tail.find(|c| !letters_of_address(c)))
        .map_or(value.len(), |length| at_sign + length);
    let email = value.get(start..end).and_then(|address| address.parse::<EmailAddress>().ok());
    let name = value.get(..start).map(|head| head.trim_end_matches("mailto:")).and_then(read_name);
    Contact { email, name, ..Contact::default() }
}

fn read_name(text: &str) -> Option<String> {
    let name = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '[' | '(' | '"' | '\'' | '*' | ',' | '„' | '“')
    });
    // What still holds digits is the date of an attribution, not a name.
    let fits =
        !name.is_empty() && name.chars().count() <= 100 && !name.contains(|c: char| c.is_ascii_digit());
    fits.then(|| name.to_owned())
}
