//! `lotse serve`: the desk, until it is told to stop.

use crate::{
    exit::{Exit, ExitWith as _, Failure},
    relay::Relay,
    serve::{self, Settings},
};
use axum::http::Uri;
use clap::Args;
use lotse_runtime::{LogFilter, LogFormat, start_logging};
use std::{
    io::{self, IsTerminal as _},
    net::{SocketAddr, ToSocketAddrs as _},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

#[derive(Args)]
pub(crate) struct Options {
    /// Folder for everything that the desk keeps; made with the first start.
    #[arg(long, value_name = "DIR", default_value = super::DATA)]
    data: PathBuf,
    /// Where the form and the desk are served; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = read_address)]
    http: SocketAddr,
    /// Where mail comes in by SMTP; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:2525", value_parser = read_address)]
    smtp: SocketAddr,
    #[command(flatten)]
    policy: super::PolicyChoice,
    /// Mail relay for outgoing mail: `smtp://HOST:PORT`, `smtp://HOST:PORT?tls=required` or
    /// `smtps://USER:PASSWORD@HOST`. Without it, mail is kept and shown in the development mailbox.
    #[arg(long, value_name = "URL", env = "LOTSE_RELAY", hide_env_values = true)]
    relay: Option<String>,
    /// Where contacts reach the pages, for links in mails; without it, http:// and the HTTP address.
    #[arg(long, value_name = "URL", value_parser = read_public_url)]
    public_url: Option<String>,
    /// How often reminders and due times are looked at, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    check_interval: u64,
    /// Write the addresses to this file, as JSON, once they answer: for scripts that start on port 0.
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// What is logged to stderr: error, warn, info, debug, or these for single
    /// crates, such as `info,lotse=debug`.
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: LogFilter,
}

/// An address to listen on; a name such as `localhost` stands for the first address that it has.
fn read_address(text: &str) -> Result<SocketAddr, String> {
    let found = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| "not an address to listen on; expected a form such as 127.0.0.1:8080".to_owned())
}

/// What links in mails begin with: `http` or `https`, a host, perhaps a path; without the last slash.
fn read_public_url(text: &str) -> Result<String, String> {
    let expected =
        || "not an address of pages; expected a form such as https://inquiries.pharma.example".to_owned();
    let url: Uri = text.parse().map_err(|_| expected())?;
    let begins_well = matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some();
    if begins_well && url.query().is_none() && !text.contains(['#', '@']) {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(expected())
    }
}

impl Options {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let format = if io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json };
        start_logging(format, self.log);
        let policy = self.policy.load()?;
        let relay = self.relay.map(|url| Relay::at(&url, &policy.company.mail_domain)).transpose();
        let settings = Settings {
            data: self.data,
            http: self.http,
            smtp: self.smtp,
            relay: relay.exit_with(Exit::Usage)?.map(Arc::new),
            policy: Arc::new(policy),
            public_url: self.public_url,
            check_interval: Duration::from_secs(self.check_interval),
            ready_file: self.ready_file,
        };
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(serve::serve(settings))
    }
}
