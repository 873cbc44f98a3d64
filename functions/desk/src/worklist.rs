//! `GET /desk`: what waits at a desk, by due time.

use crate::{
    DeskStore, Service,
    answer::{frame, page, problem_page},
    rights::{choices, names, own_desks},
    session::Session,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use futures_util::future::try_join_all;
use lotse_domain::{
    CaseId, Contact, Cursor, DeskId, EmailAddress, Page, WorkStatus, WorklistEntry, WorklistQuery,
    ports::{CaseStore, Unavailable},
};
use lotse_pages::{
    Names, Problem,
    desk::{Notice, WorklistPage, WorklistRow, WorklistTab, WorklistView, input},
    paths,
};
use lotse_web::{Form, unavailable};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Lines of one page.
const LINES: usize = 25;
/// A view that shows only some lines of a worklist reads on until its page is full, but not without end.
const MOST_READS: usize = 8;

/// The worklist of one of the person's desks. Parameters: `desk`, `view`, `after`, `notice`.
pub(crate) async fn show<S: DeskStore>(
    State(desk): State<Arc<Service<S>>>,
    session: Session,
    uri: Uri,
) -> Response {
    let parameters = Form::query(uri.query().unwrap_or_default());
    let own = own_desks(&session.user, &desk.policy);
    let asked = own.iter().find(|own| own.id.as_str() == parameters.value(input::DESK));
    let Some(shown) = asked.or(own.first()) else {
        return problem_page(&desk, session.language, Problem::Forbidden);
    };
    let view = WorklistView::from_name(parameters.value("view")).unwrap_or_default();
    let after = Some(parameters.value(input::AFTER)).filter(|cursor| !cursor.is_empty());
    let after = after.map(|cursor| Cursor(cursor.to_owned()));
    let continued = after.is_some();
    match lines(&desk, &session, &shown.id, view, after).await {
        Ok((rows, next)) => {
            let here = paths::worklist(&shown.id, view);
            let notice = Notice::from_name(parameters.value("notice"));
            let tabs = WorklistView::ALL.map(|view| WorklistTab { view, count: None }).to_vec();
            let shown = shown.id.clone();
            let desks = choices(own, session.language);
            let frame = frame(&desk, &session, here, notice);
            page(
                StatusCode::OK,
                &WorklistPage { frame, tabs, view, desks, desk: shown, rows, continued, next },
            )
        }
        Err(error) => problem_page(&desk, session.language, unavailable(&error)),
    }
}

async fn lines<S: DeskStore>(
    desk: &Service<S>,
    session: &Session,
    shown: &DeskId,
    view: WorklistView,
    after: Option<Cursor>,
) -> Result<(Vec<WorklistRow>, Option<Cursor>), Unavailable> {
    let entries = entries(&desk.store, session, shown, view, after).await?;
    let contacts = contacts(&desk.store, &entries.items).await?;
    let names = names(desk, session.language, &desk.store.users().await?);
    let rows = entries.items.into_iter().map(|entry| row(entry, &contacts, &names)).collect();
    Ok((rows, entries.next))
}

/// The lines of a view, a page full of them where there are as many.
async fn entries<S: CaseStore>(
    store: &S,
    session: &Session,
    shown: &DeskId,
    view: WorklistView,
    after: Option<Cursor>,
) -> Result<Page<WorklistEntry>, Unavailable> {
    let (status, assignee) = match view {
        WorklistView::Open | WorklistView::Unclaimed => (WorkStatus::Open, None),
        WorklistView::Mine => (WorkStatus::Open, Some(session.user.id.clone())),
        WorklistView::Waiting => (WorkStatus::Waiting, None),
        WorklistView::Done => (WorkStatus::Done, None),
    };
    let mut query = WorklistQuery { desk: shown.clone(), status, assignee, after, limit: LINES };
    let mut items = Vec::new();
    for _ in 0..MOST_READS {
        let page = store.worklist(&query).await?;
        let is_shown = |entry: &WorklistEntry| view != WorklistView::Unclaimed || entry.assignee.is_none();
        items.extend(page.items.into_iter().filter(is_shown));
        query.after = page.next;
        if query.after.is_none() || items.len() >= LINES {
            break;
        }
    }
    Ok(Page { items, next: query.after })
}

/// Who wrote, for each case of a page: read beside each other, once for each case.
async fn contacts<S: CaseStore>(
    store: &S,
    entries: &[WorklistEntry],
) -> Result<BTreeMap<CaseId, String>, Unavailable> {
    let cases: BTreeSet<CaseId> = entries.iter().map(|entry| entry.case).collect();
    let loaded = try_join_all(cases.into_iter().map(|case| store.load(case))).await?;
    Ok(loaded.into_iter().flatten().map(|case| (case.id, contact_name(&case.contact))).collect())
}

/// As a colleague would say who wrote: by name, or else by institution or address.
fn contact_name(contact: &Contact) -> String {
    let address = contact.email.as_ref().map(EmailAddress::as_str);
    contact.name.as_deref().or(contact.institution.as_deref()).or(address).unwrap_or_default().to_owned()
}

fn row(entry: WorklistEntry, contacts: &BTreeMap<CaseId, String>, names: &Names) -> WorklistRow {
    WorklistRow {
        products: entry.products.iter().map(|product| names.product(product).to_owned()).collect(),
        assignee: entry.assignee.as_ref().map(|user| names.person(user).to_owned()),
        contact: contacts.get(&entry.case).cloned().unwrap_or_default(),
        entry,
    }
}
