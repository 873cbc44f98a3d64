//! Who may be connected: how many at once, how many of them from one client, and how long in silence.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout_at},
};

/// How many connections there may be, and how patient the server is with each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Connections at once. Each may hold one message in memory while it comes in.
    pub(crate) connections: usize,
    /// Connections at once from one client. Mail servers open twenty to one destination at most, unless they
    /// are told otherwise.
    pub(crate) of_one_client: usize,
    /// From so many connections on, the server is crowded.
    pub(crate) crowded_from: usize,
    /// How long a client may be silent (RFC 5321 §4.5.3.2.7: at least five minutes).
    pub(crate) silence: Duration,
    /// The same while the server is crowded. This departs from the RFC, under load only: whoever has
    /// something to say gets the place of whoever is silent. Well-behaved clients answer within a second,
    /// and one that is cut off comes again. (Postfix does the same under stress.)
    pub(crate) silence_in_a_crowd: Duration,
    /// How long a session may take as a whole, so that no client keeps its place by trickling.
    pub(crate) session: Duration,
}

impl Room {
    /// What the desk serves with.
    pub(crate) const ORDINARY: Self = Self {
        connections: 64,
        of_one_client: 20,
        crowded_from: 32,
        silence: Duration::from_mins(5),
        silence_in_a_crowd: Duration::from_secs(10),
        session: Duration::from_mins(30),
    };
}

/// Why a client gets no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPlace {
    /// All places are taken.
    AllTaken,
    /// This client has as many as one client may have.
    EnoughForOneClient,
}

/// The places of a listener.
pub(crate) struct Places {
    room: Room,
    taken: watch::Sender<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// A place that a connection has; it is free again once this is dropped.
pub(crate) struct Place {
    places: Arc<Places>,
    client: IpAddr,
    taken: watch::Receiver<Taken>,
    session_ends: Instant,
}

impl Places {
    /// All places, free.
    pub(crate) fn new(room: Room) -> Arc<Self> {
        Arc::new(Self { room, taken: watch::Sender::default() })
    }

    /// Takes a place for a client.
    pub(crate) fn take(self: &Arc<Self>, client: IpAddr) -> Result<Place, NoPlace> {
        let mut outcome = Ok(());
        self.taken.send_if_modified(|taken| {
            let of_client = taken.by_client.entry(network(client)).or_default();
            if *of_client >= self.room.of_one_client {
                outcome = Err(NoPlace::EnoughForOneClient);
            } else if taken.all >= self.room.connections {
                outcome = Err(NoPlace::AllTaken);
            } else {
                *of_client += 1;
                taken.all += 1;
            }
            if *of_client == 0 {
                taken.by_client.remove(&network(client));
            }
            taken.all == self.room.crowded_from
        });
        outcome?;
        let session_ends = Instant::now() + self.room.session;
        Ok(Place { places: Arc::clone(self), client, taken: self.taken.subscribe(), session_ends })
    }

    fn give_back(&self, client: IpAddr) {
        self.taken.send_if_modified(|taken| {
            let client = network(client);
            taken.all = taken.all.saturating_sub(1);
            if let Some(of_client) = taken.by_client.get_mut(&client) {
                *of_client = of_client.saturating_sub(1);
                if *of_client == 0 {
                    taken.by_client.remove(&client);
                }
            }
            taken.all + 1 == self.room.crowded_from
        });
    }
}

impl Place {
    /// Who has it.
    pub(crate) fn client(&self) -> IpAddr {
        self.client
    }

    /// Ends once a client that has been silent since then must go.
    pub(crate) async fn patience_ends(&mut self, silent_since: Instant) {
        let room = self.places.room;
        loop {
            let is_crowded = self.taken.borrow_and_update().all >= room.crowded_from;
            let patience = if is_crowded { room.silence_in_a_crowd } else { room.silence };
            let end = self.session_ends.min(silent_since + patience);
            match timeout_at(end, self.taken.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return sleep_until(end).await,
                Err(_) => return,
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.give_back(self.client);
    }
}

/// What counts as one client: an address of IPv4; of IPv6 the /64 that one customer gets at least.
fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { connections: 3, of_one_client: 2, ..Room::ORDINARY };

    fn refused(places: &Arc<Places>, client: &str) -> Option<NoPlace> {
        places.take(client.parse().unwrap()).err()
    }

    #[test]
    fn one_client_gets_so_many_places_and_all_together_get_so_many() {
        let places = Places::new(ROOM);
        let take = |client: &str| places.take(client.parse().unwrap()).ok().unwrap();
        let first = take("192.0.2.7");
        let _second = take("::ffff:192.0.2.7");
        assert_eq!(refused(&places, "192.0.2.7"), Some(NoPlace::EnoughForOneClient));
        let _third = take("192.0.2.8");
        assert_eq!(refused(&places, "192.0.2.9"), Some(NoPlace::AllTaken));
        drop(first);
        assert_eq!(refused(&places, "192.0.2.9"), None);
        assert_eq!(refused(&places, "192.0.2.7"), None);
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        let places = Places::new(ROOM);
        let _places =
            ["2001:db8:1:2::3", "2001:db8:1:2:ffff::4"].map(|client| places.take(client.parse().unwrap()));
        assert_eq!(refused(&places, "2001:db8:1:2::5"), Some(NoPlace::EnoughForOneClient));
        assert_eq!(refused(&places, "2001:db8:1:3::5"), None);
    }

    #[test]
    fn nothing_is_remembered_of_clients_that_left_or_never_came_in() {
        let places = Places::new(ROOM);
        let taken: Vec<_> = (1..=9).map(|last| places.take([192, 0, 2, last].into())).collect();
        assert_eq!(taken.iter().filter(|place| place.is_ok()).count(), 3);
        drop(taken);
        assert_eq!(places.taken.borrow().all, 0);
        assert!(places.taken.borrow().by_client.is_empty());
    }

    #[tokio::test]
    async fn whoever_is_silent_must_go_as_soon_as_it_gets_crowded() {
        let patient = Duration::from_hours(1);
        let room = Room { crowded_from: 2, silence: patient, silence_in_a_crowd: Duration::ZERO, ..ROOM };
        let places = Places::new(room);
        let mut silent = places.take([192, 0, 2, 7].into()).ok().unwrap();
        let crowd = async { places.take([192, 0, 2, 8].into()).ok() };
        let (_place, ()) = tokio::join!(crowd, silent.patience_ends(Instant::now()));
    }
}
