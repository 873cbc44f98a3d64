//! Pages for whoever tries Lotse out on one machine: the mails that are kept because no relay is configured,
//! and what was decided about an address' inquiries. They show personal data to whoever asks, so they are
//! there only without a relay and a public URL, only on a loopback address, only under a loopback name, and
//! not for whoever comes through a proxy.

mod cases;
mod mailbox;

use crate::pump::Functions;
use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use lotse_pages::paths;
use std::{net::IpAddr, sync::Arc};

/// The development pages. `GET /dev/mail` is for people, `GET /dev/mail.json` for scripts;
/// `POST /dev/cases` tells what was decided, and is how `lotse demo` and tests watch the desk.
pub(super) fn router(functions: Arc<Functions>) -> Router {
    Router::new()
        .route(paths::MAILBOX, get(mailbox::list))
        .route("/dev/mail.json", get(mailbox::list_json))
        .route("/dev/mail/{name}", get(mailbox::show))
        .route("/dev/mail/{name}/raw", get(mailbox::raw))
        .route("/dev/cases", post(cases::of_address))
        .route_layer(middleware::from_fn(only_for_this_machine))
        .with_state(functions)
}

/// What proxies add to a request: RFC 7239, RFC 9110 §7.6.3, and the habits before them.
const FORWARDED: [&str; 7] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-original-url",
];

/// Refuses a browser that was brought here by a name that only pretends to be this machine (DNS rebinding),
/// and whoever comes through a proxy in front of the desk.
async fn only_for_this_machine(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_loopback_name(host) && !FORWARDED.iter().any(|name| headers.contains_key(*name)) {
        next.run(request).await
    } else {
        let reason = "development pages are for this machine only: open them under 127.0.0.1 or localhost, \
            without a proxy\n";
        (StatusCode::FORBIDDEN, reason).into_response()
    }
}

/// `127.0.0.1`, `[::1]` or `localhost`, with or without a port.
fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_own_names_open_the_development_pages() {
        for ours in ["127.0.0.1:8080", "127.0.0.1", "localhost:1", "[::1]:8080"] {
            assert!(is_loopback_name(ours), "{ours}");
        }
        for foreign in
            ["", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1"]
        {
            assert!(!is_loopback_name(foreign), "{foreign}");
        }
    }
}
