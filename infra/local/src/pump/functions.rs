//! The functions behind the queues.

use lotse_domain::{Failure, Queue};
use lotse_policy::Policy;
use lotse_runtime::{Keys, SystemClock, SystemRandom};
use lotse_store::SqliteStore;
use lotse_triage::Triage;
use std::sync::Arc;

/// What the functions need of the world, in this process.
pub(crate) struct Functions {
    /// Cases, queues, mail on its way out.
    pub(crate) store: SqliteStore,
    /// The company's policy.
    pub(crate) policy: Arc<Policy>,
    /// The same, compiled for triage.
    pub(crate) triage: Triage,
    /// What makes links, reply addresses and Message-IDs ours.
    pub(crate) keys: Keys,
    /// Where contacts reach the status page, without a slash at the end.
    pub(crate) public_url: String,
    /// The time.
    pub(crate) clock: SystemClock,
    /// Randomness.
    pub(crate) random: SystemRandom,
}

impl Functions {
    /// Lets the function of that queue act on a message.
    pub(crate) async fn handle(&self, queue: Queue, body: &str) -> Result<(), Failure> {
        let Self { store, policy, triage, keys, public_url, clock, random } = self;
        match queue {
            Queue::IntakeMail => {
                let dependencies =
                    intake_mail::Dependencies { store, blobs: store, clock, random, policy, keys };
                intake_mail::handle(&dependencies, body).await.map(|_| ())
            }
            Queue::Classify => {
                classify::handle(&classify::Dependencies { store, clock, triage, policy }, body).await
            }
            Queue::Contact => {
                let base_url = public_url.as_str();
                let dependencies =
                    contact::Dependencies { store, clock, sender: store, policy, keys, base_url };
                contact::handle(&dependencies, body).await
            }
            Queue::Safety => {
                let base_url = public_url.as_str();
                let dependencies =
                    safety::Dependencies { store, clock, sender: store, policy, keys, base_url };
                safety::handle(&dependencies, body).await
            }
            Queue::MedicalInformation => {
                let dependencies = medical_information::Dependencies { store, clock, policy };
                medical_information::handle(&dependencies, body).await
            }
            Queue::Logistics => {
                logistics::handle(&logistics::Dependencies { store, clock, policy }, body).await
            }
        }
    }
}
