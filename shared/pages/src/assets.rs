//! The stylesheet, the script and the logo, under paths that change with their content, so that a browser may
//! keep each for ever and still sees a new one at once.

use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::LazyLock};

/// What the pages need from the browser, and nothing else (W3C Content Security Policy Level 3).
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
     script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A static file that pages refer to. It never changes under its path: deliver it with
/// `Cache-Control: public, max-age=31536000, immutable`.
#[derive(Clone, Debug)]
pub struct Asset {
    /// The absolute path, such as `/assets/lotse-1f0c….css`.
    pub path: String,
    /// The media type for `Content-Type`.
    pub content_type: &'static str,
    /// The content.
    pub bytes: &'static [u8],
}

impl Asset {
    fn new(name: &str, extension: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let digest = Sha256::digest(bytes);
        // 64 bits tell versions of one file apart; nothing is kept secret by them.
        let hash = digest.iter().take(8).fold(String::new(), |mut hash, byte| {
            let _infallible = write!(hash, "{byte:02x}");
            hash
        });
        Self { path: format!("/assets/{name}-{hash}.{extension}"), content_type, bytes }
    }
}

/// One stylesheet in parts by subject; the order counts.
const STYLESHEET: &str = concat!(
    include_str!("../assets/style/colours.css"),
    include_str!("../assets/style/text.css"),
    include_str!("../assets/style/frame.css"),
    include_str!("../assets/style/blocks.css"),
    include_str!("../assets/style/forms.css"),
    include_str!("../assets/style/conversation.css"),
    include_str!("../assets/style/desk.css"),
    include_str!("../assets/style/conditions.css"),
);

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("lotse", "css", "text/css; charset=utf-8", STYLESHEET.as_bytes()),
        Asset::new("lotse", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/lotse.js")),
        Asset::new("logo", "svg", "image/svg+xml", include_bytes!("../assets/logo.svg")),
    ]
});

/// All static files.
pub fn assets() -> &'static [Asset] {
    &*ASSETS
}

/// The static file under this path.
pub fn asset(path: &str) -> Option<&'static Asset> {
    assets().iter().find(|asset| asset.path == path)
}

pub(crate) fn stylesheet() -> &'static str {
    let [stylesheet, _, _] = &*ASSETS;
    &stylesheet.path
}

pub(crate) fn script() -> &'static str {
    let [_, script, _] = &*ASSETS;
    &script.path
}

pub(crate) fn logo() -> &'static str {
    let [_, _, logo] = &*ASSETS;
    &logo.path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_asset_is_found_under_its_own_path_only() {
        assert_eq!(assets().len(), 3);
        for one in assets() {
            assert_eq!(asset(&one.path).map(|found| found.bytes), Some(one.bytes));
            assert!(!one.bytes.is_empty());
        }
        assert!(asset("/assets/lotse.css").is_none());
        assert!(asset("/assets/../Cargo.toml").is_none());
    }

    #[test]
    fn the_stylesheet_loads_nothing_from_elsewhere() {
        let css = String::from_utf8_lossy(asset(stylesheet()).expect("the stylesheet").bytes);
        assert!(!css.contains("url(") && !css.contains("@import"));
    }
}
