//! Finding cases by the words of their messages.
//!
//! The index holds two bytes for each word of a message: with its keys about 300 bytes of a usual one. A search
//! reads all of it, in several pieces at once, picks the cases that may hold all words, and looks into those, the
//! latest first. That costs nothing when something is written, and 36 read units for a thousand messages when
//! something is searched. See "What is stored" in `infra/docs/architecture.md` for how far that carries.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Read},
    keys::case_by_time,
    table::{INDEX, INDEX_SORT_KEY, WORDS},
    words::{Terms, message_of},
    worklists::LONGEST_PAGE,
};
use futures_util::future::try_join_all;
use jiff::Timestamp;
use lotse_domain::{Case, CaseId, CaseSummary};
use std::collections::HashMap;

/// Into how many pieces the index is cut, which are read at once.
const PIECES: i32 = 4;

/// What the index says of a case.
struct Hint {
    /// The terms that its messages may hold: a bit for each.
    terms: u16,
    /// When the latest message came that may hold one.
    latest: Timestamp,
}

impl DynamoStore {
    /// The cases whose messages hold all terms, those with the latest message first.
    pub(super) async fn cases_with(&self, terms: &Terms, limit: usize) -> Result<Vec<CaseSummary>, Fault> {
        let limit = limit.min(LONGEST_PAGE);
        if terms.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let mut hints: HashMap<CaseId, Hint> = HashMap::new();
        for found in try_join_all((0..PIECES).map(|piece| self.hints(terms, piece))).await? {
            for (case, hint) in found {
                merge(&mut hints, case, hint);
            }
        }
        let mut cases: Vec<_> = hints
            .into_iter()
            .filter(|(_, hint)| hint.terms == terms.all())
            .map(|(case, hint)| (hint.latest, case))
            .collect();
        cases.sort_unstable_by(|earlier, later| later.cmp(earlier));
        let mut found = Vec::new();
        for (_, case) in cases {
            if found.len() == limit {
                break;
            }
            found.extend(self.if_it_holds(terms, case).await?);
        }
        Ok(found)
    }

    /// What one piece of the index says of the cases with one of the terms.
    async fn hints(&self, terms: &Terms, piece: i32) -> Result<HashMap<CaseId, Hint>, Fault> {
        let mut hints = HashMap::new();
        let mut after: Option<Item> = None;
        loop {
            let request = || async {
                let request = self.client.scan().table_name(&*self.table).index_name(INDEX);
                let request = request.segment(piece).total_segments(PIECES);
                Ok(request.set_exclusive_start_key(after.clone()).send().await?)
            };
            let page = self.patience.send(request).await?;
            for item in page.items.unwrap_or_default() {
                let Some(words) = item.get(WORDS).and_then(|words| words.as_b().ok()) else { continue };
                let terms = terms.hinted(words.as_ref());
                if terms != 0 {
                    let at = Read(&item).text(INDEX_SORT_KEY)?;
                    let (latest, case) =
                        case_by_time(at).ok_or_else(|| Read(&item).damaged(INDEX_SORT_KEY))?;
                    merge(&mut hints, case, Hint { terms, latest });
                }
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                return Ok(hints);
            }
        }
    }

    /// The case, where its messages do hold all terms.
    async fn if_it_holds(&self, terms: &Terms, case: CaseId) -> Result<Option<CaseSummary>, Fault> {
        let history = self.whole_history(case).await?;
        let messages = history.iter().filter_map(|event| message_of(&event.event));
        let found = messages.fold(0, |found, message| found | terms.found(message));
        if found != terms.all() {
            return Ok(None);
        }
        let case = Case::replay(&history).ok().flatten();
        Ok(case.as_ref().map(CaseSummary::from))
    }
}

fn merge(hints: &mut HashMap<CaseId, Hint>, case: CaseId, new: Hint) {
    hints
        .entry(case)
        .and_modify(|hint| {
            hint.terms |= new.terms;
            hint.latest = hint.latest.max(new.latest);
        })
        .or_insert(new);
}
