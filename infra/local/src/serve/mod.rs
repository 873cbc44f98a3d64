//! The desk in one process: data folder, listeners, pump and relay, from start to stop.

mod announcement;
mod development;
mod first_user;
mod http;
mod mail_intake;

use crate::{
    data_folder::DataFolder,
    exit::{Exit, ExitWith as _, Failure},
    pump::{self, Functions},
    relay::{self, Relay},
    smtp,
};
use announcement::{Announcement, Mailbox};
use anyhow::Context as _;
use desk::Desk;
use intake_web::IntakeWeb;
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom, log_panics_without_payload};
use lotse_store::SqliteStore;
use lotse_triage::Triage;
use mail_intake::StoredIntake;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// What the desk is started with.
pub(crate) struct Settings {
    pub(crate) data: PathBuf,
    pub(crate) http: SocketAddr,
    pub(crate) smtp: SocketAddr,
    pub(crate) policy: Arc<Policy>,
    /// `None`: mail is kept.
    pub(crate) relay: Option<Arc<Relay>>,
    /// Without a slash at the end; `None`: the HTTP address.
    pub(crate) public_url: Option<String>,
    pub(crate) check_interval: Duration,
    pub(crate) ready_file: Option<PathBuf>,
}

/// Serves until SIGTERM or SIGINT; then finishes what is under way.
pub(crate) async fn serve(settings: Settings) -> Result<Exit, Failure> {
    log_panics_without_payload();
    let Settings { policy, relay, .. } = settings;
    let folder = DataFolder::create(&settings.data).exit_with(Exit::DataFolder)?;
    let _lock = folder.lock().exit_with(Exit::DataFolder)?;
    let pages_at = listen("--http", settings.http, http::Listener::bind(settings.http)).await?;
    let limits = smtp::Limits {
        message_bytes: policy.thresholds.limits.mail_bytes,
        recipients: policy.thresholds.limits.mail_recipients,
    };
    let recipients = smtp::Recipients::of(&policy.company);
    let mail_at = smtp::Listener::bind(settings.smtp, recipients, limits, smtp::Room::ORDINARY);
    let mail_at = listen("--smtp", settings.smtp, mail_at).await?;
    let keys = Keys::new(folder.secret(&SystemRandom).exit_with(Exit::DataFolder)?);
    let store = SqliteStore::open(folder.database()).exit_with(Exit::DataFolder)?;
    let first_user =
        first_user::add_where_there_is_none(&store, &policy).await.exit_with(Exit::DataFolder)?;

    let http_address = pages_at.address()?;
    let has_public_url = settings.public_url.is_some();
    let functions = Arc::new(Functions {
        store,
        triage: Triage::new(&policy),
        policy,
        keys,
        public_url: settings.public_url.unwrap_or_else(|| format!("http://{http_address}")),
        clock: SystemClock,
        random: SystemRandom,
    });
    let mailbox = Mailbox::for_desk(relay.is_some(), http_address, has_public_url);
    let pages = pages(&functions, mailbox == Mailbox::Shown);
    let announcement = Announcement {
        company: &functions.policy.company,
        http: http_address,
        smtp: mail_at.address()?,
        data: &settings.data,
        mailbox,
        first_user: first_user.as_ref(),
    };

    let stopping = CancellationToken::new();
    let mut parts = JoinSet::new();
    parts.spawn(pages_at.run(pages, Arc::clone(&functions.policy), stopping.clone()));
    parts.spawn(mail_at.run(Arc::new(StoredIntake { store: functions.store.clone() }), stopping.clone()));
    let pump = pump::run(Arc::clone(&functions), settings.check_interval, stopping.clone());
    parts.spawn(async move {
        if let Err(error) = pump.await {
            tracing::error!(%error, "the queues cannot be read");
        }
    });
    if let Some(relay) = relay {
        parts.spawn(relay::run(Arc::clone(&functions), relay, stopping.clone()));
    }
    // Before anybody is told that the desk is there: whoever then stops it finds it listening.
    let stop_signal = StopSignal::listen()?;
    if let Err(error) = announcement.print() {
        // Nobody reads it; the desk serves all the same.
        tracing::warn!(%error, "the addresses could not be printed");
    }
    if let Some(file) = &settings.ready_file {
        announcement.write(file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    stop_signal.wait().await;
    tracing::info!("stopping: finishing what is under way");
    stopping.cancel();
    while parts.join_next().await.is_some() {}
    tracing::info!("stopped");
    Ok(Exit::Done)
}

/// Opens an address, or says which option would choose another.
async fn listen<L>(
    option: &str,
    address: SocketAddr,
    bind: impl Future<Output = std::io::Result<L>>,
) -> Result<L, Failure> {
    bind.await
        .with_context(|| format!("cannot listen on {address}; choose another address with {option}"))
        .exit_with(Exit::Address)
}

/// All pages: the contacts', the desk's, and the development mailbox where mail is kept.
fn pages(functions: &Arc<Functions>, development: bool) -> axum::Router {
    let intake = IntakeWeb {
        store: functions.store.clone(),
        clock: Arc::new(functions.clock),
        random: Arc::new(functions.random),
        keys: functions.keys.clone(),
        policy: Arc::clone(&functions.policy),
        public_url: functions.public_url.clone(),
    };
    let desk = Desk {
        store: functions.store.clone(),
        clock: Arc::new(functions.clock),
        random: Arc::new(functions.random),
        keys: functions.keys.clone(),
        policy: Arc::clone(&functions.policy),
        identity_provider: None,
        secure_cookies: functions.public_url.starts_with("https://"),
        mailbox: development,
    };
    let router = intake_web::router(intake).merge(desk::router(desk));
    if development { router.merge(development::router(Arc::clone(functions))) } else { router }
}

/// SIGTERM, as service managers send it, and SIGINT, as Ctrl-C does.
struct StopSignal {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignal {
    fn listen() -> std::io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
