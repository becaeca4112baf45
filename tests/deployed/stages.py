"""A second stack beside the first one, in the same account and region. It comes last: the other flows count what is there."""

import unittest

from scene import token_of, world
from world import APPLICATION, CLIENT_ID, PREFIX

STAGING = "spapi-auth-staging-"


class Stages(unittest.TestCase):
    def test_a_second_stack_with_another_prefix_shares_nothing_with_the_first(self):
        printed = world.deploy("--skip-build", "--prefix", STAGING)

        self.assertIn(f"spapi-auth --prefix {STAGING} applications register", printed)
        first, second = self.resources("spapi-auth"), self.resources("spapi-auth-staging")
        self.assertGreater(len(second), 50)
        self.assertEqual(first & second, set())
        other = {"applicationId": f"{APPLICATION}9", "clientId": CLIENT_ID, "name": "Staging", "draft": True, "defaultRegion": "eu"}
        world.root.invoke("administration", {"operation": "registerApplication", **other}, prefix=STAGING)
        self.assertEqual(self.applications(STAGING), [other["applicationId"]])
        self.assertNotIn(other["applicationId"], self.applications(PREFIX))
        self.assertTrue(token_of(world.warm, "na", applicationId=APPLICATION)["accessToken"], "the first stack works on")

    def resources(self, stack):
        found = world.root.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
        # A stage is a name within its API.
        return {one["PhysicalResourceId"] for one in found if one["ResourceType"] != "AWS::ApiGatewayV2::Stage"}

    def applications(self, prefix):
        listed = world.root.invoke("authorizations", {"operation": "listApplications"}, prefix=prefix)
        return [application["applicationId"] for application in listed["applications"]]
