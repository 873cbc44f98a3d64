//! Mistakes that people make when they edit a policy, and the exact words in which they are told.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use lotse_policy::{Policy, PolicyFile, SHIPPED};
use proptest::prelude::*;
use std::fs;

/// What somebody does to the shipped policy.
enum Edit {
    /// Puts other text in the place of its first occurrence in a file.
    Replace(&'static str, &'static str, &'static str),
    /// Adds text at the end of a file.
    Append(&'static str, &'static str),
    /// Adds a file.
    Add(&'static str, &'static [u8]),
    /// Takes a file away.
    Remove(&'static str),
}
use Edit::{Add, Append, Remove, Replace};

fn edited(edits: &[Edit]) -> Vec<PolicyFile> {
    let file = |name: &str, content: &[u8]| PolicyFile {
        name: name.to_owned(),
        path: name.to_owned(),
        content: content.to_vec(),
    };
    let mut files: Vec<PolicyFile> = SHIPPED.iter().map(|(name, text)| file(name, text.as_bytes())).collect();
    for edit in edits {
        match edit {
            Add(name, content) => {
                files.retain(|file| file.name != *name);
                files.push(file(name, content));
            }
            Remove(name) => files.retain(|file| file.name != *name),
            Replace(name, ..) | Append(name, _) => {
                let file = files.iter_mut().find(|file| file.name == *name).expect("a shipped file");
                let text = String::from_utf8(file.content.clone()).unwrap();
                let text = match edit {
                    Replace(_, before, after) => {
                        assert!(text.contains(before), "{name} does not contain {before}");
                        text.replacen(before, after, 1)
                    }
                    Append(_, more) => text + more,
                    Add(..) | Remove(_) => text,
                };
                file.content = text.into_bytes();
            }
        }
    }
    files
}

/// The lines that are reported, each with its place replaced by what stands there in the file: line
/// numbers would change with every comment of the shipped policy.
fn reported(edits: &[Edit]) -> Vec<String> {
    let files = edited(edits);
    let errors = Policy::from_files(files.clone()).expect_err("the policy has a mistake");
    let report = errors.to_string();
    assert_eq!(report.lines().count(), errors.problems().len(), "one line per mistake:\n{report}");
    let line_at = |name: &str, number: usize| {
        let file = files.iter().find(|file| file.path == name).expect("a file of the policy");
        String::from_utf8_lossy(&file.content).lines().nth(number - 1).unwrap_or_default().to_owned()
    };
    errors
        .problems()
        .iter()
        .map(|problem| match problem.position {
            None => problem.to_string(),
            Some(position) => {
                let line = line_at(&problem.file, position.line);
                let from_column: String = line.chars().skip(position.column - 1).take(24).collect();
                format!(
                    "{} at `{from_column}`: {}; expected {}",
                    problem.file, problem.what, problem.expected
                )
            }
        })
        .collect()
}

#[track_caller]
fn check(edits: &[Edit], expected: &[&str]) {
    assert_eq!(reported(edits), expected);
}

#[test]
fn company() {
    check(
        &[Replace("company.toml", "country = \"DE\"", "country = \"Germany\"")],
        &[
            "company.toml at `\"Germany\"`: country: not a country code; expected two capital letters such as \"DE\"",
        ],
    );
    check(
        &[Replace("company.toml", "country = \"DE\"", "country = \"DE\"\nregion = \"SH\"")],
        &["company.toml at `region = \"SH\"`: unknown key `region` in the file; expected one of: country, \
           imprint_url, inbound_addresses, mail_domain, name, phone, policy_version, postal_address, \
           privacy_url, service_address"],
    );
    check(
        &[Replace("company.toml", "https://www.nordhafen-pharma.example/impressum", "javascript:alert(1)")],
        &["company.toml at `\"javascript:alert(1)\"`: imprint_url: not a link; \
           expected a link that starts with https://"],
    );
    check(
        &[Replace("company.toml", "policy_version = \"2026-11-22.1\"", "policy_version = 5")],
        &["company.toml at `5`: policy_version: here stands the integer `5`; \
           expected a text in quotation marks"],
    );
    check(
        &[Replace("company.toml", "phone = \"+49 431 555 0120\"", "phone = \"+49\\nBcc: all@example.com\"")],
        &["company.toml at `\"+49\\nBcc: all@example.c`: phone: empty, or more than one line; \
           expected a text on one line"],
    );
}

#[test]
fn products() {
    check(
        &[Replace("products.toml", "90011378", "90011379")],
        &["products.toml at `\"90011379\" },`: PZN 90011379: the check digit is wrong; \
           expected 8 digits of which the last is the check digit"],
    );
    check(
        &[Replace("products.toml", "90011378", "9001137")],
        &["products.toml at `\"9001137\" },`: PZN 9001137: not 8 digits; \
           expected 8 digits of which the last is the check digit"],
    );
    check(
        &[Replace("products.toml", "90014112", "90012745")],
        &["products.toml at `\"90012745\" },`: PZN 90012745 belongs to `velocordin` already; \
           expected each PZN once"],
    );
    check(
        &[Replace("products.toml", "id = \"glykaris\"", "id = \"velocordin\"")],
        &["products.toml at `\"velocordin\"`: product `velocordin` stands here twice; expected each id once"],
    );
    check(
        &[Replace("products.toml", "cold_chain = false", "cold_chain = \"no\"")],
        &["products.toml at `\"no\"`: cold_chain: here stands the string \"no\"; expected true or false"],
    );
    check(
        &[Replace("products.toml", "brand = \"Glykaris\"", "brnd = \"Glykaris\"")],
        &[
            "products.toml at `[[product]]`: `brand` is missing in [[product]]; expected a value for `brand`",
            "products.toml at `brnd = \"Glykaris\"`: unknown key `brnd` in [[product]]; \
             expected one of: area, atc, brand, cold_chain, id, names, packs, substance",
        ],
    );
    check(
        &[Add("products.toml", b"# none yet\n")],
        &["products.toml at `# none yet`: there is no product; expected at least one [[product]]"],
    );
}

#[test]
fn desks() {
    check(
        &[Replace("desks.toml", "desk = \"logistics\"", "desk = \"logistik\"")],
        &["desks.toml at `\"logistik\"`: unknown desk `logistik`; \
           expected one of: logistics, medical-information, pharmacovigilance, quality, review"],
    );
    check(
        &[Replace("desks.toml", "desk = \"logistics\"", "desk = \"quality\"")],
        &["desks.toml at `\"quality\"`: desk `quality` does not do this; \
           expected a desk whose kind answers this topic"],
    );
    check(
        &[Replace("desks.toml", "id = \"logistics\"", "id = \"medical-information\"")],
        &[
            "desks.toml at `\"medical-information\"`: desk `medical-information` stands here twice; \
             expected each id once",
            "desks.toml at `\"logistics\"`: unknown desk `logistics`; \
             expected one of: medical-information, pharmacovigilance, quality, review",
        ],
    );
    check(
        &[Replace("desks.toml", "kind = \"logistics\"", "kind = \"logistic\"")],
        &["desks.toml at `\"logistic\"`: kind: unknown name `logistic`; expected one of \
           `medical_information`, `logistics`, `review`, `pharmacovigilance`, `quality`"],
    );
    check(
        &[Replace("desks.toml", "response_business_minutes = 240", "handover_calendar_hours = 24")],
        &[
            "desks.toml at `[[desk]]`: `response_business_minutes` is missing in [[desk]]; \
             expected a value for `response_business_minutes`",
            "desks.toml at `handover_calendar_hours `: unknown key `handover_calendar_hours` in [[desk]]; \
             expected one of: address, id, kind, name, response_business_minutes",
        ],
    );
    check(
        &[Replace("desks.toml", "response_business_minutes = 240", "response_business_minutes = \"4 h\"")],
        &["desks.toml at `\"4 h\"`: response_business_minutes: here stands the string \"4 h\"; \
           expected a whole number, not negative"],
    );
    check(
        &[Replace("desks.toml", "response_business_minutes = 240", "response_business_minutes = 0")],
        &["desks.toml at `0`: response_business_minutes: 0; expected a whole number from 1"],
    );
    check(
        &[Replace("desks.toml", "logistik@nordhafen-pharma.example", "logistik@nordhaven.example")],
        &["desks.toml at `\"logistik@nordhaven.exam`: logistik@nordhaven.example is not an address of the \
           company; expected an address that ends in @nordhafen-pharma.example"],
    );
    check(
        &[Replace("desks.toml", "logistik@nordhafen-pharma.example", "Logistik, Kiel")],
        &["desks.toml at `\"Logistik, Kiel\"`: address: not a mail address; \
           expected a form such as name@hospital.example"],
    );
    check(
        &[Replace("desks.toml", "arzneimittelsicherheit@", "service@")],
        &[
            "desks.toml at `\"service@nordhafen-pharm`: address: inquiries come in here, hand-overs would come \
           back; expected an address that is not among inbound_addresses of company.toml",
        ],
    );
    check(
        &[Replace("desks.toml", "  \"overdose\",\n", "")],
        &["desks.toml at `# The desks: who works o`: no desk takes overdose; \
           expected \"overdose\" among the kinds of a [[safety]]"],
    );
    check(
        &[Replace("desks.toml", "\"counterfeit\"", "\"counterfeit\", \"overdose\"")],
        &["desks.toml at `\"overdose\"]`: overdose has a desk already; expected each kind once"],
    );
    check(
        &[Replace("desks.toml", "topic = \"other\"", "topic = \"other\"\narea = \"onkology\"")],
        &[
            "desks.toml at `# The desks: who works o`: no desk takes other; \
             expected a [[topic]] with topic = \"other\" and no area",
            "desks.toml at `\"onkology\"`: no product belongs to the area `onkology`; \
             expected an area of products.toml",
        ],
    );
    check(
        &[Replace("desks.toml", "en = \"Drug Safety\"", "fr = \"Vigilance\"")],
        &[
            "desks.toml at `{ de = \"Arzneimittelsich`: `en` is missing in [desk.name]; \
             expected a value for `en`",
            "desks.toml at `fr = \"Vigilance\" }`: unknown key `fr` in [desk.name]; expected one of: de, en",
        ],
    );
}

#[test]
fn calendar() {
    check(
        &[Replace("calendar.toml", "monday = [\"08:00-17:00\"]", "monday = [\"8-17 Uhr\", \"12:00-11:00\"]")],
        &[
            "calendar.toml at `\"8-17 Uhr\", \"12:00-11:00`: monday: `8-17 Uhr` is not a span of hours; \
             expected opening and closing such as \"08:00-17:00\"",
            "calendar.toml at `\"12:00-11:00\"]`: monday: `12:00-11:00` is not a span of hours; \
             expected opening and closing such as \"08:00-17:00\"",
        ],
    );
    check(
        &[Replace("calendar.toml", "friday = [\"08:00-15:00\"]", "friday = [\"08:00-25:00\"]")],
        &["calendar.toml at `\"08:00-25:00\"]`: friday: `08:00-25:00` is not a span of hours; \
           expected opening and closing such as \"08:00-17:00\""],
    );
    check(
        &[Replace(
            "calendar.toml",
            "monday = [\"08:00-17:00\"]",
            "monday = [\"08:00-12:00\", \"11:00-17:00\"]",
        )],
        &[
            "calendar.toml at `\"11:00-17:00\"]`: monday: `11:00-17:00` begins before the span before it ends; \
           expected spans in their order, without overlap",
        ],
    );
    check(
        &[Replace("calendar.toml", "monday = ", "montag = ")],
        &[
            "calendar.toml at `[hours]`: `monday` is missing in [hours]; expected a list in [ ] for `monday`",
            "calendar.toml at `montag = [\"08:00-17:00\"]`: unknown key `montag` in [hours]; \
             expected one of: friday, monday, saturday, sunday, thursday, tuesday, wednesday",
        ],
    );
    check(
        &[Replace("calendar.toml", "Europe/Berlin", "Europe/Kiel")],
        &["calendar.toml at `\"Europe/Kiel\"`: unknown time zone `Europe/Kiel`; \
           expected a name of the IANA database such as \"Europe/Berlin\""],
    );
    check(
        &[Replace("calendar.toml", "\"12-25\"", "\"25.12.\"")],
        &["calendar.toml at `\"25.12.\"`: every_year: `25.12.` is not a date; \
           expected month and day such as \"12-25\""],
    );
    check(
        &[Replace(
            "calendar.toml",
            "every_year = \"12-26\"",
            "every_year = \"12-26\"\ndays_after_easter = 1",
        )],
        &["calendar.toml at `[[holiday]]`: a holiday needs one rule; expected exactly one of: \
           every_year = \"12-25\", days_after_easter = 1, on = \"2026-12-24\""],
    );
}

#[test]
fn texts() {
    check(
        &[Replace("texts/en.toml", "subject = \"We have received your inquiry {reference}\"\n", "")],
        &["texts/en.toml at `[receipt]`: `subject` is missing in [receipt]; expected a value for `subject`"],
    );
    check(
        &[Replace(
            "texts/de.toml",
            "Zu Ihrer Anfrage {reference} fehlt",
            "Zu Ihrer Anfrage {refernce} fehlt",
        )],
        &["texts/de.toml at `{refernce} fehlt uns nur`: body: unknown placeholder {refernce}; \
           expected one of: {questions}, {reference}, {helpful}, {steps}, {status_link}"],
    );
    check(
        &[Replace("texts/de.toml", "{answer}\n", "Unsere Antwort\n")],
        &["texts/de.toml at `\"\"\"`: body: {answer} is missing; expected {answer} somewhere in this text"],
    );
    check(
        &[Replace("texts/en.toml", "Answer to your inquiry {reference}", "Answer to {name}, {reference}")],
        &["texts/en.toml at `{name}, {reference}\"`: subject: {name} has no value here; \
           expected one of: {reference}, {due}"],
    );
    check(
        &[Replace("texts/de.toml", "greeting = \"Guten Tag,\"", "greeting = \"Guten Tag {name,\"")],
        &["texts/de.toml at `{name,\"`: greeting: unknown placeholder {name,; expected no braces here"],
    );
    check(
        &[Replace("texts/de.toml", "greeting = \"Guten Tag,\"", "greeting = \"\"")],
        &["texts/de.toml at `\"\"`: greeting: the text is empty; expected words"],
    );
    check(
        &[Replace("texts/en.toml", "[question.unknown.topic]", "[question.unknown.question]")],
        &[
            "texts/en.toml at `[question]`: [question.unknown.topic] is missing, and elements.toml requires the \
           element; expected [question.unknown.topic] with absent = \"…\"",
        ],
    );
    check(
        &[Replace("texts/en.toml", "deadline =", "dedline =")],
        &[
            "texts/en.toml at `[helpful.medical_questio`: `deadline` is missing in [helpful.medical_question]; \
             expected a value for `deadline`",
            "texts/en.toml at `dedline = \"by when you n`: unknown key `dedline` in [helpful.medical_question]; \
             expected one of: deadline, indication, patient, sources",
        ],
    );
}

#[test]
fn thresholds() {
    check(
        &[Replace("thresholds.toml", "after_business_days = [2, 5]", "after_business_days = [2, 5, 4]")],
        &[
            "texts/de.toml at `# Alle E-Mail-Texte auf `: 2 [[reminder]], and thresholds.toml reminds 3 times; \
             expected a [[reminder]] for each of after_business_days",
            "texts/en.toml at `# All mail texts in Engl`: 2 [[reminder]], and thresholds.toml reminds 3 times; \
             expected a [[reminder]] for each of after_business_days",
            "thresholds.toml at `4]`: 4 is not after 5; expected business days that rise, from 1",
        ],
    );
    check(
        &[Replace("thresholds.toml", "confirm = 0.5", "confirm = 0.9")],
        &["thresholds.toml at `[routing.default]`: default: the values do not fall; \
           expected route ≥ confirm ≥ review"],
    );
    check(
        &[Replace("thresholds.toml", "confirm = 0.5", "confirm = 50")],
        &["thresholds.toml at `50`: confirm: not a confidence; expected a number from 0 to 1"],
    );
    check(
        &[Replace("thresholds.toml", "mail_recipients = 100", "mail_recipients = -1")],
        &["thresholds.toml at `-1`: mail_recipients: here stands the integer `-1`; \
           expected a whole number, not negative"],
    );
}

#[test]
fn elements() {
    check(
        &[Replace("elements.toml", "satisfied_by = [[\"product\"]]", "satisfied_by = [[]]")],
        &["elements.toml at `[[required]]`: satisfied_by: nothing is named that would do; \
           expected sets such as [[\"order_number\"], [\"institution\", \"product\"]]"],
    );
    check(
        &[Replace("elements.toml", "[\"order_number\"],", "[\"order_numbr\"],")],
        &["elements.toml at `\"order_numbr\"],`: satisfied_by: unknown name `order_numbr`; expected one of \
           `topic`, `question`, `product`, `person_name`, `profession`, `institution`, `order_number`, \
           `delivery_note`, `tracking_number`, `customer_number`, `order_date`"],
    );
    check(
        &[Replace("elements.toml", "element = \"question\"", "element = \"product\"")],
        &["elements.toml at `\"product\"`: product is required for this topic already; \
           expected each topic and element once"],
    );
}

#[test]
fn rules() {
    let rule = "\n[[rule]]\nid = \"example\"\ntopic = \"medical_question\"\nweight = 0.5\n";
    check(
        &[Append("rules/medical.toml", rule)],
        &["rules/medical.toml at `[[rule]]`: a rule without a condition would hold for every message; \
           expected at least one entry in `phrases`, or a `pattern`"],
    );
    check(
        &[Append("rules/medical.toml", rule), Append("rules/medical.toml", "pattern = \"(dosis\"\n")],
        &["rules/medical.toml at `\"(dosis\"`: the pattern cannot be read: unclosed group; \
           expected a regular expression (syntax of the Rust regex crate)"],
    );
}

#[test]
fn whole_files() {
    check(
        &[Add("desks.toml", b"# Desks\nname = \"Logistik f\xfcr alle\"\n")],
        &["desks.toml at `\u{fffd}r alle\"`: the file is not UTF-8 text; expected a file saved as UTF-8"],
    );
    check(
        &[Remove("calendar.toml")],
        &["calendar.toml: the file is missing; expected all files of the shipped policy"],
    );
    check(
        &[Add("calender.toml", b"")],
        &["calender.toml: no policy file has this name; \
           expected a file of the shipped policy, or one in rules/"],
    );
    // What follows an open bracket is not reported: only its first consequence means something.
    check(
        &[Append(
            "identifiers.toml",
            "\n[[pattern]]\nparts = [\nkind = \"order_number\"\njoined_by = \"-\"\n",
        )],
        &["identifiers.toml at `kind = \"order_number\"`: not TOML: string values must be quoted; \
           expected literal string"],
    );
}

#[test]
fn mistakes_of_all_files_are_reported_at_once_also_beside_files_that_are_not_toml() {
    check(
        &[
            Replace("company.toml", "name = \"Nord", "name = Nord"),
            Replace(
                "desks.toml",
                "[[topic]]\ntopic = \"shipping_status\"",
                "[[topic]\ntopic = \"shipping_status\"",
            ),
            Replace("products.toml", "90011378", "90011379"),
            Replace("products.toml", "cold_chain = false", "cold_chain = \"no\""),
            Replace("products.toml", "id = \"glykaris\"", "id = \"velocordin\""),
            Remove("texts/en.toml"),
            Replace("thresholds.toml", "default = 0.3", "default = 3"),
        ],
        &[
            "company.toml at `Nordhafen Pharma GmbH\"`: not TOML: missing opening quote; expected `\"`",
            "desks.toml at ``: not TOML: unclosed array table; expected `]`",
            "products.toml at `\"no\"`: cold_chain: here stands the string \"no\"; expected true or false",
            "products.toml at `\"90011379\" },`: PZN 90011379: the check digit is wrong; \
             expected 8 digits of which the last is the check digit",
            "products.toml at `\"velocordin\"`: product `velocordin` stands here twice; expected each id once",
            "texts/en.toml: the file is missing; expected all files of the shipped policy",
            "thresholds.toml at `3`: default: not a confidence; expected a number from 0 to 1",
        ],
    );
}

#[test]
fn a_mistake_in_a_folder_is_said_with_the_path_the_line_and_the_column() {
    let folder = tempfile::tempdir().unwrap();
    for file in edited(&[Replace("products.toml", "90011378", "90011379")]) {
        let path = folder.path().join(&file.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file.content).unwrap();
    }
    let products = folder.path().join("products.toml");
    let text = fs::read_to_string(&products).unwrap();
    let line = text.lines().position(|line| line.contains("90011379")).unwrap() + 1;
    let column = text.lines().nth(line - 1).unwrap().find("\"90011379").unwrap() + 1;
    let errors = Policy::load(folder.path()).unwrap_err();
    assert_eq!(
        errors.to_string(),
        format!(
            "{}:{line}:{column}: PZN 90011379: the check digit is wrong; \
             expected 8 digits of which the last is the check digit",
            products.display()
        )
    );
}

#[test]
fn a_folder_that_is_not_there_is_said_once() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("policy");
    let errors = Policy::load(&missing).unwrap_err();
    assert_eq!(
        errors.to_string(),
        format!(
            "{}: the folder cannot be read: No such file or directory (os error 2); \
             expected a folder of policy files such as company.toml",
            missing.display()
        )
    );
}

#[test]
fn an_empty_folder_names_every_file_that_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let errors = Policy::load(folder.path()).unwrap_err();
    for (name, _) in SHIPPED.iter().filter(|(name, _)| !name.starts_with("rules/")) {
        let line = format!("{}: the file is missing", folder.path().join(name).display());
        assert!(errors.to_string().contains(&line), "{line}\n{errors}");
    }
    let rules = format!("{}: no policy file stands here", folder.path().join("rules/").display());
    assert!(errors.to_string().contains(&rules), "{errors}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_is_typed_into_a_file_loading_ends_with_a_policy_or_with_lines_that_name_the_file(
        file in 0..SHIPPED.len(), at in 0.0..1.0_f64, cut in 0_usize..200, typed in any_typing(),
    ) {
        let mut files = edited(&[]);
        let PolicyFile { name, content, .. } = &mut files[file];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss,
            reason = "a place within a small file")]
        let start = (at * content.len() as f64) as usize;
        let end = (start + cut).min(content.len());
        content.splice(start..end, typed);
        let name = name.clone();
        if let Err(errors) = Policy::from_files(files) {
            prop_assert!(errors.problems().iter().any(|problem| problem.file == name || problem.position.is_some()));
            prop_assert!(errors.to_string().lines().all(|line| line.contains("; expected ")));
        }
    }
}

/// Bytes of any kind, or text of the kind that stands in policies.
fn any_typing() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        "[a-z={}\\[\\]\"', .0-9\\-\n]{0,40}".prop_map(String::into_bytes),
    ]
}
