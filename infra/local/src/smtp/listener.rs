//! Accepting connections, no more at once than there is room for.

use crate::smtp::{Envelope, Limits, Recipients, connection};
use jiff::Timestamp;
use lotse_domain::ports::Unavailable;
use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Connections at once. Each may hold one message in memory while it comes in.
const MOST_CONNECTIONS: usize = 32;
/// Connections at once that are told to come back later.
const MOST_REFUSALS: usize = 64;
/// How long to wait after the system refused a connection, for want of file handles most likely.
const PAUSE: Duration = Duration::from_millis(200);

/// Takes raw mail over.
pub(crate) trait MailIntake: Send + Sync + 'static {
    /// Stores a message as it came over the wire at `at`, trace header in front. On `Ok` it is there for good
    /// and will be read, though this process dies.
    fn take(
        &self,
        raw: Vec<u8>,
        envelope: Envelope,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send;
}

/// An open address that mail comes in by.
pub(crate) struct Listener {
    socket: TcpListener,
    recipients: Arc<Recipients>,
    limits: Limits,
}

impl Listener {
    /// Listens on an address.
    pub(crate) async fn bind(
        address: SocketAddr,
        recipients: Recipients,
        limits: Limits,
    ) -> io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await?, recipients: Arc::new(recipients), limits })
    }

    /// The address, with the port that the system chose where 0 was asked for.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until the server stops; then waits for messages that are being stored.
    pub(crate) async fn run<I: MailIntake>(self, intake: Arc<I>, stopping: CancellationToken) {
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let refusals = Arc::new(Semaphore::new(MOST_REFUSALS));
        let mut sessions = JoinSet::new();
        loop {
            while sessions.try_join_next().is_some() {}
            let accepted = tokio::select! {
                accepted = self.socket.accept() => accepted,
                () = stopping.cancelled() => break,
            };
            let (stream, client) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(error = %error, "a mail connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            // Answers are small, and the client waits for each: holding them back to fill a packet only delays.
            let _ = stream.set_nodelay(true);
            let (recipients, limits) = (Arc::clone(&self.recipients), self.limits);
            if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
                let (intake, stopping) = (Arc::clone(&intake), stopping.clone());
                sessions.spawn(async move {
                    let served =
                        connection::serve(stream, client.ip(), &recipients, limits, &*intake, stopping);
                    if let Err(error) = served.await {
                        tracing::debug!(error = %error, "a mail connection broke off");
                    }
                    drop(place);
                });
            } else if let Ok(place) = Arc::clone(&refusals).try_acquire_owned() {
                sessions.spawn(async move {
                    connection::refuse(stream, &recipients, limits).await;
                    drop(place);
                });
            }
        }
        drop(self.socket);
        while sessions.join_next().await.is_some() {}
    }
}
