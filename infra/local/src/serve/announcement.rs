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

/// Where everything is.
pub(super) struct Announcement<'a> {
    pub(super) company: &'a Company,
    pub(super) http: SocketAddr,
    pub(super) smtp: SocketAddr,
    pub(super) data: &'a Path,
    pub(super) relay: bool,
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
        match (self.relay, http.ip().is_loopback()) {
            (true, _) => writeln!(out, "  Outgoing mail  goes to the relay")?,
            (false, true) => writeln!(
                out,
                "  Outgoing mail  is kept, not sent: no --relay is given. Read it at http://{http}/dev/mail"
            )?,
            (false, false) => writeln!(
                out,
                "  Outgoing mail  is kept, not sent: no --relay is given. The development mailbox opens only \
                 where --http is a loopback address"
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
