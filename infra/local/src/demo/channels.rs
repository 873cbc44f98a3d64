//! The ways into the desk: form, API, mail, and the status page's reply box.

use crate::demo::{ScriptedInquiry, Way};
use anyhow::{Context as _, bail};
use lettre::{
    Address, SmtpTransport, Transport as _, address::Envelope, transport::smtp::extension::ClientId,
};
use mail_builder::{MessageBuilder, headers::raw::Raw};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::time::Duration;
use ureq::{Agent, http::Response};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The desk, as the outside world reaches it.
pub(crate) struct Channels {
    agent: Agent,
    http: String,
    smtp: SmtpTransport,
    /// What mail is written to.
    service: String,
    /// Tells this run's addresses and keys from those of the runs before.
    run: String,
}

/// What is known of an inquiry once it is sent.
pub(crate) struct Sent {
    /// The address that it was sent from.
    pub(crate) email: String,
    /// The path of the status page, where the channel tells it.
    pub(crate) status: Option<String>,
}

impl Channels {
    /// A desk at `http` (a URL) and `smtp` (host and port); mail is written to `service`.
    pub(crate) fn to(http: &str, smtp: &str, service: &str, run: String) -> anyhow::Result<Self> {
        let smtp = smtp.trim_start_matches("smtp://");
        let (host, port) = smtp.rsplit_once(':').context("--smtp is no address; expected HOST:PORT")?;
        let port = port.parse().context("--smtp has no port; expected HOST:PORT")?;
        let agent = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .build()
            .into();
        let smtp = SmtpTransport::builder_dangerous(host)
            .port(port)
            .hello_name(ClientId::Domain("demo.example".to_owned()))
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self {
            agent,
            http: http.trim_end_matches('/').to_owned(),
            smtp,
            service: service.to_owned(),
            run,
        })
    }

    /// Sends an inquiry the way that it goes.
    pub(crate) fn send(&self, inquiry: &ScriptedInquiry) -> anyhow::Result<Sent> {
        let email = self.address(&inquiry.email);
        let status = match inquiry.by {
            Way::Form => Some(self.send_form(inquiry, &email)?),
            Way::Api => Some(self.send_to_api(inquiry, &email)?),
            Way::Mail => {
                let subject = inquiry.subject.as_deref().unwrap_or_default();
                let mut mail = self.mail(&inquiry.name, &email, subject, &inquiry.body);
                for (name, value) in &inquiry.headers {
                    mail = mail.header(name.clone(), Raw::new(value.clone()));
                }
                self.send_mail(mail, &email, &self.service)?;
                None
            }
        };
        Ok(Sent { email, status })
    }

    /// Answers a question of ours by mail.
    pub(crate) fn reply_by_mail(
        &self,
        inquiry: &ScriptedInquiry,
        email: &str,
        question: &KeptMail,
        text: &str,
    ) -> anyhow::Result<()> {
        let subject = format!("Re: {}", question.subject.as_deref().unwrap_or_default());
        let quoted = question.text.trim().replace('\n', "\n> ");
        let body = format!("{}\n\n> {quoted}\n", text.trim());
        let mail = self.mail(&inquiry.name, email, &subject, &body).in_reply_to(question.message_id.as_str());
        self.send_mail(mail, email, question.reply_to.as_deref().unwrap_or(&self.service))
    }

    /// Answers a question of ours on the status page.
    pub(crate) fn reply_on_status_page(&self, status: &str, text: &str) -> anyhow::Result<()> {
        let url = format!("{}{status}/reply", self.http);
        let response = self.agent.post(&url).send_form([("message", text.trim())])?;
        redirected_to(&response).map(|_| ()).context("the reply on the status page is not taken")
    }

    /// Everything of one address that the desk has decided.
    pub(crate) fn cases<T: DeserializeOwned>(&self, email: &str) -> anyhow::Result<Vec<T>> {
        let url = format!("{}/dev/cases", self.http);
        let mut response = self.agent.post(&url).send_json(json!({ "email": email }))?;
        if response.status() == 404 {
            bail!(
                "the desk at {} shows no development pages: start it on a loopback address and without \
                 --relay, or the demo would write to people who do not exist",
                self.http
            );
        }
        response.body_mut().read_json().context("the desk's answer is not understood")
    }

    /// The mails that the desk wrote to an address, the latest first.
    pub(crate) fn mails_to(&self, email: &str) -> anyhow::Result<Vec<KeptMail>> {
        let url = format!("{}/dev/mail.json", self.http);
        let mut response = self.agent.get(&url).call()?;
        let mails: Vec<KeptMail> = response.body_mut().read_json()?;
        Ok(mails.into_iter().filter(|mail| mail.to == email).collect())
    }

    /// The invented address, with the run behind a `+`.
    fn address(&self, email: &str) -> String {
        email.replacen('@', &format!("+{}@", self.run), 1)
    }

    fn send_form(&self, inquiry: &ScriptedInquiry, email: &str) -> anyhow::Result<String> {
        let fields = [
            ("lang", Some(inquiry.language)),
            ("topic", Some(inquiry.topic.as_deref().unwrap_or("unknown"))),
            ("subject", inquiry.subject.as_deref()),
            ("message", Some(inquiry.body.as_str())),
            ("name", Some(inquiry.name.as_str())),
            ("profession", inquiry.profession.as_deref()),
            ("institution", inquiry.institution.as_deref()),
            ("country", inquiry.country.as_deref()),
            ("email", Some(email)),
            ("professional", Some("yes")),
        ];
        let filled: Vec<(&str, &str)> =
            fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let response = self.agent.post(&format!("{}/inquiries", self.http)).send_form(filled)?;
        let confirmation = redirected_to(&response).context("the form is not taken")?;
        let path = confirmation.split('?').next().unwrap_or_default();
        Ok(path.trim_end_matches("/sent").to_owned())
    }

    fn send_to_api(&self, inquiry: &ScriptedInquiry, email: &str) -> anyhow::Result<String> {
        let body = json!({
            "channel": "web",
            "language": inquiry.language,
            "body": inquiry.body,
            "contact": {
                "email": email,
                "name": inquiry.name,
                "profession": inquiry.profession,
                "institution": inquiry.institution,
                "country": inquiry.country,
            },
        });
        let mut response = self
            .agent
            .post(&format!("{}/api/inquiries", self.http))
            .header("Idempotency-Key", format!("demo-{email}"))
            .send_json(without_nulls(body))?;
        let status = response.status();
        let answer: serde_json::Value = response.body_mut().read_json()?;
        if status != 202 {
            bail!("the API answers {status}: {answer}");
        }
        let url = answer.get("status_url").and_then(|url| url.as_str()).context("no status link")?;
        let path = url.find("/s/").and_then(|start| url.get(start..)).context("no status link")?;
        Ok(path.to_owned())
    }

    fn mail<'m>(&self, name: &'m str, email: &'m str, subject: &'m str, body: &'m str) -> MessageBuilder<'m> {
        let to = self.service.clone();
        MessageBuilder::new().from((name, email)).to(to).subject(subject).text_body(body)
    }

    fn send_mail(&self, mail: MessageBuilder<'_>, from: &str, to: &str) -> anyhow::Result<()> {
        let bytes = mail.write_to_vec().context("the mail cannot be written")?;
        let address = |text: &str| text.parse::<Address>().with_context(|| format!("{text} is no address"));
        let envelope = Envelope::new(Some(address(from)?), vec![address(to)?])?;
        self.smtp.send_raw(&envelope, &bytes).context("the mail is not taken")?;
        Ok(())
    }
}

/// A mail of the development mailbox.
#[derive(serde::Deserialize)]
pub(crate) struct KeptMail {
    pub(crate) message_id: String,
    pub(crate) to: String,
    pub(crate) reply_to: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) text: String,
}

fn redirected_to<T>(response: &Response<T>) -> anyhow::Result<String> {
    let location = response.headers().get("location").and_then(|location| location.to_str().ok());
    match location {
        Some(location) if response.status() == 303 => Ok(location.to_owned()),
        _ => bail!("the desk answers {}", response.status()),
    }
}

/// The API wants what is not known left out.
fn without_nulls(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, without_nulls(value)))
            .collect(),
        other => other,
    }
}
