//! The people at the desks, and who is signed in.

use super::{
    SqliteStore,
    columns::{from_json, from_text, nanoseconds},
    error::Fault,
};
use jiff::Timestamp;
use lotse_domain::{
    UserId,
    ports::{PasswordHash, Session, Unavailable, User, UserDirectory},
};
use rusqlite::{Row, params};

impl UserDirectory for SqliteStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        let id = id.clone();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT user_id, name, desks, administrator, disabled, password_hash FROM users
                 WHERE user_id = ?1",
            )?;
            statement.query_and_then([id.as_str()], read_user)?.next().transpose()
        })
        .await
    }

    async fn users(&self) -> Result<Vec<User>, Unavailable> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT user_id, name, desks, administrator, disabled, password_hash FROM users
                 ORDER BY user_id",
            )?;
            statement.query_and_then([], read_user)?.collect()
        })
        .await
    }

    async fn save_user(&self, user: User) -> Result<(), Unavailable> {
        self.write(Vec::new(), move |connection| {
            let desks: serde_json::Value = user.desks.iter().map(lotse_domain::DeskId::as_str).collect();
            let mut statement = connection.prepare_cached(
                "INSERT INTO users (user_id, name, desks, administrator, disabled, password_hash)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (user_id) DO UPDATE SET
                     name = excluded.name, desks = excluded.desks, administrator = excluded.administrator,
                     disabled = excluded.disabled, password_hash = excluded.password_hash",
            )?;
            statement.execute(params![
                user.id.as_str(),
                user.name,
                desks.to_string(),
                user.administrator,
                user.disabled,
                user.password.0,
            ])?;
            if user.disabled {
                connection.execute("DELETE FROM sessions WHERE user_id = ?1", [user.id.as_str()])?;
            }
            Ok(())
        })
        .await
    }

    async fn open_session(&self, session: Session) -> Result<(), Unavailable> {
        self.write(Vec::new(), move |connection| {
            let mut statement = connection.prepare_cached(
                "INSERT INTO sessions (token_hash, user_id, expires_at) VALUES (?1, ?2, ?3)",
            )?;
            statement.execute(params![
                session.token_hash,
                session.user.as_str(),
                nanoseconds(session.expires_at)
            ])?;
            Ok(())
        })
        .await
    }

    async fn session_user(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>, Unavailable> {
        let token_hash = *token_hash;
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT user_id, name, desks, administrator, disabled, password_hash
                 FROM sessions JOIN users USING (user_id)
                 WHERE token_hash = ?1 AND expires_at > ?2 AND NOT disabled",
            )?;
            let mut users = statement.query_and_then(params![token_hash, nanoseconds(now)], read_user)?;
            users.next().transpose()
        })
        .await
    }

    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), Unavailable> {
        let token_hash = *token_hash;
        self.write(Vec::new(), move |connection| {
            connection.execute("DELETE FROM sessions WHERE token_hash = ?1", [token_hash])?;
            Ok(())
        })
        .await
    }
}

fn read_user(row: &Row<'_>) -> Result<User, Fault> {
    let (id, desks): (String, String) = (row.get(0)?, row.get(2)?);
    Ok(User {
        id: from_text("a user's name", &id)?,
        name: row.get(1)?,
        desks: from_json("a user's desks", &desks)?,
        administrator: row.get(3)?,
        disabled: row.get(4)?,
        password: PasswordHash(row.get(5)?),
    })
}
