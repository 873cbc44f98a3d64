//! Mails in files: one a file (`.eml`, maildir), or many in one (mbox, RFC 4155).

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

/// The files of a maildir, those that came first in front; `None` where the folder is none.
pub(crate) fn maildir(folder: &Path) -> io::Result<Option<Vec<PathBuf>>> {
    if !(folder.join("cur").is_dir() && folder.join("new").is_dir()) {
        return Ok(None);
    }
    let mut files = files_in(&folder.join("cur"))?;
    files.extend(files_in(&folder.join("new"))?);
    // Their names begin with the second in which they were delivered.
    files.sort_by(|left, right| left.file_name().cmp(&right.file_name()));
    Ok(Some(files))
}

/// The files directly in a folder, by name.
pub(crate) fn files_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = paths.into_iter().filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// True where the file begins as an mbox does.
pub(crate) fn is_mbox(path: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(File::open(path)?, 5), &mut start)?;
    Ok(start == b"From ")
}

/// The messages of an mbox, one by one: the file may be larger than memory.
pub(crate) struct Mbox<R> {
    lines: R,
    most_bytes: usize,
    /// The line that the next message begins with was read already.
    begun: bool,
    ended: bool,
}

/// A message of an mbox.
pub(crate) enum MboxMessage {
    /// The message as it was before it was put into the mailbox.
    Whole(Vec<u8>),
    /// It has more bytes than a message may have; they were passed over.
    TooLarge,
}

impl Mbox<BufReader<File>> {
    /// Opens a mailbox. Messages of more than `most_bytes` are passed over.
    pub(crate) fn open(path: &Path, most_bytes: usize) -> io::Result<Self> {
        Ok(Self::new(BufReader::with_capacity(64 * 1024, File::open(path)?), most_bytes))
    }
}

impl<R: BufRead> Mbox<R> {
    fn new(lines: R, most_bytes: usize) -> Self {
        Self { lines, most_bytes, begun: false, ended: false }
    }

    /// The next message and how many bytes of the file were read for it.
    fn next_message(&mut self) -> io::Result<Option<(MboxMessage, u64)>> {
        if self.ended {
            return Ok(None);
        }
        let mut message = Vec::new();
        let (mut read, mut too_large, mut after_blank) = (0_u64, false, true);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length =
                io::Read::take(&mut self.lines, self.most_bytes as u64 + 1).read_until(b'\n', &mut line)?;
            read += length as u64;
            if length == 0 {
                self.ended = true;
                break;
            }
            if after_blank && line.starts_with(b"From ") {
                if self.begun {
                    break;
                }
                self.begun = true;
                continue;
            }
            after_blank = line.trim_ascii().is_empty();
            too_large |= message.len() + line.len() > self.most_bytes;
            if !too_large {
                message.extend_from_slice(unquoted(&line));
            }
        }
        if self.ended && message.is_empty() && !self.begun {
            return Ok(None);
        }
        if self.ended && message.trim_ascii().is_empty() && !too_large {
            return Ok(None);
        }
        // The blank line in front of the next `From ` is the mailbox's own.
        if message.ends_with(b"\n\n") {
            message.pop();
        } else if message.ends_with(b"\r\n\r\n") {
            message.truncate(message.len() - 2);
        }
        Ok(Some((if too_large { MboxMessage::TooLarge } else { MboxMessage::Whole(message) }, read)))
    }
}

impl<R: BufRead> Iterator for Mbox<R> {
    type Item = io::Result<(MboxMessage, u64)>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_message().transpose()
    }
}

/// A line that looked like the start of a message was marked with `>`.
fn unquoted(line: &[u8]) -> &[u8] {
    let unmarked = line.iter().position(|byte| *byte != b'>').unwrap_or_default();
    if unmarked > 0 && line.get(unmarked..).is_some_and(|rest| rest.starts_with(b"From ")) {
        line.get(1..).unwrap_or(line)
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(mailbox: &str, most_bytes: usize) -> Vec<Option<String>> {
        Mbox::new(mailbox.as_bytes(), most_bytes)
            .map(|message| match message.unwrap().0 {
                MboxMessage::Whole(bytes) => Some(String::from_utf8(bytes).unwrap()),
                MboxMessage::TooLarge => None,
            })
            .collect()
    }

    #[test]
    fn a_mailbox_gives_its_messages_as_they_were() {
        let mailbox = "From a@b Sun Nov 22 11:00:00 2026\nSubject: 1\n\nAus\n>From Kiel\nFrom Husum\n\n\
                       From c@d Sun Nov 22 11:00:00 2026\nSubject: 2\n\nzwei\n";
        assert_eq!(
            messages(mailbox, 1000),
            [
                Some("Subject: 1\n\nAus\nFrom Kiel\nFrom Husum\n".to_owned()),
                Some("Subject: 2\n\nzwei\n".to_owned())
            ]
        );
    }

    #[test]
    fn a_message_that_is_too_large_does_not_hide_the_next() {
        let mailbox = format!("From a\n\n{}\n\nFrom b\nSubject: 2\n\nzwei\n", "x\n".repeat(600));
        assert_eq!(messages(&mailbox, 1000), [None, Some("Subject: 2\n\nzwei\n".to_owned())]);
    }

    #[test]
    fn an_empty_mailbox_has_no_messages() {
        assert!(messages("", 1000).is_empty());
        assert!(messages("From a\n", 1000).is_empty());
    }
}
