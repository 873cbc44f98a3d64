"""What goes wrong around the desk, and what comes of it: a clear outcome, and nothing lost.

Which test covers which fault:

| fault | test |
| --- | --- |
| throttled table | `test_a_throttled_table_delays_and_loses_nothing`; bounded retries: shared/store |
| conflict storm on one case | `test_fifty_writers_on_one_case_are_all_heard` |
| stream record of an unknown event version | `test_an_event_that_this_version_does_not_know_is_kept_for_a_person` |
| SQS body that is not JSON among nine good ones | test_delivery: `test_one_bad_message_among_nine_good_ones_…` |
| S3 object gone | `test_a_mail_whose_object_is_gone_is_parked` |
| SES rejecting the address | `test_an_address_that_ses_refuses_is_noted_on_the_case` |
| expired credentials | `test_expired_credentials_are_an_error_that_is_tried_again` |
| missing environment variable | `test_every_missing_variable_is_named_at_once` |
| policy layer missing or broken | `test_a_policy_layer_that_is_missing_or_broken_is_named` |
"""

import copy
import json
from concurrent.futures import ThreadPoolExecutor

from desk import eventually
from test_delivery import THROTTLED, notice, sqs_event
from wire import Fault

SHIPPING = "Unsere Bestellung NP-2026-004755 ist nicht angekommen. Wo bleibt das Paket?"


def test_a_throttled_table_delays_and_loses_nothing(desk):
    faults = [Fault("dynamodb", action, 400, THROTTLED, times=10) for action in ("TransactWriteItems", "Query")]
    answers = []
    with desk.wire.broken(*faults):
        for _ in range(20):  # a sender repeats what was not taken, with the same key
            answers.append(desk.post_inquiry(SHIPPING, "eilig@praxis.example", key="gedrosselt"))
            if answers[-1][0] == 202:
                break
    assert answers[-1][0] == 202, answers
    assert all(status in (202, 503) for status, _ in answers), answers
    case = desk.case_of("eilig@praxis.example")
    desk.wait_for_event(case, "message_sent")
    assert desk.cases_of("eilig@praxis.example") == [case]


def test_fifty_writers_on_one_case_are_all_heard(desk):
    answer = desk.accepted(SHIPPING, "viele@praxis.example")
    case = desk.case_of("viele@praxis.example")
    desk.wait_for_event(case, "message_sent")
    desk.settle()

    def write(number):
        for _ in range(20):  # whoever is told "not now" sends the same form again
            status = desk.reply(answer, f"Nachtrag Nummer {number}.", key=f"{number:032x}")
            if status == 303:
                return number
            assert status == 503, f"a clear answer, not {status}"
        raise AssertionError(f"writer {number} was never heard")

    with ThreadPoolExecutor(50) as writers:
        assert sorted(writers.map(write, range(50))) == list(range(50))
    said = [event["message"]["body"] for event in desk.history(case) if event["type"] == "message_received"]
    assert sorted(said) == sorted(f"Nachtrag Nummer {number}." for number in range(50)), "each once"


def test_an_event_that_this_version_does_not_know_is_kept_for_a_person(desk):
    desk.accepted(SHIPPING, "zukunft@praxis.example")
    case = desk.case_of("zukunft@praxis.example")
    desk.wait_for_event(case, "message_sent")
    desk.settle()
    good = desk.stream_records(case)
    strange = copy.deepcopy(good[0])
    strange["dynamodb"]["NewImage"]["format"] = {"N": "2"}
    error, answer = desk.invoke("dispatch", {"Records": [strange]})
    sequence = strange["dynamodb"]["SequenceNumber"]
    assert error is None
    assert answer["batchItemFailures"] == [{"itemIdentifier": sequence}], "the stream gives it up to its queue"
    assert case in desk.logs("dispatch"), "the log says which case it belongs to"


def test_a_mail_whose_object_is_gone_is_parked(desk):
    key = "incoming/gone-before-it-was-read"
    record = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "awsRegion": "eu-central-1"}
    record |= {"eventVersion": "2.1", "eventTime": "2026-11-22T10:00:00.000Z"}
    record["s3"] = {"bucket": {"name": desk.bucket}, "object": {"key": key, "size": 4711}}
    desk.sqs.send_message(QueueUrl=desk.queues_url("intake-mail"), MessageBody=json.dumps({"Records": [record]}))
    desk.take_parked("intake-mail", key, seconds=60)


def test_an_address_that_ses_refuses_is_noted_on_the_case(desk):
    refusal = {"__type": "BadRequestException", "message": "Domain ends with dot"}
    fault = Fault("ses", "SendEmail", 400, refusal, fits=lambda call: b"abgelehnt@praxis.example" in call.body)
    with desk.wire.broken(fault):
        desk.accepted(SHIPPING, "abgelehnt@praxis.example")
        case = desk.case_of("abgelehnt@praxis.example")
        eventually(lambda: fault.hits, "the refusal")
        desk.wait_for_event(case, "address_failed")
    desk.settle()
    assert fault.hits == 1, "what is refused for good is not tried again"
    assert desk.mails_to("abgelehnt@praxis.example") == []


def test_expired_credentials_are_an_error_that_is_tried_again(desk):
    expired = {"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"}
    with desk.paused("classify"):
        desk.accepted(SHIPPING, "abgelaufen@praxis.example")
        case = desk.case_of("abgelaufen@praxis.example")
        about = case.encode()
        faults = [
            Fault("dynamodb", action, 400, expired, fits=lambda call: about in call.body)
            for action in ("GetItem", "Query", "TransactWriteItems")
        ]
        with desk.wire.broken(*faults):
            error, answer = desk.invoke("classify", sqs_event(desk.queues["classify"], [notice(case)]))
        assert error is None
        assert answer["batchItemFailures"] == [{"itemIdentifier": "message-0"}]
        assert "ExpiredToken" in desk.logs("classify"), "the log names the cause"
    desk.wait_for_event(case, "classified")


def test_every_missing_variable_is_named_at_once(desk):
    with desk.with_variables("contact", LOTSE_TABLE=None, LOTSE_PUBLIC_URL="not an address"):
        error, _ = desk.invoke("contact", {"Records": []})
        assert error
        logs = desk.startup_log("contact")
    assert "LOTSE_TABLE" in logs and "LOTSE_PUBLIC_URL" in logs, logs
    assert "not an address" not in logs, "values are not repeated: some lead to secrets"


def test_a_policy_layer_that_is_missing_or_broken_is_named(desk, tmp_path):
    missing = tmp_path / "nowhere"
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in (desk.layer / "policy").iterdir():
        if file.is_file():
            (broken / file.name).write_bytes(b"this is not a policy")
    for folder in (missing, broken):
        with desk.with_variables("classify", LOTSE_POLICY=str(folder)):
            error, _ = desk.invoke("classify", {"Records": []})
            assert error
            assert str(folder) in desk.startup_log("classify"), "the log says where it looked"
