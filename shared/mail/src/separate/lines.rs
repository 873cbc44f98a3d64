//! The lines of a text with their quote marks.

/// One line, without its line break.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// Where the line starts in the text, in bytes.
    pub(super) start: usize,
    /// How many quote marks stand before its content.
    pub(super) depth: usize,
    /// Length of the quote marks and of white space before the content, in bytes.
    lead: usize,
    /// What stands behind the quote marks, without white space around it.
    pub(super) content: &'a str,
    /// True for `-- ` with its blank, the signature delimiter of RFC 3676 section 4.3.
    pub(super) is_strict_delimiter: bool,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.content.is_empty()
    }
    pub(super) fn content_start(&self) -> usize {
        self.start + self.lead
    }
}

/// White space, also the invisible characters that mail programs put at the start of a line.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}')
}

/// Cuts the text at line breaks (LF or CR LF). Every byte belongs to exactly one line.
pub(super) fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::with_capacity(text.len() / 48 + 1);
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
        if let Some(line) = text.get(start..end)
            && (start < end || end < text.len())
        {
            lines.push(read(start, line));
        }
        start = end + 1;
    }
    lines
}

fn read(start: usize, line: &str) -> Line<'_> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let (depth, rest) = strip_quote_marks(line);
    let content = rest.trim_matches(is_space);
    let lead = if depth == 0 { 0 } else { line.len() - rest.trim_start_matches(is_space).len() };
    Line { start, depth, lead, content, is_strict_delimiter: rest == "-- " }
}

/// Counts `>` (with blanks between and before: `> > `, `>>`, ` >`), also behind initials (`HM> `).
fn strip_quote_marks(line: &str) -> (usize, &str) {
    let mut rest = line;
    let mut depth = 0;
    loop {
        let trimmed = rest.trim_start_matches(is_space);
        let Some(behind) = trimmed.strip_prefix('>').or_else(|| strip_initials(trimmed)) else {
            return (depth, rest);
        };
        depth += 1;
        // One blank belongs to the mark; more is the indent of what is quoted.
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
}

/// Usenet style: one to three capital letters directly before the mark, a blank behind it.
fn strip_initials(line: &str) -> Option<&str> {
    let letters = line.bytes().take(4).take_while(u8::is_ascii_uppercase).count();
    let behind = line.get(letters..)?.strip_prefix('>')?;
    ((1..=3).contains(&letters) && (behind.is_empty() || behind.starts_with([' ', '>']))).then_some(behind)
}

/// True where `text` starts with `start`, ignoring the case of its letters. `start` is in lower case.
pub(super) fn starts_with(text: &str, start: &str) -> bool {
    match text.get(..start.len()) {
        Some(head) if head.is_ascii() => head.eq_ignore_ascii_case(start),
        // Umlauts: „Ü“ and „ü“ have the same length in UTF-8.
        Some(head) => head.to_lowercase() == start,
        None => false,
    }
}
