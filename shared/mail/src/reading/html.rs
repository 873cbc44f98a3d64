//! HTML mail as readable text: blocks become lines, quotes get `> `, links keep their text.

use mail_parser::decoders::html::add_html_token;

/// Elements whose content nobody reads.
const HIDDEN: &[&str] = &["head", "style", "script", "title", "template", "object", "svg", "noscript"];
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "pre",
    "section",
    "table",
    "tbody",
    "tr",
    "ul",
];
/// Blocks with a blank line around them.
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6"];
/// Deeper quotes are shown at this depth.
const MAX_QUOTE_DEPTH: usize = 20;
/// What a horizontal rule becomes: Outlook puts one above the message that is answered.
const RULE: &str = "________________________________";

/// The readable text of an HTML part. Linear in its length; what is no HTML comes out as it is.
pub fn html_to_text(html: &str) -> String {
    let mut writer = Writer { text: String::with_capacity(html.len() / 2), ..Writer::default() };
    let mut unclosed: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at(at);
        writer.write(text);
        rest = match read_tag(markup) {
            Markup::Tag { name, closes, behind } => {
                let name = name.to_ascii_lowercase();
                if !closes && HIDDEN.contains(&name.as_str()) && !unclosed.contains(&name) {
                    // Where the element never ends it is not searched for again.
                    skip_element(behind, &name).unwrap_or_else(|| {
                        unclosed.push(name);
                        behind
                    })
                } else {
                    writer.tag(&name, closes);
                    behind
                }
            }
            Markup::Skipped { behind } => behind,
            Markup::Text => {
                writer.write("<");
                markup.get(1..).unwrap_or_default()
            }
        };
    }
    writer.write(rest);
    writer.finish()
}

enum Markup<'a> {
    Tag {
        name: &'a str,
        closes: bool,
        behind: &'a str,
    },
    /// A comment, a declaration, a processing instruction, or a tag that never ends.
    Skipped {
        behind: &'a str,
    },
    /// A lone `<`.
    Text,
}

fn read_tag(markup: &str) -> Markup<'_> {
    let inner = markup.get(1..).unwrap_or_default();
    if let Some(comment) = inner.strip_prefix("!--") {
        return Markup::Skipped { behind: behind(comment, "-->") };
    }
    if inner.starts_with(['!', '?']) {
        return Markup::Skipped { behind: behind(inner, ">") };
    }
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Markup::Text;
    }
    let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != ':').unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(length);
    Markup::Tag { name, closes, behind: behind_attributes(attributes) }
}

/// What stands behind `end`; nothing where it is missing.
fn behind<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, behind)| behind)
}

/// A `>` in a quoted attribute does not end the tag; but a quote that never ends does not hide the rest,
/// and neither does a picture inside the attribute.
fn behind_attributes(attributes: &str) -> &str {
    const READ_BYTES: usize = 8 * 1024;
    let mut quote = None;
    for (at, byte) in attributes.bytes().enumerate().take(READ_BYTES) {
        match (quote, byte) {
            (None, b'>') => return attributes.get(at + 1..).unwrap_or_default(),
            (None, b'<') => return attributes.get(at..).unwrap_or_default(),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    behind(attributes, ">")
}

/// What stands behind `</name>`, if that comes.
fn skip_element<'a>(content: &'a str, name: &str) -> Option<&'a str> {
    let bytes = content.as_bytes();
    for at in memchr::memchr_iter(b'<', bytes) {
        let found = bytes.get(at + 2..at + 2 + name.len());
        if bytes.get(at + 1) == Some(&b'/')
            && found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        {
            return Some(behind(content.get(at..).unwrap_or_default(), ">"));
        }
    }
    None
}

/// Collects text: white space collapsed, lines and blank lines only as asked for, quotes marked.
#[derive(Default)]
struct Writer {
    text: String,
    /// How many line breaks stand before the next word: 0, 1 or 2.
    breaks: u8,
    /// True where a blank stands before the next word.
    blank: bool,
    quote_depth: usize,
    /// How many `pre` elements are open.
    preformatted: usize,
}

impl Writer {
    fn tag(&mut self, name: &str, closes: bool) {
        match name {
            "br" => self.break_line(),
            "hr" => {
                self.breaks = self.breaks.max(1);
                self.word(RULE);
                self.breaks = 1;
            }
            "blockquote" => {
                self.breaks = self.breaks.max(1);
                self.quote_depth = if closes {
                    self.quote_depth.saturating_sub(1)
                } else {
                    self.quote_depth.saturating_add(1)
                };
            }
            "pre" => {
                self.breaks = self.breaks.max(1);
                self.preformatted =
                    if closes { self.preformatted.saturating_sub(1) } else { self.preformatted + 1 };
            }
            "td" | "th" if closes => self.blank = true,
            "li" if !closes => {
                self.breaks = self.breaks.max(1);
                self.word("-");
                self.blank = true;
            }
            _ if PARAGRAPHS.contains(&name) => self.breaks = 2,
            _ if BLOCKS.contains(&name) => self.breaks = self.breaks.max(1),
            _ => {}
        }
    }

    /// A line break that was written as such: two of them make a blank line.
    fn break_line(&mut self) {
        self.breaks = (self.breaks + 1).min(2);
    }

    fn write(&mut self, text: &str) {
        if self.preformatted > 0 {
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    self.break_line();
                }
                if !line.trim().is_empty() {
                    self.decoded(line.trim_end());
                }
            }
            return;
        }
        // An element that holds nothing but &nbsp; is how mail programs write a blank line.
        let is_blank_line = self.breaks > 0
            && matches!(text.trim_matches(|c: char| c.is_ascii_whitespace()), "&nbsp;" | "\u{a0}");
        if is_blank_line {
            self.breaks = 2;
            return;
        }
        for (number, word) in text.split(|c: char| c.is_ascii_whitespace() || c == '\u{a0}').enumerate() {
            self.blank |= number > 0;
            if !word.is_empty() {
                self.decoded(word);
            }
        }
    }

    fn decoded(&mut self, word: &str) {
        if !word.contains('&') {
            self.word(word);
            return;
        }
        let decoded = decode_entities(word);
        // &nbsp; separates words as a blank does.
        for (number, word) in decoded.split('\u{a0}').enumerate() {
            self.blank |= number > 0;
            if !word.is_empty() {
                self.word(word);
            }
        }
    }

    fn word(&mut self, word: &str) {
        let at_start = self.text.is_empty();
        if at_start || self.breaks > 0 {
            let marks = self.quote_depth.min(MAX_QUOTE_DEPTH);
            if !at_start {
                self.text.push('\n');
                if self.breaks > 1 {
                    self.text.push_str(&">".repeat(marks));
                    self.text.push('\n');
                }
            }
            self.text.push_str(&"> ".repeat(marks));
        } else if self.blank {
            self.text.push(' ');
        }
        self.breaks = 0;
        self.blank = false;
        self.text.push_str(word);
    }

    fn finish(mut self) -> String {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text
    }
}

/// Named and numbered character references; whatever is none stays as it is.
fn decode_entities(text: &str) -> String {
    /// The longest name in HTML, `&CounterClockwiseContourIntegral;`, has 33 characters.
    const LONGEST: usize = 34;
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        decoded.push_str(before);
        let head = reference.as_bytes().get(..reference.len().min(LONGEST)).unwrap_or_default();
        let end = memchr::memchr(b';', head).map_or(1, |end| end + 1);
        let (token, behind) = reference.split_at(end);
        add_html_token(&mut decoded, token.as_bytes(), false);
        rest = behind;
    }
    decoded.push_str(rest);
    decoded
}
