//! Inquiries and mails in files: what `triage`, `evaluate` and `import` read.

pub(crate) mod inquiries;
pub(crate) mod mails;

use crate::exit::Failure;
use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

/// Largest file that is read into memory as a whole; mailboxes are read message by message.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A file's bytes, or those of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    read.map_err(|cause| Failure::mistakes(format!("cannot read {}: {cause}", path.display())))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::mistakes(format!(
            "{} is larger than {} MiB; split it",
            path.display(),
            MOST_BYTES / 1024 / 1024
        )));
    }
    Ok(bytes)
}

/// True where the file's name ends so.
pub(crate) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
