//! Finding work: the lists of one's desks, and the search.

use crate::support::{About, FIRST, Office};
use axum::http::StatusCode;
use jiff::SignedDuration;
use lotse_domain::{Actor, Command};

#[tokio::test]
async fn everybody_sees_the_work_of_their_own_desks() {
    let office = Office::open().await;
    let dose = office.case(office.received(1, About::Dose).await).await.reference.to_string();
    let parcel = office.case(office.received(2, About::Parcel).await).await.reference.to_string();
    let reaction = office.case(office.received(3, About::Reaction).await).await.reference.to_string();
    for (user, path, sees) in [
        ("anna", "/desk", [true, false, false]),
        ("anna", "/desk?desk=logistics", [true, false, false]),
        ("jens", "/desk", [false, true, false]),
        ("petra", "/desk", [false, false, true]),
        ("kim", "/desk?desk=medical-information", [true, false, false]),
        ("kim", "/desk?desk=pharmacovigilance", [false, false, true]),
    ] {
        let person = office.sign_in(user).await;
        let page = office.get(&person, path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header("cache-control"), "no-store");
        for (reference, is_seen) in [&dose, &parcel, &reaction].into_iter().zip(sees) {
            assert_eq!(page.text.contains(reference.as_str()), is_seen, "{user} {path} {reference}");
        }
    }
}

#[tokio::test]
async fn the_views_part_what_is_free_mine_waiting_and_done() {
    let office = Office::open().await;
    let jens = office.sign_in("jens").await;
    let mut references = Vec::new();
    for number in 1..=4 {
        let id = office.received(number, About::Parcel).await;
        references.push((id, office.case(id).await.reference.to_string()));
    }
    let [(_, free), (mine_id, mine), (waiting_id, waiting), (done_id, done)] = &references[..] else {
        panic!("four cases")
    };
    office.act(&jens, *mine_id, "claim", &[]).await;
    office.act(&jens, *waiting_id, "ask", &[("text", "Welche Bestellung?")]).await;
    office.act(&jens, *done_id, "answer", &[("text", "Heute geliefert.")]).await;
    for (view, shown) in [
        ("open", vec![free, mine]),
        ("unclaimed", vec![free]),
        ("mine", vec![mine]),
        ("waiting", vec![waiting]),
        ("done", vec![done]),
        ("nonsense", vec![free, mine]),
    ] {
        let page = office.get(&jens, &format!("/desk?desk=logistics&view={view}")).await.text;
        for (_, reference) in &references {
            assert_eq!(page.contains(reference.as_str()), shown.contains(&reference), "{view} {reference}");
        }
    }
}

#[tokio::test]
async fn a_long_list_is_paged_by_due_time_and_shows_each_line_once() {
    let office = Office::open().await;
    let mut expected = Vec::new();
    for number in 1..=60 {
        let id = office.received(number, About::Parcel).await;
        expected.push(office.case(id).await.reference.to_string());
        office.let_pass(SignedDuration::from_secs(60));
    }
    let jens = office.sign_in("jens").await;
    for view in ["open", "unclaimed"] {
        let mut path = format!("/desk?desk=logistics&view={view}");
        let mut shown = Vec::new();
        for _ in 0..10 {
            let page = office.get(&jens, &path).await.text;
            shown.extend(expected.iter().filter(|reference| page.contains(reference.as_str())).cloned());
            let Some((before, _)) = page.split_once("\" rel=\"next\"") else { break };
            let (_, link) = before.rsplit_once("href=\"").expect("a link");
            path = link.replace("&#38;", "&").replace("&amp;", "&");
        }
        assert_eq!(shown, expected, "{view}");
    }
    let odd = office.get(&jens, "/desk?desk=logistics&after=not-a-cursor").await;
    assert_eq!(odd.status, StatusCode::OK);
}

#[tokio::test]
async fn a_reference_leads_to_its_case_and_words_to_a_list() {
    let office = Office::open().await;
    let dose = office.received(1, About::Dose).await;
    let reference = office.case(dose).await.reference.to_string();
    let anna = office.sign_in("anna").await;
    for typed in [reference.clone(), reference.to_lowercase(), reference.replace('-', " ")] {
        let found = office.post(&anna, "/desk/search", &[("query", &typed)]).await;
        assert_eq!(found.header("location"), format!("/desk/cases/{dose}"), "{typed}");
    }
    let found = office.post(&anna, "/desk/search", &[("query", "Dialyse dosieren")]).await;
    assert!(found.text.contains(&reference));
    for nothing in ["", "Quastenflosser", "\" OR 1=1 --", "<script>alert(1)</script>"] {
        let found = office.post(&anna, "/desk/search", &[("query", nothing)]).await;
        assert_eq!(found.status, StatusCode::OK, "{nothing}");
        assert!(!found.text.contains(&reference) && !found.text.contains("<script>alert"), "{nothing}");
    }
}

#[tokio::test]
async fn a_search_finds_nothing_of_other_desks() {
    let office = Office::open().await;
    let dose = office.received(1, About::Dose).await;
    let reference = office.case(dose).await.reference.to_string();
    let jens = office.sign_in("jens").await;
    for typed in [reference.as_str(), "Dialyse"] {
        let found = office.post(&jens, "/desk/search", &[("query", typed)]).await;
        assert_eq!(found.status, StatusCode::OK);
        assert!(!found.text.contains(&format!("/desk/cases/{dose}")), "{typed}");
    }
    let kim = office.sign_in("kim").await;
    let found = office.post(&kim, "/desk/search", &[("query", "Dialyse")]).await;
    assert!(found.text.contains(&format!("/desk/cases/{dose}")), "an administrator sees all");
}

#[tokio::test]
async fn whoever_has_no_desk_is_told_so() {
    let office = Office::open().await;
    let id = office.received(1, About::Dose).await;
    let anna = office.sign_in("anna").await;
    office
        .command(id, &Actor::User("anna".parse().expect("a name")), Command::Claim { request: FIRST })
        .await;
    let mine = office.get(&anna, "/desk?view=mine").await;
    assert!(mine.text.contains("Anna Lorenzen"));
    let no_desk = lotse_domain::ports::User {
        id: "neu".parse().expect("a name"),
        name: "Neu".to_owned(),
        desks: std::collections::BTreeSet::new(),
        administrator: false,
        disabled: false,
        password: lotse_runtime::hash_password(crate::support::PASSWORD).expect("a hash"),
    };
    lotse_domain::ports::UserDirectory::save_user(&office.store, no_desk).await.expect("a store");
    let neu = office.sign_in("neu").await;
    assert_eq!(office.get(&neu, "/desk").await.status, StatusCode::FORBIDDEN);
}
