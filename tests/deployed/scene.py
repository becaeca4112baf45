"""The one world of the flows, and what each of them does in it."""

import json
import time

from world import APPLICATION, CLIENT_ID, CLIENT_SECRET, Browser, FunctionError, World, wait_for

CONNECTED = "You are connected"
RETURN_URL = "https://app.example.com/amazon/return"
SIGN_IN_URL = "https://app.example.com/amazon/sign-in"
world = World()


def register():
    """The three next steps that infra/deploy prints."""
    register_addresses()
    administration("registerApplication", clientId=CLIENT_ID, name="Example", draft=False, defaultRegion="na",
                   scopes=["sellingpartnerapi::notifications"], returnUrls=[RETURN_URL])
    administration("setClientSecret", secret=CLIENT_SECRET)


def register_addresses():
    """The first step: the two addresses, at Amazon."""
    world.control("applications", {
        "applicationId": APPLICATION, "clientId": CLIENT_ID, "name": "Example", "draft": False,
        "loginUri": world.outputs["LoginUri"], "redirectUris": [world.outputs["RedirectUri"]],
        "clientSecret": CLIENT_SECRET,
    })


def put_consumer(consumer, **policy):
    """A consumer belongs to no single application."""
    return world.root.invoke("administration", {"operation": "putConsumer", "consumer": consumer} | policy)


def administration(operation, **fields):
    return world.root.invoke("administration", {"operation": operation, "applicationId": APPLICATION, **fields})


def authorizations(operation, **fields):
    return world.root.invoke("authorizations", {"operation": operation, "applicationId": APPLICATION, **fields})


def make_a_token_due():
    """As if most of its hour had passed; the schedule comes by within five minutes. Of the eight shards, the first is looked
    through at once."""
    for number in range(100):
        world.warm = f"A{number}WARM"
        Browser(world).website("US", "seller", world.warm)
        if row_of_token(world.warm)["due_shard"]["S"] == "0":
            break
    world.root.invoke("get-access-token", {"sellingPartnerId": world.warm, "region": "na"})
    world.made_due_at = int(time.time())
    world.root.client("dynamodb").update_item(
        TableName="spapi-auth-access-tokens", Key={"token_key": {"S": token_key(world.warm)}},
        UpdateExpression="SET due_at = :now, due_slot = :now", ExpressionAttributeValues={":now": {"N": str(world.made_due_at)}},
    )


def token_key(partner):
    return f"partner#{APPLICATION}#na#{partner}"


def row_of_token(partner):
    return world.row("spapi-auth-access-tokens", token_key=token_key(partner))


def grant_of(partner):
    return world.row("spapi-auth-grants", grant_key=f"{APPLICATION}#na#{partner}")


def messages_in(queue):
    sqs = world.root.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def message_about(partner, queue):
    """The only message in a queue of ours that names the partner. It leaves the queue, and so do those about others."""
    sqs = world.root.client("sqs")

    def found():
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages if partner in message["Body"]]

    first = wait_for(found, f"a message about {partner}", 60)
    assert len(first + found()) == 1, first
    return first[0]


def token_of(partner, region, **more):
    return world.root.invoke("get-access-token", {"sellingPartnerId": partner, "region": region, **more})


def refusal_of(partner):
    try:
        token_of(partner, "na")
    except FunctionError as error:
        return error.args[0]
    return None
