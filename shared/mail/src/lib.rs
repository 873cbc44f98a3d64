//! Mail in, mail out: reading messages, separating new text from old, recognising automatic mail, composing.

mod separate;

pub use separate::{Forwarded, Part, PartKind, Purpose, Separated, separate, separate_for};
