#!/usr/bin/env python3
"""Has committed events brought to their queues once more.

    infra/aws/redeliver.py TABLE              every event of every case
    infra/aws/redeliver.py TABLE CASE...      the events of these cases

For when `dispatch` gave events up, or the table was restored to a moment before they were worked on. An event is
touched, and not changed: the attribute `redelivered_at` makes the table's stream hand it over again. Whatever was
done about it already is not done twice, since every function recognises events by their ids.

Needs boto3, and a role that may scan, query and update the table.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import boto3
from botocore.config import Config

# So many at a time, and each tried again with growing pauses: a table on demand takes it beside its own work.
AT_ONCE = 8
PATIENCE = Config(retries={"mode": "adaptive", "max_attempts": 10}, max_pool_connections=AT_ONCE)


def events(dynamodb, table, cases):
    """The keys of the events, page by page."""
    names = {"#p": "pk", "#s": "sk"}
    keys_only = {"TableName": table, "ProjectionExpression": "#p, #s", "ExpressionAttributeNames": names}
    prefix = {"S": "EVENT#"}
    if not cases:
        pages = dynamodb.get_paginator("scan").paginate(
            **keys_only,
            FilterExpression="begins_with(#s, :event)",
            ExpressionAttributeValues={":event": prefix},
        )
        yield from (page["Items"] for page in pages)
    for case in cases:
        pages = dynamodb.get_paginator("query").paginate(
            **keys_only,
            KeyConditionExpression="#p = :case AND begins_with(#s, :event)",
            ExpressionAttributeValues={":case": {"S": f"CASE#{case}"}, ":event": prefix},
        )
        yield from (page["Items"] for page in pages)


def main(arguments):
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    table, cases = arguments[0], arguments[1:]
    dynamodb = boto3.client("dynamodb", config=PATIENCE)
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")

    def touch(key):
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET redelivered_at = :now",
            # Never makes an event that was not there.
            ConditionExpression="attribute_exists(pk)",
            ExpressionAttributeValues={":now": {"S": now}},
        )

    count = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for keys in events(dynamodb, table, cases):
            count += len(list(pool.map(touch, keys)))
            print(f"\r{count} events", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    if count == 0:
        print(f"the table {table} has no event of what was asked for", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
