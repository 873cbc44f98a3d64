//! `GET /openapi.json`: the API described (OpenAPI 3.1), made from the table that requests are checked by.

use crate::{
    api::IDEMPOTENCY_HEADER,
    member::{Member, members},
};
use lotse_policy::Policy;
use serde_json::{Map, Value, json};

/// Where inquiries are sent.
pub(crate) const INQUIRIES: &str = "/api/inquiries";
/// Where this description stands.
pub(crate) const DOCUMENT: &str = "/openapi.json";
/// Where a load balancer asks whether we are well.
pub(crate) const HEALTH: &str = "/health";

/// The description as text.
pub(crate) fn document(policy: &Policy, public_url: &str) -> String {
    let limits = policy.thresholds.limits;
    let members = members(limits.text_characters.min(lotse_pages::InquiryField::Message.limit()));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Inquiries to {}", policy.company.name),
            "version": "1.0.0",
            "description": "Sends inquiries of health-care professionals. Do not send names of patients.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": public_url }],
        "paths": {
            (INQUIRIES): { "post": send_inquiry(limits.request_bytes) },
            (HEALTH): { "get": {
                "operationId": "health",
                "summary": "Tells whether inquiries can be kept",
                "responses": {
                    "200": { "description": "They can." },
                    "503": { "description": "They cannot now." },
                },
            } },
            (DOCUMENT): { "get": {
                "operationId": "describe",
                "summary": "This description",
                "responses": { "200": { "description": "OpenAPI 3.1.", "content": { "application/json": {} } } },
            } },
        },
        "components": { "schemas": {
            "Inquiry": inquiry_schema(&members),
            "Accepted": {
                "type": "object",
                "required": ["reference", "status_url"],
                "properties": {
                    "id": { "type": "string", "description": "The sender's own name, repeated." },
                    "reference": {
                        "type": "string",
                        "description": "The case reference, to be said on the phone.",
                        "examples": ["7KDW-4M9X"],
                    },
                    "status_url": {
                        "type": "string",
                        "format": "uri",
                        "description": "The status page. Whoever has this link can read the conversation: give it to nobody but the contact.",
                    },
                },
            },
            "Problem": problem_schema(),
        } },
    })
    .to_string()
}

fn send_inquiry(request_bytes: usize) -> Value {
    let problem = |description: String| {
        let schema = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        json!({ "description": description, "content": { "application/problem+json": schema } })
    };
    json!({
        "operationId": "sendInquiry",
        "summary": "Sends an inquiry",
        "description": "Answers once the inquiry is kept for good. Sent again with the same key, it stays one inquiry.",
        "parameters": [{
            "name": IDEMPOTENCY_HEADER,
            "in": "header",
            "required": true,
            "description": "New for each inquiry, such as a UUID; the same where the same inquiry is sent again. Good for ever.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Inquiry" } } },
        },
        "responses": {
            "202": {
                "description": "The inquiry is kept.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Accepted" } } },
            },
            "400": problem("No Idempotency-Key, an empty body, or a body that is not JSON in UTF-8 with each member once.".to_owned()),
            "413": problem(format!("The body has more than {request_bytes} bytes.")),
            "415": problem("The body is not declared as application/json.".to_owned()),
            "422": problem("The body is not an inquiry, or the key came with another one before.".to_owned()),
            "500": problem("Our fault.".to_owned()),
            "503": problem("Not now. Send the inquiry again with the same key.".to_owned()),
        },
    })
}

fn inquiry_schema(members: &[Member]) -> Value {
    let mut inquiry = object_schema("", members);
    for name in ["contact", "fields"] {
        inquiry["properties"][name] = object_schema(&format!("/{name}"), members);
    }
    inquiry["required"] = json!(["body", "contact"]);
    inquiry
}

fn object_schema(object: &str, members: &[Member]) -> Value {
    let own = || members.iter().filter(|member| member.place().0 == object);
    let property = |member: &Member| {
        let mut schema = member.kind.schema();
        schema["description"] = member.description.into();
        (member.place().1.to_owned(), schema)
    };
    let required: Vec<&str> = own().filter(|member| member.required).map(|member| member.place().1).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": own().map(property).collect::<Map<String, Value>>(),
        "required": required,
    })
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "format": "uri" },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["pointer", "detail"],
                    "properties": {
                        "pointer": { "type": "string", "format": "json-pointer" },
                        "detail": { "type": "string" },
                    },
                },
            },
        },
    })
}
