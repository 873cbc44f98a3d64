//! What a newcomer is told once the desk answers.

use crate::serve::first_user::FirstUser;
use lotse_policy::Company;
use serde_json::json;
use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::Path,
};

/// What becomes of outgoing mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mailbox {
    /// It goes to the relay.
    Sent,
    /// It is kept, and shown at a development page.
    Shown,
    /// It is kept, and shown nowhere: whoever reaches the pages may not be whoever runs them.
    Kept,
}

impl Mailbox {
    /// The development mailbox opens only where nobody but the person at this machine can be there: on a
    /// loopback address that no public one leads to.
    pub(super) fn for_desk(has_relay: bool, http: SocketAddr, has_public_url: bool) -> Self {
        match (has_relay, http.ip().is_loopback() && !has_public_url) {
            (true, _) => Self::Sent,
            (false, true) => Self::Shown,
            (false, false) => Self::Kept,
        }
    }
}

/// Where everything is.
pub(super) struct Announcement<'a> {
    pub(super) company: &'a Company,
    pub(super) http: SocketAddr,
    pub(super) smtp: SocketAddr,
    pub(super) data: &'a Path,
    pub(super) mailbox: Mailbox,
    pub(super) first_user: Option<&'a FirstUser>,
}

impl Announcement<'_> {
    /// Tells it on stdout.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        self.write_text(&mut out)?;
        out.flush()
    }

    fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        let Self { company, http, smtp, .. } = self;
        writeln!(out, "Lotse serves {} (policy {}).\n", company.name, company.policy_version)?;
        writeln!(out, "  Inquiry form   http://{http}/")?;
        writeln!(out, "  Desk           http://{http}/desk")?;
        writeln!(out, "  Incoming mail  smtp://{smtp} for {}", company.service_address.as_str())?;
        match self.mailbox {
            Mailbox::Sent => writeln!(out, "  Outgoing mail  goes to the relay")?,
            Mailbox::Shown => writeln!(
                out,
                "  Outgoing mail  is kept, not sent: no --relay is given. Read it at http://{http}/dev/mail"
            )?,
            Mailbox::Kept => writeln!(
                out,
                "  Outgoing mail  is kept, not sent: no --relay is given. The development mailbox opens only \
                 where --http is a loopback address and no --public-url is given"
            )?,
        }
        writeln!(out, "  Data folder    {}", self.data.display())?;
        if let Some(user) = self.first_user {
            writeln!(
                out,
                "\nFirst start: sign in at the desk as {} with the password\n\n  {}\n\nIt is shown this once. \
                 `lotse user password {}` sets another.",
                user.name, user.password, user.name
            )?;
        }
        writeln!(out, "\nTry it: `lotse demo` in another terminal sends inquiries. Stop with Ctrl-C.")
    }

    /// Writes the addresses to a file that is there only when it is complete.
    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        let ready = json!({
            "http": format!("http://{}", self.http),
            "smtp": format!("smtp://{}", self.smtp),
            "process": std::process::id(),
        });
        let unfinished = file.with_extension("unfinished");
        fs::write(&unfinished, format!("{ready}\n"))?;
        fs::rename(unfinished, file)
    }
}
