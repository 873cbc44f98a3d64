//! One write of several items, all of them or none, and why it was not done.

use super::{
    DynamoStore,
    claims::holder,
    error::Fault,
    item::{Item, Key, seconds},
};
use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::{
        CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure,
        TransactWriteItem,
    },
};
use jiff::Timestamp;
use lotse_domain::CaseId;

/// What a transaction holds at the most.
pub(super) const MOST_WRITES: usize = 100;

const IS_FREE: &str = "attribute_not_exists(pk)";
const IS_FREE_OR_EXPIRED: &str = "attribute_not_exists(pk) OR expires_at <= :now";

/// One item's part of a transaction.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Write {
    /// An event, in a place that must be free.
    Event(Item),
    /// A place that must be free, and stays so.
    NoEvent(Key),
    /// A claim on a name that nobody holds at that time.
    Claim {
        /// The name.
        name: String,
        /// The claim's item.
        item: Item,
        /// The commit's time.
        now: Timestamp,
    },
    /// An item, whatever stood in its place.
    Put(Item),
    /// No item any more.
    Delete(Key),
}

/// Why nothing was written.
#[derive(Debug)]
pub(super) enum NotDone {
    /// A name is taken.
    Claimed {
        /// The name.
        name: String,
        /// Who has it.
        by: CaseId,
    },
    /// The place of the next event is taken.
    Changed,
    /// DynamoDB knows the token, from a transaction that it finds another one.
    KnownToken,
    /// The table did not do it.
    Fault(Fault),
}

impl From<Fault> for NotDone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Write {
    fn part(self, table: &str) -> Result<TransactWriteItem, Fault> {
        let put = |item| Put::builder().table_name(table).set_item(Some(item));
        let part = TransactWriteItem::builder();
        let part = match self {
            Self::Event(item) => part.put(put(item).condition_expression(IS_FREE).build()?),
            Self::Claim { item, now, .. } => part.put(
                put(item)
                    .condition_expression(IS_FREE_OR_EXPIRED)
                    .expression_attribute_values(":now", seconds(now))
                    .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
                    .build()?,
            ),
            Self::Put(item) => part.put(put(item).build()?),
            Self::NoEvent(key) => {
                let check = ConditionCheck::builder().table_name(table).set_key(Some(key.item()));
                part.condition_check(check.condition_expression(IS_FREE).build()?)
            }
            Self::Delete(key) => {
                part.delete(Delete::builder().table_name(table).set_key(Some(key.item())).build()?)
            }
        };
        Ok(part.build())
    }
}

impl DynamoStore {
    /// Writes all or nothing. `token` tells DynamoDB a repeat of the same transaction from another one, for ten
    /// minutes: where the first try succeeded and its answer was lost, the repeat succeeds and writes nothing.
    pub(super) async fn write(&self, writes: Vec<Write>, token: &str) -> Result<(), NotDone> {
        // A single item is written as a whole or not at all, and costs half of what a transaction takes.
        if let [Write::Event(item)] = &writes[..] {
            return self.write_one(item.clone()).await;
        }
        let parts = writes.iter().cloned().map(|write| write.part(&self.table));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let request = self.client.transact_write_items().set_transact_items(Some(parts));
        match request.client_request_token(token).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    Err(self.reason(&writes, cancelled.cancellation_reasons()).await)
                }
                Some(TransactWriteItemsError::IdempotentParameterMismatchException(_)) => {
                    Err(NotDone::KnownToken)
                }
                _ => Err(Fault::from(error).into()),
            },
        }
    }

    async fn write_one(&self, event: Item) -> Result<(), NotDone> {
        let request = self.client.put_item().table_name(&*self.table).set_item(Some(event));
        match request.condition_expression(IS_FREE).send().await {
            Ok(_) => Ok(()),
            Err(SdkError::ServiceError(error))
                if matches!(error.err(), PutItemError::ConditionalCheckFailedException(_)) =>
            {
                Err(NotDone::Changed)
            }
            Err(error) => Err(Fault::from(error).into()),
        }
    }

    /// Why a transaction was cancelled: DynamoDB gives a reason for each of its parts, in their order.
    ///
    /// A name that is taken goes before everything else. What may be otherwise a moment later goes before a
    /// place that is taken, since it may hide that a name is. Only then the case has changed.
    async fn reason(&self, writes: &[Write], reasons: &[CancellationReason]) -> NotDone {
        let (mut is_changed, mut other) = (false, None);
        for (write, reason) in writes.iter().zip(reasons) {
            match (reason.code().unwrap_or("None"), write) {
                ("None", _) => {}
                ("ConditionalCheckFailed", Write::Claim { name, now, .. }) => {
                    match self.holder_by(reason, name, *now).await {
                        Ok(Some(by)) => return NotDone::Claimed { name: name.clone(), by },
                        // It was free again before its holder was read.
                        Ok(None) => other = Some(Fault::of_code("TransactionConflict")),
                        Err(fault) => return fault.into(),
                    }
                }
                ("ConditionalCheckFailed", _) => is_changed = true,
                (code, _) => other = Some(Fault::of_code(code)),
            }
        }
        match other {
            Some(fault) => fault.into(),
            None if is_changed => NotDone::Changed,
            None => Fault::of_code("TransactionCanceledException").into(),
        }
    }

    /// Who holds a name, by the item that DynamoDB gives with its refusal; implementations that give none are
    /// asked for it.
    async fn holder_by(
        &self,
        reason: &CancellationReason,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<CaseId>, Fault> {
        match reason.item() {
            Some(item) if !item.is_empty() => holder(item, Some(now)),
            _ => self.holder_of(name, Some(now)).await,
        }
    }
}
