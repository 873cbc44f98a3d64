//! Who may see and act on what.

use crate::Service;
use lotse_domain::{Case, DeskId, ports::User};
use lotse_pages::{Names, PageLanguage, desk::DeskChoice};
use lotse_policy::{Desk, Policy};

/// A person sees and acts on the cases of which a request or a safety flag lies at one of their desks; an
/// administrator on all. Whatever else there is does not exist for them.
pub(crate) fn may_see(user: &User, case: &Case) -> bool {
    let at_own_desk = |desk: &DeskId| user.desks.contains(desk);
    user.administrator
        || case.requests.iter().any(|request| at_own_desk(&request.desk))
        || case.flags.iter().any(|flag| at_own_desk(&flag.desk))
}

/// The desks whose worklists a person sees, in the order of the policy.
pub(crate) fn own_desks<'p>(user: &User, policy: &'p Policy) -> Vec<&'p Desk> {
    policy.desks.iter().filter(|desk| user.administrator || user.desks.contains(&desk.id)).collect()
}

/// Desks to choose from, by name.
pub(crate) fn choices<'p>(
    desks: impl IntoIterator<Item = &'p Desk>,
    language: PageLanguage,
) -> Vec<DeskChoice> {
    let choice = |desk: &Desk| DeskChoice { id: desk.id.clone(), name: desk_name(desk, language) };
    desks.into_iter().map(choice).collect()
}

/// What desks and products are called, and these people.
pub(crate) fn names<S>(desk: &Service<S>, language: PageLanguage, people: &[User]) -> Names {
    let policy = &desk.policy;
    Names {
        desks: policy.desks.iter().map(|desk| (desk.id.clone(), desk_name(desk, language))).collect(),
        products: policy.products.iter().map(|product| (product.id.clone(), product.brand.clone())).collect(),
        people: people.iter().map(|user| (user.id.clone(), user.name.clone())).collect(),
    }
}

fn desk_name(desk: &Desk, language: PageLanguage) -> String {
    language.choose((&desk.name.german, &desk.name.english)).clone()
}
