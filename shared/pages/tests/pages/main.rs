//! The pages as people get them: every page in both languages, its form, and what becomes of hostile text.

mod sample;
