//! Telling the score: to people as tables, to scripts as JSON.

use super::score::{ClassCount, Exact, Score};
use serde_json::{Map, Value, json};
use std::io::{self, Write};

impl Score {
    /// The score as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let classes: Map<String, Value> =
            self.classes.iter().map(|(class, count)| (class.clone(), count.to_json())).collect();
        let kinds: Map<String, Value> =
            self.safety.iter().map(|(kind, count)| (kind.name().to_owned(), count.to_json())).collect();
        json!({
            "inquiries": self.inquiries,
            "macro_f1": self.macro_f1(),
            "classes": classes,
            "confusion": self.confusion,
            "safety": {
                "kinds": kinds,
                "recall": self.safety_recall(),
                "inquiries_caught": self.safety_caught.to_json(),
                "false_alarms": self.safety_false_alarms,
            },
            "products": self.products.to_json(),
            "identifiers": self.identifiers.to_json(),
            "missing": self.missing.to_json(),
            "routes": self.routes.to_json(),
            "automatic": self.automatic.to_json(),
        })
    }

    /// The score as tables.
    pub(crate) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{} inquiries\n", self.inquiries)?;
        write_counts(out, "class", self.classes.iter().map(|(class, count)| (class.as_str(), *count)))?;
        writeln!(out, "{:<24} {:>44.3}\n", "macro-F1", self.macro_f1())?;
        self.write_confusion(out)?;
        write_counts(out, "safety", self.safety.iter().map(|(kind, count)| (kind.name(), *count)))?;
        writeln!(out, "recall over all kinds: {:.3}", self.safety_recall())?;
        let caught = self.safety_caught;
        writeln!(
            out,
            "inquiries with safety information that were flagged: {} of {}",
            caught.right, caught.annotated
        )?;
        writeln!(out, "false alarms: {}\n", self.safety_false_alarms)?;
        let exact = [
            ("products", self.products),
            ("identifiers", self.identifiers),
            ("gaps", self.missing),
            ("routes", self.routes),
            ("automatic", self.automatic),
        ];
        for (what, exact) in exact {
            writeln!(
                out,
                "{what:<12} exactly right: {} of {} ({:.3})",
                exact.right,
                exact.annotated,
                exact.share()
            )?;
        }
        Ok(())
    }

    fn safety_recall(&self) -> f64 {
        let (both, expected) = self
            .safety
            .values()
            .fold((0, 0), |(both, expected), count| (both + count.both, expected + count.expected));
        super::score::share(both, expected)
    }

    fn write_confusion(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "expected → found")?;
        for (expected, row) in &self.confusion {
            for (found, count) in row {
                let mark = if expected == found { ' ' } else { '!' };
                writeln!(out, "{mark} {count:>5}  {expected} → {found}")?;
            }
        }
        writeln!(out)
    }
}

fn write_counts<'a>(
    out: &mut impl Write,
    title: &str,
    counts: impl Iterator<Item = (&'a str, ClassCount)>,
) -> io::Result<()> {
    writeln!(
        out,
        "{title:<24} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "expected", "found", "precision", "recall", "F1"
    )?;
    for (name, count) in counts {
        writeln!(
            out,
            "{name:<24} {:>8} {:>8} {:>9.3} {:>8.3} {:>8.3}",
            count.expected,
            count.found,
            count.precision(),
            count.recall(),
            count.f1()
        )?;
    }
    Ok(())
}

impl ClassCount {
    fn to_json(self) -> Value {
        json!({
            "expected": self.expected,
            "found": self.found,
            "precision": self.precision(),
            "recall": self.recall(),
            "f1": self.f1(),
        })
    }
}

impl Exact {
    fn to_json(self) -> Value {
        json!({ "annotated": self.annotated, "right": self.right, "share": self.share() })
    }
}
