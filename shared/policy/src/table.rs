//! Reads one table of a policy file key by key.
//!
//! Plain serde stops at a file's first mistake. Here each key is taken by itself: a mistake is
//! reported, the reading goes on, and [`Table::finish`] names what nobody asked for. Readers take all
//! keys first and combine them after (`Some(Desk { id: id?, … })`), so that one mistake hides no other.

use crate::{localised::Localised, problems::Problems, source::SourceFile, source::split_expectation};
use serde::de::DeserializeOwned;
use serde_spanned::Spanned;
use std::{collections::BTreeSet, ops::Range};
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// A table being read. Keys are taken out; [`finish`](Self::finish) reports those left over.
pub(crate) struct Table<'f> {
    file: &'f SourceFile,
    problems: &'f Problems,
    /// How messages name the table: „[[desk]]“, „[question.unknown]“.
    name: String,
    /// The keys that lead to the table, with dots between them; empty for the file itself.
    path: String,
    entries: DeTable<'f>,
    span: Range<usize>,
    asked: BTreeSet<String>,
}

impl<'f> Table<'f> {
    /// A file's outermost table.
    pub(crate) fn of_file(
        file: &'f SourceFile,
        problems: &'f Problems,
        entries: DeTable<'f>,
        span: Range<usize>,
    ) -> Self {
        let (name, path) = ("the file".to_owned(), String::new());
        Self { file, problems, name, path, entries, span, asked: BTreeSet::new() }
    }

    /// The file that the table stands in.
    pub(crate) fn file(&self) -> &'f SourceFile {
        self.file
    }

    /// Where mistakes are collected.
    pub(crate) fn problems(&self) -> &'f Problems {
        self.problems
    }

    /// Where the table stands, in bytes of the file.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Notes a mistake at a place of this table's file.
    pub(crate) fn report(&self, span: Range<usize>, what: impl Into<String>, expected: impl Into<String>) {
        self.problems.report(self.file, span, what, expected);
    }

    /// The keys that were not taken yet, for tables whose keys are names (topics, holidays, …).
    pub(crate) fn keys(&self) -> Vec<Spanned<String>> {
        self.entries.keys().map(|key| Spanned::new(key.span(), key.get_ref().to_string())).collect()
    }

    /// True where the key is there and was not taken yet.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Says that the table may have a key that is not there.
    pub(crate) fn allow(&mut self, key: &str) {
        self.asked.insert(key.to_owned());
    }

    /// A value that must be there. Reports where it is missing or of the wrong kind.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.required_value(key, "a value").and_then(|value| self.convert(key, value))
    }

    /// A value that may be there. Reports where it is of the wrong kind; then it is `None`, too.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        self.take(key).and_then(|value| self.convert(key, value))
    }

    /// A list that must be there; every element of the wrong kind is reported, the others are kept.
    pub(crate) fn required_list<T: DeserializeOwned>(&mut self, key: &str) -> Option<Vec<Spanned<T>>> {
        self.required_value(key, "a list in [ ]").and_then(|value| self.convert_list(key, value))
    }

    /// A list that may be left out, which is the same as an empty one.
    pub(crate) fn optional_list<T: DeserializeOwned>(&mut self, key: &str) -> Vec<Spanned<T>> {
        self.take(key).and_then(|value| self.convert_list(key, value)).unwrap_or_default()
    }

    /// A text in both languages: `{ de = "…", en = "…" }`.
    pub(crate) fn required_localised(&mut self, key: &str) -> Option<Localised> {
        let mut languages = self.required_table(key)?;
        let (german, english) = (languages.required("de"), languages.required("en"));
        languages.finish();
        Some(Localised { german: german?, english: english? })
    }

    /// A table that must be there. Whoever takes it calls [`finish`](Self::finish) on it.
    pub(crate) fn required_table(&mut self, key: &str) -> Option<Table<'f>> {
        let value = self.required_value(key, "a table")?;
        self.convert_table(key, value)
    }

    /// A table that may be there. Whoever takes it calls [`finish`](Self::finish) on it.
    pub(crate) fn optional_table(&mut self, key: &str) -> Option<Table<'f>> {
        let value = self.take(key)?;
        self.convert_table(key, value)
    }

    /// Reads each table of a list of tables (`[[key]]`) and reports the keys that nobody asked for.
    /// Tables that could not be read are left out; each has been reported. No such table at all gives
    /// an empty list: whoever needs one says so.
    pub(crate) fn each_table<T>(
        &mut self,
        key: &str,
        mut read: impl FnMut(&mut Table<'f>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(elements) = value.into_inner() else {
            self.report(span, format!("{key}: not a list of tables"), format!("[[{key}]]"));
            return Vec::new();
        };
        elements
            .into_iter()
            .filter_map(|element| {
                let mut table = self.convert_table(key, element)?;
                table.name = format!("[[{}]]", table.path);
                let entry = read(&mut table);
                table.finish();
                entry
            })
            .collect()
    }

    /// Reports every key that nobody asked for, and names those that the table may have.
    pub(crate) fn finish(self) {
        let allowed = self.asked.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        for key in self.entries.keys() {
            self.report(
                key.span(),
                format!("unknown key `{}` in {}", key.get_ref(), self.name),
                format!("one of: {allowed}"),
            );
        }
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'f>>> {
        self.asked.insert(key.to_owned());
        self.entries.remove(key)
    }

    fn required_value(&mut self, key: &str, kind: &str) -> Option<Spanned<DeValue<'f>>> {
        let value = self.take(key);
        if value.is_none() {
            self.report(
                self.span(),
                format!("`{key}` is missing in {}", self.name),
                format!("{kind} for `{key}`"),
            );
        }
        value
    }

    fn convert<T: DeserializeOwned>(&self, key: &str, value: Spanned<DeValue<'f>>) -> Option<T> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(value),
            Err(error) => {
                let (what, expected) = split_expectation(error.message());
                self.report(
                    error.span().unwrap_or(span),
                    format!("{key}: {what}"),
                    expected.unwrap_or_else(|| "a value as in the shipped policy".into()),
                );
                None
            }
        }
    }

    fn convert_list<T: DeserializeOwned>(
        &self,
        key: &str,
        value: Spanned<DeValue<'f>>,
    ) -> Option<Vec<Spanned<T>>> {
        let span = value.span();
        let DeValue::Array(elements) = value.into_inner() else {
            self.report(span, format!("{key}: not a list"), "a list in [ ]");
            return None;
        };
        let convert_element = |element: Spanned<DeValue<'f>>| {
            let span = element.span();
            self.convert(key, element).map(|element| Spanned::new(span, element))
        };
        Some(elements.into_iter().filter_map(convert_element).collect())
    }

    fn convert_table(&self, key: &str, value: Spanned<DeValue<'f>>) -> Option<Table<'f>> {
        let span = value.span();
        let DeValue::Table(entries) = value.into_inner() else {
            self.report(span, format!("{key}: not a table"), "a table");
            return None;
        };
        let separator = if self.path.is_empty() { "" } else { "." };
        let path = format!("{}{separator}{key}", self.path);
        let (file, problems, name) = (self.file, self.problems, format!("[{path}]"));
        Some(Table { file, problems, name, path, entries, span, asked: BTreeSet::new() })
    }
}
