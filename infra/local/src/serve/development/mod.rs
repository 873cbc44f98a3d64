//! Pages for whoever tries Lotse out on one machine: the mails that are kept because no relay is configured,
//! and what was decided about an address' inquiries. They show personal data to whoever asks, so they are
//! there only without a relay, only on a loopback address, and only under a loopback name.

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
        .route_layer(middleware::from_fn(only_under_a_loopback_name))
        .with_state(functions)
}

/// Refuses a browser that was brought here by a name that only pretends to be this machine (DNS rebinding).
async fn only_under_a_loopback_name(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_loopback_name(host) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "development pages are served under 127.0.0.1 and localhost only\n")
            .into_response()
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
