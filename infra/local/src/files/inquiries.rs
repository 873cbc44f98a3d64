//! Inquiries as JSON: one object, a list of them, or one object a line.

use lotse_domain::Inquiry;
use serde_json::{Map, Value};

/// What a labelled set says about an inquiry beside the inquiry itself.
const LABELS: [&str; 4] = ["expect", "tags", "source", "licence"];

/// An inquiry of a file, with what it should lead to where the file says so.
pub(crate) struct Entry {
    /// Line in the file, counted from 1; 1 where the file holds one object over many lines.
    pub(crate) line: usize,
    /// The inquiry.
    pub(crate) inquiry: Inquiry,
    /// What a labelled set expects.
    pub(crate) expect: Option<Value>,
}

/// A part of a file that is no inquiry.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: not an inquiry: {what}")]
pub(crate) struct NotAnInquiry {
    line: usize,
    what: String,
}

/// Every inquiry of a JSON document or of lines of JSON, and every part that is none.
pub(crate) fn read(bytes: &[u8]) -> Vec<Result<Entry, NotAnInquiry>> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Array(items)) => items.into_iter().map(|item| entry(1, item)).collect(),
        Ok(value) => vec![entry(1, value)],
        Err(whole) => {
            let lines = bytes.split(|byte| *byte == b'\n').enumerate();
            let filled = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
            let entries: Vec<_> = filled.map(|(index, line)| read_line(index + 1, line)).collect();
            if entries.is_empty() {
                return vec![Err(NotAnInquiry { line: whole.line().max(1), what: "it is empty".to_owned() })];
            }
            entries
        }
    }
}

fn read_line(line: usize, bytes: &[u8]) -> Result<Entry, NotAnInquiry> {
    let value = serde_json::from_slice(bytes).map_err(|error| NotAnInquiry {
        line,
        what: format!("column {}: {}", error.column(), plain(&error)),
    })?;
    entry(line, value)
}

fn entry(line: usize, value: Value) -> Result<Entry, NotAnInquiry> {
    let Value::Object(mut members) = value else {
        return Err(NotAnInquiry { line, what: "expected an object in { }".to_owned() });
    };
    let expect = members.get("expect").cloned();
    for label in LABELS {
        members.remove(label);
    }
    drop_blank_subject(&mut members);
    let inquiry = serde_json::from_value(Value::Object(members))
        .map_err(|error| NotAnInquiry { line, what: plain(&error) })?;
    Ok(Entry { line, inquiry, expect })
}

/// Sets of labelled inquiries write a missing subject as an empty one.
fn drop_blank_subject(members: &mut Map<String, Value>) {
    if members.get("subject").and_then(Value::as_str) == Some("") {
        members.remove("subject");
    }
}

/// The error without a value of the file in it: those may be personal. Names of members stay.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let named = ["unknown field", "missing field", "unknown variant", "duplicate field"];
    if named.iter().any(|start| text.starts_with(start)) {
        return text;
    }
    match text.split_once("expected ") {
        Some((_, expected)) => format!("a value is of the wrong kind; expected {expected}"),
        None => match error.classify() {
            serde_json::error::Category::Data => text,
            _ => "it is not JSON".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inquiries_are_read_from_an_object_a_list_and_lines() {
        let one = r#"{"channel": "web", "body": "Wo ist mein Paket?"}"#;
        let pretty = "{\n \"channel\": \"web\",\n \"body\": \"x\"\n}";
        for (file, count) in [
            (one.to_owned(), 1),
            (pretty.to_owned(), 1),
            (format!("[{one},{one}]"), 2),
            (format!("{one}\n\n{one}\n"), 2),
        ] {
            let entries = read(file.as_bytes());
            assert_eq!(entries.iter().filter(|entry| entry.is_ok()).count(), count, "{file}");
        }
    }

    #[test]
    fn a_line_that_is_no_inquiry_is_named_and_the_others_are_read() {
        let file = "{\"channel\": \"web\", \"body\": \"x\"}\n{\"channel\": \"fax\", \"body\": \"x\"}\nfoo\n{\"body\": 7}\n[]\n";
        let entries = read(file.as_bytes());
        let wrong: Vec<String> =
            entries.iter().filter_map(|entry| entry.as_ref().err().map(ToString::to_string)).collect();
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert!(wrong[0].starts_with("line 2:") && wrong[0].contains("fax"), "{wrong:?}");
    }

    #[test]
    fn what_a_labelled_set_adds_is_no_part_of_the_inquiry() {
        let file = r#"{"channel": "mail", "subject": "", "body": "x", "tags": [], "expect": {"topics": []}}"#;
        let entry = read(file.as_bytes()).remove(0).unwrap();
        assert!(entry.expect.is_some() && entry.inquiry.subject.is_none());
    }
}
