"""The counting of units against examples from Amazon's documentation, worked by hand."""

from units import entry, index_units, kilobytes, size_of

INDEX = {
    "IndexName": "worklist",
    "KeySchema": [{"AttributeName": "desk"}, {"AttributeName": "due"}],
    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["topic"]},
}
LINE = {"pk": {"S": "1"}, "desk": {"S": "logistics"}, "due": {"S": "09:00"}, "text": {"S": "x" * 3000}}


def test_an_item_is_as_large_as_its_names_and_values():
    assert size_of({"name": {"S": "Kölln"}}) == 4 + 6
    assert size_of({"n": {"N": "27"}}) == 1 + 2
    assert size_of({"n": {"N": "-1000"}}) == 1 + 3, "zeros at the end do not count, a sign does"
    assert size_of({"m": {"M": {"a": {"BOOL": True}}}}) == 1 + 3 + 1 + 1 + 1
    assert size_of({"l": {"L": [{"NULL": True}, {"S": "ab"}]}}) == 1 + 3 + 2 + 3
    assert size_of({"s": {"SS": ["ab", "c"]}}) == 1 + 3
    assert size_of({"b": {"B": "AAEC"}}) == 1 + 3, "bytes count as bytes, not as Base64"
    assert size_of(None) == 0


def test_started_kilobytes_count_and_nothing_costs_one():
    assert [kilobytes(size) for size in (0, 1, 1024, 1025)] == [1, 1, 1, 2]


def test_an_index_costs_only_where_its_entry_changes():
    def cost(before, after):
        return index_units(INDEX, ["pk"], before, after)

    assert entry(INDEX, ["pk"], LINE) == {name: LINE[name] for name in ("pk", "desk", "due")}
    assert cost(None, LINE) == 1, "a new entry; the text is not in it"
    assert cost(LINE, None) == 1, "an entry goes"
    assert cost(LINE, {**LINE, "text": {"S": "other"}}) == 0, "what changed is not in the index"
    assert cost(LINE, {**LINE, "topic": {"S": "dose"}}) == 1
    assert cost(LINE, {**LINE, "due": {"S": "10:00"}}) == 2, "its key changed: out and in again"
    assert cost({"pk": {"S": "1"}}, {"pk": {"S": "1"}, "text": {"S": "new"}}) == 0, "not in the index at all"
