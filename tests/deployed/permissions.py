"""What the functions' roles may do, and what they did."""

import json

# Granted for what no flow here is sure to bring about, and why each is needed all the same.
RARE = {
    # A client secret that Amazon refuses closes the way to it for a minute, for everybody.
    ("Administration", "dynamodb:PutItem", "spapi-auth-access-tokens"),
    ("GetAccessToken", "dynamodb:PutItem", "spapi-auth-access-tokens"),
    ("TokenRefresher", "dynamodb:PutItem", "spapi-auth-access-tokens"),
    # An answer of DynamoDB's was lost, and the outcome is read again; the second leg of a link looks back at its first.
    ("CodeExchange", "dynamodb:GetItem", "spapi-auth-authorization-requests"),
    # A grant whose first access token cannot be stored is refreshed by the refresher immediately.
    ("CodeExchange", "dynamodb:UpdateItem", "spapi-auth-access-tokens"),
    # An account may prove to whom a conflicting authorization belongs; its refresh token works from then on.
    ("Authorizations", "dynamodb:UpdateItem", "spapi-auth-access-tokens"),
    # Two journeys of one browser fit, and the person has chosen one.
    ("LoginUri", "dynamodb:GetItem", "spapi-auth-authorization-requests"),
    # A refusal is confirmed after ten minutes; a seller that could not be verified is asked for again.
    ("TokenRefresher", "dynamodb:GetItem", "spapi-auth-grants"),
    ("TokenRefresher", "dynamodb:PutItem", "spapi-auth-grants"),
    # A grant is moved to another region, and its token is stored under another key.
    ("Administration", "dynamodb:DeleteItem", "spapi-auth-access-tokens"),
    # A removed grant's token is forgotten when it is due, unless the grant has come back in that moment.
    ("TokenRefresher", "dynamodb:ConditionCheckItem", "spapi-auth-grants"),
    ("TokenRefresher", "dynamodb:DeleteItem", "spapi-auth-access-tokens"),
    # Rows are put back from the copies of tables, which the emulator does not make.
    ("Administration", "dynamodb:Scan", "spapi-auth-applications-restore-*"),
    ("Administration", "dynamodb:Scan", "spapi-auth-grants-restore-*"),
    ("Administration", "dynamodb:Scan", "spapi-auth-history-restore-*"),
    # Amazon's first secret may come before an operator has stored one.
    ("SecretRotation", "secretsmanager:CreateSecret", "secret:spapi-auth/*"),
}

# What AWS itself does under a role, which the emulator does without asking.
BY_AWS = (
    "logs:", "xray:", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage",
    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
)


def granted(world):
    """Each right of the functions' roles that some call has to use, as the deployed policies have it."""
    iam = world.root.client("iam")
    rights = set()
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            document = json.loads(document) if isinstance(document, str) else document
            for statement in document["Statement"]:
                # What Secrets Manager does with its key in a role's name, which the emulator does without asking.
                if "kms:ViaService" in json.dumps(statement.get("Condition", {})):
                    continue
                actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
                rights |= {short(name, action, resource) for action in actions for resource in resources}
    return {right for right in rights if not is_used_by_aws(*right)}


def used(world):
    """Each right that a function made use of, as the emulator has written it down."""
    return {short(*json.loads(line)) for line in world.used.read_text().splitlines()}


def is_used_by_aws(role, action, resource):
    """Those of schedules and of the webhook, and those under which Lambda itself writes, polls and reports failures."""
    return (
        role.endswith(("Schedule", "ReminderDestination"))
        or action.startswith(BY_AWS)
        or resource.startswith(("spapi-auth-failed-", "spapi-auth-events-dead"))
    )


def as_list(value):
    return value if isinstance(value, list) else [value]


def short(role, action, resource):
    """`spapi-auth-LoginUriRole-1A2B` is LoginUri's, and a resource is known by its name."""
    name = role.removeprefix("spapi-auth-").split("Role-")[0]
    resource = resource.split(":", 5)[-1].removeprefix("table/")
    return name, action, "secret:spapi-auth/*" if resource.startswith("secret:spapi-auth/") else resource
