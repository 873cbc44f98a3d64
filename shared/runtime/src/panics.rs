//! Panics: where they happened, never what they were about.

use std::panic;

/// Logs the place of each panic, and nothing else of it. Its text may hold a piece of somebody's message:
/// slicing a text at a wrong place prints the text.
pub fn log_panics_without_payload() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a task panicked");
    }));
}
