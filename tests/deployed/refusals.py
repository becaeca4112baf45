"""What infra/deploy says where it cannot deploy: one sentence and a failure, and nothing is changed."""

import http.server
import os
import shutil
import subprocess
import threading
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

DEPLOY = Path(__file__).resolve().parents[2] / "infra" / "deploy"
NOWHERE = "http://127.0.0.1:9"


class FakeAws(http.server.BaseHTTPRequestHandler):
    """AWS as far as infra/deploy asks before it builds anything."""

    stack_state = None

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "GetCallerIdentity" in form:
            result = "<GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult>"
            self.answer(200, f"<GetCallerIdentityResponse>{result}</GetCallerIdentityResponse>")
        elif self.stack_state:
            given = "<member><ParameterKey>Architecture</ParameterKey><ParameterValue>x86_64</ParameterValue></member>"
            member = f"<StackName>spapi-auth</StackName><StackStatus>{self.stack_state}</StackStatus><Parameters>{given}</Parameters>"
            member = f"<member>{member}</member>"
            result = f"<DescribeStacksResult><Stacks>{member}</Stacks></DescribeStacksResult>"
            self.answer(200, f"<DescribeStacksResponse>{result}</DescribeStacksResponse>")
        else:
            error = "<Code>ValidationError</Code><Message>Stack with id spapi-auth does not exist</Message>"
            self.answer(400, f"<ErrorResponse><Error>{error}</Error></ErrorResponse>")

    def do_GET(self):
        if "/there" in self.path:
            self.answer(200, "<LocationConstraint>eu-west-1</LocationConstraint>")
        else:
            self.answer(404, "<Error><Code>NoSuchBucket</Code><Message>no such bucket</Message></Error>")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


class Refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeAws)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()

    def refusal(self, *options, without=(), path=None):
        environment = {
            "PATH": path or os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "eu-west-1", "AWS_MAX_ATTEMPTS": "1",
        }
        environment = {name: value for name, value in environment.items() if name not in without}
        server = f"http://127.0.0.1:{self.server.server_port}"
        command = [DEPLOY, "--endpoint-url", server, "--bucket", "there", "--yes", *options]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        said = done.stderr.strip().splitlines()
        self.assertEqual(len(said), 1, done.stderr)
        self.assertRegex(said[0], "^infra/(deploy|package): ")
        return said[0]

    def test_no_credentials(self):
        said = self.refusal(without=("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        self.assertIn("no AWS credentials were found", said)

    def test_no_region(self):
        self.assertIn("no region is set", self.refusal(without=("AWS_REGION",)))

    def test_a_region_that_is_none(self):
        self.assertIn("Ireland is not the name of a region", self.refusal("--region", "Ireland"))

    def test_aws_out_of_reach(self):
        self.assertIn("AWS cannot be reached", self.refusal("--endpoint-url", NOWHERE))

    def test_a_bucket_that_is_not_there(self):
        said = self.refusal("--bucket", "gone")
        self.assertIn("the bucket gone is not there; 'aws s3 mb s3://gone", said)

    def test_a_bucket_elsewhere(self):
        self.assertIn("is in eu-west-1, and the stack is to be in us-east-1", self.refusal("--region", "us-east-1"))

    def test_a_parameter_that_is_none(self):
        self.assertIn("no parameter KeepHot; it has", self.refusal("--parameter", "KeepHot=always"))
        self.assertIn("is not of the form NAME=VALUE", self.refusal("--parameter", "KeepWarm"))
        self.assertIn("Prefix follows from --prefix", self.refusal("--parameter", "Prefix=staging-"))
        self.assertIn("--tags team is not of the form", self.refusal("--tags", "team"))

    def test_a_stack_that_is_stuck(self):
        for state, remedy in (
            ("ROLLBACK_COMPLETE", "delete the stack"),
            ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
            ("IMPORT_ROLLBACK_COMPLETE", "could not be taken over"),
            ("UPDATE_IN_PROGRESS", "wait, and run this again"),
        ):
            with self.subTest(state=state):
                FakeAws.stack_state = state
                self.addCleanup(setattr, FakeAws, "stack_state", None)
                said = self.refusal()
                self.assertIn(state, said)
                self.assertIn(remedy, said)

    def test_another_sealing_key_for_a_stack_that_has_one(self):
        FakeAws.stack_state = "UPDATE_COMPLETE"
        self.addCleanup(setattr, FakeAws, "stack_state", None)
        key = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-4333-8444-555555555555"
        said = self.refusal("--parameter", f"SealingKeyArn={key}")
        self.assertIn("sealed under the key that it made, and no other key opens them", said)

    def test_missing_tools(self):
        self.assertIn("the AWS CLI is missing", self.refusal(path=self.only("python3", "env")))
        self.assertIn("cargo is missing", self.refusal(path=self.only("python3", "env", "aws")))
        self.assertIn("cargo-lambda is missing", self.refusal(path=self.only("python3", "env", "aws", "cargo")))

    def test_packages_that_are_not_there(self):
        said = self.refusal("--packages", self.enterContext(TemporaryDirectory()))
        self.assertIn("login-uri.zip is missing; infra/package makes it", said)

    def only(self, *tools):
        """A PATH that finds these tools and no others."""
        place = Path(self.enterContext(TemporaryDirectory()))
        for tool in tools:
            (place / tool).symlink_to(shutil.which(tool))
        return str(place)


if __name__ == "__main__":
    unittest.main()
