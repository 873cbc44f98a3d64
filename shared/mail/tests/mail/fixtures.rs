//! Every fixture is a mail in the manner of one client or server, of invented people. Its snapshot beside it
//! shows what was read from it: whoever changes the reading looks at these.

use lotse_mail::{DeliveryReport, Forwarded, PrintedMail, Signal, ThreadHints, read, thread_hints};
use serde::Serialize;
use std::{fs, path::Path};

#[derive(Serialize)]
struct Golden {
    #[serde(flatten)]
    printed: PrintedMail,
    forwarded: Option<Forwarded>,
    suppress_reply: bool,
    signals: Vec<Signal>,
    delivery_report: Option<DeliveryReport>,
    hints: ThreadHints,
}

#[test]
fn every_fixture_reads_as_its_snapshot_shows() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut files: Vec<_> = fs::read_dir(&folder)
        .expect("the folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "eml"))
        .collect();
    files.sort();
    assert!(files.len() >= 50, "only {} fixtures were found", files.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in files {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("a name");
            let mail = read(&fs::read(&path).expect("a readable file")).expect(name);
            let golden = Golden {
                printed: PrintedMail::new(&format!("{name}.eml"), &mail),
                forwarded: mail.separated.forwarded.clone(),
                suppress_reply: mail.suppress_reply,
                signals: mail.signals.clone(),
                delivery_report: mail.delivery_report.clone(),
                hints: thread_hints(&mail, &[]),
            };
            insta::assert_json_snapshot!(name, golden);
        }
    });
}
