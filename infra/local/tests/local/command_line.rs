//! The commands that need no running desk, and the demo that needs one.

use crate::desk::{Desk, errors, lotse, run, text};
use serde_json::Value;
use std::{fs, io::Write as _, process::Stdio};

const MAIL: &str = "From: Kerstin Wulf <wulf@apotheke.example>\r\nTo: service@nordhafen-pharma.example\r\n\
    Message-ID: <1@apotheke.example>\r\nSubject: Bestellung NP-2026-004711\r\n\r\n\
    Wo bleibt unsere Bestellung?\r\n\r\n> Frühere Nachricht zu NP-2026-009999\r\n";

fn lines(output: &std::process::Output) -> Vec<Value> {
    text(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn triage_prints_one_decision_a_line_for_mails_and_for_json() {
    let folder = tempfile::tempdir().unwrap();
    let mail = folder.path().join("frage.eml");
    fs::write(&mail, MAIL).unwrap();
    let inquiries = folder.path().join("fragen.jsonl");
    let inquiry = r#"{"id": "a", "channel": "web", "body": "Wo bleibt NP-2026-004711?", "contact": {"email": "a@b.example"}}"#;
    fs::write(&inquiries, format!("{inquiry}\n{inquiry}\n")).unwrap();
    let output = run(&["triage", mail.to_str().unwrap(), inquiries.to_str().unwrap()]);
    assert!(output.status.success(), "{}", errors(&output));
    let decisions = lines(&output);
    assert_eq!(decisions.len(), 3);
    assert_eq!(decisions[1]["id"], "a");
    for decision in &decisions {
        assert_eq!(decision["identifiers"].as_array().unwrap().len(), 1, "quotes are not read: {decision}");
        assert_eq!(decision["identifiers"][0]["value"], "NP-2026-004711");
        assert_eq!(decision["routes"][0]["to"], "logistics", "{decision}");
    }

    let mut reading = lotse(&["triage"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reading.stdin.take().unwrap().write_all(inquiry.as_bytes()).unwrap();
    assert_eq!(lines(&reading.wait_with_output().unwrap()).len(), 1, "standard input");
}

#[test]
fn triage_names_what_it_cannot_read_and_reads_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fragen.jsonl");
    fs::write(
        &file,
        "{\"channel\": \"web\", \"body\": \"x\"}\nnonsense\n{\"channel\": \"web\", \"text\": \"x\"}\n",
    )
    .unwrap();
    let output = run(&["triage", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(lines(&output).len(), 1);
    let errors = errors(&output);
    assert!(errors.contains("line 2") && errors.contains("line 3") && errors.contains("text"), "{errors}");
}

#[test]
fn mail_prints_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("frage.eml");
    fs::write(&file, MAIL).unwrap();
    let output = run(&["mail", file.to_str().unwrap(), "/nowhere.eml"]);
    assert_eq!(output.status.code(), Some(3), "one of the two is not there");
    let read = lines(&output).remove(0);
    assert_eq!(read["from"], "wulf@apotheke.example");
    assert_eq!(read["message_id"], "1@apotheke.example");
    assert!(read["new_text"].as_str().unwrap().contains("Wo bleibt"));
    assert!(!read["new_text"].as_str().unwrap().contains("009999"));
    assert!(read["quoted"].as_str().unwrap().contains("009999"));
}

#[test]
fn a_file_that_is_no_mail_is_named_and_the_others_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let [note, mail] =
        [("notiz.eml", "Notiz: um zehn\n\nzurückrufen\n"), ("frage.eml", MAIL)].map(|(name, text)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        });
    let output = run(&["mail", &note, &mail]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(lines(&output).len(), 1, "nothing is printed of what is no mail");
    let errors = errors(&output);
    assert!(errors.contains("notiz.eml") && errors.contains("no mail"), "{errors}");
}

#[test]
fn evaluate_measures_triage_on_a_labelled_set() {
    let set = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/labelled.jsonl");
    let output = run(&["evaluate", set, "--json"]);
    assert!(output.status.success(), "{}", errors(&output));
    let score: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(score["inquiries"], 38);
    assert!(score["macro_f1"].as_f64().unwrap() > 0.5, "{score}");
    assert!(score["classes"]["shipping_status"]["expected"].as_u64().unwrap() > 5);
    assert!(text(&run(&["evaluate", set])).contains("macro-F1"));

    let folder = tempfile::tempdir().unwrap();
    let coarse = folder.path().join("coarse.jsonl");
    let rows =
        [("Wo bleibt unsere Bestellung NP-2026-004711?", "shipping"), ("zu NP-2026-004711: wo?", "medical")];
    let rows = rows.map(|(body, class)| {
        format!(r#"{{"id": "a", "source": "x", "channel": "web", "subject": "", "body": "{body}", "expect": {{"class": "{class}", "adverse_event": null, "auto": null}}}}"#)
    });
    fs::write(&coarse, rows.join("\n")).unwrap();
    let output = run(&["evaluate", coarse.to_str().unwrap(), "--json"]);
    let score: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(score["classes"]["shipping_status"]["both"], Value::Null);
    assert_eq!(score["classes"]["shipping_status"]["recall"], 1.0, "{score}");
    assert_eq!(score["classes"]["medical_question"]["recall"], 0.0, "{score}");
    let unlabelled = folder.path().join("unlabelled.jsonl");
    fs::write(&unlabelled, "{\"channel\": \"web\", \"body\": \"x\"}\n").unwrap();
    assert_eq!(run(&["evaluate", unlabelled.to_str().unwrap()]).status.code(), Some(3));
}

#[test]
fn a_policy_is_written_out_checked_and_every_mistake_named() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy");
    let dir = policy.to_str().unwrap();
    assert!(run(&["policy", "check"]).status.success());
    assert!(run(&["policy", "init", dir]).status.success());
    assert!(run(&["policy", "check", dir]).status.success());
    assert_eq!(run(&["policy", "init", dir]).status.code(), Some(4), "never over a changed policy");
    let products = fs::read_to_string(policy.join("products.toml")).unwrap();
    fs::write(policy.join("products.toml"), products.replacen("90011378", "90011379", 1)).unwrap();
    let company = fs::read_to_string(policy.join("company.toml")).unwrap();
    fs::write(policy.join("company.toml"), company.replacen("country = \"DE\"", "country = \"Germany\"", 1))
        .unwrap();
    let output = run(&["policy", "check", dir]);
    assert_eq!(output.status.code(), Some(3));
    let errors = errors(&output);
    assert!(errors.contains("products.toml:") && errors.contains("company.toml:"), "all at once: {errors}");
}

#[test]
fn a_policy_is_packed_for_the_functions_and_one_with_mistakes_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let (policy, out) = (folder.path().join("policy"), folder.path().join("layer/policy"));
    let pack = || run(&["policy", "pack", policy.to_str().unwrap(), out.to_str().unwrap()]);
    assert!(run(&["policy", "init", policy.to_str().unwrap()]).status.success());
    let packed = pack();
    assert!(packed.status.success(), "{}", errors(&packed));
    let mut names: Vec<_> = fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["policy.packed", "triage.packed"]);
    let desks = fs::read_to_string(policy.join("desks.toml")).unwrap();
    fs::write(policy.join("desks.toml"), desks.replacen("desk = \"logistics\"", "desk = \"nowhere\"", 1))
        .unwrap();
    fs::remove_dir_all(&out).unwrap();
    let refused = pack();
    assert_eq!(refused.status.code(), Some(3));
    assert!(errors(&refused).contains("desks.toml:"), "{}", errors(&refused));
    assert!(!out.exists());
}

#[test]
fn people_are_added_listed_and_kept_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let added = run(&["user", "add", "anna", "--name", "Anna Berg", "--desk", "logistics", "--data", data]);
    assert!(added.status.success(), "{}", errors(&added));
    assert!(text(&added).contains("shown this once"));
    assert_eq!(run(&["user", "add", "anna", "--data", data]).status.code(), Some(3), "there is one");
    let unknown = run(&["user", "add", "bert", "--desk", "nowhere", "--data", data]);
    assert!(
        unknown.status.code() == Some(3) && errors(&unknown).contains("logistics"),
        "{}",
        errors(&unknown)
    );
    assert!(text(&run(&["user", "add", "carla", "--data", data])).contains("lotse user desks carla"));
    let moved = run(&["user", "desks", "anna", "--desk", "quality", "--desk", "review", "--data", data]);
    assert!(moved.status.success(), "{}", errors(&moved));
    assert!(run(&["user", "disable", "anna", "--data", data]).status.success());
    let listed = lines(&run(&["user", "list", "--json", "--data", data]));
    assert_eq!((listed[0]["user"].as_str(), listed[0]["disabled"].as_bool()), (Some("anna"), Some(true)));
    assert_eq!(listed[0]["desks"], serde_json::json!(["quality", "review"]), "in place of the one before");
    assert!(run(&["user", "password", "anna", "--data", data]).status.success());
    let listed = lines(&run(&["user", "list", "--json", "--data", data]));
    assert_eq!(listed[0]["disabled"], false);
    assert_eq!(run(&["user", "disable", "nobody", "--data", data]).status.code(), Some(3));
    let none = folder.path().join("none");
    assert_eq!(run(&["user", "list", "--data", none.to_str().unwrap()]).status.code(), Some(4));
}

#[test]
fn help_explains_the_exit_codes() {
    let help = text(&run(&["help"]));
    for command in ["serve", "demo", "triage", "mail", "import", "evaluate", "policy", "user", "verify"] {
        assert!(help.contains(command), "{command}");
    }
    assert!(help.contains("Exit codes:"));
    assert_eq!(run(&["--no-such-option"]).status.code(), Some(2));
}

#[test]
fn the_demo_shows_what_becomes_of_a_days_inquiries() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    let output = run(&["demo", "--http", &desk.http, "--smtp", &desk.smtp, "--json", "--patience", "120"]);
    assert!(output.status.success(), "{}{}", errors(&output), text(&output));
    let rows = lines(&output);
    assert!(rows.len() >= 40, "{}", rows.len());
    let went_to =
        |desk: &str| rows.iter().filter(|row| row["went_to"].as_str().unwrap().contains(desk)).count();
    for desk in
        ["medical-information", "logistics", "review", "contact", "pharmacovigilance", "quality", "recorded"]
    {
        assert!(went_to(desk) > 0, "nothing went to {desk}: {rows:#?}");
    }
    let replied = rows.iter().filter(|row| row["channel"].as_str().unwrap().contains("reply")).count();
    assert!(replied >= 3, "questions were answered: {rows:#?}");
}

#[test]
fn the_demo_does_not_write_to_people_who_do_not_exist() {
    let sink = crate::smtp::Sink::start();
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &["--relay", &sink.url]);
    let output = run(&["demo", "--http", &desk.http, "--smtp", &desk.smtp]);
    assert_eq!(output.status.code(), Some(1));
    assert!(errors(&output).contains("--relay"), "{}", errors(&output));
    assert!(sink.mails().is_empty());
}
