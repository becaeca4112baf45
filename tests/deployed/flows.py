"""Every flow through the deployed template, with the real bootstraps under their own roles."""

import io
import json
import stat
import sys
import time
import unittest
import urllib.parse
import urllib.request
import zipfile

import permissions
from botocore.exceptions import ClientError
from world import APPLICATION, CLIENT_ID, CLIENT_SECRET, Browser, FunctionError, Refused, World, wait_for

CONNECTED = "You are connected"
RETURN_URL = "https://app.example.com/amazon/return"
SIGN_IN_URL = "https://app.example.com/amazon/sign-in"
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
    administration("registerApplication", clientId=CLIENT_ID, name="Example", draft=False, defaultRegion="na",
                   scopes=["sellingpartnerapi::notifications"], returnUrls=[RETURN_URL])
    administration("setClientSecret", secret=CLIENT_SECRET)


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
        UpdateExpression="SET due_at = :now", ExpressionAttributeValues={":now": {"N": str(world.made_due_at)}},
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


class Flows(unittest.TestCase):
    def token_of(self, partner, region, **more):
        return world.root.invoke("get-access-token", {"sellingPartnerId": partner, "region": region, **more})

    def refusal_of(self, partner):
        try:
            self.token_of(partner, "na")
        except FunctionError as error:
            return error.args[0]
        return None

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

    def test_a_journey_that_only_its_browser_knows(self):
        """Amazon may name an address that names no marketplace."""
        world.control("website-form", {"form": "4b", "callbackUri": "amazon.com"})
        self.addCleanup(world.control, "website-form", {"form": "4b", "callbackUri": "central"})
        self.assertIn(CONNECTED, Browser(world).website("JP", "seller", "A1BARE")[1])
        self.assertEqual(self.token_of("A1BARE", "fe")["region"], "fe")

    def test_the_appstore_workflow(self):
        page = world.amazon_page("sellercentral.amazon.com", f"/appstore/{APPLICATION}?_as=A1APPSTORE")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        self.assertEqual(self.token_of("A1APPSTORE", "na")["region"], "na")

    def test_a_link_ends_in_a_grant_of_its_account(self):
        made = authorizations("createAuthorizationLink", account="tenant-2", label="Shop two", marketplace="US", returnUrl=RETURN_URL)
        link = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(made["url"]).query))["link"]
        browser = Browser(world)
        self.assertEqual(browser.open(made["url"], method="HEAD")[0], 200)
        status, _, page = browser.open(made["url"])
        self.assertEqual((status, "Shop two" in page), (200, True), page)
        status, consent, page = browser.open(made["url"].split("?")[0], form={"link": link})
        self.assertEqual(status, 303, page)
        _, back = browser.follow(f"{consent}&_as=A1LINK", stop_before=RETURN_URL)
        result = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["result"]

        world.root.invoke("authorizations", {"operation": "completeAuthorization", "result": result, "account": "tenant-2"})

        found = world.root.invoke("get-access-token", {"account": "tenant-2"})
        self.assertEqual(found["sellingPartnerId"], "A1LINK")

    def test_re_authorization_replaces_the_token_of_the_same_grant(self):
        Browser(world).website("US", "seller", "A1AGAIN")
        before = self.token_of("A1AGAIN", "na")["accessToken"]
        page = world.amazon_page("sellercentral.amazon.com", f"/apps/manage/{APPLICATION}/reauthorize?_as=A1AGAIN")
        self.assertIn(CONNECTED, Browser(world).follow(page)[1])
        # An environment caches a token for a minute at most.
        wait_for(lambda: self.token_of("A1AGAIN", "na")["accessToken"] != before, "the new token", 70)
        self.assertEqual(grant_of("A1AGAIN")["version"]["N"], "2")

    def test_every_kind_of_token(self):
        Browser(world).website("US", "seller", "A1KINDS")
        orders = [{"method": "GET", "path": "/orders/v0/orders", "dataElements": ["buyerInfo"]}]
        restricted = self.token_of("A1KINDS", "na", restrictedResources=orders)
        self.assertTrue(restricted["accessToken"].startswith("Atz.sprdt|"), restricted["accessToken"][:12])
        scope = world.root.invoke("get-access-token", {"scope": "sellingpartnerapi::notifications"})
        self.assertTrue(scope["accessToken"].startswith("Atc|"))
        self.assertEqual(self.token_of("A1KINDS", "na")["endpoint"][:4], "http")

    def test_a_service_may_invoke_its_own_alias_and_nothing_else(self):
        Browser(world).website("US", "seller", "A1SERVICE")
        for consumer in ("orders", "billing"):
            put_consumer(consumer, applicationIds=[APPLICATION], regions=["na"], partners=["A1SERVICE"])
            world.make_alias("get-access-token", consumer)
        service = world.user("service", {
            "Effect": "Allow", "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:000000000000:function:get-access-token:orders",
        })
        wanted = {"sellingPartnerId": "A1SERVICE"}
        self.assertIn("accessToken", service.invoke("get-access-token:orders", wanted))
        for other in ("get-access-token:billing", "get-access-token", "administration"):
            with self.subTest(function=other), self.assertRaises(Refused) as refused:
                service.invoke(other, wanted)
            self.assertIn("AccessDenied", str(refused.exception))

    def test_no_administrator_reads_or_writes_what_is_the_functions(self):
        """Whatever IAM allows: the policies of tables, client secrets and queues deny it."""
        Browser(world).website("US", "seller", "A1GUARDED")
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        administrator = world.user("administrator", everything)
        dynamodb, secrets, sqs = (administrator.client(service) for service in ("dynamodb", "secretsmanager", "sqs"))
        key = {"grant_key": {"S": f"{APPLICATION}#na#A1GUARDED"}}
        grants, secret = {"TableName": "spapi-auth-grants"}, {"SecretId": f"spapi-auth/{APPLICATION}"}
        version = secrets.describe_secret(**secret)["VersionIdsToStages"]
        self.assertTrue(version, "secrets can be described")
        queue = sqs.get_queue_url(QueueName="spapi-auth-client-secrets")["QueueUrl"]
        dead = sqs.get_queue_url(QueueName="spapi-auth-client-secrets-dead")["QueueUrl"]
        stolen = {"Put": grants | {"Item": key | {"account": {"S": "thief"}}}}
        partner = {"KeyConditionExpression": "selling_partner_id = :p", "ExpressionAttributeValues": {":p": {"S": "A1GUARDED"}}}
        for name, attempt in {
            "GetItem": lambda: dynamodb.get_item(**grants, Key=key),
            "PutItem": lambda: dynamodb.put_item(**grants, Item=key | {"account": {"S": "thief"}}),
            "TransactWriteItems": lambda: dynamodb.transact_write_items(TransactItems=[stolen]),
            "BatchGetItem": lambda: dynamodb.batch_get_item(RequestItems={"spapi-auth-grants": {"Keys": [key]}}),
            "Query of an index": lambda: dynamodb.query(**grants, IndexName="partner", **partner),
            "Scan": lambda: dynamodb.scan(TableName="spapi-auth-history"),
            "GetSecretValue": lambda: secrets.get_secret_value(**secret),
            "PutSecretValue": lambda: secrets.put_secret_value(**secret, SecretString="stolen"),
            "UpdateSecret": lambda: secrets.update_secret(**secret, KmsKeyId="alias/aws/secretsmanager"),
            "SendMessage": lambda: sqs.send_message(QueueUrl=queue, MessageBody="forged"),
            "ReceiveMessage": lambda: sqs.receive_message(QueueUrl=queue),
            "ReceiveMessage of dead letters": lambda: sqs.receive_message(QueueUrl=dead),
        }.items():
            with self.subTest(attempt=name), self.assertRaises(ClientError) as error:
                attempt()
            self.assertIn("AccessDenied", str(error.exception), name)
        # What looks after them stays with the account.
        self.assertEqual(dynamodb.describe_table(**grants)["Table"]["TableStatus"], "ACTIVE")
        arn = dynamodb.describe_table(**grants)["Table"]["TableArn"]
        policy = dynamodb.get_resource_policy(ResourceArn=arn)["Policy"]
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy)
        dynamodb.create_backup(**grants, BackupName="by-an-administrator")
        secrets.get_resource_policy(**secret)

    def test_a_consumer_gets_what_its_policy_names(self):
        Browser(world).website("US", "seller", "A1MINE")
        Browser(world).website("US", "seller", "A1OTHERS")
        for partner, account in (("A1MINE", "tenant-mine"), ("A1OTHERS", "tenant-others")):
            administration("linkAccount", sellingPartnerId=partner, region="na", account=account)
        put_consumer("mine", applicationIds=[APPLICATION], regions=["na"], accounts=["tenant-mine"])
        world.make_alias("get-access-token", "mine")
        ask = lambda function, partner: world.root.invoke(function, {"sellingPartnerId": partner, "region": "na"})

        self.assertIn("accessToken", ask("get-access-token:mine", "A1MINE"))
        world.make_alias("get-access-token", "without-policy")
        for function, partner in (("get-access-token:mine", "A1OTHERS"), ("get-access-token:without-policy", "A1MINE"),
                                  ("get-access-token:$LATEST", "A1MINE")):
            with self.subTest(function=function), self.assertRaises(FunctionError) as error:
                ask(function, partner)
            self.assertEqual(error.exception.args[0], "RequestRefused")

    def test_the_agent_is_in_a_layer_as_an_extension(self):
        version = world.root.client("lambda").get_layer_version_by_arn(Arn=world.outputs["AgentLayer"])
        with urllib.request.urlopen(version["Content"]["Location"]) as answer:
            layer = zipfile.ZipFile(io.BytesIO(answer.read()))
        [extension] = layer.infolist()
        self.assertEqual(extension.filename, "extensions/spapi-auth-agent")
        self.assertTrue(extension.external_attr >> 16 & stat.S_IXOTH, "Lambda may start it")

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
        # Now that one that Amazon accepted has come through the queue, a new one may be asked for.
        answer = administration("rotateClientSecret")
        self.assertTrue(answer["asked"], answer)
        wait_for(lambda: current() != new, "the secret that was asked for", 60)

    def test_the_schedule_and_the_queue_refresh_what_is_due(self):
        refreshed = lambda: int(row_of_token(world.warm)["minted_at"]["N"]) > world.made_due_at
        wait_for(refreshed, "the refreshed token", 400)
        calls = world.control("calls")["tokenByPartner"]
        self.assertEqual(calls[world.warm], 2, "one exchange, one refresh")

    def test_an_authorization_is_listed_disabled_enabled_and_removed(self):
        Browser(world).website("US", "seller", "A1STATUS")
        self.token_of("A1STATUS", "na")
        grant = {"sellingPartnerId": "A1STATUS", "region": "na"}
        self.assertIn(APPLICATION, json.dumps(world.root.invoke("authorizations", {"operation": "listApplications"})))
        self.assertIn("A1STATUS", json.dumps(authorizations("listGrants")))

        authorizations("disableGrant", **grant)
        wait_for(lambda: self.refusal_of("A1STATUS") == "AuthorizationDisabled", "the end of its tokens", 70)
        administration("enableGrant", **grant)
        wait_for(lambda: self.refusal_of("A1STATUS") is None, "a token", 70)
        administration("removeGrant", **grant)
        wait_for(lambda: self.refusal_of("A1STATUS") == "UnknownSellingPartner", "the end of its tokens", 70)

        history = json.dumps(authorizations("getHistory", **grant))
        for event in ("Granted", "Disabled", "Enabled", "Removed"):
            self.assertIn(f"Authorization{event}", history)

    def test_a_refresh_token_that_amazon_replaces_is_kept(self):
        Browser(world).website("US", "seller", "A1REPLACE")
        before = grant_of("A1REPLACE")["fingerprint"]
        administration("invalidateTokens", sellingPartnerId="A1REPLACE", region="na")
        world.control("tokens", {"onRefresh": "replace"})
        self.addCleanup(world.control, "tokens", {"onRefresh": "echo"})
        self.token_of("A1REPLACE", "na")
        wait_for(lambda: grant_of("A1REPLACE")["fingerprint"] != before, "the other refresh token", 30)

    def test_an_authorization_that_lapses_is_told_of(self):
        Browser(world).website("US", "seller", "A1LAPSE")
        world.root.client("dynamodb").update_item(
            TableName="spapi-auth-grants", Key={"grant_key": {"S": f"{APPLICATION}#na#A1LAPSE"}},
            UpdateExpression="SET renewal_due_at = :soon",
            ExpressionAttributeValues={":soon": {"N": str(int(time.time()) + 5 * 24 * 3600)}},
        )
        world.root.invoke("token-refresher", {"task": "renewals"})
        history = lambda: json.dumps(authorizations("getHistory", sellingPartnerId="A1LAPSE", region="na"))
        wait_for(lambda: "AuthorizationExpiring" in history(), "the reminder", 30)

    def test_a_message_that_nobody_understands_goes_to_the_dead_letters_with_the_reason(self):
        sqs = world.root.client("sqs")
        queues = [sqs.get_queue_url(QueueName=f"spapi-auth-{name}")["QueueUrl"] for name in ("refresh", "refresh-dead")]
        sqs.send_message(QueueUrl=queues[0], MessageBody="sing")
        wait_for(lambda: messages_in("spapi-auth-refresh-dead"), "the message", 30)
        found = sqs.receive_message(QueueUrl=queues[1], MessageAttributeNames=["All"])["Messages"][0]
        self.assertIn("not a message", found["MessageAttributes"]["reason"]["StringValue"])
        sqs.delete_message(QueueUrl=queues[1], ReceiptHandle=found["ReceiptHandle"])

    def test_tokens_are_invalidated_by_an_operator(self):
        Browser(world).website("US", "seller", "A1INVALID")
        before = self.token_of("A1INVALID", "na")["accessToken"]
        administration("invalidateTokens", sellingPartnerId="A1INVALID", region="na")
        wait_for(lambda: self.token_of("A1INVALID", "na")["accessToken"] != before, "another token", 70)

    def test_a_refresh_token_made_elsewhere_is_imported(self):
        own = {"applicationId": APPLICATION, "sellingPartnerId": "A1IMPORT", "region": "eu", "kind": "seller"}
        token = world.control("self-authorization", own)["refreshToken"]
        administration("importGrant", sellingPartnerId="A1IMPORT", refreshToken=token, kind="self", account="tenant-1")
        found = world.root.invoke("get-access-token", {"account": "tenant-1"})
        self.assertEqual((found["sellingPartnerId"], found["region"]), ("A1IMPORT", "eu"))
        for grant in (authorizations("getGrant", account="tenant-1"), authorizations("getGrant", sellingPartnerId="A1IMPORT")):
            self.assertEqual(grant["grant"]["kind"], "self")
        findings = administration("examine")
        self.assertIn(world.outputs["RedirectUri"], json.dumps(findings))

    def test_events_reach_a_rule_on_the_bus(self):
        """Sent again by replayEvents: the emulator's pipes do not know event buses."""
        Browser(world).website("US", "seller", "A1EVENTS")
        sqs, events = world.root.client("sqs"), world.root.client("events")
        queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        bus = world.outputs["EventBusName"]
        pattern = {"detail-type": ["AuthorizationGranted"], "source": ["spapi-auth"]}
        events.put_rule(Name="granted", EventBusName=bus, EventPattern=json.dumps(pattern))
        events.put_targets(Rule="granted", EventBusName=bus, Targets=[{"Id": "listener", "Arn": arn}])
        administration("replayEvents", **{
            "sellingPartnerId": "A1EVENTS", "region": "na", "from": "2000-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z",
        })
        found = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
        self.assertEqual(json.loads(found[0]["Body"])["detail"]["sellingPartnerId"], "A1EVENTS")

    def test_the_stack_can_be_deployed_again(self):
        self.assertIn(world.outputs["LoginUri"], world.deploy("--skip-build"))
        self.assertEqual(world.deploy("--skip-build", "--dry-run").strip(), "No changes")


class Afterwards(unittest.TestCase):
    """In the order of their names."""

    def arrival(self):
        """A browser at the integrator's sign-in, if it is sent there; a new partner each time."""
        browser, partner = Browser(world), f"A{time.monotonic_ns()}"
        appstore = world.amazon_page("sellercentral.amazon.com", f"/appstore/{APPLICATION}?_as={partner}")
        _, at = browser.follow(appstore, stop_before=SIGN_IN_URL)
        return (browser, partner, at) if at.startswith(SIGN_IN_URL) else None

    def test_0_an_arrival_from_the_appstore_signs_in(self):
        administration("updateApplication", signInUrl=SIGN_IN_URL)
        # A function keeps what it has read of an application for a minute.
        browser, partner, at = wait_for(self.arrival, "the sign-in", 70)
        request = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(at).query))["request"]
        ask = lambda operation, **more: world.root.invoke("authorizations", {"operation": operation, "request": request, **more})
        self.assertEqual(ask("describeSignIn")["sellingPartnerId"], partner)
        answer = ask("completeSignIn", account="tenant-3")
        self.assertIn(CONNECTED, browser.follow(answer["continueUrl"])[1])
        self.assertEqual(world.root.invoke("get-access-token", {"account": "tenant-3"})["sellingPartnerId"], partner)

    def test_1_all_tokens_of_an_application_are_invalidated(self):
        world.root.invoke("get-access-token", {"scope": "sellingpartnerapi::notifications"})
        self.assertIn("notBefore", administration("invalidateTokens")["application"])
        self.assertTrue(administration("disableApplication", reason="a drill")["application"]["disabled"])
        self.assertFalse(administration("enableApplication")["application"]["disabled"])
        other = {"applicationId": f"{APPLICATION}-2", "clientId": f"{CLIENT_ID}2", "name": "Another", "draft": True}
        world.root.invoke("administration", {"operation": "registerApplication", "defaultRegion": "eu", **other})

    def test_2_every_permission_was_used(self):
        rights, used = permissions.granted(world), permissions.used(world)
        self.assertEqual(rights - used - permissions.RARE, set(), "granted and not used")
        self.assertEqual(permissions.RARE - rights, set(), "no longer granted")

    def test_3_nothing_failed_on_the_way(self):
        for queue in ("client-secrets-dead", "refresh-dead", "failed-invocations", "failed-schedules"):
            with self.subTest(queue=queue):
                self.assertEqual(messages_in(f"spapi-auth-{queue}"), 0)


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, (Flows, Afterwards)))


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--skip-build"], verbosity=2)
