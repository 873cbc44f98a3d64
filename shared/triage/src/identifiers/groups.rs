//! Runs of letters and digits that may be numbers, with the blanks, dots and hyphens people put in.

/// Letters and digits without anything between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    /// First byte in the field.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// True where it has a digit.
    pub(super) has_digit: bool,
    /// True where the next chunk may belong to the same number: only blanks, dots, hyphens or slashes
    /// stand between.
    pub(super) joins_next: bool,
}

/// At most so many bytes between two chunks of one number: „NP-2026 - 004711“.
const LONGEST_GAP: usize = 4;
/// A number has at most so many chunks: twenty digits in pairs.
pub(super) const MOST_CHUNKS: usize = 10;
/// A number has at most so many letters and digits.
pub(super) const LONGEST_NUMBER: usize = 28;

/// About how many bytes a word takes, with what follows it.
const USUAL_LENGTH: usize = 6;

/// Cuts a stretch of a field into chunks; `offset` is where the stretch begins in the field.
pub(super) fn chunks(text: &str, offset: usize) -> Vec<Chunk> {
    let bytes = text.as_bytes();
    let mut chunks: Vec<Chunk> = Vec::with_capacity(bytes.len() / USUAL_LENGTH);
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some(gap) = rest.iter().position(|byte| PARTS[usize::from(*byte)]) else { break };
        at += gap;
        let rest = rest.get(gap..).unwrap_or_default();
        let end = at + rest.iter().position(|byte| !PARTS[usize::from(*byte)]).unwrap_or(rest.len());
        let chunk = bytes.get(at..end).unwrap_or_default();
        let start = offset + at;
        if let Some(before) = chunks.last_mut() {
            let gap = text.get(before.end - offset..at).unwrap_or("?");
            before.joins_next = gap.len() <= LONGEST_GAP && gap.chars().all(is_joint);
        }
        let has_digit = chunk.iter().any(u8::is_ascii_digit);
        chunks.push(Chunk { start, end: offset + end, has_digit, joins_next: false });
        at = end;
    }
    chunks
}

/// Which bytes belong to chunks.
static PARTS: [bool; 256] = {
    // Bytes of other letters belong to words, so that „für“ is not cut in two.
    let mut parts = [true; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        parts[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    parts
};

fn is_joint(letter: char) -> bool {
    matches!(letter, ' ' | '-' | '.' | '/' | '\t')
}

/// The letters and digits of a stretch, in capitals, without what stands between.
pub(super) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}
