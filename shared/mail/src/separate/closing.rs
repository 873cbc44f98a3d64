//! Closings, signatures and the lines that phones and mail programs add below a text.

use super::{PartKind, boundary::starts_with, disclaimer, lines::Line, prose::reads_as_prose};

/// A line that starts so closes a letter, whatever follows on it (a name, a place, good wishes).
const CLOSINGS: &[&str] = &[
    "mit freundlichen grüßen",
    "mit freundlichen grüssen",
    "mit freundlichem gruß",
    "mit freundlichem gruss",
    "mit freundlichen gruessen",
    "mit freundlichem gruess",
    "mit freundlichen kollegialen",
    "mit besten grüßen",
    "mit besten grüssen",
    "mit bestem gruß",
    "mit herzlichen grüßen",
    "mit herzlichem gruß",
    "mit vielen grüßen",
    "mit lieben grüßen",
    "mit kollegialen grüßen",
    "mit kollegialem gruß",
    "mit kollegialer hochachtung",
    "mit vorzüglicher hochachtung",
    "mit frdl. gr",
    "mit freundl. gr",
    "m. frdl. gr",
    "m.f.g",
    "mfg",
    "mkg",
    "freundliche grüße",
    "freundliche grüsse",
    "freundlichen gruß",
    "freundlicher gruß",
    "viele grüße",
    "viele grüsse",
    "vielen gruß",
    "beste grüße",
    "beste grüsse",
    "besten gruß",
    "bester gruß",
    "liebe grüße",
    "liebe grüsse",
    "lieben gruß",
    "schöne grüße",
    "schönen gruß",
    "herzliche grüße",
    "herzliche grüsse",
    "herzlichen gruß",
    "herzlichst",
    "kollegiale grüße",
    "sonnige grüße",
    "hochachtungsvoll",
    "kind regards",
    "kindest regards",
    "best regards",
    "warm regards",
    "warmest regards",
    "with best regards",
    "with kind regards",
    "with regards",
    "many regards",
    "regards",
    "best wishes",
    "with best wishes",
    "all the best",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "sincerely",
    "respectfully",
];

/// These close a letter only where they stand alone on the line and a name follows.
const CLOSINGS_BEFORE_NAME: &[&str] = &[
    "gruß",
    "gruss",
    "grüße",
    "grüsse",
    "lg",
    "vg",
    "bg",
    "glg",
    "hg",
    "danke",
    "vielen dank",
    "besten dank",
    "herzlichen dank",
    "vielen dank im voraus",
    "danke im voraus",
    "vielen dank vorab",
    "danke und gruß",
    "danke und viele grüße",
    "danke und lg",
    "danke, gruß",
    "best",
    "cheers",
    "thanks",
    "thank you",
    "many thanks",
    "thanks in advance",
    "many thanks in advance",
    "thank you in advance",
    "thanks and regards",
    "thanks and best regards",
    "thanks & regards",
    "thx",
    "br",
    "kr",
    "rgds",
    "brgds",
    "ciao",
    "bis bald",
    "take care",
    "yours",
    "ihr",
    "ihre",
    "i.a.",
    "i. a.",
    "gez.",
    "bw",
    "kind wishes",
    "with thanks",
    "mit bestem dank",
];

/// Lines of phones, apps and web mailers. A line that starts so is no longer than a line should be.
const DEVICE_LINES: &[&str] = &[
    "von meinem ",
    "von meiner ",
    "von mein ",
    "gesendet von ",
    "gesendet mit ",
    "gesendet über ",
    "gesendet via ",
    "gesendet vom ",
    "verschickt mit ",
    "diese nachricht wurde von mein",
    "diese e-mail wurde von mein",
    "diese nachricht wurde mit ",
    "sent from my ",
    "sent from mail ",
    "sent from outlook",
    "sent from yahoo",
    "sent from proton",
    "sent from samsung",
    "sent from a mobile",
    "sent from mobile",
    "sent via ",
    "sent with ",
    "sent using ",
    "sent by ",
    "get outlook for ",
    "outlook für ios",
    "outlook für android",
    "outlook for ios",
    "outlook for android",
    "holen sie sich outlook",
    "laden sie outlook",
    "von samsung",
    "von yahoo mail",
    "von outlook ",
    "von mail für windows",
];
/// What a device line must also say, so that „Von meinem Hausarzt …“ stays a sentence.
const DEVICE_WORDS: &[&str] = &[
    "iphone",
    "ipad",
    "ipod",
    "android",
    "samsung",
    "galaxy",
    "huawei",
    "pixel",
    "smartphone",
    "handy",
    "mobile",
    "mobil",
    "blackberry",
    "outlook",
    "windows",
    "yahoo",
    "proton",
    "gmx",
    "web.de",
    "mail app",
    "mail-app",
    "app",
    "telekom",
    "t-online",
    "gerät",
    "device",
    "phone",
    "tablet",
    "ios",
    "posteo",
    "freenet",
    "thunderbird",
    "apple",
];

/// Labels of a signature's lines.
const CONTACT_LABELS: &[&str] = &[
    "tel",
    "telefon",
    "fon",
    "fax",
    "telefax",
    "mobil",
    "handy",
    "mail",
    "e-mail",
    "email",
    "web",
    "www",
    "internet",
    "phone",
    "mobile",
    "cell",
    "t",
    "f",
    "m",
    "e",
    "p",
    "ph",
    "direct",
    "website",
    "homepage",
    "url",
    "durchwahl",
    "zentrale",
    "sprechzeiten",
    "lanr",
    "bsnr",
    "kim",
    "http",
    "https",
];

/// Marks what is not newly written in one stretch of lines that are all new so far.
pub(super) fn mark(lines: &[Line<'_>], kinds: &mut [PartKind], depth: usize) {
    let mut state = PartKind::New;
    let mut strict = false;
    let mut closed = false;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let starts_paragraph = at == 0 || lines.get(at - 1).is_some_and(Line::is_blank);
        let mut only_this_line = None;
        if line.depth > depth {
            state = PartKind::New;
        } else if line.is_strict_delimiter && lines.get(at + 1).is_some() {
            (state, strict, closed) = (PartKind::Signature, true, true);
        } else if is_postscript(line.content) {
            (state, strict) = (PartKind::New, false);
        } else if is_device_line(line.content) {
            only_this_line = Some(PartKind::Signature);
        } else if may_be_notice(lines, at, starts_paragraph, closed) {
            let end = paragraph_end(lines, at);
            fill(kinds, at, end, PartKind::Disclaimer);
            at = end;
            if closed {
                state = PartKind::Disclaimer;
            }
            continue;
        } else if state == PartKind::New {
            if is_delimiter(line.content) && signs(lines, at + 1) || is_closing(lines, at) {
                (state, closed) = (PartKind::Signature, true);
            } else if starts_paragraph && !line.is_blank() && is_contact_block(lines, at) {
                (state, closed) = (PartKind::Signature, true);
            }
        } else if state == PartKind::Signature
            && !strict
            && starts_paragraph
            && !line.is_blank()
            && is_new_text(lines, at)
        {
            state = PartKind::New;
        }
        fill(kinds, at, at + 1, only_this_line.unwrap_or(state));
        at += 1;
    }
}

fn fill(kinds: &mut [PartKind], start: usize, end: usize, kind: PartKind) {
    if let Some(kinds) = kinds.get_mut(start..end) {
        kinds.fill(kind);
    }
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

/// Notices stand at the top of a mail or below its text: only there are paragraphs searched for one.
fn may_be_notice(lines: &[Line<'_>], at: usize, starts_paragraph: bool, closed: bool) -> bool {
    const LINES_AT_TOP: usize = 6;
    const LINES_AT_END: usize = 40;
    starts_paragraph
        && lines.get(at).is_some_and(|line| line.content.len() > 12)
        && (closed || at < LINES_AT_TOP || at + LINES_AT_END > lines.len())
        && disclaimer::is_notice(paragraph(lines, at))
}

fn is_postscript(content: &str) -> bool {
    ["ps:", "p.s.:", "ps.", "p.s.", "ps ", "p.s ", "nachtrag:", "nb:", "n.b."]
        .iter()
        .any(|start| starts_with(content, start))
}

fn is_device_line(content: &str) -> bool {
    content.len() <= 160 && DEVICE_LINES.iter().any(|start| starts_with(content, start)) && {
        let lower = content.to_lowercase();
        DEVICE_WORDS.iter().any(|word| lower.contains(word)) && !content.ends_with('?')
    }
}

/// `--`, `—` or a rule of at least five signs, alone on the line.
fn is_delimiter(content: &str) -> bool {
    let rule = |sign: char| content.len() >= 5 && content.chars().all(|c| c == sign);
    matches!(content, "--" | "---" | "—" | "–")
        || rule('_')
        || rule('-')
        || rule('=')
        || rule('*')
        || rule('~')
        || rule('#')
}

/// True where the lines behind a delimiter are a signature and not a further section of the text.
fn signs(lines: &[Line<'_>], behind: usize) -> bool {
    let Some(first) = lines.iter().skip(behind).take(4).position(|line| !line.is_blank()) else {
        return false;
    };
    !is_new_text(lines, behind + first)
        && lines.get(behind + first).is_some_and(|line| line.content.len() <= 90)
}

fn is_closing(lines: &[Line<'_>], at: usize) -> bool {
    const CLOSING_BYTES: usize = 90;
    let Some(line) = lines.get(at) else { return false };
    if line.is_blank() || line.content.len() > CLOSING_BYTES || line.content.ends_with(['?', ':']) {
        return false;
    }
    let alone = line
        .content
        .trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.')
        .trim_end_matches(['.', ' ']);
    let closes = CLOSINGS.iter().any(|closing| starts_with_words(line.content, closing));
    let before_name = || {
        CLOSINGS_BEFORE_NAME.iter().any(|closing| {
            let closing = closing.trim_end_matches('.');
            closing.len() == alone.len() && starts_with(alone, closing)
        })
    };
    let next =
        lines.iter().skip(at + 1).take(6).position(|line| !line.is_blank()).map(|offset| at + 1 + offset);
    match next.and_then(|next| lines.get(next).map(|line| (next, line))) {
        None => closes,
        Some((next, name)) => {
            let goes_on = is_new_text(lines, next) || is_postscript(name.content);
            (closes && !goes_on)
                || (closes && is_postscript(name.content))
                || (before_name() && !goes_on && is_name(name.content))
        }
    }
}

/// As `starts_with`, and the words end there.
fn starts_with_words(content: &str, start: &str) -> bool {
    starts_with(content, start)
        && (start.ends_with("gr")
            || content.get(start.len()..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))
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
    for line in paragraph(lines, at).iter().take(4) {
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

/// Whether a line's label is one of signatures; `None` where it has no label.
fn contact_label(content: &str) -> Option<bool> {
    let name = content.split([':', '.', '/']).next().unwrap_or_default().trim();
    let known = name.len() <= 14 && CONTACT_LABELS.iter().any(|label| name.eq_ignore_ascii_case(label));
    if known {
        return Some(true);
    }
    content.split_once(": ").map(|_| false)
}
