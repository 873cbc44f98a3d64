//! The cookies of the desk: the session's token, the language, and for some minutes a sign-in that has begun
//! with the company's own service.

use axum::http::{HeaderMap, HeaderValue, header};
use lotse_pages::PageLanguage;

/// How long a session lasts: a working day.
pub(crate) const SESSION_SECONDS: i64 = 8 * 60 * 60;

/// `__Host-` has the browser hold that the cookie came over TLS and from this host alone
/// (draft-ietf-httpbis-rfc6265bis §4.1.3). Without TLS no browser would take it.
const SECURE_NAME: &str = "__Host-lotse-session";
const PLAIN_NAME: &str = "lotse-session";
const SECURE_BEGUN_NAME: &str = "__Host-lotse-sign-in";
const PLAIN_BEGUN_NAME: &str = "lotse-sign-in";
/// How long a person may take to sign in.
const BEGUN_SECONDS: u32 = 10 * 60;
/// No sign-in of ours that has begun is longer.
const MOST_BEGUN_BYTES: usize = 2 * 1024;
const LANGUAGE_NAME: &str = "lotse-language";
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

fn session_name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The session token that a browser sent.
pub(crate) fn session_token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    // A token has 64 characters: what is longer is none, and is not worth hashing.
    value(headers, session_name(secure)).filter(|token| (1..=128).contains(&token.len()))
}

/// Gives the browser a session's token, to be sent back to us alone and never shown to a script.
pub(crate) fn open_session(token: &str, secure: bool) -> Option<HeaderValue> {
    let mark = if secure { "; Secure" } else { "" };
    let name = session_name(secure);
    let cookie =
        format!("{name}={token}; Path=/; Max-Age={SESSION_SECONDS}; HttpOnly; SameSite=Strict{mark}");
    HeaderValue::from_str(&cookie).ok()
}

/// Has the browser forget the session's token.
pub(crate) fn close_session(secure: bool) -> Option<HeaderValue> {
    let mark = if secure { "; Secure" } else { "" };
    let name = session_name(secure);
    HeaderValue::from_str(&format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{mark}")).ok()
}

fn begun_name(secure: bool) -> &'static str {
    if secure { SECURE_BEGUN_NAME } else { PLAIN_BEGUN_NAME }
}

/// The sign-in that this browser began.
pub(crate) fn sign_in_begun(headers: &HeaderMap, secure: bool) -> Option<&str> {
    value(headers, begun_name(secure)).filter(|text| (1..=MOST_BEGUN_BYTES).contains(&text.len()))
}

/// Has the browser keep a sign-in that begins. `Lax`, since the browser comes back from another site.
pub(crate) fn begin_sign_in(text: &str, secure: bool) -> Option<HeaderValue> {
    let mark = if secure { "; Secure" } else { "" };
    let name = begun_name(secure);
    let cookie = format!("{name}={text}; Path=/; Max-Age={BEGUN_SECONDS}; HttpOnly; SameSite=Lax{mark}");
    HeaderValue::from_str(&cookie).ok()
}

/// Has the browser forget a sign-in that has ended: it is good for one time.
pub(crate) fn end_sign_in(secure: bool) -> Option<HeaderValue> {
    let mark = if secure { "; Secure" } else { "" };
    let name = begun_name(secure);
    HeaderValue::from_str(&format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{mark}")).ok()
}

/// Has the browser remember the desk's language.
pub(crate) fn remember_language(language: PageLanguage, secure: bool) -> Option<HeaderValue> {
    let mark = if secure { "; Secure" } else { "" };
    let tag = language.tag();
    let cookie =
        format!("{LANGUAGE_NAME}={tag}; Path=/desk; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{mark}");
    HeaderValue::from_str(&cookie).ok()
}

/// The language that was chosen at the desk, or else the one that the browser prefers.
pub(crate) fn language(headers: &HeaderMap) -> PageLanguage {
    let preferred = || {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        header.and_then(PageLanguage::from_accept_language)
    };
    value(headers, LANGUAGE_NAME).and_then(PageLanguage::from_tag).or_else(preferred).unwrap_or_default()
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        (known.trim() == name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))])
    }

    #[test]
    fn a_session_is_found_among_other_cookies_and_only_under_its_own_name() {
        let sent = headers("theme=dark; lotse-session=abc; x-lotse-session=no");
        assert_eq!(session_token(&sent, false), Some("abc"));
        assert_eq!(session_token(&sent, true), None);
        assert_eq!(session_token(&headers("__Host-lotse-session=abc"), true), Some("abc"));
        assert_eq!(session_token(&headers("lotse-session="), false), None);
    }

    #[test]
    fn a_session_cookie_is_for_the_server_alone() {
        let secure = open_session("abc", true).expect("a header");
        for part in ["__Host-lotse-session=abc;", "Path=/;", "HttpOnly", "SameSite=Strict", "Secure"] {
            assert!(secure.to_str().unwrap_or_default().contains(part), "{part}");
        }
        assert!(
            !open_session("abc", false).expect("a header").to_str().unwrap_or_default().contains("Secure")
        );
    }

    #[test]
    fn the_chosen_language_goes_before_the_browsers() {
        let mut chosen = headers("lotse-language=en");
        chosen.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("de"));
        assert_eq!(language(&chosen), PageLanguage::English);
        assert_eq!(language(&headers("lotse-language=<script>")), PageLanguage::German);
    }
}
