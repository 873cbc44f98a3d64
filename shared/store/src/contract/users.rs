//! The people at the desks, and who is signed in.

use super::sample::{desk, minute, user};
use lotse_domain::ports::{PasswordHash, Session, User, UserDirectory};

fn specialist(name: &str) -> User {
    User {
        id: user(name),
        name: format!("{name} Musterfrau"),
        desks: [desk("logistics"), desk("medical-information")].into(),
        administrator: false,
        disabled: false,
        password: PasswordHash("$argon2id$v=19$…".to_owned()),
    }
}

fn session(token: u8, name: &str) -> Session {
    Session { token_hash: [token; 32], user: user(name), expires_at: minute(60) }
}

async fn signed_in<S: UserDirectory>(store: &S, token: u8, minutes: i64) -> Option<User> {
    store.session_user(&[token; 32], minute(minutes)).await.expect("the store answers")
}

/// Saving again replaces.
pub async fn a_user_is_read_back_as_saved<S: UserDirectory>(store: &S) {
    assert_eq!(store.user(&user("mia")).await.expect("the store answers"), None);
    store.save_user(specialist("mia")).await.expect("the store answers");
    assert_eq!(store.user(&user("mia")).await.expect("the store answers"), Some(specialist("mia")));
    let changed = User { administrator: true, desks: [].into(), ..specialist("mia") };
    store.save_user(changed.clone()).await.expect("the store answers");
    assert_eq!(store.user(&user("mia")).await.expect("the store answers"), Some(changed));
}

/// Whoever was added last, disabled people included.
pub async fn users_are_listed_by_name<S: UserDirectory>(store: &S) {
    let disabled = User { disabled: true, ..specialist("ines") };
    for person in [specialist("tom"), disabled.clone(), specialist("mia")] {
        store.save_user(person).await.expect("the store answers");
    }
    let listed = store.users().await.expect("the store answers");
    assert_eq!(listed, [disabled, specialist("mia"), specialist("tom")]);
}

/// By its time, or because the person signs out; other sessions go on.
pub async fn a_session_lasts_until_it_ends<S: UserDirectory>(store: &S) {
    store.save_user(specialist("mia")).await.expect("the store answers");
    for token in [1, 2] {
        store.open_session(session(token, "mia")).await.expect("the store answers");
    }
    assert_eq!(signed_in(store, 1, 59).await, Some(specialist("mia")));
    assert_eq!(signed_in(store, 1, 61).await, None, "its time is over");
    assert_eq!(signed_in(store, 3, 1).await, None, "nobody opened it");
    for _ in 0..2 {
        store.end_session(&[1; 32]).await.expect("the store answers");
    }
    assert_eq!(signed_in(store, 1, 1).await, None, "signed out");
    assert_eq!(signed_in(store, 2, 1).await, Some(specialist("mia")));
}

/// Enabling the person again does not bring the old session back.
pub async fn whoever_is_disabled_is_signed_out_for_good<S: UserDirectory>(store: &S) {
    for (token, name) in [(1, "mia"), (2, "tom")] {
        store.save_user(specialist(name)).await.expect("the store answers");
        store.open_session(session(token, name)).await.expect("the store answers");
    }
    store.save_user(User { disabled: true, ..specialist("mia") }).await.expect("the store answers");
    assert_eq!(signed_in(store, 1, 1).await, None);
    store.save_user(specialist("mia")).await.expect("the store answers");
    assert_eq!(signed_in(store, 1, 1).await, None);
    assert_eq!(signed_in(store, 2, 1).await, Some(specialist("tom")), "others stay signed in");
}
