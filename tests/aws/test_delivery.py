"""Everything that AWS delivers twice, in part or for ever, and what comes of it."""

import json

from desk import eventually, written
from wire import Fault

SHIPPING = "Unsere Bestellung NP-2026-004733 ist nicht angekommen. Wo bleibt das Paket?"
THROTTLED = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "Rate exceeded"}


def sqs_event(url, bodies):
    """What Lambda hands a function from a queue."""
    name = url.rpartition("/")[2]
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795342800000"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-central-1:000000000000:{name}",
                "awsRegion": "eu-central-1",
            }
            for number, body in enumerate(bodies)
        ]
    }


def notice(case, sequence=1, kind="lotse.message.received.v1"):
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{case}.{sequence}",
            "source": "/lotse/cases",
            "type": kind,
            "subject": case,
            "time": "2026-11-22T10:00:00Z",
        }
    )


def test_an_inquiry_sent_twice_with_one_key_is_one_case_with_one_receipt(desk):
    first = desk.accepted(SHIPPING, "doppelt@praxis.example", key="doppelt-1")
    assert desk.accepted(SHIPPING, "doppelt@praxis.example", key="doppelt-1") == first
    case = desk.case_of("doppelt@praxis.example")
    desk.wait_for_event(case, "message_sent")
    assert desk.accepted(SHIPPING, "doppelt@praxis.example", key="doppelt-1") == first
    desk.settle()
    assert len(desk.mails_to("doppelt@praxis.example")) == 1
    assert desk.cases_of("doppelt@praxis.example") == [case]


def test_a_mail_stored_twice_is_one_message(desk):
    mail = written("lager@see-apotheke.example", "Bestellung NP-2026-004734", "Wo bleibt unsere Bestellung?\n")
    desk.receive(mail, "twice")
    case = desk.case_of("lager@see-apotheke.example")
    desk.wait_for_event(case, "message_sent")
    desk.receive(mail, "twice")  # S3 reports the same object again
    desk.receive(mail, "twice-by-another-way")  # and the same mail came by another server
    desk.settle()
    assert desk.cases_of("lager@see-apotheke.example") == [case]
    assert len(desk.mails_to("lager@see-apotheke.example")) == 1


def test_a_stream_record_delivered_again_changes_nothing(desk):
    desk.accepted(SHIPPING, "strom@praxis.example")
    case = desk.case_of("strom@praxis.example")
    desk.wait_for_event(case, "message_sent")
    desk.settle()
    history, mails = desk.history(case), len(desk.mails())
    records = desk.stream_records(case)
    assert len(records) == len(history)
    for _ in range(2):
        error, answer = desk.invoke("dispatch", {"Records": records})
        assert error is None and not answer.get("batchItemFailures"), answer
    desk.settle()
    assert desk.history(case) == history
    assert len(desk.mails()) == mails


def test_one_bad_message_among_nine_good_ones_stops_none_of_them(desk):
    addresses = [f"neun{number}@praxis.example" for number in range(9)]
    with desk.paused("classify"):
        for address in addresses:
            desk.accepted(SHIPPING, address)
        cases = [desk.case_of(address) for address in addresses]
        bodies = [notice(case) for case in cases]
        bodies.insert(4, "this is not JSON")
        error, answer = desk.invoke("classify", sqs_event(desk.queues["classify"], bodies))
    assert error is None
    assert answer["batchItemFailures"] == [], "what can never succeed is not tried again"
    for case in cases:
        desk.wait_for_event(case, "classified")
    parked = desk.take_parked("classify", "this is not JSON")
    assert parked["MessageAttributes"], "it says why it was parked"


def test_what_fails_for_now_is_tried_again_and_alone(desk):
    addresses = ["ruhig@praxis.example", "gestoert@praxis.example"]
    with desk.paused("classify"):
        for address in addresses:
            desk.accepted(SHIPPING, address)
        calm, disturbed = (desk.case_of(address) for address in addresses)
        event = sqs_event(desk.queues["classify"], [notice(calm), notice(disturbed)])
        with desk.wire.broken(*throttling(disturbed)):
            error, answer = desk.invoke("classify", event)
        assert error is None
        assert answer["batchItemFailures"] == [{"itemIdentifier": "message-1"}]
        desk.wait_for_event(calm, "classified")
        assert "classified" not in desk.kinds(disturbed)
    desk.wait_for_event(disturbed, "classified")


def throttling(case):
    """Whatever is asked about a case, the table is busy."""
    about = case.encode()
    return [
        Fault("dynamodb", action, 400, THROTTLED, fits=lambda call: about in call.body)
        for action in ("GetItem", "Query", "BatchGetItem", "TransactWriteItems", "PutItem", "UpdateItem")
    ]


def test_a_poisonous_message_is_given_up_and_the_alarm_sees_it(desk):
    with desk.paused("classify"):
        desk.accepted(SHIPPING, "gift@praxis.example")
        case = desk.case_of("gift@praxis.example")
        desk.wait_for_messages("classify")
    with desk.wire.broken(*throttling(case)) as faults:
        message = desk.take_parked("classify", case, seconds=90)
        assert sum(fault.hits for fault in faults) >= 5, "it was tried before it was given up"
    depth = desk.waiting_in(desk.parked("classify"))
    assert depth >= 1
    assert desk.alarm_state_for_depth("classify", depth) == "ALARM"
    # A person puts it back once the table is well.
    desk.sqs.send_message(QueueUrl=desk.queues["classify"], MessageBody=message["Body"])
    desk.wait_for_event(case, "classified")


def test_events_wait_in_the_stream_while_queues_cannot_be_reached(desk):
    busy = {"__type": "com.amazonaws.sqs#ServiceUnavailable", "message": "The request has failed"}
    faults = [Fault("sqs", action, 503, busy, times=12) for action in ("SendMessageBatch", "SendMessage")]
    with desk.wire.broken(*faults):
        desk.accepted(SHIPPING, "stau@praxis.example")
        case = desk.case_of("stau@praxis.example")
        eventually(lambda: sum(fault.hits for fault in faults) >= 3, "dispatch to run into it")
    desk.wait_for_event(case, "message_sent")
    assert len(desk.mails_to("stau@praxis.example")) == 1
