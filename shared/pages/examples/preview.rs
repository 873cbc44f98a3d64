//! Writes every page with sample data into a folder, to look at in a browser:
//!
//! ```sh
//! cargo run -p lotse-pages --example preview -- /tmp/pages
//! ```
//!
//! Files are named after page and language (`case.de.html`); assets stand beside them.

#[path = "../tests/pages/sample/mod.rs"]
#[expect(clippy::expect_used, reason = "the samples are written in the same file")]
mod sample;

use lotse_pages::{PageLanguage, assets};
use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| io::Error::other("name the folder to write into"))?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    for language in PageLanguage::ALL {
        for page in sample::samples(language, str::to_owned) {
            // A file has no root to count paths from.
            let html = page.html.replace("\"/assets/", "\"assets/");
            fs::write(folder.join(format!("{}.{}.html", page.name, language.tag())), html)?;
        }
    }
    Ok(())
}
