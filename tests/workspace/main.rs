//! What holds for the workspace as a whole: which crate may know which, and what no file may say.

#![expect(clippy::expect_used, clippy::panic, reason = "a test says by panicking that something is wrong")]

mod arrows;
mod sources;

use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests folder stands in the workspace")
}
