//! The pages and the API over HTTP: connections, their limits and their end.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::Response,
};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use lotse_policy::Policy;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::sync::CancellationToken;

/// Connections at once; more wait in the system's queue.
const MOST_CONNECTIONS: usize = 1024;
/// How long a client may take to send a request's head, and to be silent between two requests.
const HEAD: Duration = Duration::from_secs(30);
/// How long a request may take, its body included.
const REQUEST: Duration = Duration::from_secs(30);
/// Largest head of a request, and the buffer that bodies are read through.
const BUFFER_BYTES: usize = 64 * 1024;
/// How long to wait after the system refused a connection, for want of file handles most likely.
const PAUSE: Duration = Duration::from_millis(200);
/// How long requests may take to finish once the server stops.
const FINISH: Duration = Duration::from_secs(10);

/// An open address that pages are read by.
pub(crate) struct Listener {
    socket: TcpListener,
}

impl Listener {
    /// Listens on an address.
    pub(crate) async fn bind(address: SocketAddr) -> io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await? })
    }

    /// The address, with the port that the system chose where 0 was asked for.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until the server stops; then finishes the requests that are under way.
    pub(crate) async fn run(self, pages: Router, policy: Arc<Policy>, stopping: CancellationToken) {
        let pages = pages.layer(middleware::from_fn_with_state(policy, end_in_time));
        let pages = TowerToHyperService::new(pages);
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(BUFFER_BYTES);
        let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let connections = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.accept(&places) => accepted,
                () = stopping.cancelled() => break,
            };
            let (stream, place) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(error = %error, "an HTTP connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let connection = server.serve_connection(TokioIo::new(stream), pages.clone());
            let connection = connections.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(error = %error, "an HTTP connection broke off");
                }
                drop(place);
            });
        }
        drop(self.socket);
        if tokio::time::timeout(FINISH, connections.shutdown()).await.is_err() {
            tracing::warn!("requests took too long to finish and were given up");
        }
    }

    async fn accept(
        &self,
        places: &Arc<Semaphore>,
    ) -> io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
        let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
        let (stream, _) = self.socket.accept().await?;
        // Answers are small and whole: waiting to fill a packet only delays them.
        stream.set_nodelay(true)?;
        Ok((stream, place))
    }
}

/// Gives a request up that takes too long, its body included: a client that trickles holds no place.
async fn end_in_time(State(policy): State<Arc<Policy>>, request: Request, next: Next) -> Response {
    let answer = intake_web::answer_when_too_slow(&request);
    if let Ok(response) = tokio::time::timeout(REQUEST, next.run(request)).await {
        return response;
    }
    let mut response = answer(&policy);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
