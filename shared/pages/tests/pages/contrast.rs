//! The stylesheet's colours hold the contrast that WCAG 2.2 asks for (1.4.3 and 1.4.11), in light and dark.

use std::collections::BTreeMap;

/// Text on ground: 4.5 to 1 at least.
const TEXTS: [(&str, &str); 24] = [
    ("ink", "ground"),
    ("ink", "paper"),
    ("ink", "accent-soft"),
    ("ink", "good-soft"),
    ("ink", "danger-soft"),
    ("ink", "safety-mark"),
    ("ink", "identifier-mark"),
    ("ink", "product-mark"),
    ("ink", "topic-mark"),
    ("quiet", "ground"),
    ("quiet", "paper"),
    ("quiet", "accent-soft"),
    ("accent", "ground"),
    ("accent", "paper"),
    ("accent", "accent-soft"),
    ("accent", "danger-soft"),
    ("accent-strong", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("danger", "paper"),
    ("danger", "danger-soft"),
    ("warn", "paper"),
    ("warn", "warn-soft"),
    ("good", "good-soft"),
];

/// Edges of controls, and the ring around what has the focus: 3 to 1 at least.
const EDGES: [(&str, &str); 5] =
    [("edge", "paper"), ("edge", "ground"), ("accent", "paper"), ("accent", "ground"), ("danger", "paper")];

#[test]
fn every_pair_of_colours_can_be_told_apart() {
    let css = include_str!("../../assets/style/colours.css");
    let (light, rest) = css.split_once("prefers-color-scheme: dark").expect("a dark scheme");
    for (scheme, css) in [("light", light), ("dark", rest)] {
        let colours = colours(css);
        for (pairs, least) in [(&TEXTS[..], 4.5), (&EDGES[..], 3.0)] {
            for (one, other) in pairs {
                let contrast = contrast(colours[one], colours[other]);
                assert!(contrast >= least, "{scheme}: {one} on {other} has {contrast:.2} to 1");
            }
        }
    }
}

/// The custom properties that are colours, as red, green and blue from 0 to 1; the first of a name counts.
fn colours(css: &str) -> BTreeMap<&str, [f64; 3]> {
    let mut colours = BTreeMap::new();
    for line in css.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": #"))
        else {
            continue;
        };
        let part =
            |at: usize| f64::from(u8::from_str_radix(&value[at..at + 2], 16).expect("hexadecimal")) / 255.0;
        colours.entry(name).or_insert([part(0), part(2), part(4)]);
    }
    colours
}

/// WCAG 2.2, definition of contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

/// WCAG 2.2, definition of relative luminance.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |part: f64| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
