//! Making texts small: an item is paid for by the kilobyte, and holds 400 of them.

use miniz_oxide::{
    deflate::compress_to_vec,
    inflate::{DecompressError, decompress_to_vec_with_limit},
};

/// The level at which the size of short texts stops falling.
const LEVEL: u8 = 9;
/// Larger than anything that is written: what claims to be larger is damaged.
const LARGEST: usize = 64 * 1024 * 1024;

/// The text as DEFLATE data (RFC 1951).
pub(super) fn pack(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), LEVEL)
}

/// The bytes of such data.
pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, DecompressError> {
    decompress_to_vec_with_limit(packed, LARGEST)
}
