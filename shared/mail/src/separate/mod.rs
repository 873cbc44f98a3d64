//! Newly written text, and what stands around it: quotes, forwarded messages, signature, disclaimer.
//!
//! [`separate`] gives every line one [`PartKind`]; the parts tile the text, nothing is dropped. It works
//! on the plain text of a mail, in one pass over the lines with bounded look-ahead:
//!
//! - `lines` cuts the text into lines and counts their quote marks,
//! - `boundary` recognises what starts an earlier message (attribution, separator, header block),
//! - `closing` recognises closings, signatures and lines that phones add,
//! - `disclaimer` recognises legal notices and banners about external senders,
//! - `phrases` holds the words of the two,
//! - `prose` tells a sentence that somebody wrote to us from a line of a signature.
//!
//! What is in doubt stays new text: reading a line too many is cheaper than missing a safety report.

mod boundary;
mod closing;
mod disclaimer;
mod lines;
mod phrases;
mod prose;

pub(crate) use prose::{Emptiness, emptiness};

use boundary::{Boundary, Origin};
use lines::Line;
use lotse_domain::Contact;
use serde::Serialize;
use std::{fmt, ops::Range};

/// What a stretch of a mail's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// Newly written by the sender; also the forwarded text of a message that only forwards.
    New,
    /// An earlier message, with the lines that introduce it and with quote marks.
    Quoted,
    /// The closing, the name and what follows it; also lines such as „Von meinem iPhone gesendet“.
    Signature,
    /// Legal notices, virus-scanner lines, banners about external senders.
    Disclaimer,
}

/// One stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its bytes in the text that was separated.
    pub range: Range<usize>,
}

/// A forwarded message that counts as new text, because its forwarder added nothing of his own.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// Where the forwarded message's own text starts, in bytes.
    pub start: usize,
    /// Who wrote the forwarded message, where it is shown: name and mail address only.
    pub sender: Contact,
}

impl fmt::Debug for Forwarded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[forwarded message from byte {}]", self.start)
    }
}

/// A text in its parts. The parts are in order, do not overlap, and together are the whole text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Separated {
    /// The parts; neighbours differ in kind.
    pub parts: Vec<Part>,
    /// Set where a forwarded message counts as new text: the innermost one, if forwarded repeatedly.
    pub forwarded: Option<Forwarded>,
}

impl Separated {
    /// The ranges of one kind, in order.
    pub fn ranges(&self, kind: PartKind) -> impl Iterator<Item = Range<usize>> + '_ {
        self.parts.iter().filter(move |part| part.kind == kind).map(|part| part.range.clone())
    }

    /// The text of the given kinds, in order. Stretches that stood apart are joined by a line break, or by a blank line
    /// where one stood between them; blank lines at both ends are left out.
    pub fn text_of(&self, kinds: &[PartKind], text: &str) -> String {
        let ends_blank = |text: &str| text.ends_with("\n\n") || text.ends_with("\n\r\n");
        let mut joined = String::new();
        let mut apart = false;
        for part in self.parts.iter().filter(|part| kinds.contains(&part.kind)) {
            let piece = text.get(part.range.clone()).unwrap_or_default();
            let body = without_blank_start(piece);
            apart |= body.len() < piece.len() || text.get(..part.range.start).is_some_and(ends_blank);
            // The quote marks before a forwarded line are a part by themselves.
            let is_only_marks =
                !piece.contains('\n') && piece.bytes().all(|byte| matches!(byte, b'>' | b' '));
            if body.is_empty() || is_only_marks {
                continue;
            }
            apart |= ends_blank(&joined);
            joined.truncate(joined.trim_end().len());
            if !joined.is_empty() {
                joined.push_str(if apart { "\n\n" } else { "\n" });
            }
            // Line breaks at its end stay for now: they tell whether a blank line follows.
            joined.push_str(body);
            apart = false;
        }
        joined.trim().to_owned()
    }

    /// The newly written text.
    pub fn new_text(&self, text: &str) -> String {
        self.text_of(&[PartKind::New], text)
    }
}

/// Without blank lines at the start; the first line keeps its indent.
fn without_blank_start(text: &str) -> &str {
    let indent = text.len() - text.trim_start().len();
    let blank = text.get(..indent).unwrap_or_default();
    let first_line = blank.rfind('\n').map_or(0, |at| at + 1);
    text.get(first_line..).filter(|rest| !rest.trim().is_empty()).unwrap_or_default()
}

/// What the mail's subject says about an earlier message below its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// Nothing is known: a header block below no text of its own is taken as forwarded.
    #[default]
    Unknown,
    /// An answer: only what is marked as forwarded counts so. An empty answer stays empty.
    Answer,
    /// It was forwarded, however the earlier message is shown.
    Forward,
}

/// What is known about a text besides itself.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    /// What the mail is for.
    pub purpose: Purpose,
    /// The sender's name: a last paragraph that starts with it is a signature, with or without a closing.
    pub sender_name: Option<&'a str>,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[context: {:?}]", self.purpose)
    }
}

/// Separates newly written text from everything else. Linear in the length of the text.
pub fn separate(text: &str) -> Separated {
    separate_in(text, Context::default())
}

/// As [`separate`], where more is known than the text.
pub fn separate_in(text: &str, context: Context<'_>) -> Separated {
    let lines = lines::split(text);
    let kinds = vec![PartKind::New; lines.len()];
    let mut separation = Separation { text, context, lines, kinds, forwarded: None };
    separation.run();
    separation.finish()
}

struct Separation<'a> {
    text: &'a str,
    context: Context<'a>,
    lines: Vec<Line<'a>>,
    kinds: Vec<PartKind>,
    forwarded: Option<Forwarded>,
}

impl Separation<'_> {
    /// Goes from message to message: what stands before the first boundary is the mail's own text, and
    /// only where that says nothing is the message behind the boundary looked at in the same way.
    fn run(&mut self) {
        let mut start = 0;
        let mut depth = 0;
        loop {
            let Some((at, boundary)) = self.mark_quotes(start, depth) else {
                self.mark_signatures(start, self.lines.len());
                return;
            };
            self.mark_signatures(start, at);
            self.mark(at, boundary.body, PartKind::Quoted);
            if !self.forwards(&boundary, start, at) {
                self.mark(boundary.body, self.lines.len(), PartKind::Quoted);
                self.reopen_after_marked_quote(&boundary, depth);
                return;
            }
            start = boundary.body;
            depth = self.depth_behind(start).max(depth);
            if let Some(line) = self.lines.get(start) {
                self.forwarded = Some(Forwarded { start: line.start, sender: boundary.sender });
            }
        }
    }

    /// True where the message behind the boundary is what is to be read: it was forwarded, and the text
    /// above it (from `start` to `end`) says nothing or only points to it. Where it may as well have been
    /// answered, thanks alone are an answer.
    fn forwards(&self, boundary: &Boundary, start: usize, end: usize) -> bool {
        let is_marked = match (boundary.origin, self.context.purpose) {
            (Origin::Forwarded, _) | (Origin::Shown, Purpose::Forward) => true,
            (Origin::Shown, Purpose::Unknown) => false,
            (Origin::Shown, Purpose::Answer) | (Origin::Answered, _) => return false,
        };
        let (lines, kinds) = (self.lines.get(start..end), self.kinds.get(start..end));
        let own = lines.unwrap_or_default().iter().zip(kinds.unwrap_or_default());
        let own = own.filter(|(_, kind)| **kind == PartKind::New).map(|(line, _)| line.content);
        match emptiness(own.clone()) {
            Emptiness::Nothing => true,
            Emptiness::Courtesy => is_marked,
            Emptiness::Says => is_marked && prose::points_below(own),
        }
    }

    /// Marks quoted lines until a boundary behind which everything belongs to an earlier message.
    fn mark_quotes(&mut self, start: usize, depth: usize) -> Option<(usize, Boundary)> {
        let mut at = start;
        let mut in_quote = false;
        while let Some(line) = self.lines.get(at) {
            if line.depth > depth {
                // Apple Mail puts the mark of a forwarded message inside the quote.
                let forwarded = if in_quote { None } else { boundary::find_forwarded(&self.lines, at) };
                if let Some(boundary) = forwarded {
                    return Some((at, boundary));
                }
                in_quote = true;
                if !self.is_comparison(at) {
                    self.mark(at, at + 1, PartKind::Quoted);
                }
                at += 1;
                continue;
            }
            in_quote = false;
            let Some(boundary) = boundary::find(&self.lines, at) else {
                at += 1;
                continue;
            };
            let is_quoted_with_marks = self.depth_behind(boundary.body) > depth;
            if boundary.origin != Origin::Answered || !is_quoted_with_marks {
                return Some((at, boundary));
            }
            self.mark(at, boundary.body, PartKind::Quoted);
            at = boundary.body;
        }
        None
    }

    /// Where an earlier message is quoted with marks, lines without marks below it are new again.
    fn reopen_after_marked_quote(&mut self, boundary: &Boundary, depth: usize) {
        if self.depth_behind(boundary.body) <= depth {
            return;
        }
        let end = (boundary.body..self.lines.len())
            .find(|&at| self.lines.get(at).is_some_and(|line| line.depth <= depth && !line.is_blank()));
        if let Some(end) = end {
            self.mark(end, self.lines.len(), PartKind::New);
            let rest = self.mark_quotes(end, depth);
            let stop = rest.as_ref().map_or(self.lines.len(), |(at, _)| *at);
            self.mark_signatures(end, stop);
            self.mark(stop, self.lines.len(), PartKind::Quoted);
        }
    }

    /// The quote depth of the first line with text at or after `at`.
    fn depth_behind(&self, at: usize) -> usize {
        self.lines.iter().skip(at).take(8).find(|line| !line.is_blank()).map_or(0, |line| line.depth)
    }

    /// A lone line such as „> 80 Jahre“: a comparison, not a quote.
    fn is_comparison(&self, at: usize) -> bool {
        let marked = |at: usize| self.lines.get(at).is_some_and(|line| line.depth > 0);
        let compares =
            |line: &Line<'_>| line.depth == 1 && line.content.starts_with(|c: char| c.is_ascii_digit());
        at > 0 && self.lines.get(at).is_some_and(compares) && !marked(at - 1) && !marked(at + 1)
    }

    fn mark_signatures(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let run = self.kinds.get(at..end).unwrap_or_default();
            let length = run.iter().take_while(|&&kind| kind == PartKind::New).count();
            if let (Some(lines), Some(kinds)) =
                (self.lines.get(at..at + length), self.kinds.get_mut(at..at + length))
            {
                closing::mark(lines, kinds, self.context.sender_name);
            }
            at += length.max(1);
        }
    }

    fn mark(&mut self, start: usize, end: usize, kind: PartKind) {
        if let Some(kinds) = self.kinds.get_mut(start..end) {
            kinds.fill(kind);
        }
    }

    /// Blank lines between two parts belong to the first one.
    fn attach_blank_lines(&mut self) {
        for at in 1..self.lines.len() {
            let is_blank = self.lines.get(at).is_some_and(Line::is_blank);
            let before = self.kinds.get(at - 1).copied();
            if let (Some(kind), Some(before)) = (self.kinds.get_mut(at), before)
                && is_blank
                && *kind == PartKind::New
            {
                *kind = before;
            }
        }
    }

    fn finish(mut self) -> Separated {
        self.attach_blank_lines();
        let mut parts: Vec<Part> = Vec::new();
        let mut push = |kind, range: Range<usize>| match parts.last_mut() {
            _ if range.is_empty() => {}
            Some(last) if last.kind == kind => last.range.end = range.end,
            _ => parts.push(Part { kind, range }),
        };
        let starts = self.lines.iter().skip(1).map(|line| line.start).chain([self.text.len()]);
        for ((line, kind), next) in self.lines.iter().zip(self.kinds).zip(starts) {
            // In a forwarded text that counts as new, the quote marks before its lines still do not.
            if line.depth > 0 && kind != PartKind::Quoted && self.forwarded.is_some() {
                push(PartKind::Quoted, line.start..line.content_start());
                push(kind, line.content_start()..next);
            } else {
                push(kind, line.start..next);
            }
        }
        Separated { parts, forwarded: self.forwarded }
    }
}
