"""DynamoDB's write and read units of what went over the wire, by the rules that Amazon bills by.

The rules (Amazon DynamoDB Developer Guide, "DynamoDB read and write operations" and "Item sizes and formats",
read on 2026-11-22):
- A write unit is 1 KB of the larger of the item before and after; a transaction doubles it. A condition
  check within a transaction costs what writing the item would.
- A write into an index costs 1 unit for each KB of the entry, never doubled: one for an entry that is new, gone
  or changed, two where its key changed (the old entry goes, a new one comes), none where it stays as it is.
- A read unit is 4 KB of the item, half of it where the read may be stale, double within a transaction. A query
  is rounded up once, over all that it read.
The emulator does not say what it would bill, so each item is read before and after each write.
"""

import base64
import contextlib
import math
import threading

WRITES = {"PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
TRANSACTION_PARTS = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key"}


def size_of_value(value):
    """Bytes of an attribute's value in DynamoDB's JSON: `{"S": "…"}`."""
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        digits = content.lstrip("-").replace(".", "").strip("0")
        return math.ceil(len(digits) / 2) + 1 + content.startswith("-")
    if kind == "B":
        return len(content) if isinstance(content, bytes) else len(base64.b64decode(content))
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "M":
        return 3 + sum(len(name.encode()) + size_of_value(one) + 1 for name, one in content.items())
    if kind == "L":
        return 3 + sum(size_of_value(one) + 1 for one in content)
    if kind in ("SS", "NS", "BS"):
        return sum(size_of_value({kind[0]: one}) for one in content)
    raise ValueError(f"no type of DynamoDB's: {kind}")


def size_of(item):
    """Bytes of an item, names included; nothing has none."""
    return sum(len(name.encode()) + size_of_value(value) for name, value in (item or {}).items())


def kilobytes(size, step=1024):
    """Started steps, one at least: what is not there costs one as well."""
    return max(1, math.ceil(size / step))


def entry(index, table_key, item):
    """An item's entry in an index; None where it lacks one of the index's keys."""
    keys = [part["AttributeName"] for part in index["KeySchema"]]
    if item is None or any(key not in item for key in keys):
        return None
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    names = {*keys, *table_key, *projection.get("NonKeyAttributes", [])}
    return {name: value for name, value in item.items() if name in names}


def index_units(index, table_key, before, after):
    """Write units that a change of an item costs in an index."""
    old, new = entry(index, table_key, before), entry(index, table_key, after)
    if old == new:
        return 0
    keys = [part["AttributeName"] for part in index["KeySchema"]]
    if old is not None and new is not None and any(old[key] != new[key] for key in keys):
        return kilobytes(size_of(old)) + kilobytes(size_of(new))
    return kilobytes(max(size_of(old), size_of(new)))


class Meter:
    """Counts units of all calls on one table while it watches the wire.

    `lines` tells for each call what it cost and why; calls on the table go one at a time meanwhile, so that
    before and after belong to the call.
    """

    def __init__(self, dynamodb, table):
        self.dynamodb = dynamodb
        description = dynamodb.describe_table(TableName=table)["Table"]
        self.table = table
        self.key = [part["AttributeName"] for part in description["KeySchema"]]
        self.indexes = description.get("GlobalSecondaryIndexes", [])
        self.lock = threading.Lock()
        self.writes = 0
        self.reads = 0.0
        self.lines = []

    @contextlib.contextmanager
    def __call__(self, call):
        if call.service != "dynamodb":
            yield
            return
        with self.lock:
            touched = self.touched(call)
            before = [self.item(key) for _, key in touched]
            yield
            if call.status == 200:
                after = [self.item(key) for _, key in touched]
                self.count(call, touched, before, after)

    def item(self, key):
        wanted = {name: key[name] for name in self.key}
        return self.dynamodb.get_item(TableName=self.table, Key=wanted, ConsistentRead=True).get("Item")

    def touched(self, call):
        """What a call writes or checks: (kind, an item that holds the key)."""
        asked = call.asked
        if call.action in WRITES:
            return [(call.action, asked[WRITES[call.action]])]
        if call.action == "TransactWriteItems":
            parts = [next(iter(part.items())) for part in asked["TransactItems"]]
            return [(kind, part[TRANSACTION_PARTS[kind]]) for kind, part in parts]
        if call.action == "BatchWriteItem":
            requests = [one for several in asked["RequestItems"].values() for one in several]
            return [
                (kind, part["Item"] if kind == "PutRequest" else part["Key"])
                for kind, part in (next(iter(one.items())) for one in requests)
            ]
        return []

    def count(self, call, touched, before, after):
        factor = 2 if call.action.startswith("Transact") else 1
        for (kind, key), old, new in zip(touched, before, after, strict=True):
            table = factor * kilobytes(max(size_of(old), size_of(new)))
            index = {one["IndexName"]: index_units(one, self.key, old, new) for one in self.indexes}
            self.writes += table + sum(index.values())
            name = " ".join(next(iter(key[part].values())) for part in self.key)
            entries = "".join(f" + {units} {index}" for index, units in index.items() if units)
            self.lines.append(f"{call.action} {kind} {name}: {max(size_of(old), size_of(new))} bytes, {table}{entries}")
        units = self.read_units(call)
        if units:
            self.reads += units
            self.lines.append(f"{call.action}: {units} read units")

    def read_units(self, call):
        asked, answered = call.asked, call.answered
        fresh = 1 if asked.get("ConsistentRead") else 0.5
        if call.action == "GetItem":
            return fresh * kilobytes(size_of(self.item(asked["Key"])), 4096)
        if call.action in ("Query", "Scan"):
            return fresh * kilobytes(sum(size_of(item) for item in answered.get("Items", [])), 4096)
        if call.action == "TransactGetItems":
            return sum(2 * kilobytes(size_of(one.get("Item")), 4096) for one in answered["Responses"])
        if call.action == "BatchGetItem":
            return sum(
                (1 if request.get("ConsistentRead") else 0.5) * kilobytes(size_of(self.item(key)), 4096)
                for request in asked["RequestItems"].values()
                for key in request["Keys"]
            )
        return 0
