//! What the SMTP listener hands mail to.

use crate::smtp::{Envelope, MailIntake};
use intake_mail::ArrivedMail;
use jiff::Timestamp;
use lotse_domain::{BlobId, ports::Unavailable};
use lotse_store::SqliteStore;

/// Keeps the raw message together with the queue message that says that it is there.
pub(super) struct StoredIntake {
    pub(super) store: SqliteStore,
}

impl MailIntake for StoredIntake {
    async fn take(&self, raw: Vec<u8>, envelope: Envelope, at: Timestamp) -> Result<(), Unavailable> {
        let arrived = |blob: &BlobId| ArrivedMail {
            blob: blob.clone(),
            received_at: at,
            envelope_from: Some(envelope.sender).filter(|sender| !sender.is_empty()),
            envelope_to: envelope.recipients,
        };
        self.store.store_and_enqueue(raw, |blob| arrived(blob).queue_message()).await?;
        Ok(())
    }
}
