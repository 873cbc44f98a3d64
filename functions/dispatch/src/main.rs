//! `dispatch` on AWS: the stream of the table on its way to the queues.

mod configuration;

use configuration::Configuration;
use lotse_aws::{Item, LargeMessages, SqsQueues, StreamConsumer};
use lotse_domain::{RecordedEvent, ports::Unavailable};
use lotse_store::stream::{is_event, recorded_event};
use std::process::ExitCode;

struct Dispatch {
    queues: SqsQueues,
}

impl StreamConsumer for Dispatch {
    fn read(&self, item: Item) -> Result<Option<RecordedEvent>, Unavailable> {
        // The mapping's filter lets nothing else through; a table may be read without it.
        is_event(&item).then(|| recorded_event(&item)).transpose().map_err(Unavailable::unreadable)
    }

    async fn deliver(&self, events: &[RecordedEvent]) -> Result<(), Unavailable> {
        dispatch::deliver(&self.queues, events).await
    }
}

fn main() -> ExitCode {
    lotse_aws::start("dispatch", async || {
        let Configuration { sdk, bucket, queues } = lotse_aws::read_variables(Configuration::read)?;
        let queues = SqsQueues::new(&sdk, queues, LargeMessages::new(&sdk, bucket));
        lotse_aws::serve_stream(Dispatch { queues }).await
    })
}
