//! Packed files: a checked policy, or what was compiled of one, to be read in a moment.
//!
//! A function that starts in the cloud has milliseconds; reading and checking TOML takes longer. So a policy
//! is read and checked once, when it is packed (`lotse policy pack`), and the functions load the packed file.
//! Packing the same policy again gives the same bytes.
//!
//! | bytes | hold |
//! | --- | --- |
//! | 8 | [`MARK`] |
//! | 4 | [`FORMAT`], little-endian |
//! | 32 | SHA-256 of all that follows |
//! | the rest | kind of the content, version of the policy and the content itself, as `postcard` writes them |

use crate::Policy;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What every packed file begins with.
const MARK: [u8; 8] = *b"lotsepak";

/// The form of what is packed. Whoever changes a type that is packed raises it: files of another form are
/// refused with a clear message instead of being misread.
pub const FORMAT: u32 = 1;

const CHECKSUM: usize = 32;

/// Why a packed file could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum PackedError {
    /// The file is not there, or cannot be read.
    #[error(
        "{path}: a packed policy cannot be read from here; write it with `lotse policy pack DIR OUT` and deploy all files of OUT"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The file is something else.
    #[error(
        "{path}: this is no packed file of the kind `{kind}`; write it with `lotse policy pack DIR OUT` and deploy all files of OUT"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What was expected.
        kind: &'static str,
    },
    /// The file was packed by another version of Lotse.
    #[error(
        "{path}: packed in format {found}, and this program reads format {FORMAT}; pack the policy again with `lotse policy pack` of the same version as this program"
    )]
    Format {
        /// The file.
        path: PathBuf,
        /// The format of the file.
        found: u32,
    },
    /// The file is cut off or was changed.
    #[error(
        "{path}: the packed file is damaged or cut off; pack the policy again with `lotse policy pack DIR OUT`"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The content is whole and does not fit the types of this program.
    #[error(
        "{path}: the packed policy does not fit this program; pack it again with `lotse policy pack` of the same version as this program"
    )]
    Content {
        /// The file.
        path: PathBuf,
        /// What did not fit.
        #[source]
        cause: postcard::Error,
    },
    /// The content could not be written.
    #[error("the policy cannot be packed as `{kind}`")]
    Packing {
        /// What was being packed.
        kind: &'static str,
        /// Why.
        #[source]
        cause: postcard::Error,
    },
}

/// Something that is packed into a file of its own.
pub trait Packed: Serialize + DeserializeOwned {
    /// What the file holds; `<kind>.packed` is its name.
    const KIND: &'static str;

    /// The version of the policy that it comes from.
    fn policy_version(&self) -> &str;

    /// The name of its file.
    fn file_name() -> String {
        format!("{}.packed", Self::KIND)
    }

    /// The bytes of its file: the same for the same policy.
    fn pack(&self) -> Result<Vec<u8>, PackedError> {
        let content = Content { kind: Self::KIND, policy_version: self.policy_version(), value: self };
        let content = postcard::to_allocvec(&content)
            .map_err(|cause| PackedError::Packing { kind: Self::KIND, cause })?;
        Ok([&MARK[..], &FORMAT.to_le_bytes(), &Sha256::digest(&content), &content].concat())
    }

    /// Reads its file from a folder. Nothing is checked again but that the file is whole and of this
    /// program's format: what was packed had been checked.
    fn load_packed(folder: &Path) -> Result<Self, PackedError> {
        let path = folder.join(Self::file_name());
        let bytes = fs::read(&path).map_err(|cause| PackedError::Unreadable { path: path.clone(), cause })?;
        unpack(&bytes, path)
    }
}

/// What stands behind the head of a packed file.
#[derive(Serialize, Deserialize)]
struct Content<'c, T> {
    kind: &'c str,
    policy_version: &'c str,
    value: T,
}

fn unpack<T: Packed>(bytes: &[u8], path: PathBuf) -> Result<T, PackedError> {
    let Some(rest) = bytes.strip_prefix(&MARK) else {
        return Err(PackedError::Foreign { path, kind: T::KIND });
    };
    let Some((format, rest)) = rest.split_first_chunk() else { return Err(PackedError::Damaged { path }) };
    let found = u32::from_le_bytes(*format);
    if found != FORMAT {
        return Err(PackedError::Format { path, found });
    }
    let Some((checksum, content)) = rest.split_first_chunk::<CHECKSUM>() else {
        return Err(PackedError::Damaged { path });
    };
    if Sha256::digest(content)[..] != checksum[..] {
        return Err(PackedError::Damaged { path });
    }
    let head: Result<(&str, _), _> = postcard::take_from_bytes(content);
    if !matches!(head, Ok((kind, _)) if kind == T::KIND) {
        return Err(PackedError::Foreign { path, kind: T::KIND });
    }
    match postcard::take_from_bytes::<Content<'_, T>>(content) {
        Ok((content, [])) => Ok(content.value),
        Ok(_) => Err(PackedError::Damaged { path }),
        Err(cause) => Err(PackedError::Content { path, cause }),
    }
}

impl Packed for Policy {
    const KIND: &'static str = "policy";

    fn policy_version(&self) -> &str {
        &self.company.policy_version
    }
}
