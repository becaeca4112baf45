"""Every flow through the deployed template, with the real bootstraps under their own roles."""

import json
import sys
import time
import unittest

from world import APPLICATION, CLIENT_ID, CLIENT_SECRET, Browser, FunctionError, Refused, World, wait_for

CONNECTED = "You are connected"
world = None


def setUpModule():
    global world
    world = World()
    unittest.addModuleCleanup(world.stop)
    world.begin(skip_build="--skip-build" in sys.argv)
    register()
    make_a_token_due()


def register():
    """The three next steps that infra/deploy prints."""
    world.control("applications", {
        "applicationId": APPLICATION, "clientId": CLIENT_ID, "name": "Example", "draft": False,
        "loginUri": world.outputs["LoginUri"], "redirectUris": [world.outputs["RedirectUri"]],
        "clientSecret": CLIENT_SECRET,
    })
    dynamodb = world.root.client("dynamodb")
    dynamodb.put_item(TableName="spapi-auth-applications", Item={
        "application_id": {"S": APPLICATION}, "client_id": {"S": CLIENT_ID}, "name": {"S": "Example"},
        "draft": {"BOOL": False}, "default_region": {"S": "na"},
        "scopes": {"L": [{"S": "sellingpartnerapi::notifications"}]},
    })
    dynamodb.put_item(TableName="spapi-auth-applications", Item={
        "application_id": {"S": "directory"}, "application_ids": {"SS": [APPLICATION]},
    })
    answer = world.root.invoke("administration", {
        "operation": "setClientSecret", "applicationId": APPLICATION, "secret": CLIENT_SECRET,
    })
    print("setClientSecret", answer)


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
        UpdateExpression="SET due_at = :now", ExpressionAttributeValues={":now": {"N": str(world.made_due_at)}},
    )


def token_key(partner):
    return f"partner#{APPLICATION}#na#{partner}"


def row_of_token(partner):
    return world.row("spapi-auth-access-tokens", token_key=token_key(partner))


def messages_in(queue):
    sqs = world.root.client("sqs")
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


class Flows(unittest.TestCase):
    def token_of(self, partner, region, **more):
        return world.root.invoke("get-access-token", {"sellingPartnerId": partner, "region": region, **more})

    def test_the_website_workflow_in_both_forms(self):
        for form in ("4a", "4b"):
            world.control("website-form", {"form": form})
            for marketplace, region, kind in (("US", "na", "seller"), ("DE", "eu", "vendor")):
                partner = f"A{marketplace}{form.upper()}"
                with self.subTest(form=form, partner=partner):
                    status, page = Browser(world).website(marketplace, kind, partner)
                    self.assertEqual((status, CONNECTED in page), (200, True), page)
                    token = self.token_of(partner, region)
                    self.assertTrue(token["accessToken"].startswith("Atza|"))

    def test_the_appstore_workflow(self):
        page = world.amazon_page("sellercentral.amazon.com", f"/appstore/{APPLICATION}?_as=A1APPSTORE")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        self.assertEqual(self.token_of("A1APPSTORE", "na")["region"], "na")

    def test_re_authorization_replaces_the_token_of_the_same_grant(self):
        Browser(world).website("US", "seller", "A1AGAIN")
        before = self.token_of("A1AGAIN", "na")["accessToken"]
        page = world.amazon_page("sellercentral.amazon.com", f"/apps/manage/{APPLICATION}/reauthorize?_as=A1AGAIN")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        # An environment remembers a token for a minute at most.
        wait_for(lambda: self.token_of("A1AGAIN", "na")["accessToken"] != before, "the new token", 70)
        grant = world.row("spapi-auth-grants", grant_key=f"{APPLICATION}#na#A1AGAIN")
        self.assertEqual(grant["version"]["N"], "2")

    def test_every_kind_of_token(self):
        Browser(world).website("US", "seller", "A1KINDS")
        orders = [{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]
        restricted = self.token_of("A1KINDS", "na", restrictedResources=orders)
        self.assertTrue(restricted["accessToken"].startswith("Atz.sprdt|"), restricted["accessToken"][:12])
        scope = world.root.invoke("get-access-token", {"scope": "sellingpartnerapi::notifications"})
        self.assertTrue(scope["accessToken"].startswith("Atc|"))
        self.assertEqual(self.token_of("A1KINDS", "na")["endpoint"][:4], "http")

    def test_a_service_may_invoke_what_it_is_allowed_and_nothing_else(self):
        Browser(world).website("US", "seller", "A1SERVICE")
        service = world.user("service", {
            "Effect": "Allow", "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:000000000000:function:get-access-token",
        })
        self.assertIn("accessToken", service.invoke("get-access-token", {"sellingPartnerId": "A1SERVICE"}))
        with self.assertRaises(Refused) as refused:
            service.invoke("administration", {"operation": "invalidateTokens"})
        self.assertIn("AccessDenied", str(refused.exception))

    def test_a_refusal_is_a_typed_error(self):
        with self.assertRaises(FunctionError) as error:
            self.token_of("A1NOBODY", "na")
        self.assertEqual(error.exception.args[0], "UnknownSellingPartner")

    def test_a_new_client_secret_comes_through_the_queue(self):
        secrets = world.root.client("secretsmanager")

        def current():
            read = secrets.get_secret_value(SecretId=f"spapi-auth/{APPLICATION}", VersionStage="AWSCURRENT")
            return json.loads(read["SecretString"])["clientSecret"]

        new = world.control(f"rotate/{APPLICATION}", {})["newClientSecret"]
        wait_for(lambda: current() == new, "the new client secret", 60)
        # Now that a notification has come through the queue, a new one may be asked for.
        answer = world.root.invoke("administration", {"operation": "rotateClientSecret", "applicationId": APPLICATION})
        self.assertTrue(answer["asked"], answer)
        wait_for(lambda: current() != new, "the secret that was asked for", 60)

    def test_the_schedule_and_the_queue_refresh_what_is_due(self):
        refreshed = lambda: int(row_of_token(world.warm)["minted_at"]["N"]) > world.made_due_at
        wait_for(refreshed, "the refreshed token", 400)
        calls = world.control("calls")["tokenByPartner"]
        self.assertEqual(calls[world.warm], 2, "one exchange, one refresh")

    def test_tokens_are_invalidated_by_an_operator(self):
        Browser(world).website("US", "seller", "A1INVALID")
        before = self.token_of("A1INVALID", "na")["accessToken"]
        world.root.invoke("administration", {
            "operation": "invalidateTokens", "applicationId": APPLICATION, "sellingPartnerId": "A1INVALID", "region": "na",
        })
        wait_for(lambda: self.token_of("A1INVALID", "na")["accessToken"] != before, "another token", 70)

    def test_an_authorization_is_listed_disabled_and_told_of(self):
        Browser(world).website("US", "seller", "A1DISABLE")
        self.token_of("A1DISABLE", "na")
        whose = {"applicationId": APPLICATION, "sellingPartnerId": "A1DISABLE", "region": "na"}
        grants = world.root.invoke("authorizations", {"operation": "listGrants", "applicationId": APPLICATION})["grants"]
        self.assertIn("A1DISABLE", json.dumps(grants))
        world.root.invoke("authorizations", {"operation": "disableGrant", **whose})

        def refused():
            try:
                return not self.token_of("A1DISABLE", "na")
            except FunctionError as error:
                return error.args[0] == "AuthorizationDisabled"

        wait_for(refused, "the end of its tokens", 70)
        history = world.root.invoke("authorizations", {"operation": "getHistory", **whose})
        for event in ("AuthorizationGranted", "AuthorizationDisabled"):
            self.assertIn(event, json.dumps(history))

    def test_the_stack_can_be_deployed_again(self):
        self.assertIn(world.outputs["LoginUri"], world.deploy("--skip-build"))
        self.assertEqual(world.deploy("--skip-build", "--dry-run").strip(), "No changes")


class Afterwards(unittest.TestCase):
    def test_nothing_failed_on_the_way(self):
        for queue in ("client-secrets-dead", "refresh-dead", "failed-invocations", "failed-schedules"):
            with self.subTest(queue=queue):
                self.assertEqual(messages_in(f"spapi-auth-{queue}"), 0)


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, (Flows, Afterwards)))


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--skip-build"], verbosity=2)
