"""Starts ministack, mended where it would let a mistake pass or refuse what AWS allows.

The mends reach into private functions, so the version is pinned, and each asserts that what it replaces is there.
"""

import json
import os
import re
import sys

import ministack.app as app
import ministack.core.iam_actions as iam_actions
import ministack.core.iam_evaluator as iam_evaluator
import ministack.services.cloudformation.provisioners as provisioners
import ministack.services.dynamodb as dynamodb


def supply_the_encryption_context():
    """Policies may ask for the encryption context of a call to KMS; ministack never supplies it."""
    supplied = iam_actions.request_tag_context

    def with_encryption_context(service, action, body, params):
        context = dict(supplied(service, action, body, params) or {})
        if service == "kms":
            encryption = json.loads(body or b"{}").get("EncryptionContext") or {}
            context.update({f"kms:EncryptionContext:{name}": value for name, value in encryption.items()})
            if encryption:
                context["kms:EncryptionContextKeys"] = list(encryption)
        return context

    iam_actions.request_tag_context = with_encryption_context


def name_the_role():
    """To a policy, the principal of an assumed role is the role; to ministack it is the session."""
    resolve = iam_evaluator._resolve_condition_key

    def resolve_role(key, context):
        value = resolve(key, context)
        if key.lower() == "aws:principalarn":
            value = re.sub(r"^arn:aws:sts::(\d+):assumed-role/([^/]+)/.*$", r"arn:aws:iam::\1:role/\2", value)
        return value

    iam_evaluator._resolve_condition_key = resolve_role


def take_this_machine_for_tls():
    """Policies demand TLS, which the emulator does not speak; nothing leaves this machine."""
    pin = app.pin_request_origin

    def pin_as_tls(source_ip, _secure_transport):
        return pin(source_ip, True)

    app.pin_request_origin = pin_as_tls


def obey_the_policies_of_tables():
    """A table may have a policy of its own, also from a template; ministack keeps it and asks it nothing."""
    assert "dynamodb" not in iam_evaluator._RESOURCE_POLICY_LOOKUPS
    create = provisioners._ddb_create

    def create_with_policy(logical_id, properties, stack):
        made = create(logical_id, properties, stack)
        keep_policy(properties)
        return made

    def keep_policy(properties):
        policy = (properties.get("ResourcePolicy") or {}).get("PolicyDocument")
        arn = f"arn:aws:dynamodb:{dynamodb.get_region()}:{dynamodb.get_account_id()}:table/{properties['TableName']}"
        if policy:
            dynamodb._resource_policies[arn] = {"Policy": json.dumps(policy), "RevisionId": "1"}

    update = provisioners._ddb_update

    def update_with_policy(physical_id, old, properties, *more):
        made = update(physical_id, old, properties, *more)
        keep_policy(properties)
        return made

    def policy_of(arn):
        table = re.sub(r"/index/.*$", "", arn)
        entry = dynamodb._resource_policies.get(table)
        return entry and (entry["Policy"], table.split(":")[4])

    provisioners._ddb_create = create_with_policy
    for handler in handlers_of("AWS::DynamoDB::Table"):
        handler["create"] = create_with_policy
        handler["update"] = update_with_policy
    dynamodb.table_policy_for_arn = policy_of
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["dynamodb"] = ("dynamodb", "table_policy_for_arn")


def know_batches():
    """A batch of messages needs the same permission as one; ministack asks for one of another name, which is none of IAM's."""
    extract = iam_actions.extract_iam_action

    def extract_single(*arguments):
        action = extract(*arguments)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract_single


def write_down_what_is_used():
    """Each role's allowed calls, once: the action and the resource as the role's policy was asked for them."""
    enforce = iam_evaluator.enforce
    written = set()

    def enforce_and_write(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        refused = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        role = re.match(r"arn:aws:sts::\d+:assumed-role/([^/]+)/", iam_evaluator.caller_arn())
        used = role and (role[1], iam_action, resource_arn)
        if used and refused is None and used not in written:
            written.add(used)
            with open(os.environ["USED"], "a") as file:
                file.write(json.dumps(used) + "\n")
        return refused

    iam_evaluator.enforce = enforce_and_write


def handlers_of(kind):
    """Where ministack keeps how resources of this type are made."""
    tables = [value for value in vars(provisioners).values() if isinstance(value, dict)]
    handlers = [table[kind] for table in tables if isinstance(table.get(kind), dict)]
    assert handlers, f"ministack registers its handler of {kind} elsewhere"
    return handlers


def take_numbers_from_parameters():
    """A parameter is a text until it is used; ministack leaves it one, and its poller of queues fails on that."""
    create = provisioners._lambda_esm_create

    def create_with_numbers(logical_id, properties, stack):
        scaling = properties.get("ScalingConfig")
        if scaling:
            scaling = {name: int(value) for name, value in scaling.items()}
            properties = {**properties, "ScalingConfig": scaling}
        return create(logical_id, properties, stack)

    # Updates go through the same name.
    provisioners._lambda_esm_create = create_with_numbers
    for handler in handlers_of("AWS::Lambda::EventSourceMapping"):
        handler["create"] = create_with_numbers


def refuse_an_api_as_a_document():
    """ministack makes an API without routes of it."""
    create = provisioners._apigw_v2_api_create

    def create_from_routes(logical_id, properties, stack):
        assert not properties.get("Body") and not properties.get("BodyS3Location"), "an API is made of routes here"
        return create(logical_id, properties, stack)

    for handler in handlers_of("AWS::ApiGatewayV2::Api"):
        handler["create"] = create_from_routes


def break_off_once():
    """The first stage that is to be made cannot be made, so that a first deployment breaks off in the middle."""
    create = provisioners._apigw_v2_stage_create
    broken = []

    def create_the_second_time(*arguments):
        if not broken:
            broken.append(True)
            raise ValueError("broken off by order of the test")
        return create(*arguments)

    for handler in handlers_of("AWS::ApiGatewayV2::Stage"):
        handler["create"] = create_the_second_time


def take_alarms_on_sums():
    """ministack knows alarms on one metric only; one on several is kept under another name."""
    record = provisioners._cw_metric_alarm_record

    def record_of_one_metric(name, properties):
        properties = dict(properties)
        if properties.pop("Metrics", None):
            properties |= {"Namespace": "several", "MetricName": "several", "Statistic": "Sum", "Period": 300}
        return record(name, properties)

    provisioners._cw_metric_alarm_record = record_of_one_metric


def know_archives():
    """ministack has archives of events, and does not make them of a template."""
    import ministack.services.eventbridge as eventbridge

    def create(logical_id, properties, stack):
        pattern = json.dumps(properties["EventPattern"])
        data = {**properties, "EventSourceArn": properties["SourceArn"], "EventPattern": pattern}
        status, _, body = eventbridge._create_archive(data)
        assert status == 200, body
        return properties["ArchiveName"], {"Arn": json.loads(body)["ArchiveArn"]}

    def delete(name, properties):
        eventbridge._delete_archive({"ArchiveName": name})

    learn("AWS::Events::Archive", create, delete)


def know_webhooks():
    """ministack calls API destinations, and does not make them and their connections of a template. Nothing on this machine speaks TLS."""
    import ministack.services.eventbridge as eventbridge

    def made(answer, **names):
        status, _, body = answer
        assert status == 200, body
        return {attribute: json.loads(body)[name] for attribute, name in names.items()}

    def connect(logical_id, properties, stack):
        return properties["Name"], made(eventbridge._create_connection(properties), Arn="ConnectionArn")

    def create(logical_id, properties, stack):
        endpoint = properties["InvocationEndpoint"].replace("https://127.0.0.1:", "http://127.0.0.1:")
        data = {**properties, "InvocationEndpoint": endpoint}
        return properties["Name"], made(eventbridge._create_api_destination(data), Arn="ApiDestinationArn")

    learn("AWS::Events::Connection", connect, lambda name, properties: eventbridge._delete_connection({"Name": name}))
    learn("AWS::Events::ApiDestination", create, lambda name, properties: eventbridge._delete_api_destination({"Name": name}))


def learn(kind, create, delete):
    """Makes resources of a type that ministack does not make of a template."""
    tables = [value for value in vars(provisioners).values() if isinstance(value, dict) and "AWS::Events::Rule" in value]
    handlers = [table for table in tables if isinstance(table["AWS::Events::Rule"], dict)]
    assert handlers, "ministack registers its handlers elsewhere"
    for table in handlers:
        table[kind] = {"create": create, "delete": delete}


def keep_health_off_the_apis():
    """/health is a path that an API could have."""
    assert hasattr(app, "_HEALTH_PATHS")
    app._HEALTH_PATHS = ("/_ministack/health",)


supply_the_encryption_context()
name_the_role()
know_batches()
obey_the_policies_of_tables()
take_this_machine_for_tls()
write_down_what_is_used()
take_numbers_from_parameters()
refuse_an_api_as_a_document()
break_off_once()
take_alarms_on_sums()
know_archives()
know_webhooks()
keep_health_off_the_apis()
sys.exit(app.main())
