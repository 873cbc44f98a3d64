//! The people of the stories, and mails as their programs write them.

use crate::world::SeenMail;
use lotse_domain::Contact;

pub(crate) const SERVICE: &str = "service@nordhafen-pharma.example";
pub(crate) const DRUG_SAFETY: &str = "arzneimittelsicherheit@nordhafen-pharma.example";
pub(crate) const PHARMACY: &str = "wareneingang@hafen-apotheke.example";
pub(crate) const DOCTOR: &str = "imke.petersen@praxis-am-deich.example";

/// A doctor, as she fills the form.
pub(crate) fn doctor() -> Contact {
    Contact {
        email: DOCTOR.parse().ok(),
        name: Some("Dr. Imke Petersen".to_owned()),
        profession: Some("Ärztin".to_owned()),
        institution: Some("Praxis am Deich, Husum".to_owned()),
        ..Contact::default()
    }
}

/// A mail of the pharmacy.
pub(crate) fn pharmacy_mail(number: u32, subject: &str, text: &str) -> Vec<u8> {
    mail("Hafen-Apotheke Wareneingang", PHARMACY, number, subject, text, "")
}

/// A mail with a Message-ID and a date that its number makes.
pub(crate) fn mail(
    name: &str,
    address: &str,
    number: u32,
    subject: &str,
    text: &str,
    further_headers: &str,
) -> Vec<u8> {
    format!(
        "From: {name} <{address}>\r\nTo: {SERVICE}\r\nSubject: {subject}\r\n\
         Message-ID: <{number}@programm.example>\r\nDate: Mon, 23 Nov 2026 08:{:02}:{:02} +0100\r\n\
         {further_headers}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n",
        number / 60 % 60,
        number % 60,
    )
    .into_bytes()
}

/// Headers by which a program answers a mail.
pub(crate) fn in_reply_to(answered: &SeenMail) -> String {
    let id = answered.message_id();
    format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n")
}

/// What a server writes when a mail cannot be delivered (RFC 3464).
pub(crate) fn bounce(of: &SeenMail, recipient: &str) -> Vec<u8> {
    let message_id = of.message_id();
    format!(
        "Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.hafen-apotheke.example>\r\n\
         To: {}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n\
         Message-ID: <bounce-1@mx.hafen-apotheke.example>\r\nDate: Mon, 23 Nov 2026 09:10:00 +0100\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"grenze\"\r\n\r\n\
         --grenze\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nThe mail could not be delivered.\r\n\
         --grenze\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.hafen-apotheke.example\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         --grenze\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{message_id}>\r\n\
         Subject: {}\r\n--grenze--\r\n",
        of.envelope_from,
        of.subject(),
    )
    .into_bytes()
}
