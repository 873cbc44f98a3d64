//! `lotse user`: the people who may sign in.

use crate::{
    data_folder::DataFolder,
    exit::{Exit, ExitWith as _, Failure},
};
use clap::{Args, Subcommand};
use lotse_domain::{
    DeskId, UserId,
    ports::{User, UserDirectory as _},
};
use lotse_policy::Policy;
use lotse_runtime::{SystemRandom, hash_password, random_password};
use lotse_store::SqliteStore;
use serde_json::json;
use std::{
    collections::BTreeSet,
    io::{self, BufRead as _, Write as _},
    path::PathBuf,
};

#[derive(Args)]
pub(crate) struct Options {
    /// The desk's data folder.
    #[arg(long, value_name = "DIR", default_value = super::DATA, global = true)]
    data: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Add a person, with a random password that is shown once.
    Add {
        /// The name to sign in with: a–z, 0–9, hyphen, underscore, dot.
        user: UserId,
        /// The name that colleagues read; without it, the name to sign in with.
        #[arg(long)]
        name: Option<String>,
        /// A desk that the person works at; may be given more than once.
        #[arg(long = "desk", value_name = "DESK")]
        desks: Vec<DeskId>,
        /// The person also sees other people's desks and deliveries that failed.
        #[arg(long)]
        administrator: bool,
        /// Read the password from the first line of standard input instead.
        #[arg(long)]
        password_stdin: bool,
        #[command(flatten)]
        policy: super::PolicyChoice,
    },
    /// List the people.
    List {
        /// As JSON, one person a line.
        #[arg(long)]
        json: bool,
    },
    /// Say at which desks a person works from now on.
    Desks {
        /// The name to sign in with.
        user: UserId,
        /// A desk that the person works at; may be given more than once.
        #[arg(long = "desk", value_name = "DESK", required = true)]
        desks: Vec<DeskId>,
        #[command(flatten)]
        policy: super::PolicyChoice,
    },
    /// Keep a person out from now on; open sessions end at once.
    Disable {
        /// The name to sign in with.
        user: UserId,
    },
    /// Give a person a new password, and let a disabled one in again.
    Password {
        /// The name to sign in with.
        user: UserId,
        /// Read the password from the first line of standard input instead.
        #[arg(long)]
        password_stdin: bool,
    },
}

impl Options {
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let folder = match self.action {
            Action::Add { .. } => {
                let folder = DataFolder::create(&self.data).exit_with(Exit::DataFolder)?;
                // The key comes before the database: one without the other is a folder that lost its key.
                folder.secret(&SystemRandom).exit_with(Exit::DataFolder)?;
                folder
            }
            _ => DataFolder::existing(&self.data).exit_with(Exit::DataFolder)?,
        };
        let store = SqliteStore::open(folder.database()).exit_with(Exit::DataFolder)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(act(&store, self.action))?;
        Ok(Exit::Done)
    }
}

async fn act(store: &SqliteStore, action: Action) -> Result<(), Failure> {
    match action {
        Action::Add { user, name, desks, administrator, password_stdin, policy } => {
            let desks = known_desks(desks, &policy.load()?)?;
            if store.user(&user).await?.is_some() {
                return Err(Failure::mistakes(format!(
                    "there is a user {user} already; choose another name"
                )));
            }
            let (password, shown) = new_password(password_stdin)?;
            let name = name.unwrap_or_else(|| user.to_string());
            let user = User {
                id: user,
                name,
                desks,
                administrator,
                disabled: false,
                password: hash_password(&password)?,
            };
            let mut added = format!("Added {}.", user.id);
            if user.desks.is_empty() && !user.administrator {
                let hint = format!(" No desk yet: `lotse user desks {} --desk DESK` gives one.", user.id);
                added.push_str(&hint);
            }
            store.save_user(user).await?;
            tell(&added, shown.then_some(&password))
        }
        Action::List { json } => list(store, json).await,
        Action::Desks { user, desks, policy } => {
            let desks = known_desks(desks, &policy.load()?)?;
            let found = existing(store, &user).await?;
            let names: Vec<&str> = desks.iter().map(DeskId::as_str).collect();
            let told = format!("{user} works at {}.", names.join(", "));
            store.save_user(User { desks, ..found }).await?;
            tell(&told, None)
        }
        Action::Disable { user } => {
            let found = existing(store, &user).await?;
            store.save_user(User { disabled: true, ..found }).await?;
            tell(&format!("{user} can no longer sign in."), None)
        }
        Action::Password { user, password_stdin } => {
            let found = existing(store, &user).await?;
            let (password, shown) = new_password(password_stdin)?;
            // Sessions of the old password end with the disabled state.
            store.save_user(User { disabled: true, ..found.clone() }).await?;
            let hash = hash_password(&password)?;
            store.save_user(User { disabled: false, password: hash, ..found }).await?;
            tell(&format!("{user} has a new password."), shown.then_some(&password))
        }
    }
}

async fn existing(store: &SqliteStore, user: &UserId) -> Result<User, Failure> {
    let found = store.user(user).await?;
    found.ok_or_else(|| Failure::mistakes(format!("there is no user {user}; `lotse user list` shows all")))
}

/// Desks that the policy has.
fn known_desks(desks: Vec<DeskId>, policy: &Policy) -> Result<BTreeSet<DeskId>, Failure> {
    for desk in &desks {
        if policy.desk(desk).is_none() {
            let known: Vec<String> = policy.desks.iter().map(|desk| desk.id.to_string()).collect();
            return Err(Failure::mistakes(format!(
                "the policy has no desk {desk}; it has {}",
                known.join(", ")
            )));
        }
    }
    Ok(desks.into_iter().collect())
}

/// A password, and whether it was made here and must be shown.
fn new_password(from_stdin: bool) -> Result<(String, bool), Failure> {
    if !from_stdin {
        return Ok((random_password(&SystemRandom), true));
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok((line.trim_end_matches(['\r', '\n']).to_owned(), false))
}

fn tell(what: &str, password: Option<&String>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    if let Some(password) = password {
        writeln!(out, "The password is shown this once: {password}")?;
    }
    Ok(())
}

async fn list(store: &SqliteStore, as_json: bool) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for user in store.users().await? {
        let desks: Vec<&str> = user.desks.iter().map(DeskId::as_str).collect();
        if as_json {
            let line = json!({
                "user": user.id, "name": user.name, "desks": desks,
                "administrator": user.administrator, "disabled": user.disabled,
            });
            writeln!(out, "{line}")?;
        } else {
            let mut marks = Vec::new();
            marks.extend(user.administrator.then_some("administrator"));
            marks.extend(user.disabled.then_some("disabled"));
            let marks = if marks.is_empty() { String::new() } else { format!("  ({})", marks.join(", ")) };
            writeln!(out, "{:<20} {:<28} {}{marks}", user.id.as_str(), user.name, desks.join(", "))?;
        }
    }
    Ok(())
}
