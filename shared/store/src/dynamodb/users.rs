//! The people at the desks, and who is signed in.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Read, expiry, is_expired, text},
    keys,
    query::{Query, Range},
    table::{EXPIRY, SORT_KEY},
};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use lotse_domain::{
    UserId,
    ports::{PasswordHash, Session, Unavailable, User, UserDirectory},
};

/// The attributes of users and sessions.
mod attribute {
    pub(super) const NAME: &str = "name";
    pub(super) const DESKS: &str = "desks";
    pub(super) const ADMINISTRATOR: &str = "administrator";
    pub(super) const DISABLED: &str = "disabled";
    pub(super) const PASSWORD: &str = "password_hash";
    /// How often the user was disabled: a session of before is over.
    pub(super) const TIMES_DISABLED: &str = "times_disabled";
    pub(super) const USER: &str = "user";
}

impl UserDirectory for DynamoStore {
    async fn user(&self, id: &UserId) -> Result<Option<User>, Unavailable> {
        let user = async { self.get(&keys::user(id)).await?.as_ref().map(read_user).transpose() };
        user.await.map_err(|fault| self.unavailable(fault))
    }

    async fn users(&self) -> Result<Vec<User>, Unavailable> {
        let users = async {
            let items = self.read(&Query::of(keys::USERS, Range::All), usize::MAX).await?;
            items.iter().map(read_user).collect::<Result<Vec<_>, Fault>>()
        };
        users.await.map_err(|fault| self.unavailable(fault))
    }

    async fn save_user(&self, user: User) -> Result<(), Unavailable> {
        let desks: serde_json::Value = user.desks.iter().map(lotse_domain::DeskId::as_str).collect();
        let values = [
            (attribute::NAME, text(&user.name)),
            (attribute::DESKS, text(desks.to_string())),
            (attribute::ADMINISTRATOR, AttributeValue::Bool(user.administrator)),
            (attribute::DISABLED, AttributeValue::Bool(user.disabled)),
            (attribute::PASSWORD, text(&user.password.0)),
        ];
        let set: Vec<String> = values.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
        let request = || async {
            let mut request = self.client.update_item().table_name(&*self.table);
            for (name, value) in &values {
                request = request
                    .expression_attribute_names(format!("#{name}"), *name)
                    .expression_attribute_values(format!(":{name}"), value.clone());
            }
            let mut expression = format!("SET {}", set.join(", "));
            if user.disabled {
                expression.push_str(" ADD ");
                expression.push_str(attribute::TIMES_DISABLED);
                expression.push_str(" :one");
                request = request.expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
            }
            request.set_key(Some(keys::user(&user.id).item())).update_expression(expression).send().await?;
            Ok(())
        };
        self.patience.send(request).await.map_err(|fault| self.unavailable(fault))
    }

    async fn open_session(&self, session: Session) -> Result<(), Unavailable> {
        let opened = async {
            let user = self.get(&keys::user(&session.user)).await?.unwrap_or_default();
            let times_disabled = Read(&user).count(attribute::TIMES_DISABLED);
            let item = keys::session(&session.token_hash).with([
                (attribute::USER, text(session.user.as_str())),
                (attribute::TIMES_DISABLED, AttributeValue::N(times_disabled.to_string())),
                (EXPIRY, expiry(session.expires_at)),
            ]);
            let request = || async {
                let request = self.client.put_item().table_name(&*self.table);
                request.set_item(Some(item.clone())).send().await?;
                Ok(())
            };
            self.patience.send(request).await
        };
        opened.await.map_err(|fault| self.unavailable(fault))
    }

    async fn session_user(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>, Unavailable> {
        let user = self.signed_in(token_hash, now).await;
        user.map_err(|fault| self.unavailable(fault))
    }

    async fn end_session(&self, token_hash: &[u8; 32]) -> Result<(), Unavailable> {
        let request = || async {
            let request = self.client.delete_item().table_name(&*self.table);
            request.set_key(Some(keys::session(token_hash).item())).send().await?;
            Ok(())
        };
        self.patience.send(request).await.map_err(|fault| self.unavailable(fault))
    }
}

impl DynamoStore {
    async fn signed_in(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>, Fault> {
        let session = self.get(&keys::session(token_hash)).await?;
        let Some(session) = session.filter(|session| !is_expired(session, now)) else { return Ok(None) };
        let id: UserId = Read(&session).parsed(attribute::USER)?;
        let Some(item) = self.get(&keys::user(&id)).await? else { return Ok(None) };
        let times_disabled = |item| Read(item).count(attribute::TIMES_DISABLED);
        if times_disabled(&session) != times_disabled(&item) {
            return Ok(None);
        }
        Ok(Some(read_user(&item)?).filter(|user| !user.disabled))
    }
}

fn read_user(item: &Item) -> Result<User, Fault> {
    let item = Read(item);
    Ok(User {
        id: item.parsed(SORT_KEY)?,
        name: item.text(attribute::NAME)?.to_owned(),
        desks: item.json(attribute::DESKS)?,
        administrator: item.flag(attribute::ADMINISTRATOR)?,
        disabled: item.flag(attribute::DISABLED)?,
        password: PasswordHash(item.text(attribute::PASSWORD)?.to_owned()),
    })
}
