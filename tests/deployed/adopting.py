"""A stack that was deleted, and the one that takes over what it left behind. The last of the flows."""

import json
import unittest
import urllib.parse

from scene import CONNECTED, administration, authorizations, register_addresses, token_of, world
from world import APPLICATION, PREFIX, Browser

# What a stack leaves behind.
LEFT = ["applications", "grants", "history"]


class Adopting(unittest.TestCase):
    def test_a_new_stack_takes_over_the_tables_and_keys_of_a_deleted_one(self):
        self.authorize("A1ADOPTED")
        self.authorize("A2ADOPTED")
        administration("disableGrant", sellingPartnerId="A2ADOPTED", region="na", reason="before the loss")
        key = self.key()
        cloudformation = world.root.client("cloudformation")
        cloudformation.delete_stack(StackName="spapi-auth")
        cloudformation.get_waiter("stack_delete_complete").wait(StackName="spapi-auth", WaiterConfig={"Delay": 1, "MaxAttempts": 300})
        self.assertEqual(sorted(world.root.client("dynamodb").list_tables()["TableNames"]), [PREFIX + table for table in LEFT])

        shown = world.deploy("--skip-build", "--adopt", "--dry-run")
        for name in [*(PREFIX + table for table in LEFT), "alias/spapi-auth", "alias/spapi-auth-client-secrets"]:
            self.assertRegex(shown, rf"(?m)^takes over .* {name}$")
        self.assertNotIn("is not there", shown)
        self.assertEqual(self.stacks(), [])
        deployed = world.run_deploy("--skip-build", "--adopt")
        self.assertEqual(deployed.returncode, 0, deployed.stderr)
        self.assertIn("Admitting the roles of this stack to spapi-auth/amzn1.sp.solution.", deployed.stderr)
        world.read_outputs()
        register_addresses()

        self.assertEqual(self.key(), key)
        # Its access token is lost: the refresh token opens, and the client secret is there.
        self.assertTrue(token_of("A1ADOPTED", "na", applicationId=APPLICATION)["accessToken"])
        history = json.dumps(authorizations("getHistory", sellingPartnerId="A2ADOPTED", region="na"))
        self.assertIn("before the loss", history)
        self.authorize("A3ADOPTED")
        self.assertTrue(token_of("A3ADOPTED", "na", applicationId=APPLICATION)["accessToken"])

    def authorize(self, partner):
        """By a link, which asks for no sign-in."""
        made = authorizations("createAuthorizationLink", account=f"tenant-{partner}", label="Shop", marketplace="US")
        url, _, query = made["url"].partition("?")
        browser = Browser(world)
        status, consent, page = browser.open(url, form=dict(urllib.parse.parse_qsl(query)))
        self.assertEqual(status, 303, page)
        self.assertIn(CONNECTED, browser.follow(f"{consent}&_as={partner}")[1])

    def key(self):
        return world.root.client("kms").describe_key(KeyId="alias/spapi-auth")["KeyMetadata"]["KeyId"]

    def stacks(self):
        listed = world.root.client("cloudformation").list_stacks()["StackSummaries"]
        return [stack["StackName"] for stack in listed if stack["StackStatus"] != "DELETE_COMPLETE"]
