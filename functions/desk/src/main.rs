//! `desk` on AWS: API Gateway, cases and people in DynamoDB, what failed in the dead-letter queues.

mod configuration;
mod site;

use configuration::Configuration;
use site::Site;
use std::process::ExitCode;

fn main() -> ExitCode {
    lotse_aws::start("desk", async || {
        let site = Site::new(lotse_aws::read_variables(Configuration::read)?)?;
        lotse_aws::serve_http(site).await
    })
}
