//! Starting and stopping, and why a desk does not start.

use crate::desk::{Desk, errors, lotse, run, text, wait_for};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Stdio,
};

/// Starts a desk that must not come up; its exit code and its message.
fn refused(data: &Path, further: &[&str]) -> (Option<i32>, String) {
    let mut command = lotse(&["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log", "off"]);
    let output = command.arg("--data").arg(data).args(further).output().unwrap();
    (output.status.code(), errors(&output))
}

#[test]
fn the_first_start_shows_a_password_once_and_keeps_the_folder_to_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let printed = |data: &Path| {
        let mut command = lotse(&["--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log", "off"]);
        let mut desk = command.arg("--data").arg(data).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(desk.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("Stop with") && lines.read_line(&mut printed).unwrap() > 0 {}
        desk.kill().unwrap();
        desk.wait().unwrap();
        printed
    };
    let first = printed(&data);
    assert!(first.contains("http://127.0.0.1:") && first.contains("/dev/mail"), "{first}");
    assert!(first.contains("sign in at the desk as admin with the password"), "{first}");
    assert!(!printed(&data).contains("password"), "it is shown once");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&data), mode(&data.join("key"))), (0o700, 0o600));
    assert_eq!(fs::read(data.join("key")).unwrap().len(), 32);
    let listed = text(&run(&["user", "list", "--data", data.to_str().unwrap()]));
    assert!(listed.contains("admin") && listed.contains("pharmacovigilance"), "{listed}");
}

#[test]
fn a_stop_is_graceful_and_frees_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert_eq!(Desk::start(&data, &[]).stop(), Some(0));
    assert_eq!(Desk::start(&data, &[]).stop(), Some(0));
}

#[test]
fn two_desks_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    let (code, message) = refused(&desk.data, &[]);
    assert_eq!(code, Some(4), "{message}");
    assert!(message.contains("another lotse") && message.lines().count() == 1, "{message}");
    assert_eq!(desk.get("/").0, 200, "the first goes on");
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for option in ["--http", "--smtp"] {
        let other = if option == "--http" { "--smtp" } else { "--http" };
        let mut command = lotse(&[option, &address, other, "127.0.0.1:0", "--log", "off"]);
        let output = command.arg("--data").arg(folder.path().join(option)).output().unwrap();
        let message = errors(&output);
        assert_eq!(output.status.code(), Some(5), "{message}");
        assert!(message.contains(&address) && message.contains(option), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    // Below a file there is no folder, not even for root.
    let (code, message) = refused(&file.join("data"), &[]);
    assert_eq!(code, Some(4), "{message}");
    assert!(message.contains("file/data") && message.contains("--data"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
}

#[test]
fn a_full_disk_is_named_at_the_start() {
    // Every write to this device fails for want of space; a database there is none that fits.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    std::os::unix::fs::symlink("/dev/full", data.join("key.new")).unwrap();
    let (code, message) = refused(&data, &[]);
    assert_eq!(code, Some(4), "{message}");
    assert_eq!(message.matches("No space left").count(), 1, "the cause once: {message}");
}

#[test]
fn a_policy_with_mistakes_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy");
    assert!(run(&["policy", "init", policy.to_str().unwrap()]).status.success());
    let desks = fs::read_to_string(policy.join("desks.toml")).unwrap();
    fs::write(policy.join("desks.toml"), desks.replacen("desk = \"logistics\"", "desk = \"nowhere\"", 1))
        .unwrap();
    let data = folder.path().join("data");
    let (code, message) = refused(&data, &["--policy", policy.to_str().unwrap()]);
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("desks.toml:") && message.contains("nowhere"), "{message}");
    assert!(!data.exists());
}

#[test]
fn a_relay_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (code, message) = refused(&folder.path().join("data"), &["--relay", "http://relay.example"]);
    assert_eq!(code, Some(2), "{message}");
    assert!(message.contains("smtp://HOST:PORT"), "{message}");
    let (_, message) = refused(&folder.path().join("data"), &["--relay", "foo"]);
    assert_eq!(message.matches("relative URL without a base").count(), 1, "the cause once: {message}");
}

#[test]
fn a_log_filter_that_is_none_is_refused_with_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for wrong in ["foo=bar=baz", "loud", "lotse=loud", ""] {
        let mut command = lotse(&["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log", wrong]);
        let output = command.arg("--data").arg(&data).output().unwrap();
        let message = errors(&output);
        assert_eq!(output.status.code(), Some(2), "{wrong}: {message}");
        assert!(message.contains("--log") && message.contains("info,lotse=debug"), "{wrong}: {message}");
    }
    assert!(!data.exists());
}

#[test]
fn kept_mail_is_shown_to_this_machine_only() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::start(&folder.path().join("data"), &[]);
    assert_eq!(desk.get("/dev/mail").0, 200);
    for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"] {
        assert_eq!(desk.get_through_proxy("/dev/mail", header), 403, "{header}");
        assert_eq!(desk.get_through_proxy("/dev/mail.json", header), 403, "{header}");
        assert_eq!(desk.get_through_proxy("/", header), 200, "{header}: the form is for all");
    }
    desk.stop();
    let public = ["--public-url", "https://anfragen.nordhafen-pharma.example"];
    let desk = Desk::start(&folder.path().join("data"), &public);
    for path in ["/dev/mail", "/dev/mail.json", "/dev/cases"] {
        assert_eq!(desk.get(path).0, 404, "{path} is not there at all");
    }
}

#[test]
fn a_desk_whose_messages_nobody_reads_serves_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ready = folder.path().join("ready");
    let mut command = lotse(&["--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log", "off"]);
    command.arg("--data").arg(folder.path().join("data")).arg("--ready-file").arg(&ready);
    let mut desk = command.stdout(writer).spawn().unwrap();
    wait_for("the desk to be ready", || ready.exists().then_some(()));
    assert!(desk.try_wait().unwrap().is_none());
    desk.kill().unwrap();
    desk.wait().unwrap();
}

#[test]
fn links_in_mails_begin_with_an_address_of_pages_or_the_desk_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        "javascript:x",
        "inquiries.pharma.example",
        "https://",
        "https://pharma.example/?a=b",
        "https://a@b.example",
    ] {
        let (code, message) = refused(&folder.path().join("data"), &["--public-url", wrong]);
        assert_eq!(code, Some(2), "{wrong}: {message}");
        assert!(message.contains("expected a form such as https://"), "{message}");
    }
}
