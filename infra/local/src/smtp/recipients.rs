//! The addresses that mail is taken for.

use lotse_policy::Company;
use std::collections::BTreeSet;

/// The name that every mail server takes mail for (RFC 5321, 4.5.1).
const POSTMASTER: &str = "postmaster";

/// The company's own addresses, and each of them with a `+…` behind its name: the reply addresses.
#[derive(Clone, Debug)]
pub(crate) struct Recipients {
    domain: String,
    names: BTreeSet<String>,
}

impl Recipients {
    /// The addresses that the policy names.
    pub(crate) fn of(company: &Company) -> Self {
        let names = company
            .inbound_addresses
            .iter()
            .filter_map(|address| Some(address.normalised().rsplit_once('@')?.0.to_owned()))
            .chain([POSTMASTER.to_owned()])
            .collect();
        Self { domain: company.mail_domain.to_lowercase(), names }
    }

    /// True where mail to this address is ours to take.
    pub(crate) fn include(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        address.rsplit_once('@').is_some_and(|(local, domain)| {
            let name = local.split_once('+').map_or(local, |(name, _)| name);
            domain == self.domain && self.names.contains(name)
        })
    }

    /// The company's mail domain: the name that the server calls itself by.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotse_policy::Policy;

    #[test]
    fn mail_is_taken_for_the_companys_addresses_and_their_reply_addresses_only() {
        let recipients = Recipients::of(&Policy::shipped().unwrap().company);
        for ours in [
            "service@nordhafen-pharma.example",
            "Medinfo@Nordhafen-Pharma.EXAMPLE",
            "service+0abc@nordhafen-pharma.example",
            "logistik+a+b@nordhafen-pharma.example",
            "Postmaster@nordhafen-pharma.example",
        ] {
            assert!(recipients.include(ours), "{ours}");
        }
        for not_ours in [
            "service@elsewhere.example",
            "vorstand@nordhafen-pharma.example",
            "service",
            "",
            "@nordhafen-pharma.example",
            "+service@nordhafen-pharma.example",
            "service@nordhafen-pharma.example.elsewhere.example",
        ] {
            assert!(!recipients.include(not_ours), "{not_ours}");
        }
    }
}
