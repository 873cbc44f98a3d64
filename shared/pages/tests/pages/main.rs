//! The pages as people get them: every page in both languages, its form, and what becomes of hostile text.

#[expect(clippy::expect_used, reason = "the commands are written in the same file")]
mod actions;
#[expect(clippy::expect_used, reason = "a stylesheet that cannot be read fails the test that reads it")]
mod contrast;
#[expect(clippy::expect_used, reason = "a page that cannot be read fails the test that reads it")]
mod markup;
#[expect(clippy::expect_used, reason = "the samples are written in the same file")]
mod sample;
#[expect(clippy::expect_used, reason = "the histories are written in the same file")]
mod unanswered;

use lotse_pages::{PageLanguage, assets};
use markup::{Tag, ids, tags};
use sample::{Sample, samples};

/// Every sample in both languages, with its start tags.
fn all_pages() -> Vec<(PageLanguage, Sample, Vec<Tag>)> {
    let mut pages = Vec::new();
    for language in PageLanguage::ALL {
        for sample in samples(language, str::to_owned) {
            let tags = tags(&sample.html);
            pages.push((language, sample, tags));
        }
    }
    assert!(pages.len() >= 40, "every page has a sample in both languages");
    pages
}

#[test]
fn every_page_looks_as_it_did() {
    for (language, sample, _) in all_pages() {
        let name = format!("{}.{}", sample.name, language.tag());
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, stable(&sample.html));
        });
    }
}

/// The page without what changes for another reason: hashes of assets, and the list of the world's countries.
fn stable(html: &str) -> String {
    let mut html = html.to_owned();
    for asset in assets() {
        let extension = asset.path.rsplit('.').next().unwrap_or_default();
        html = html.replace(&asset.path, &format!("/assets/[hash].{extension}"));
    }
    let another_country = |line: &str| {
        let code = line.strip_prefix("<option value=\"").and_then(|rest| rest.get(..2)).unwrap_or_default();
        code.bytes().all(|letter| letter.is_ascii_uppercase()) && code.len() == 2 && code != "DE"
    };
    let lines: Vec<_> = html.lines().filter(|line| !another_country(line)).collect();
    lines.join("\n")
}

#[test]
fn whatever_people_type_stays_text() {
    fn hostile(text: &str) -> String {
        format!("{text}\"'><script>alert(1)</script><img src=x onerror=alert(1)></textarea>{{{{ 7*7 }}}}&lt;")
    }
    for language in PageLanguage::ALL {
        let plain_pages = samples(language, str::to_owned);
        for (plain, attacked) in plain_pages.iter().zip(samples(language, hostile)) {
            let names = |html: &str| tags(html).into_iter().map(|tag| tag.name).collect::<Vec<_>>();
            assert_eq!(names(&plain.html), names(&attacked.html), "{}", plain.name);
            assert!(!attacked.html.contains("<script>"), "{}", plain.name);
            if !plain.name.starts_with("problem") {
                assert!(attacked.html.contains("&#60;script&#62;"), "{} shows what was typed", plain.name);
            }
        }
    }
}

#[test]
fn nothing_in_a_page_needs_more_than_the_content_security_policy_allows() {
    for (_, sample, tags) in all_pages() {
        for tag in tags {
            assert_ne!(tag.name, "style", "{}", sample.name);
            assert_ne!(tag.name, "iframe", "{}", sample.name);
            for (name, value) in &tag.attributes {
                assert!(name != "style" && !name.starts_with("on"), "{}: {name}", sample.name);
                if matches!(name.as_str(), "src" | "action") {
                    assert!(value.starts_with('/'), "{}: {value}", sample.name);
                }
                if name == "href" {
                    let fine =
                        value.starts_with('/') || value.starts_with('#') || value.starts_with("https://");
                    assert!(fine, "{}: {value}", sample.name);
                }
            }
            if tag.name == "script" {
                assert!(sample.html[tag.end..].starts_with("></script>"), "{}", sample.name);
                assert!(tag.get("src").is_some(), "{}", sample.name);
            }
        }
    }
}

#[test]
fn every_reference_within_a_page_arrives() {
    for (_, sample, tags) in all_pages() {
        let ids = ids(&tags);
        for tag in &tags {
            let described =
                ["for", "aria-describedby", "aria-labelledby"].into_iter().filter_map(|name| tag.get(name));
            let named = described.flat_map(str::split_ascii_whitespace);
            let linked = tag.get("href").and_then(|path| path.strip_prefix('#'));
            for id in named.chain(linked) {
                assert!(ids.contains(id), "{}: nothing has the id {id}", sample.name);
            }
        }
    }
}

#[test]
fn every_control_has_a_label() {
    let mut controls = 0;
    for (_, sample, tags) in all_pages() {
        let labelled: Vec<_> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        let is_control = |tag: &&Tag| matches!(tag.name.as_str(), "input" | "select" | "textarea");
        for control in tags.iter().filter(is_control).filter(|tag| tag.get("type") != Some("hidden")) {
            let id = control.get("id").expect("a control has an id");
            assert!(labelled.contains(&id), "{}: {id} has no label", sample.name);
            controls += 1;
        }
    }
    assert!(controls > 100);
}

#[test]
fn a_field_that_is_wrong_says_so_to_whoever_hears_the_page() {
    for (_, sample, tags) in all_pages() {
        let wrong = tags.iter().filter(|tag| tag.get("aria-invalid") == Some("true"));
        let mut described = wrong.filter_map(|tag| tag.get("aria-describedby"));
        assert!(
            described.all(|ids| ids.contains("-error") || ids.contains("-target") || ids.contains("-more"))
        );
        let has_errors = sample.name.contains("errors") || sample.name.contains("refused");
        let wrong = tags.iter().any(|tag| tag.get("aria-invalid").is_some());
        assert_eq!(wrong, has_errors, "{}", sample.name);
    }
}

#[test]
fn every_page_names_its_language_and_has_one_heading_one_title_and_a_way_past_the_head() {
    for (language, sample, tags) in all_pages() {
        let count = |name| tags.iter().filter(|tag| tag.name == name).count();
        let html = tags.first().expect("a page has tags");
        assert_eq!((html.name.as_str(), html.get("lang")), ("html", Some(language.tag())));
        assert_eq!((count("h1"), count("title"), count("main")), (1, 1, 1), "{}", sample.name);
        assert!(
            tags.iter().any(|tag| tag.get("class") == Some("skip") && tag.get("href") == Some("#content"))
        );
        assert!(tags.iter().filter(|tag| tag.name == "img").all(|tag| tag.get("alt").is_some()));
    }
}

#[test]
fn every_form_of_the_desk_carries_the_sessions_token_and_every_form_of_a_case_its_version() {
    let mut forms = 0;
    for (_, sample, tags) in all_pages() {
        let mut inputs = Vec::new();
        // Read backwards: the inputs of a form follow it.
        for tag in tags.iter().rev() {
            match tag.name.as_str() {
                "input" => inputs.extend(tag.get("name")),
                "form" => {
                    let action = tag.get("action").expect("a form has an action");
                    assert_eq!(tag.get("method"), Some("post"), "{}", sample.name);
                    if action.starts_with("/desk") && action != "/desk/sign-in" {
                        assert!(inputs.contains(&"csrf"), "{}: {action}", sample.name);
                    }
                    if action.starts_with("/desk/cases") {
                        assert!(inputs.contains(&"version"), "{}: {action}", sample.name);
                    }
                    if !action.starts_with("/desk") {
                        assert!(inputs.contains(&"idempotency_key"), "{}: {action}", sample.name);
                    }
                    inputs.clear();
                    forms += 1;
                }
                _ => {}
            }
        }
    }
    assert!(forms > 50);
}

#[test]
fn what_a_desk_must_not_overlook_is_told_in_words() {
    let text = |name, language| {
        let pages = samples(language, str::to_owned);
        pages.into_iter().find(|page| page.name == name).expect("the sample").html
    };
    let german = text("worklist", PageLanguage::German);
    assert!(
        german.contains("überfällig seit 2 Stunden")
            && german.contains("Sicherheit: Verdacht auf Nebenwirkung")
    );
    let english = text("case", PageLanguage::English);
    assert!(english.contains("title=\"Safety flag: Suspected adverse event (rule ae.rash)\""));
    assert!(
        english.contains(
            "title=\"Topic: Delivery (rule shipping.delivery); Product: Insulera\">Insulera</mark>"
        )
    );
    assert!(english.contains("probably mistyped"));
}
