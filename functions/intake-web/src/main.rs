//! `intake-web` on AWS: API Gateway, and the cases in DynamoDB.

mod configuration;
mod site;

use configuration::Configuration;
use site::Site;
use std::process::ExitCode;

fn main() -> ExitCode {
    lotse_aws::start("intake-web", async || {
        let site = Site::new(lotse_aws::read_variables(Configuration::read)?)?;
        lotse_aws::serve_http(site).await
    })
}
