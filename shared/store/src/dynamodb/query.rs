//! Reading items: one by its key, or many of one partition in the order of their keys.

use super::{
    DynamoStore,
    error::Fault,
    item::{Item, Key, text},
    table::INDEX,
};
use aws_sdk_dynamodb::types::AttributeValue;

/// Which items of a partition are read.
pub(super) struct Query {
    /// The partition's key.
    pub(super) partition: String,
    /// Which of its items.
    pub(super) range: Range,
    /// From the end.
    pub(super) backwards: bool,
    /// Where the page before ended: the keys of its last item.
    pub(super) after: Option<Item>,
    /// Only items that have this value in that attribute. Others are read and paid for, too.
    pub(super) filter: Option<(&'static str, AttributeValue)>,
}

/// Which sort keys.
pub(super) enum Range {
    /// All.
    All,
    /// Those that begin so.
    BeginningWith(String),
    /// Those after this one.
    After(String),
    /// From the first to the second.
    Between(String, String),
    /// All of a partition of the index. It may not hold yet what was written a moment ago.
    OfIndex,
}

impl Query {
    /// A range in its order.
    pub(super) fn of(partition: impl Into<String>, range: Range) -> Self {
        Self { partition: partition.into(), range, backwards: false, after: None, filter: None }
    }

    fn limit(&self, most: usize) -> Option<i32> {
        // With a filter, a page of the limit's size might hold nothing.
        let at_least = if self.filter.is_some() { 100 } else { 1 };
        i32::try_from(most.max(at_least)).ok()
    }
}

impl DynamoStore {
    /// The first items of a query, `most` at the most.
    pub(super) async fn read(&self, query: &Query, most: usize) -> Result<Vec<Item>, Fault> {
        let mut found = Vec::new();
        let mut after = query.after.clone();
        loop {
            let page = self.patience.send(|| self.page(query, most - found.len(), after.clone())).await?;
            found.extend(page.items.unwrap_or_default());
            after = page.last_evaluated_key;
            if found.len() >= most || after.is_none() {
                found.truncate(most);
                return Ok(found);
            }
        }
    }

    async fn page(
        &self,
        query: &Query,
        most: usize,
        after: Option<Item>,
    ) -> Result<aws_sdk_dynamodb::operation::query::QueryOutput, Fault> {
        let request = self
            .client
            .query()
            .table_name(&*self.table)
            .scan_index_forward(!query.backwards)
            .set_exclusive_start_key(after)
            .set_limit(query.limit(most))
            .expression_attribute_values(":partition", text(&query.partition));
        let request = match &query.range {
            Range::All => request.key_condition_expression("pk = :partition"),
            Range::BeginningWith(beginning) => request
                .key_condition_expression("pk = :partition AND begins_with(sk, :beginning)")
                .expression_attribute_values(":beginning", text(beginning)),
            Range::After(key) => request
                .key_condition_expression("pk = :partition AND sk > :key")
                .expression_attribute_values(":key", text(key)),
            Range::Between(first, last) => request
                .key_condition_expression("pk = :partition AND sk BETWEEN :first AND :last")
                .expression_attribute_values(":first", text(first))
                .expression_attribute_values(":last", text(last)),
            Range::OfIndex => request.index_name(INDEX).key_condition_expression("listed_under = :partition"),
        };
        let request = match &query.filter {
            Some((attribute, wanted)) => request
                .filter_expression("#filtered = :wanted")
                .expression_attribute_names("#filtered", *attribute)
                .expression_attribute_values(":wanted", wanted.clone()),
            None => request,
        };
        let is_of_table = !matches!(query.range, Range::OfIndex);
        Ok(request.consistent_read(is_of_table).send().await?)
    }

    /// The item of a key, as it is now.
    pub(super) async fn get(&self, key: &Key) -> Result<Option<Item>, Fault> {
        let request = || async {
            let request = self.client.get_item().table_name(&*self.table).set_key(Some(key.item()));
            Ok(request.consistent_read(true).send().await?.item)
        };
        self.patience.send(request).await
    }
}
