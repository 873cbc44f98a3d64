//! The fields of a form that a browser sent (`application/x-www-form-urlencoded`, WHATWG URL standard §5).

use crate::{UnreadBody, read_body};
use axum::{
    extract::Request,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// More fields than any form of ours has: whoever sends more did not use one.
const MOST_FIELDS: usize = 100;

/// Why a form was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Its body was not.
    #[error(transparent)]
    Body(#[from] UnreadBody),
    /// It has another media type.
    #[error("not a form: expected application/x-www-form-urlencoded")]
    MediaType,
    /// Its bytes are not text in UTF-8.
    #[error("a field of the form is not text in UTF-8")]
    NotText,
    /// It has more fields than any form of ours.
    #[error("the form has more than {MOST_FIELDS} fields")]
    TooManyFields,
}

/// What was filled into a form. Holds personal data: it has no `Debug`.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the form that a request carries, of at most `limit` bytes.
    pub async fn read(request: Request, limit: usize) -> Result<Self, FormError> {
        if !is_form(request.headers()) {
            return Err(FormError::MediaType);
        }
        Self::parse(&read_body(request.into_body(), limit).await?)
    }

    /// What an address says after its `?`. What cannot be read there counts as not said.
    pub fn query(query: &str) -> Self {
        Self::parse(query.as_bytes()).unwrap_or_else(|_| Self(Vec::new()))
    }

    fn parse(bytes: &[u8]) -> Result<Self, FormError> {
        let text = str::from_utf8(bytes).map_err(|_| FormError::NotText)?;
        let pairs: Vec<&str> =
            text.split('&').filter(|pair| !pair.is_empty()).take(MOST_FIELDS + 1).collect();
        if pairs.len() > MOST_FIELDS {
            return Err(FormError::TooManyFields);
        }
        let read = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?.replace("\r\n", "\n")))
        };
        pairs.into_iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// What the field of that name holds, line ends as `\n`; empty where it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// What a field of one line holds: without blanks around it, and without line ends, which only a
    /// program can have put there and which have no business in a mail's header.
    pub fn line(&self, name: &str) -> String {
        self.value(name).trim().replace(char::is_control, " ")
    }
}

/// A text as the value of a parameter in an address.
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn is_form(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn decode(text: &str) -> Result<String, FormError> {
    let blanks = text.replace('+', " ");
    match percent_decode_str(&blanks).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(FormError::NotText),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_browsers_form_is_read_field_by_field() {
        let form = Form::parse("name=J%C3%B6rg+Petersen&message=1%0D%0A2&empty=&flag".as_bytes()).ok();
        let form = form.expect("a form");
        assert_eq!(form.value("name"), "Jörg Petersen");
        assert_eq!(form.value("message"), "1\n2");
        assert_eq!(form.line("message"), "1 2");
        assert_eq!((form.value("empty"), form.value("flag"), form.value("absent")), ("", "", ""));
    }

    #[test]
    fn a_value_in_an_address_comes_back_as_it_was() {
        let path = "/desk?view=mine&after=a b+ü%";
        assert_eq!(Form::query(&format!("to={}", query_value(path))).value("to"), path);
        assert_eq!(Form::query("to=%ff").value("to"), "");
    }

    #[test]
    fn what_is_no_text_or_no_form_of_ours_is_refused() {
        assert_eq!(Form::parse(b"name=%ff%fe").err(), Some(FormError::NotText));
        assert_eq!(Form::parse(b"name=\xff").err(), Some(FormError::NotText));
        assert_eq!(Form::parse("a=1&".repeat(101).as_bytes()).err(), Some(FormError::TooManyFields));
        assert!(Form::parse("a=1&".repeat(100).as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Form::parse(&bytes);
        }
    }
}
