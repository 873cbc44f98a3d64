//! A desk that a test starts, speaks to and stops.

use crate::smtp;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};
use ureq::Agent;

/// Far longer than anything takes; what is waited for usually comes at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// The built program with these arguments.
pub(crate) fn lotse(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lotse"));
    command.args(arguments).stdin(Stdio::null()).env_remove("LOTSE_RELAY");
    command
}

/// Runs a command to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    lotse(arguments).output().unwrap()
}

/// What a command wrote to stdout.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command wrote to stderr.
pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Looks until something is there.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A running desk. Its process ends with it.
pub(crate) struct Desk {
    process: Child,
    pub(crate) http: String,
    pub(crate) smtp: String,
    pub(crate) data: PathBuf,
    agent: Agent,
}

impl Desk {
    /// Starts a desk on a data folder, new or used before.
    pub(crate) fn start(data: &Path, further: &[&str]) -> Self {
        let ready = data.with_extension("ready");
        let _ = std::fs::remove_file(&ready);
        let mut command =
            lotse(&["serve", "--http", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--log", "warn"]);
        command.arg("--data").arg(data).arg("--ready-file").arg(&ready).args(further).stdout(Stdio::null());
        let mut process = command.spawn().unwrap();
        let addresses: Value = wait_for("the desk to be ready", || {
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the desk ended at its start: {status}");
            }
            serde_json::from_slice(&std::fs::read(&ready).ok()?).ok()
        });
        let address = |name: &str| addresses[name].as_str().unwrap().to_owned();
        let agent = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        let smtp = address("smtp").trim_start_matches("smtp://").to_owned();
        Self { process, http: address("http"), smtp, data: data.to_owned(), agent }
    }

    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        let mut response = self.agent.get(format!("{}{path}", self.http)).call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    /// A page as a proxy asks for it that passes this header on.
    pub(crate) fn get_through_proxy(&self, path: &str, header: &str) -> u16 {
        let request = self.agent.get(format!("{}{path}", self.http)).header(header, "198.51.100.7");
        request.call().unwrap().status().as_u16()
    }

    /// Signs in; the session's cookie, where the desk opened one.
    pub(crate) fn sign_in(&self, user: &str, password: &str) -> Option<String> {
        let form = [("user", user), ("password", password)];
        let response = self.agent.post(format!("{}/desk/sign-in", self.http)).send_form(form).unwrap();
        let cookie = response.headers().get("set-cookie")?.to_str().unwrap();
        Some(cookie.split(';').next().unwrap().to_owned())
    }

    /// A page of the desk, as whoever has this cookie sees it.
    pub(crate) fn get_as(&self, cookie: &str, path: &str) -> (u16, String) {
        let request = self.agent.get(format!("{}{path}", self.http)).header("Cookie", cookie);
        let mut response = request.call().unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    /// Sends an inquiry by the API; status and answer.
    pub(crate) fn send_to_api(&self, key: &str, body: &[u8]) -> (u16, String) {
        let mut response = self
            .agent
            .post(format!("{}/api/inquiries", self.http))
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .send(body)
            .unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    /// Sends the form; the path of the status page.
    pub(crate) fn send_form(&self, fields: &[(&str, &str)]) -> String {
        let form = fields.iter().copied();
        let response = self.agent.post(format!("{}/inquiries", self.http)).send_form(form).unwrap();
        assert_eq!(response.status(), 303);
        let location = response.headers()["location"].to_str().unwrap();
        location.split("/sent").next().unwrap().to_owned()
    }

    /// Sends a mail that must be taken.
    pub(crate) fn send_mail(&self, from: &str, to: &str, message: &str) {
        let replies = smtp::send(&self.smtp, from, &[to], message.as_bytes());
        assert!(replies.last().unwrap().starts_with("250"), "{replies:?}");
    }

    /// The latest case of an address, as far as it has come.
    pub(crate) fn case_of(&self, email: &str) -> Option<Value> {
        let mut response =
            self.agent.post(format!("{}/dev/cases", self.http)).send_json(json!({ "email": email })).unwrap();
        let cases: Value = response.body_mut().read_json().unwrap();
        cases.as_array().unwrap().first().cloned()
    }

    /// The case of an address once everything that follows from its messages has happened.
    pub(crate) fn settled_case_of(&self, email: &str) -> Value {
        wait_for("the case to settle", || self.case_of(email).filter(|case| case["settled"] == true))
    }

    /// The mails that were written to an address, the latest first.
    pub(crate) fn mails_to(&self, email: &str) -> Vec<Value> {
        let (_, text) = self.get("/dev/mail.json");
        let mails: Vec<Value> = serde_json::from_str(&text).unwrap();
        mails.into_iter().filter(|mail| mail["to"] == email).collect()
    }

    /// Stops the desk as an operator does; its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &process]).status().unwrap().success());
        wait_for("the desk to stop", || self.process.try_wait().unwrap()).code()
    }

    /// Kills the desk without any warning (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An inquiry as the API takes it.
pub(crate) fn inquiry(email: &str, body: &str) -> Vec<u8> {
    json!({ "channel": "web", "body": body, "contact": { "email": email, "name": "Dr. Test", "country": "DE" } })
        .to_string()
        .into_bytes()
}
