//! An item that cannot be read, said so that whoever runs Lotse knows what to do.

/// An item that is not what this version of Lotse writes. Names the item, and nothing of what it holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableItem {
    /// Another version of Lotse wrote it.
    #[error(
        "{item} is written in format {found}, and this version of Lotse reads format {known}; deploy the version \
         that wrote it, then try again: nothing is lost"
    )]
    UnknownFormat {
        /// Which item: `CASE#… / EVENT#…`.
        item: String,
        /// The format that it says it has.
        found: String,
        /// The format that is known.
        known: u32,
    },
    /// Something in it is missing, or has not the form that it must have.
    #[error("{item}: {problem}; deploy the version that wrote it, or restore it from a backup")]
    Damaged {
        /// Which item.
        item: String,
        /// What is the matter.
        problem: String,
    },
}

impl UnreadableItem {
    pub(crate) fn damaged(item: &str, problem: impl Into<String>) -> Self {
        Self::Damaged { item: item.to_owned(), problem: problem.into() }
    }

    /// JSON that is not what it must be. The error does not repeat the text, as serde's own would.
    pub(crate) fn json(item: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self::damaged(
            item,
            format!("{:?} error in its JSON at line {line}, column {column}", error.classify()),
        )
    }
}
