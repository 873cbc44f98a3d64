//! Answers: pages, redirects and assets, each with the headers that protect whoever reads them.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use lotse_pages::{CONTENT_SECURITY_POLICY, Template, asset};

/// Who may keep a copy of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Privacy {
    /// Nobody: it holds personal data, or a key that is good once.
    Personal,
    /// A cache may keep it, and asks whether it is still good.
    Public,
}

/// A page. One that cannot be made is our mistake: it is logged, and the browser gets a bare 500.
pub fn html(status: StatusCode, privacy: Privacy, page: &impl Template) -> Response {
    let mut response = match page.render() {
        Ok(text) => {
            let content_type = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, content_type)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be made");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    protect(response.headers_mut(), privacy);
    response
}

/// Sends the browser on with GET (RFC 9110 §15.4.4), so that reloading the next page repeats nothing. The
/// path is ours: ids, tokens and names of ours only.
pub fn see_other(path: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(path) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    protect(response.headers_mut(), Privacy::Personal);
    response
}

/// The asset of that path, to be kept for ever: its path changes with its content. `None` where there is none.
pub fn asset_response(path: &str) -> Option<Response> {
    let asset = asset(path)?;
    let mut response = Response::new(Body::from(asset.bytes));
    let headers = response.headers_mut();
    protect(headers, Privacy::Public);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    Some(response)
}

fn protect(headers: &mut HeaderMap, privacy: Privacy) {
    let cache = match privacy {
        Privacy::Personal => "no-store",
        Privacy::Public => "no-cache",
    };
    let values: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // The address of a status page is the key to it: it must not be told to the pages that it links.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CACHE_CONTROL, cache),
        // Two tabs of one browser, one of them hostile: neither reaches into the other.
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in values {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asset_may_be_kept_for_ever_and_a_redirect_may_not() {
        let path = &lotse_pages::assets()[0].path;
        let response = asset_response(path).expect("an asset");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(asset_response("/assets/unknown.css").is_none());
        let redirect = see_other("/s/abc");
        assert_eq!(redirect.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(redirect.headers()[header::LOCATION], "/s/abc");
    }

    #[test]
    fn a_location_that_is_no_header_goes_nowhere() {
        assert_eq!(see_other("/s/\nSet-Cookie: x").status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
