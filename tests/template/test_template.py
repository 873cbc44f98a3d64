"""What no linter sees: that template, code and documentation speak of the same things."""

import re
import tomllib

import pytest
from samtranslator.internal.schema_source import aws_serverless_function, aws_serverless_layerversion
from stack import (
    ALARMS,
    FUNCTION,
    MAIN,
    QUEUE,
    ROOT,
    TEMPLATES,
    as_list,
    load,
    name_of,
    of_type,
    referred,
    walk,
)

TEMPLATE = load(MAIN)
CARGO = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))
GLOBALS = TEMPLATE["Globals"]["Function"]
FUNCTIONS = of_type(TEMPLATE, FUNCTION)
QUEUES = of_type(TEMPLATE, QUEUE)
PARKED = {name for name, queue in QUEUES.items() if name_of(queue, "QueueName").endswith("-parked")}
EVENTS = [
    (function, name, event)
    for function, properties in FUNCTIONS.items()
    for name, event in properties.get("Events", {}).items()
]
RUST = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("functions/*/src/**/*.rs")}


def setting(function, key):
    return FUNCTIONS[function].get(key, GLOBALS.get(key))


# --- functions -----------------------------------------------------------------------------------------


def binaries():
    """Folder, package and binaries of every function crate that has one."""
    for manifest in sorted(ROOT.glob("functions/*/Cargo.toml")):
        content = tomllib.loads(manifest.read_text(encoding="utf-8"))
        for binary in content.get("bin", []):
            yield manifest.parent.name, content, binary


def test_every_function_of_the_repository_is_deployed():
    assert {properties["CodeUri"] for properties in FUNCTIONS.values()} == {
        f"functions/{folder.parent.name}" for folder in ROOT.glob("functions/*/Cargo.toml")
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_built_of_a_binary_that_is_there(function):
    build = TEMPLATE["Resources"][function]["Metadata"]
    assert build["BuildMethod"] == "rust-cargolambda"
    folder = FUNCTIONS[function]["CodeUri"].removeprefix("functions/")
    found = {binary["name"]: content for place, content, binary in binaries() if place == folder}
    binary = build["BuildProperties"]["Binary"]
    assert binary in found, f"functions/{folder}/Cargo.toml has no [[bin]] {binary}"
    assert CARGO["workspace"]["metadata"]["lambda"]["build"]["features"] == ["lambda"]
    assert "lambda" in found[binary]["features"]
    # SAM passes nothing else on, and says nothing about it.
    assert build["BuildProperties"].keys() == {"Binary"}
    assert name_of(FUNCTIONS[function], "FunctionName") == folder


def test_what_is_deployed_is_built_as_what_is_measured():
    """SAM builds the release profile; cargo-lambda adds LTO and one unit where that profile has neither."""
    profiles = CARGO["profile"]
    assert not profiles["release"].keys() & {"lto", "codegen-units", "opt-level"}
    settings = "\n".join(CARGO["workspace"]["metadata"]["lambda"]["build"]["config"])
    changed = tomllib.loads(settings)["profile"]["release"]
    assert profiles["lambda"] == {"inherits": "release", "lto": "thin", "codegen-units": 1, **changed}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_on_what_it_is_built_for(function):
    assert setting(function, "Runtime") == "provided.al2023"
    assert setting(function, "Architectures") == ["arm64"]
    assert setting(function, "Handler") == "bootstrap"
    assert setting(function, "Tracing") == "Active"
    assert 128 <= setting(function, "MemorySize") <= 1769, "more than a whole processor"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_a_role_and_a_log_of_its_own(function):
    owners = [name for name, properties in FUNCTIONS.items() if properties["Role"] == FUNCTIONS[function]["Role"]]
    assert owners == [function]
    log = TEMPLATE["Resources"][FUNCTIONS[function]["LoggingConfig"]["LogGroup"]["Ref"]]
    assert name_of(log["Properties"], "LogGroupName") == name_of(FUNCTIONS[function], "FunctionName")


def test_a_log_is_kept_for_a_time_that_somebody_chose():
    for name, log in of_type(TEMPLATE, "AWS::Logs::LogGroup").items():
        assert log["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name
        assert referred(log["KmsKeyId"]) == "Key", name


def test_sam_knows_every_property_of_functions_and_their_events():
    """SAM passes over what it does not know, and so do linters: a misspelt filter would filter nothing."""
    models = {FUNCTION: aws_serverless_function, "AWS::Serverless::LayerVersion": aws_serverless_layerversion}
    for kind, model in models.items():
        for name, properties in of_type(TEMPLATE, kind).items():
            try:
                model.Properties(**properties)
            except ValueError as error:
                pytest.fail(f"{name}: {error}")


def test_sam_makes_no_name_twice():
    for function, name, _ in EVENTS:
        assert function + name not in TEMPLATE["Resources"], f"the event {name} of {function} makes that resource"


# --- queues --------------------------------------------------------------------------------------------


def test_every_queue_parks_what_fails():
    parking = []
    for name in QUEUES.keys() - PARKED:
        redrive = QUEUES[name]["RedrivePolicy"]
        parked = referred(redrive["deadLetterTargetArn"])
        assert parked in PARKED
        assert name_of(QUEUES[parked], "QueueName") == name_of(QUEUES[name], "QueueName") + "-parked"
        assert redrive["maxReceiveCount"] >= 3
        parking.append(parked)
    assert len(parking) == len(set(parking)) == 7


def test_what_was_parked_is_kept_for_as_long_as_sqs_can():
    for name in PARKED:
        assert QUEUES[name]["MessageRetentionPeriod"] == 14 * 24 * 60 * 60, name


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_has():
    readers = [(function, event) for function, _, event in EVENTS if event["Type"] == "SQS"]
    assert len(readers) == 7
    for function, event in readers:
        queue = QUEUES[referred(event["Properties"]["Queue"])]
        longest = setting(function, "Timeout") * 6 + event["Properties"].get("MaximumBatchingWindowInSeconds", 0)
        hidden = queue["VisibilityTimeout"]
        assert hidden >= setting(function, "Timeout") * 6, function
        assert longest <= hidden + 10, f"{function}: the window is far longer than a message may wait"


def test_a_reader_of_a_queue_says_which_messages_failed_and_is_limited():
    for function, _, event in EVENTS:
        properties = event["Properties"]
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"], function
        if event["Type"] == "SQS":
            assert properties["ScalingConfig"]["MaximumConcurrency"] == {"Ref": "ConsumerConcurrency"}, function
    least = TEMPLATE["Parameters"]["ConsumerConcurrency"]
    assert least["MinValue"] >= 2, "the least that Lambda takes"


def test_every_queue_is_encrypted_and_reached_over_tls_only():
    for name, queue in QUEUES.items():
        assert queue.get("SqsManagedSseEnabled") or referred(queue["KmsMasterKeyId"]) == "Key", name
    guarded = [
        referred(queue)
        for policy in of_type(TEMPLATE, "AWS::SQS::QueuePolicy").values()
        for queue in policy["Queues"]
        if any(is_tls_only(statement) for statement in policy["PolicyDocument"]["Statement"])
    ]
    assert sorted(guarded) == sorted(QUEUES), "each queue has one policy: a second one would replace the first"


def is_tls_only(statement):
    return (
        statement["Effect"] == "Deny"
        and statement["Principal"] == "*"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    )


def test_a_bucket_is_private_encrypted_and_reached_over_tls_only():
    buckets = of_type(TEMPLATE, "AWS::S3::Bucket")
    policies = {referred(one["Bucket"]): one for one in of_type(TEMPLATE, "AWS::S3::BucketPolicy").values()}
    assert policies.keys() == buckets.keys()
    for name, bucket in buckets.items():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}, name
        assert bucket["BucketEncryption"], name
        assert any(map(is_tls_only, policies[name]["PolicyDocument"]["Statement"])), name


# --- what calls functions without waiting for an answer --------------------------------------------------


def test_what_a_stream_cannot_deliver_is_kept():
    streams = [event["Properties"] for _, _, event in EVENTS if event["Type"] == "DynamoDB"]
    assert len(streams) == 1
    stream = streams[0]
    assert referred(stream["DestinationConfig"]["OnFailure"]["Destination"]) in PARKED
    assert stream["BisectBatchOnFunctionError"] is True
    assert stream["MaximumRetryAttempts"] > 0
    assert 0 < stream["MaximumRecordAgeInSeconds"] < 24 * 60 * 60, "the stream forgets after a day"
    (pattern,) = (one["Pattern"] for one in stream["FilterCriteria"]["Filters"])
    assert '"prefix":"EVENT#"' in pattern, "only events go to dispatch"


def test_a_schedule_that_fails_is_noticed():
    for name, schedule in of_type(TEMPLATE, "AWS::Scheduler::Schedule").items():
        target = schedule["Target"]
        function = referred(target["Arn"])
        assert referred(target["DeadLetterConfig"]["Arn"]) in PARKED, name
        after = FUNCTIONS[function]["EventInvokeConfig"]
        assert referred(after["DestinationConfig"]["OnFailure"]["Destination"]) in PARKED, function


# --- HTTP ------------------------------------------------------------------------------------------------


def test_the_access_log_holds_no_path_no_query_and_nobody():
    for stage in of_type(TEMPLATE, "AWS::ApiGatewayV2::Stage").values():
        logged = set(re.findall(r"\$context\.([\w.]+)", stage["AccessLogSettings"]["Format"]))
        assert logged <= {
            "requestId",
            "requestTime",
            "routeKey",
            "status",
            "protocol",
            "responseLength",
            "responseLatency",
            "integrationLatency",
            "integrationStatus",
            "error.responseType",
        }, "a status page's path lets whoever knows it read the page; addresses and browsers are personal data"


def test_a_function_answers_before_the_api_gives_up():
    for integration in of_type(TEMPLATE, "AWS::ApiGatewayV2::Integration").values():
        function = referred(integration["IntegrationUri"])
        assert setting(function, "Timeout") * 1000 < integration["TimeoutInMillis"] <= 30_000, function


def test_routes_that_are_throttled_are_there():
    routes = {route["RouteKey"] for route in of_type(TEMPLATE, "AWS::ApiGatewayV2::Route").values()}
    for stage in of_type(TEMPLATE, "AWS::ApiGatewayV2::Stage").values():
        assert set(stage["RouteSettings"]) <= routes
        assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0


# --- rights ----------------------------------------------------------------------------------------------


def statements():
    """Every statement of every policy, with the template's lines above and in it."""
    lines = MAIN.read_text(encoding="utf-8").splitlines()
    for where, node in walk(TEMPLATE["Resources"]):
        if where[-1:] == ("Statement",):
            for statement in as_list(node):
                first, last = statement.start_mark.line, statement.end_mark.line
                while lines[first - 1].lstrip().startswith("#"):
                    first -= 1
                yield where, statement, "\n".join(lines[first : last + 1])


def test_every_action_is_named():
    seen = 0
    for where, statement, text in statements():
        seen += 1
        for action in as_list(statement["Action"]):
            if "*" in action:
                assert "#" in text, f"{where}: {action} without a reason"
                assert statement["Effect"] == "Deny" or action.startswith("kms:"), f"{where}: {action}"
    assert seen > 40


def test_a_resource_with_a_star_has_its_reason():
    stars = 0
    for where, statement, text in statements():
        named = [node for _, node in walk(statement.get("Resource", [])) if isinstance(node, str)]
        if any("*" in name for name in named):
            stars += 1
            assert "#" in text, f"{where}: {named} without a reason"
    assert stars > 5


def test_no_function_may_use_another_one_s_queue():
    """What a function reads is its own queue; what it writes to, dispatch and desk excepted, its own parked one."""
    for function, name, event in EVENTS:
        if event["Type"] != "SQS":
            continue
        role = TEMPLATE["Resources"][referred(FUNCTIONS[function]["Role"])]["Properties"]
        used = {
            referred(resource)
            for policy in role["Policies"]
            for statement in policy["PolicyDocument"]["Statement"]
            if any(action.startswith("sqs:") for action in as_list(statement["Action"]))
            for resource in as_list(statement["Resource"])
        }
        queue = referred(event["Properties"]["Queue"])
        assert used == {queue, queue.replace("Queue", "Parked")}, f"{function} by {name}"


# --- the table -------------------------------------------------------------------------------------------


def test_the_table_is_the_one_that_the_store_is_tested_with():
    code = (ROOT / "shared/store/src/dynamodb/table.rs").read_text(encoding="utf-8")
    named = dict(re.findall(r'pub const (\w+): &str = "(\w+)";', code))
    (table,) = of_type(TEMPLATE, "AWS::DynamoDB::Table").values()
    keys = [named[key] for key in ("PARTITION_KEY", "SORT_KEY", "INDEX_PARTITION_KEY", "INDEX_SORT_KEY")]
    assert [(one["AttributeName"], one["AttributeType"]) for one in table["AttributeDefinitions"]] == [
        (key, "S") for key in keys
    ]
    assert [one["AttributeName"] for one in table["KeySchema"]] == keys[:2]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == named["INDEX"]
    assert [one["AttributeName"] for one in index["KeySchema"]] == keys[2:]
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": [named["WORDS"]]}
    assert code.count("ProjectionType::") == 1 and "ProjectionType::Include" in code
    assert table["TimeToLiveSpecification"] == {"AttributeName": named["EXPIRY"], "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert "StreamViewType::NewImage" in code


def test_what_cannot_be_made_again_outlives_the_stack():
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Cognito::UserPool"}
    for name, resource in TEMPLATE["Resources"].items():
        if resource["Type"] in kept or name == "InstallationKey":
            assert resource["DeletionPolicy"] in ("Retain", "RetainExceptOnCreate"), name
            assert resource["UpdateReplacePolicy"] == "Retain", name


# --- alarms ----------------------------------------------------------------------------------------------


def watched(metric):
    """What an alarm watches that metric of."""
    return {
        name_of(dimension, "Value")
        for alarm in of_type(load(ALARMS), "AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == metric
        for dimension in alarm["Dimensions"]
        if isinstance(dimension["Value"], dict) and "Fn::Sub" in dimension["Value"]
    }


def test_what_fails_waits_or_is_given_up_gives_alarm():
    functions = {name_of(properties, "FunctionName") for properties in FUNCTIONS.values()}
    assert watched("Errors") == functions
    assert watched("Throttles") == functions
    assert watched("ApproximateNumberOfMessagesVisible") == {name_of(QUEUES[name], "QueueName") for name in PARKED}
    assert watched("ApproximateAgeOfOldestMessage") == {
        name_of(QUEUES[name], "QueueName") for name in QUEUES.keys() - PARKED
    }
    assert watched("IteratorAge") == {"dispatch"}


def test_every_alarm_says_what_to_do_and_tells_one_topic():
    for name, alarm in of_type(load(ALARMS), "AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "Topic"}], name
        assert " - " in alarm["AlarmDescription"], f"{name}: what happened - what to do"
        assert alarm["TreatMissingData"] == "notBreaching", name


def test_alarms_and_dashboard_read_metrics_that_the_functions_write():
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("shared/aws/src/**/*.rs"))
    code += "\n".join(RUST.values())
    ours = {
        alarm["MetricName"]
        for alarm in of_type(load(ALARMS), "AWS::CloudWatch::Alarm").values()
        if alarm["Namespace"] == "Lotse"
    }
    dashboard = (ROOT / "infra/aws/dashboard.yaml").read_text(encoding="utf-8")
    ours |= set(re.findall(r'\["Lotse", "(\w+)"', dashboard))
    assert len(ours) > 5
    assert not {metric for metric in ours if f'"{metric}"' not in code}


# --- parameters and outputs --------------------------------------------------------------------------------


def test_every_parameter_is_described_checked_and_asked_for():
    asked = [
        name
        for group in TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
        for name in group["Parameters"]
    ]
    assert sorted(asked) == sorted(TEMPLATE["Parameters"])
    for path in TEMPLATES:
        for name, parameter in load(path)["Parameters"].items():
            assert parameter["Description"], name
            assert parameter.keys() & {"AllowedPattern", "AllowedValues", "MinValue"}, f"{name} takes anything"
            if "AllowedPattern" in parameter and "Default" in parameter:
                assert re.search(parameter["AllowedPattern"], parameter["Default"]), name


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        (
            "MailDomain",
            ["anfragen.nordhafen-pharma.example"],
            ["", "pharma", "a@b.example", "Pharma.example", "-a.example"],
        ),
        (
            "PublicUrl",
            ["", "https://a.example"],
            ["http://a.example", "https://a.example/", "https://a.example/x", "a.example"],
        ),
        ("AlarmAddress", ["betrieb@pharma.example"], ["", "betrieb", "a b@c.example"]),
        (
            "OidcIssuer",
            ["", "https://login.pharma.example/tenant/v2.0"],
            ["https://a.example/", "http://a.example", "https://a?b"],
        ),
        ("RestoredTable", ["", "lotse-restored"], ["a", "a b c"]),
    ],
)
def test_a_parameter_takes_what_is_meant_and_nothing_else(parameter, good, bad):
    pattern = TEMPLATE["Parameters"][parameter]["AllowedPattern"]
    assert not [value for value in good if not re.search(pattern, value)]
    assert not [value for value in bad if re.search(pattern, value)]


def test_the_deploy_guide_knows_every_parameter_and_output():
    guide = (ROOT / "infra/docs/deploying.md").read_text(encoding="utf-8")
    for name in [*TEMPLATE["Parameters"], *TEMPLATE["Outputs"]]:
        assert re.search(rf"`{name}`|\b{name}=|\(output {name}\)", guide), f"deploying.md does not speak of {name}"


def test_everything_that_can_carry_a_tag_says_what_it_belongs_to():
    for name, resource in TEMPLATE["Resources"].items():
        for key in ("Tags", "UserPoolTags"):
            tags = resource.get("Properties", {}).get(key)
            assert tags in (None, {"application": "lotse"}, [{"Key": "application", "Value": "lotse"}]), name
    kept = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::KMS::Key", "AWS::SNS::Topic")
    for kind in kept:
        for name, properties in of_type(TEMPLATE, kind).items():
            assert properties["Tags"], name
