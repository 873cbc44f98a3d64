//! JSON in which each object has each member once (RFC 7493 §2.3).
//!
//! Readers of JSON keep the last of two members with one name. Of an inquiry, the first would be lost, and
//! nobody would know.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use std::fmt;

/// Any JSON, refused where an object has a member twice. The error repeats nothing of it.
pub(crate) struct UniqueMembers(pub(crate) Value);

impl<'de> Deserialize<'de> for UniqueMembers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyJson).map(Self)
    }
}

struct AnyJson;

impl<'de> Visitor<'de> for AnyJson {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(UniqueMembers(value)) = entries.next_element()? {
            read.push(value);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if read.contains_key(&name) {
                return Err(A::Error::custom("a member stands twice in one object"));
            }
            let UniqueMembers(value) = members.next_value()?;
            read.insert(name, value);
        }
        Ok(Value::Object(read))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_it_stands() {
        let text = r#"{"a":[1,-2,0.5,true,null,"\u00fc"],"b":{"a":{}}}"#;
        let UniqueMembers(read) = serde_json::from_str(text).expect("JSON");
        assert_eq!(read, serde_json::from_str::<Value>(text).expect("JSON"));
    }

    #[test]
    fn a_member_that_stands_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"b":2}}"#, r#"[{"b":1,"\u0062":2}]"#] {
            let error = serde_json::from_str::<UniqueMembers>(text).err().expect("an error");
            assert!(error.is_data(), "{error}");
        }
    }

    #[test]
    fn what_is_nested_without_end_is_refused_as_syntax() {
        let error = serde_json::from_str::<UniqueMembers>(&"[".repeat(100_000)).err().expect("an error");
        assert!(!error.is_data(), "{error}");
    }
}
