//! The first person who may sign in.

use lotse_domain::{
    UserId,
    ports::{Unavailable, User, UserDirectory as _},
};
use lotse_policy::Policy;
use lotse_runtime::{PasswordError, SystemRandom, hash_password, random_password};
use lotse_store::SqliteStore;

/// The name that the first person signs in with.
const NAME: &str = "admin";

/// A user that was just made, with the password that is told once.
pub(super) struct FirstUser {
    pub(super) name: String,
    pub(super) password: String,
}

/// Why the first user could not be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum FirstUserError {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error(transparent)]
    Password(#[from] PasswordError),
    #[error(transparent)]
    Name(#[from] lotse_domain::InvalidId),
    #[error("hashing the first password was cut off")]
    CutOff(#[from] tokio::task::JoinError),
}

/// Adds an administrator for all desks to a desk that nobody can sign in to.
pub(super) async fn add_where_there_is_none(
    store: &SqliteStore,
    policy: &Policy,
) -> Result<Option<FirstUser>, FirstUserError> {
    if !store.users().await?.is_empty() {
        return Ok(None);
    }
    let id: UserId = NAME.parse()?;
    let password = random_password(&SystemRandom);
    let hash = tokio::task::spawn_blocking({
        let password = password.clone();
        move || hash_password(&password)
    })
    .await??;
    let user = User {
        id,
        name: "Administrator".to_owned(),
        desks: policy.desks.iter().map(|desk| desk.id.clone()).collect(),
        administrator: true,
        disabled: false,
        password: hash,
    };
    store.save_user(user).await?;
    Ok(Some(FirstUser { name: NAME.to_owned(), password }))
}
