//! Just enough of an HTML reader to hold the pages to what templates promise: start and end tags with their
//! attributes. It reads what this crate writes, lower case and quoted, and panics on anything else.

use std::collections::BTreeSet;

/// A start tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// Where the tag ends in the text.
    pub(crate) end: usize,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements that have no end tag (HTML, void elements).
const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];

/// All start tags in order. Panics where an element is not closed, or another one is.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut position = 0;
    while let Some(found) = html[position..].find('<') {
        let start = position + found;
        let end = start + html[start..].find('>').expect("a tag ends");
        let inside = &html[start + 1..end];
        position = end + 1;
        if inside.starts_with("!DOCTYPE") {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed before byte {end}");
            continue;
        }
        let name = inside.split_ascii_whitespace().next().expect("a tag has a name").to_owned();
        assert!(
            name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()),
            "<{inside}>"
        );
        let attributes = attributes(&inside[name.len()..]);
        if !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        tags.push(Tag { name, attributes, end });
    }
    assert!(open.is_empty(), "not closed: {open:?}");
    tags
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return attributes;
        }
        let name_end = rest.find(['=', ' ', '\n']).unwrap_or(rest.len());
        let name = rest[..name_end].to_owned();
        let fine = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        assert!(!name.is_empty() && name.chars().all(fine), "attribute {name:?} before {rest:?}");
        rest = &rest[name_end..];
        let Some(value) = rest.strip_prefix("=\"") else {
            assert!(!rest.starts_with('='), "{name} is not quoted");
            attributes.push((name, String::new()));
            continue;
        };
        let value_end = value.find('"').expect("a value ends");
        attributes.push((name, value[..value_end].to_owned()));
        rest = &value[value_end + 1..];
    }
}

/// The ids of a page. Panics where one stands twice.
pub(crate) fn ids(tags: &[Tag]) -> BTreeSet<&str> {
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.get("id")) {
        assert!(ids.insert(id), "the id {id} stands twice");
    }
    ids
}
