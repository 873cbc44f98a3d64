"""The deployed desk as contacts, mail servers and operators meet it; the tests' own words for what they do."""

import base64
import contextlib
import email
import email.policy
import email.utils
import json
import time
import uuid
import zlib
from collections import Counter
from datetime import datetime
from email.message import EmailMessage
from urllib.parse import urlencode

from deployment import Deployment

SERVICE = "service@nordhafen-pharma.example"
COMPANY = "nordhafen-pharma.example"
# On AWS a failed message rests for six times the function's timeout. Nothing here depends on how long.
SECONDS_UNTIL_RETRY = 4
# Queues that no function sends to: S3 and SES do.
UNSENT_QUEUES = ("intake-mail", "mail-feedback")


class Desk(Deployment):
    """A running desk."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.sqs, self.s3, self.dynamodb = self.client("sqs"), self.client("s3"), self.client("dynamodb")
        self.lambdas = self.client("lambda")
        for url in self.of_type("AWS::SQS::Queue").values():
            attributes = {"VisibilityTimeout": str(SECONDS_UNTIL_RETRY)}
            self.sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        dispatch, intake = self.variables("dispatch"), self.variables("intake-mail")
        self.queues = {
            name.removeprefix("LOTSE_QUEUE_").lower().replace("_", "-"): url
            for name, url in dispatch.items()
            if name.startswith("LOTSE_QUEUE_")
        }
        self.bucket, self.table = intake["LOTSE_BUCKET"], intake["LOTSE_TABLE"]

    # --- contacts ----------------------------------------------------------------------------------------

    def post_inquiry(self, body, address, key=None, language="de", **further):
        """An inquiry by the API: (status, answer)."""
        inquiry = {
            "channel": "web",
            "language": language,
            "body": body,
            "contact": {"email": address, "name": "Dr. Anna Berg", "institution": "Praxis Berg", "country": "DE"},
            **further,
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": key or str(uuid.uuid4())}
        status, _, answer = self.http("POST", "/api/inquiries", json.dumps(inquiry), headers)
        return status, json.loads(answer)

    def accepted(self, *arguments, **options):
        """An inquiry by the API that is taken: reference and status link."""
        status, answer = self.post_inquiry(*arguments, **options)
        assert status == 202, f"{status}: {answer}"
        return answer

    def status_page(self, answer):
        """What a contact sees by the status link."""
        path = "/s/" + answer["status_url"].rpartition("/s/")[2]
        status, _, page = self.http("GET", path)
        assert status == 200, page
        return page

    def reply(self, answer, text, key):
        """Sends the reply box of the status page; returns the status. `key` is what the page's form carries."""
        path = f"/s/{answer['status_url'].rpartition('/s/')[2]}/reply"
        fields = urlencode({"lang": "de", "idempotency_key": key, "message": text})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http("POST", path, fields, headers)[0]

    # --- mail --------------------------------------------------------------------------------------------

    def receive(self, raw, name=None):
        """A mail arrives: SES would write it to the bucket. Returns the object's key."""
        key = f"incoming/{name or uuid.uuid4().hex}"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=raw)
        return key

    def mails(self):
        """Mails that SES took, in order: (recipients, message)."""
        with self.wire.lock:
            calls = [call for call in self.wire.calls if call.action == "SendEmail" and call.status == 200]
        return [
            (
                call.asked["Destination"]["ToAddresses"],
                email.message_from_bytes(
                    base64.b64decode(call.asked["Content"]["Raw"]["Data"]), policy=email.policy.default
                ),
            )
            for call in calls
        ]

    def mails_to(self, address):
        return [message for recipients, message in self.mails() if address in recipients]

    def wait_for_mail(self, address, number=1):
        """The mail of that number to an address, once it went out."""
        return eventually(
            lambda: mails[number - 1] if len(mails := self.mails_to(address)) >= number else None,
            lambda: f"mail {number} to {address}; so far: {self.wire.tally()}",
        )

    # --- the table -----------------------------------------------------------------------------------------

    def items(self, **condition):
        """All items of the table whose keys begin as said."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return [
            item
            for page in pages
            for item in page["Items"]
            if all(item[name]["S"].startswith(start) for name, start in condition.items())
        ]

    def cases(self):
        """The ids of all cases."""
        return sorted({item["pk"]["S"].removeprefix("CASE#") for item in self.items(pk="CASE#")})

    def history(self, case):
        """What happened to a case, in order: each event as the table keeps it, unpacked."""
        items = sorted(self.items(pk=f"CASE#{case}", sk="EVENT#"), key=lambda item: item["sk"]["S"])
        return [read_event(item) for item in items]

    def kinds(self, case):
        """What happened to a case, in order, by the events' names."""
        return [event["type"] for event in self.history(case)]

    def case_of(self, address):
        """The case of a contact, once there is one."""
        return eventually(lambda: (self.cases_of(address) or [None])[0], f"a case of {address}")

    def wait_for_event(self, case, kind, number=1):
        """Waits until a case's history holds that many events of a kind."""
        eventually(
            lambda: self.kinds(case).count(kind) >= number,
            lambda: f"event {kind} number {number} of case {case}; it has {self.kinds(case)}; {self.wire.tally()}",
        )

    def cases_of(self, address):
        """The cases that a contact opened."""
        return [case for case in self.cases() if self.history(case)[0]["contact"].get("email") == address]

    def stream_records(self, case):
        """What the table's stream says of a case's events, as Lambda hands it to `dispatch`."""
        streams = self.client("dynamodbstreams")
        arn = self.dynamodb.describe_table(TableName=self.table)["Table"]["LatestStreamArn"]
        found = []
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            iterator = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while iterator:
                page = streams.get_records(ShardIterator=iterator)
                found += page["Records"]
                iterator = page.get("NextShardIterator") if page["Records"] else None
        wanted = (f"CASE#{case}", "EVENT#")
        records = []
        for record in found:
            keys = record["dynamodb"]["Keys"]
            if keys["pk"]["S"] == wanted[0] and keys["sk"]["S"].startswith(wanted[1]):
                records.append(as_lambda_hands_over({**record, "eventSourceARN": arn}))
        return records

    # --- queues ------------------------------------------------------------------------------------------

    def parked(self, queue):
        """URL of a queue's dead-letter queue."""
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.queues_url(queue), AttributeNames=["RedrivePolicy"])
        arn = json.loads(attributes["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
        return self.sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]

    def queues_url(self, queue):
        if queue in self.queues:
            return self.queues[queue]
        mappings = self.lambdas.list_event_source_mappings(FunctionName=self.function(queue))
        arn = mappings["EventSourceMappings"][0]["EventSourceArn"]
        return self.sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"]

    def sent_to(self, case):
        """The queues that were told of a case, one entry for each message."""
        with self.wire.lock:
            calls = [call for call in self.wire.calls if call.service == "sqs" and call.status == 200]
        names = {url.rpartition("/")[2]: queue for queue, url in self.queues.items()}
        told = []
        for call in calls:
            if call.action in ("SendMessage", "SendMessageBatch"):
                entries = call.asked.get("Entries") or [call.asked]
                queue = names.get(call.asked["QueueUrl"].rpartition("/")[2])
                told += [queue for entry in entries if case in entry["MessageBody"]]
        return told

    @contextlib.contextmanager
    def paused(self, binary):
        """While this lasts, a function is given nothing; what comes for it waits."""
        name = self.function(binary)
        mappings = self.lambdas.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
        for mapping in mappings:
            self.lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
        try:
            yield
        finally:
            for mapping in mappings:
                self.lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)

    def wait_for_messages(self, queue):
        eventually(lambda: self.waiting_in(self.queues_url(queue)), f"a message in {queue}")

    def take_parked(self, queue, text, seconds=40):
        """The message in a queue's dead-letter queue that holds a text. It stays there."""
        url = self.parked(queue)

        def found():
            answer = self.sqs.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0, MessageAttributeNames=["All"]
            )
            return next((one for one in answer.get("Messages", []) if text in one["Body"]), None)

        return eventually(found, f"{text} parked for {queue}", seconds)

    def alarm_state_for_depth(self, queue, depth):
        """State of the alarm on a dead-letter queue once SQS has published its depth, as SQS does each minute."""
        name = self.parked(queue).rpartition("/")[2]
        watch = self.client("cloudwatch")
        alarms = [
            alarm
            for page in watch.get_paginator("describe_alarms").paginate()
            for alarm in page["MetricAlarms"]
            if {"Name": "QueueName", "Value": name} in alarm.get("Dimensions", [])
            and alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
        ]
        assert len(alarms) == 1 and alarms[0]["AlarmActions"], f"one alarm watches {name} and tells somebody"
        (alarm,) = alarms
        datum = {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"], "Value": depth, "Unit": "Count"}
        watch.put_metric_data(Namespace=alarm["Namespace"], MetricData=[datum])

        def state():
            return watch.describe_alarms(AlarmNames=[alarm["AlarmName"]])["MetricAlarms"][0]["StateValue"]

        eventually(lambda: state() != "INSUFFICIENT_DATA", f"the alarm on {name} to look")
        return state()

    def publish_mail_event(self, event):
        """SES tells what became of a mail, by the topic that the template gives it."""
        subscriptions = self.client("sns").list_subscriptions()["Subscriptions"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.queues_url("mail-feedback"), AttributeNames=["QueueArn"])
        arn = arn["Attributes"]["QueueArn"]
        topic = next(one["TopicArn"] for one in subscriptions if one["Endpoint"] == arn)
        self.client("sns").publish(TopicArn=topic, Message=json.dumps(event))

    def waiting_in(self, url):
        """Messages in a queue, in flight or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def settle(self):
        """Waits until the queues that functions read have been empty for a while."""
        urls = [*self.queues.values(), *map(self.queues_url, UNSENT_QUEUES)]
        quiet_since = time.monotonic()
        calls = len(self.wire.calls)

        def quiet():
            nonlocal quiet_since, calls
            if any(map(self.waiting_in, urls)) or len(self.wire.calls) != calls:
                quiet_since, calls = time.monotonic(), len(self.wire.calls)
            return time.monotonic() - quiet_since > 1.5

        eventually(quiet, "all queues empty")

    def change_variables(self, binary, **changes):
        """Gives a function other variables, as a deployment would; None takes one away."""
        variables = {**self.variables(binary), **changes}
        variables = {name: value for name, value in variables.items() if value is not None}
        self.lambdas.update_function_configuration(
            FunctionName=self.function(binary), Environment={"Variables": variables}
        )

    @contextlib.contextmanager
    def with_variables(self, binary, **changes):
        """While this lasts, a function has other variables."""
        before = self.variables(binary)
        self.change_variables(binary, **changes)
        try:
            yield
        finally:
            self.change_variables(binary, **{name: before.get(name) for name in changes})

    def sign_in_by(self, service):
        """Tells the desk of a sign-in service, as the template's parameters would."""
        secret = self.variables("desk")["LOTSE_OIDC_CLIENT_SECRET"]
        self.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=service.client_secret)
        self.change_variables(
            "desk",
            LOTSE_OIDC_ISSUER=service.issuer,
            LOTSE_OIDC_CLIENT_ID=service.client_id,
            LOTSE_OIDC_DESKS_CLAIM=service.groups_claim,
        )

    def consumers(self):
        """The functions that a queue feeds."""
        return [binary for binary in self.logical_of if binary in self.queues or binary in UNSENT_QUEUES]

    def invocations(self):
        """How often each function was invoked so far, by its binary: Lambda logs the start of each."""
        return Counter({binary: self.logs(binary).count("START RequestId: ") for binary in self.logical_of})

    def invoke(self, binary, event):
        """Invokes a function: (error or None, what it returned)."""
        answer = self.lambdas.invoke(FunctionName=self.function(binary), Payload=json.dumps(event))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read() or b"null")

    def startup_log(self, binary):
        """What a function that could not start has said about it: to the emulator's own log."""
        return self.emulator.log.read_text(errors="replace") + self.logs(binary)

    def logs(self, binary):
        """What a function has logged, as one text."""
        client = self.client("logs")
        group = f"/aws/lambda/{self.function(binary)}"
        pages = client.get_paginator("filter_log_events").paginate(logGroupName=group)
        return "\n".join(event["message"] for page in pages for event in page["events"])


def eventually(condition, what, seconds=40):
    """Waits for what functions do in the background; `what` may be a callable that says it when it is too late."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain for {what() if callable(what) else what}")


def as_lambda_hands_over(value):
    """A stream record in JSON: bytes in Base64, times in seconds."""
    if isinstance(value, dict):
        return {name: as_lambda_hands_over(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_lambda_hands_over(one) for one in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.timestamp() if isinstance(value, datetime) else value


def read_event(item):
    """An event's item as the store writes it: JSON, or the same packed (DEFLATE)."""
    packed = item.get("packed", {}).get("B")
    content = zlib.decompress(packed, wbits=-zlib.MAX_WBITS) if packed else item["event"]["S"]
    return json.loads(content)["event"]


def written(sender, subject, text, to=SERVICE, **headers):
    """A mail as a practice's mail program writes it. Headers by name, with `_` for `-`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = email.utils.format_datetime(email.utils.localtime())
    message["Message-ID"] = f"<{uuid.uuid4().hex}@praxis.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes(policy=email.policy.SMTP)
