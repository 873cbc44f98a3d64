//! Taking in what came before.

use crate::desk::{Desk, errors, run, text};
use serde_json::Value;
use std::fs;

const ONE: &str = "From: wulf@apotheke.example\nTo: service@nordhafen-pharma.example\n\
    Message-ID: <1@apotheke.example>\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\
    Subject: Bestellung NP-2026-004711\n\nWo bleibt unsere Bestellung?\n";
const TWO: &str = "From: lund@klinik.example\nTo: service@nordhafen-pharma.example\n\
    Message-ID: <2@klinik.example>\nDate: Fri, 20 Nov 2026 11:00:00 +0000\n\
    Subject: Neurexal\n\nWhat is the maximum dose of Neurexal at an eGFR of 28 ml/min?\nDr Lund, physician\n";

fn counts(output: &std::process::Output) -> (u64, u64, u64, u64) {
    let count: Value = serde_json::from_str(&text(output)).unwrap();
    let of = |name: &str| count[name].as_u64().unwrap();
    (of("opened"), of("appended"), of("known"), of("failed"))
}

#[test]
fn a_file_that_is_no_mail_is_named_and_the_others_are_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("post");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("liesmich.txt"), "Ablage: Frau Wulf\n\nAlles von 2026.\n").unwrap();
    fs::write(source.join("one.eml"), ONE).unwrap();
    let data = folder.path().join("data");
    let output = run(&["import", source.to_str().unwrap(), "--data", data.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(counts(&output), (1, 0, 0, 1));
    assert!(errors(&output).contains("liesmich.txt: this is no mail"), "{}", errors(&output));
}

#[test]
fn every_kind_of_source_is_taken_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let data = path("data");
    fs::write(path("one.eml"), ONE).unwrap();
    fs::write(
        path("both.mbox"),
        format!("From a Fri Nov 20 10:00:00 2026\n{ONE}\nFrom b Fri Nov 20 11:00:00 2026\n{TWO}"),
    )
    .unwrap();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.path().join("maildir").join(part)).unwrap();
    }
    fs::write(folder.path().join("maildir/new/1.host"), TWO).unwrap();
    let line = r#"{"channel": "phone", "body": "Wo bleibt Bestellung NP-2026-004712?", "contact": {"email": "reimers@apotheke.example"}}"#;
    fs::write(path("calls.jsonl"), format!("{line}\n{}\n", line.replace("4712", "4713"))).unwrap();

    let import = |source: &str| run(&["import", source, "--data", &data, "--json"]);
    assert_eq!(counts(&import(&path("one.eml"))), (1, 0, 0, 0));
    assert_eq!(counts(&import(&path("one.eml"))), (0, 0, 1, 0), "the same file twice");
    assert_eq!(counts(&import(&path("both.mbox"))), (1, 0, 1, 0), "what one file had, another has too");
    assert_eq!(counts(&import(&path("maildir"))), (0, 0, 1, 0));
    assert_eq!(counts(&import(&path("calls.jsonl"))), (2, 0, 0, 0));
    assert_eq!(counts(&import(&path("calls.jsonl"))), (0, 0, 2, 0));

    let desk = Desk::start(&folder.path().join("data"), &[]);
    assert_eq!(desk.settled_case_of("lund@klinik.example")["requests"][0]["desk"], "medical-information");
    assert_eq!(desk.mails_to("wulf@apotheke.example").len(), 1);
    desk.settled_case_of("reimers@apotheke.example");
}

#[test]
fn an_import_beside_a_running_desk_and_of_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.eml");
    fs::write(&file, ONE).unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    let data = desk.data.to_str().unwrap();
    let output = run(&["import", file.to_str().unwrap(), "--data", data]);
    assert_eq!(output.status.code(), Some(4), "{}", errors(&output));
    let output = run(&["import", "/nowhere.mbox", "--data", data]);
    assert_eq!(output.status.code(), Some(3));
    assert!(errors(&output).contains("/nowhere.mbox"));
}

#[test]
fn what_is_no_inquiry_is_named_and_the_rest_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.jsonl");
    fs::write(&file, "{\"channel\": \"phone\", \"body\": \"Wo bleibt NP-2026-004712?\"}\n{\"body\": 7}\n")
        .unwrap();
    let data = folder.path().join("data");
    let output = run(&["import", file.to_str().unwrap(), "--data", data.to_str().unwrap(), "--json"]);
    assert_eq!(counts(&output), (1, 0, 0, 1));
    assert_eq!(output.status.code(), Some(3));
    assert!(errors(&output).contains("line 2"), "{}", errors(&output));
}
