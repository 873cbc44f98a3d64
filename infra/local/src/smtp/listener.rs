//! Accepting connections, no more at once than there is room for.

use crate::smtp::{
    Envelope, Limits, Recipients, Room, connection,
    places::{NoPlace, Places},
};
use jiff::Timestamp;
use lotse_domain::ports::Unavailable;
use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;

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
    room: Room,
}

impl Listener {
    /// Listens on an address.
    pub(crate) async fn bind(
        address: SocketAddr,
        recipients: Recipients,
        limits: Limits,
        room: Room,
    ) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        Ok(Self { socket, recipients: Arc::new(recipients), limits, room })
    }

    /// The address, with the port that the system chose where 0 was asked for.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until the server stops; then waits for messages that are being stored.
    pub(crate) async fn run<I: MailIntake>(self, intake: Arc<I>, stopping: CancellationToken) {
        let places = Places::new(self.room);
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
            match places.take(client.ip()) {
                Ok(place) => {
                    let (intake, stopping) = (Arc::clone(&intake), stopping.clone());
                    sessions.spawn(async move {
                        let served =
                            connection::serve(stream, place, &recipients, limits, &*intake, stopping);
                        if let Err(error) = served.await {
                            tracing::debug!(error = %error, "a mail connection broke off");
                        }
                    });
                }
                Err(reason) => {
                    if reason == NoPlace::AllTaken {
                        tracing::warn!("a mail connection was sent away: all places are taken");
                    }
                    if let Ok(refusal) = Arc::clone(&refusals).try_acquire_owned() {
                        sessions.spawn(async move {
                            connection::refuse(stream, &recipients, limits, reason).await;
                            drop(refusal);
                        });
                    }
                }
            }
        }
        drop(self.socket);
        while sessions.join_next().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_policy::Policy;
    use std::{net::Ipv4Addr, sync::Mutex};
    use tokio::{
        io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
        net::{TcpSocket, TcpStream},
    };

    const LONG: Duration = Duration::from_hours(1);
    const ROOM: Room = Room {
        connections: 6,
        of_one_client: 3,
        crowded_from: 7,
        silence: LONG,
        silence_in_a_crowd: LONG,
        session: LONG,
    };

    #[derive(Default)]
    struct Kept(Mutex<usize>);

    impl MailIntake for Kept {
        async fn take(&self, _: Vec<u8>, _: Envelope, _: Timestamp) -> Result<(), Unavailable> {
            *self.0.lock().unwrap() += 1;
            Ok(())
        }
    }

    struct Server {
        address: SocketAddr,
        kept: Arc<Kept>,
        stopping: CancellationToken,
        running: tokio::task::JoinHandle<()>,
    }

    impl Server {
        async fn start(room: Room) -> Self {
            let recipients = Recipients::of(&Policy::shipped().unwrap().company);
            let limits = Limits { message_bytes: 1000, recipients: 3 };
            let any_port = (Ipv4Addr::LOCALHOST, 0).into();
            let listener = Listener::bind(any_port, recipients, limits, room).await.unwrap();
            let (kept, stopping) = (Arc::<Kept>::default(), CancellationToken::new());
            let address = listener.address().unwrap();
            let running = tokio::spawn(listener.run(Arc::clone(&kept), stopping.clone()));
            Self { address, kept, stopping, running }
        }

        /// A connection from 127.0.0.`client`, and what the server says first.
        async fn connect(&self, client: u8) -> (BufReader<TcpStream>, String) {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((Ipv4Addr::new(127, 0, 0, client), 0).into()).unwrap();
            let mut stream = BufReader::new(socket.connect(self.address).await.unwrap());
            let greeting = line(&mut stream).await;
            (stream, greeting)
        }

        async fn stop(self) {
            self.stopping.cancel();
            self.running.await.unwrap();
        }
    }

    async fn line(stream: &mut BufReader<TcpStream>) -> String {
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        line
    }

    /// Sends a mail over a connection; the last answer.
    async fn send_mail(stream: &mut BufReader<TcpStream>) -> String {
        let mut answer = String::new();
        for said in [
            "HELO a.example",
            "MAIL FROM:<a@b.example>",
            "RCPT TO:<service@nordhafen-pharma.example>",
            "DATA",
            "Subject: x\r\n\r\nx\r\n.",
        ] {
            stream.write_all(format!("{said}\r\n").as_bytes()).await.unwrap();
            answer = line(stream).await;
        }
        answer
    }

    #[tokio::test]
    async fn a_client_that_takes_all_its_places_leaves_the_others_theirs() {
        let server = Server::start(ROOM).await;
        let mut silent = Vec::new();
        for _ in 0..3 {
            silent.push(server.connect(1).await);
        }
        let (mut fourth, refusal) = server.connect(1).await;
        assert!(refusal.starts_with("421 4.7.0 "), "{refusal}");
        assert!(refusal.contains("too many connections from your address"), "{refusal}");
        assert_eq!(line(&mut fourth).await, "", "the server closes");
        let (mut other, greeting) = server.connect(2).await;
        assert!(greeting.starts_with("220 "), "{greeting}");
        assert!(send_mail(&mut other).await.starts_with("250 "));
        assert_eq!(*server.kept.0.lock().unwrap(), 1);
        server.stop().await;
    }

    #[tokio::test]
    async fn when_all_places_are_taken_clients_are_told_to_come_again() {
        let server = Server::start(ROOM).await;
        let mut silent = Vec::new();
        for client in [1, 1, 1, 2, 2, 2] {
            silent.push(server.connect(client).await);
        }
        let (_, refusal) = server.connect(3).await;
        assert!(refusal.starts_with("421 4.3.2 "), "{refusal}");
        assert!(refusal.contains("try again later"), "{refusal}");
        server.stop().await;
    }

    #[tokio::test]
    async fn in_a_crowd_the_silent_lose_their_places() {
        let room = Room { crowded_from: 6, silence_in_a_crowd: Duration::from_millis(100), ..ROOM };
        let server = Server::start(room).await;
        let mut silent = JoinSet::new();
        for client in [1, 1, 1, 2, 2, 2] {
            let (mut stream, greeting) = server.connect(client).await;
            assert!(greeting.starts_with("220 "), "{greeting}");
            silent.spawn(async move { line(&mut stream).await });
        }
        let farewell = silent.join_next().await.unwrap().unwrap();
        assert!(farewell.starts_with("421 4.4.2 "), "{farewell}");
        let (_, greeting) = server.connect(3).await;
        assert!(greeting.starts_with("220 "), "there is a place again: {greeting}");
        server.stop().await;
    }
}
