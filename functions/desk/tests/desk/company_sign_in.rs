//! Who comes in where the company's own service says who somebody is.

use crate::support::{Answer as Page, Office, PASSWORD, Person};
use axum::http::StatusCode;
use lotse_domain::ports::{
    Answer, Identity, IdentityError, IdentityProvider, SignInBegun, Unavailable, UserDirectory,
};
use std::sync::Arc;

/// A company whose service vouches for whoever's name is the code, in the groups after the colon.
struct Company;

impl IdentityProvider for Company {
    fn begin(&self) -> Answer<'_, SignInBegun> {
        let begun = SignInBegun {
            address: "https://sign-in.nordhafen-pharma.example/authorize?state=s%2B1".to_owned(),
            state: "s+1&x=.".to_owned(),
            nonce: "n+1".to_owned(),
            verifier: "v.1~".to_owned(),
        };
        Box::pin(async { Ok(begun) })
    }

    fn finish<'a>(&'a self, code: &'a str, begun: &'a SignInBegun) -> Answer<'a, Identity> {
        Box::pin(async move {
            assert_eq!((&*begun.nonce, &*begun.verifier), ("n+1", "v.1~"), "kept as it was begun");
            let (name, groups) = match code.split_once(':') {
                None if code == "down" => return Err(Unavailable::for_now("no route").into()),
                None => return Err(IdentityError::Refused("an invented code".into())),
                Some(both) => both,
            };
            let groups = groups.split(',').map(str::to_owned).collect();
            Ok(Identity { subject: format!("Sub|{name}"), name: name.to_owned(), groups })
        })
    }
}

/// Goes to the service and comes back with a code, as a browser does: with the cookie of the beginning.
async fn come_back(office: &Office, code: &str, state: &str) -> Page {
    let begun = office
        .get(&Person { cookie: String::new() }, "/desk/sign-in/begin?return_to=%2Fdesk%3Fview%3Dmine")
        .await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    assert!(begun.header("location").starts_with("https://sign-in.nordhafen-pharma.example/"));
    let cookie = begun.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let browser = Person { cookie: cookie.split(';').next().unwrap_or_default().to_owned() };
    office.get(&browser, &format!("/desk/sign-in/finish?code={code}&state={state}")).await
}

const STATE: &str = "s%2B1%26x%3D.";

fn session_of(page: &Page) -> Option<Person> {
    let cookies = page.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let session =
        cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("lotse-session="));
    session.map(|pair| Person { cookie: pair.to_owned() })
}

#[tokio::test]
async fn whom_the_company_vouches_for_works_at_the_desks_that_its_groups_name() {
    let office = Office::open_to(Some(Arc::new(Company)));
    let door = office.get(&Person { cookie: String::new() }, "/desk/sign-in").await;
    assert!(door.text.contains("/desk/sign-in/begin?") && !door.text.contains("type=\"password\""));

    let page = come_back(&office, "Anna:medical-information,staff", STATE).await;
    assert_eq!(page.status, StatusCode::OK, "a page of ours, from which a browser sends a strict cookie");
    assert!(page.text.contains("url=/desk?view"), "it leads to the page that was wanted");
    let anna = session_of(&page).expect("a session");
    let desk = office.get(&anna, "/desk").await;
    assert_eq!(desk.status, StatusCode::OK);
    assert!(desk.text.contains("Anna"));
    let users = office.store.users().await.expect("a store");
    let desks: Vec<&str> =
        users.iter().flat_map(|user| &user.desks).map(lotse_domain::DeskId::as_str).collect();
    assert_eq!(desks, ["medical-information"], "a group that is no desk gives no right");
    assert_eq!(office.get(&anna, "/desk/parked").await.status, StatusCode::NOT_FOUND);

    let kim = come_back(&office, "Kim:administrators", STATE).await;
    let kim = session_of(&kim).expect("a session");
    assert_eq!(office.get(&kim, "/desk/parked").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_right_taken_away_at_the_company_is_gone_with_the_next_sign_in() {
    let office = Office::open_to(Some(Arc::new(Company)));
    let before = come_back(&office, "Jens:logistics,administrators", STATE).await;
    assert!(session_of(&before).is_some());
    let after = come_back(&office, "Jens:logistics", STATE).await;
    let jens = session_of(&after).expect("a session");
    assert_eq!(office.get(&jens, "/desk/parked").await.status, StatusCode::NOT_FOUND);
    assert_eq!(office.store.users().await.expect("a store").len(), 1, "one person, one user");
}

#[tokio::test]
async fn nobody_comes_in_without_work_here_or_without_the_company_saying_who_it_is() {
    let office = Office::open_to(Some(Arc::new(Company)));
    for (code, state, status) in [
        ("Eve:guests", STATE, StatusCode::FORBIDDEN),
        ("invented", STATE, StatusCode::UNAUTHORIZED),
        ("Anna:logistics", "another", StatusCode::UNAUTHORIZED),
        ("Anna:logistics", "", StatusCode::UNAUTHORIZED),
        ("", STATE, StatusCode::UNAUTHORIZED),
        ("down", STATE, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let page = come_back(&office, code, state).await;
        assert_eq!(page.status, status, "{code} {state}");
        assert!(session_of(&page).is_none(), "{code} {state}");
    }
    let without_beginning = Person { cookie: String::new() };
    let page = office
        .get(&without_beginning, &format!("/desk/sign-in/finish?code=Anna:logistics&state={STATE}"))
        .await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "a link from somebody else signs nobody in");
}

#[tokio::test]
async fn whoever_is_disabled_here_stays_out() {
    let office = Office::open_to(Some(Arc::new(Company)));
    assert!(session_of(&come_back(&office, "Petra:pharmacovigilance", STATE).await).is_some());
    let user = office.store.users().await.expect("a store").remove(0);
    office.disable(user.id.as_str()).await;
    let page = come_back(&office, "Petra:pharmacovigilance", STATE).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(session_of(&page).is_none());
}

#[tokio::test]
async fn one_way_in_closes_the_other() {
    let by_company = Office::open_to(Some(Arc::new(Company)));
    assert_eq!(by_company.try_sign_in("anna", PASSWORD, "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let by_password = Office::open().await;
    for path in ["/desk/sign-in/begin", "/desk/sign-in/finish?code=x&state=y"] {
        let page = by_password.get(&Person { cookie: String::new() }, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
}
