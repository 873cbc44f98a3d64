//! The JSON Schemas in `schemas/` are generated from the types: this test fails where they differ, and
//! writes them anew with `UPDATE_SCHEMAS=1 cargo test -p dispatch`.

use dispatch::NoticeType;
use lotse_domain::EventNotice;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use std::{env, fs, path::Path};

#[test]
fn every_notice_has_its_schema() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for kind in NoticeType::ALL {
        let file = folder.join(format!("{}.schema.json", kind.name()));
        let generated = schema_of(kind);
        if env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::write(&file, format!("{generated:#}\n")).unwrap();
        }
        // As values: in which order members are written depends on what else is built.
        let kept: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(kept, generated, "{} is out of date; run with UPDATE_SCHEMAS=1", file.display());
    }
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(files, NoticeType::ALL.len(), "a schema without a notice of that type");
}

/// The schema of the shared form, narrowed to one type.
fn schema_of(kind: NoticeType) -> Value {
    let mut schema =
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<EventNotice>().to_value();
    schema["title"] = json!(kind.name());
    schema["properties"]["specversion"]["const"] = json!("1.0");
    schema["properties"]["source"]["const"] = json!("/lotse/cases");
    schema["properties"]["type"] = json!({ "description": "The event's type.", "const": kind.name() });
    schema
}
