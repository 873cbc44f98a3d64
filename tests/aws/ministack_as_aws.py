"""Starts the emulator, taught what its CloudFormation does otherwise than Amazon's, so that template.yaml is deployed
as it is.

- Its SES keeps receipt rule sets and rules, its CloudFormation refuses a template that has them: the two resource
  types call that SES. Nothing is received by them; the tests put raw mail where SES would.
- An identity has no DKIM tokens, which the template's outputs name: it gets three that prove nothing.
- `Ref` of a secret is its name; on AWS it is its ARN.
- A number that comes from a parameter stays the text that it is in the parameter; on AWS it becomes a number.
- Sending messages in a batch asks for a permission of its own; on AWS `sqs:SendMessage` is the permission for both.
- Sending mail is allowed or not for `*`; on AWS for the identity that sends, here the sender's domain.
- A stream passes over records that a function reports as failed; on AWS they are delivered again. Here the whole
  batch is, which a function must bear as well.
- What services do by themselves (S3 and SNS telling queues) counts as done without TLS, which the template's policies
  refuse; on AWS it is done with it.
"""

import contextvars
import json
import sys
import threading
from email.utils import parseaddr

from ministack.app import main
from ministack.core import iam_actions, iam_evaluator
from ministack.services import lambda_svc, ses
from ministack.services.cloudformation import provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS


def flattened(name, value):
    """Properties as the parameters of SES's query interface: `Rule.Recipients.member.1` and so on."""
    if isinstance(value, dict):
        parts = [(f"{name}.{key}", one) for key, one in value.items()]
    elif isinstance(value, list):
        parts = [(f"{name}.member.{number}", one) for number, one in enumerate(value, 1)]
    else:
        return {name: [str(value).lower() if isinstance(value, bool) else str(value)]}
    return {key: text for part in parts for key, text in flattened(*part).items()}


def call(operation, **parameters):
    answer = operation({key: text for name, value in parameters.items() for key, text in flattened(name, value).items()})
    if answer[0] != 200:
        raise ValueError(answer[2])


def create_rule_set(logical_id, properties, stack):
    name = properties.get("RuleSetName") or f"{stack}-{logical_id}"
    call(ses._create_receipt_rule_set, RuleSetName=name)
    return name, {}


def delete_rule_set(physical_id, _properties):
    call(ses._delete_receipt_rule_set, RuleSetName=physical_id)


def create_rule(logical_id, properties, stack):
    rule = {"Name": f"{stack}-{logical_id}", **properties["Rule"]}
    call(ses._create_receipt_rule, RuleSetName=properties["RuleSetName"], Rule=rule)
    return rule["Name"], {}


def delete_rule(physical_id, properties):
    call(ses._delete_receipt_rule, RuleSetName=properties["RuleSetName"], RuleName=physical_id)


def with_tokens(provision):
    """An identity's handler, whose answer also has the attributes DkimDNSTokenName1 to DkimDNSTokenValue3."""

    def handle(*arguments, **options):
        identity, attributes = provision(*arguments, **options)
        for number in (1, 2, 3):
            attributes[f"DkimDNSTokenName{number}"] = f"token{number}._domainkey.{identity}"
            attributes[f"DkimDNSTokenValue{number}"] = f"token{number}.dkim.amazonses.com"
        return identity, attributes

    return handle


def known_by_arn(create):
    def handle(*arguments, **options):
        _, attributes = create(*arguments, **options)
        return attributes["Id"], attributes

    return handle


def with_number(create):
    def handle(logical_id, properties, stack):
        scaling = properties.get("ScalingConfig")
        if scaling:
            scaling = {"MaximumConcurrency": int(scaling["MaximumConcurrency"])}
            properties = {**properties, "ScalingConfig": scaling}
        return create(logical_id, properties, stack)

    return handle


def without_batches(extract):
    def action(service, *request):
        name = extract(service, *request)
        return name.removesuffix("Batch") if name and service == "sqs" else name

    return action


def for_identity(resource_arn):
    def arn(method, path, body, region, account):
        if path.rstrip("/") != "/v2/email/outbound-emails":
            return resource_arn(method, path, body, region, account)
        domain = parseaddr(json.loads(body)["FromEmailAddress"])[1].rpartition("@")[2]
        return f"arn:aws:ses:{region}:{account}:identity/{domain}"

    return arn


def teach_streams_to_try_again():
    reading = threading.local()
    poll, execute = lambda_svc._poll_dynamodb_streams, lambda_svc._execute_function

    def poll_noted():
        reading.stream = True
        try:
            return poll()
        finally:
            reading.stream = False

    def execute_strictly(function, event, *arguments, **options):
        result = execute(function, event, *arguments, **options)
        failures = (result.get("body") or {}).get("batchItemFailures") if getattr(reading, "stream", False) else None
        return {**result, "error": True} if failures else result

    lambda_svc._poll_dynamodb_streams, lambda_svc._execute_function = poll_noted, execute_strictly


def teach():
    teach_streams_to_try_again()
    iam_actions._ses_v2_resource_arn = for_identity(iam_actions._ses_v2_resource_arn)
    iam_actions.extract_iam_action = without_batches(iam_actions.extract_iam_action)
    iam_evaluator._request_origin = contextvars.ContextVar("request_origin", default=("127.0.0.1", True))
    HANDLERS["AWS::SES::ReceiptRuleSet"] = {"create": create_rule_set, "delete": delete_rule_set}
    HANDLERS["AWS::SES::ReceiptRule"] = {"create": create_rule, "delete": delete_rule}
    secret, mapping = HANDLERS["AWS::SecretsManager::Secret"], HANDLERS["AWS::Lambda::EventSourceMapping"]
    secret["create"] = known_by_arn(secret["create"])
    mapping["create"] = with_number(mapping["create"])
    identity = HANDLERS["AWS::SES::EmailIdentity"]
    for step in ("create", "update"):
        identity[step] = with_tokens(identity[step])


if __name__ == "__main__":
    teach()
    sys.exit(main())
