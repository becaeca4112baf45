"""The deployed system: an emulated AWS with the real template and bootstraps in it, a simulated Amazon, and the people around."""

import atexit
import http.client
import json
import os
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "target" / "deployed"
REGION = "eu-west-1"
BUCKET = "artifacts"
# The default of the template, with which every name begins.
PREFIX = "spapi-auth-"
APPLICATION = "amzn1.sp.solution.11111111-2222-4333-8444-555555555555"
CLIENT_ID = "amzn1.application-oa2-client.11111111222243338444555555555555"
# The emulator takes the number of an account for the key of its root.
AMAZONS_ACCOUNT = "437568002678"
CLIENT_SECRET = "amzn1.oa2-cs.v1.the-first-secret-of-the-deployed-test"

# What the operator's webhook expects.
REMINDER_KEY = "a-key-of-the-webhook"

# The functions that get nothing without a consumer.
BY_CONSUMERS = ("authorizations", "get-access-token")

# Each function knows AWS by its names, Amazon by its own, and nothing of this machine but these.
EMULATOR = {
    "AUTH": "true",
    "BIND_HOST": "127.0.0.1",
    "IOT_MTLS_ENABLED": "0",
    "MINISTACK_HOST": "localhost",
    "MINISTACK_REGION": REGION,
    "SFTP_ENABLED": "0",
}


class World:
    """Everything, from its start to its stop."""

    def __init__(self):
        self.processes = []
        # Even if the test is interrupted.
        atexit.register(self.end_processes)
        self.aws_port, self.amazon_port, self.webhook_port = free_port(), free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{self.aws_port}"
        self.root = Aws(self, "test", "test")

    def begin(self, skip_build):
        """When this returns, everything is deployed and at work."""
        self.start_emulator()
        self.start_amazon()
        self.root.client("s3").create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        sqs = self.root.client("sqs")
        self.reminder_queue = sqs.create_queue(QueueName="reminders")["QueueUrl"]
        self.recipes = {
            "ReminderEmail": "ops@example.com", "ReminderQueueArn": queue_arn(sqs, self.reminder_queue),
            "ReminderWebhook": f"https://127.0.0.1:{self.webhook_port}/reminders", "ReminderWebhookKey": REMINDER_KEY,
        }
        self.fail_to_deploy(*(["--skip-build"] if skip_build else []))
        self.deploy("--skip-build")
        self.read_outputs()
        threading.Thread(target=self.carry_notifications, daemon=True).start()

    def read_outputs(self):
        stack = self.root.client("cloudformation").describe_stacks(StackName="spapi-auth")["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.site = urllib.parse.urlsplit(self.outputs["LoginUri"]).netloc

    def start_emulator(self):
        home = PLACE / "home"
        home.mkdir(exist_ok=True)
        # A clean environment, since the functions inherit it.
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home)}
        self.used = PLACE / "used.jsonl"
        self.used.unlink(missing_ok=True)
        ours = {"GATEWAY_PORT": str(self.aws_port), "AWS_ENDPOINT_URL": self.endpoint, "USED": str(self.used)}
        python = PLACE / "emulator" / "bin" / "python"
        command = [python, Path(__file__).parent / "emulator.py"]
        self.start("emulator", command, env=clean | EMULATOR | ours)
        wait_for(lambda: reachable(f"{self.endpoint}/_ministack/health"), "the emulator", 60)

    def start_amazon(self):
        subprocess.run(["cargo", "programs"], cwd=ROOT, check=True)
        command = [ROOT / "target" / "debug" / "examples" / "serve", str(self.amazon_port), APPLICATION]
        self.amazon = self.start("amazon", command, stdout=subprocess.PIPE)
        wait_for(lambda: reachable(f"http://127.0.0.1:{self.amazon_port}/_control/calls"), "the simulated Amazon", 30)

    def start(self, name, command, stdout=None, **more):
        with open(PLACE / f"{name}.log", "wb") as log:
            process = subprocess.Popen(command, stdout=stdout or log, stderr=log, cwd=PLACE, **more)
        self.processes.append(process)
        return process

    def stop(self):
        self.keep_logs()
        self.end_processes()

    def end_processes(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)

    def keep_logs(self):
        """What the functions logged, for the reader of a failure."""
        logs = self.root.client("logs")
        with open(PLACE / "functions.log", "w") as file:
            for group in logs.describe_log_groups()["logGroups"]:
                for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                    file.write(f"{group['logGroupName']} {event['message'].rstrip()}\n")

    def deploy(self, *options):
        """infra/deploy, as an operator runs it: what it prints."""
        done = self.run_deploy(*options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run_deploy(self, *options):
        parameters = {"SimulatedAmazonPort": self.amazon_port} | self.recipes
        given = [part for name, value in parameters.items() for part in ("--parameter", f"{name}={value}")]
        command = [ROOT / "infra" / "deploy", "--endpoint-url", self.endpoint, "--bucket", BUCKET, "--yes", *given, *options]
        return subprocess.run(command, cwd=ROOT, env=self.root.environment(), capture_output=True, text=True)

    def fail_to_deploy(self, *options):
        """A first deployment, which the emulator was asked to break off in the middle."""
        done = self.run_deploy(*options)
        assert done.returncode == 1 and "HttpApiStage: broken off" in done.stderr, done.stderr

    def carry_notifications(self):
        """What Amazon sends goes into the queue that was subscribed, which takes it from Amazon's account alone."""
        queue = self.root.client("sqs").get_queue_url(QueueName="spapi-auth-client-secrets")["QueueUrl"]
        sqs = Aws(self, AMAZONS_ACCOUNT, "test").client("sqs")
        for line in self.amazon.stdout:
            sqs.send_message(QueueUrl=queue, MessageBody=line.decode())

    def control(self, call, body=None):
        """A control call of the simulated Amazon."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.amazon_port}/_control/{call}", method="POST" if body is not None else "GET")
        with urllib.request.urlopen(request, json.dumps(body).encode() if body is not None else None, timeout=30) as answer:
            return json.load(answer)

    def amazon_page(self, host, path):
        return f"http://{host}.localhost:{self.amazon_port}{path}"

    def user(self, name, *statements):
        """A user of the account who may do this and nothing else."""
        iam = self.root.client("iam")
        iam.create_user(UserName=name)
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Aws(self, key["AccessKeyId"], key["SecretAccessKey"])

    def make_alias(self, function, name):
        self.root.client("lambda").create_alias(FunctionName=PREFIX + function, Name=name, FunctionVersion="$LATEST")

    def row(self, table, **key):
        """A row, read as the account's root."""
        name, value = next(iter(key.items()))
        row = self.root.client("dynamodb").get_item(TableName=table, Key={name: {"S": value}}, ConsistentRead=True)
        return row.get("Item")


class Aws:
    """AWS as one person reaches it."""

    def __init__(self, world, key, secret):
        self.world, self.key, self.secret = world, key, secret

    def client(self, service):
        return boto3.client(
            service, endpoint_url=self.world.endpoint, region_name=REGION,
            aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            config=Config(retries={"max_attempts": 2}),
        )

    def environment(self):
        ours = {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_DEFAULT_REGION": REGION}
        others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        tools = PLACE / "tools" / "bin"
        return others | ours | {"PATH": f"{tools}:{os.environ['PATH']}"}

    def invoke(self, function, payload, prefix=PREFIX):
        """`aws lambda invoke`: the function's answer, or its error raised. The root is an operator, and invokes what needs a
        consumer by its own."""
        if self is self.world.root and function in BY_CONSUMERS:
            function += ":operators"
        out = PLACE / f"answer-{threading.get_ident()}.json"
        command = [
            "aws", "--endpoint-url", self.world.endpoint, "lambda", "invoke",
            "--function-name", prefix + function, "--payload", json.dumps(payload), str(out),
        ]
        done = subprocess.run(command, env=self.environment(), capture_output=True, text=True)
        if done.returncode:
            raise Refused(done.stderr.strip())
        answer = json.loads(out.read_text())
        if "FunctionError" in json.loads(done.stdout):
            raise FunctionError(answer["errorType"], answer["errorMessage"])
        return answer


class Refused(Exception):
    """AWS did not let the call through."""


class FunctionError(Exception):
    """A function's own error: its type and what it says."""


class Browser:
    """A person's browser: keeps cookies for each host, and finds every host on this machine."""

    def __init__(self, world):
        self.world = world
        self.cookies = {}

    def open(self, url, form=None, method=None):
        """The answer, without following it anywhere: status, where it leads, and its body. A form is posted, as a page of
        ours would."""
        parts = urllib.parse.urlsplit(url)
        if parts.netloc == self.world.site:
            port, host = self.world.aws_port, f"{parts.netloc.split('.')[0]}.execute-api.localhost:{self.world.aws_port}"
        else:
            assert parts.hostname.endswith(".localhost"), f"the browser was sent to {url}"
            port, host = parts.port, parts.netloc
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        kept = self.cookies.setdefault(parts.netloc, {})
        headers = {"Host": host, "Accept-Language": "en"}
        if kept:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in kept.items())
        body = urllib.parse.urlencode(form) if form else None
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{self.world.site}"}
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method or ("POST" if form else "GET"), path, body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            kept[name] = value
        page = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Location", ""), page

    def follow(self, url, stop_before=None):
        """The page at the end of all redirects; or the address of the one that begins with `stop_before`, which is not opened."""
        for _ in range(15):
            status, location, page = self.open(url)
            if status not in (302, 303):
                return status, page
            url = urllib.parse.urljoin(url, location)
            if stop_before and url.startswith(stop_before):
                return status, url
        raise AssertionError(f"{url} redirects without end")

    def website(self, marketplace, kind, partner):
        """The website workflow, from our own page to the one at its end."""
        status, consent, body = self.open(f"https://{self.world.site}/authorize?marketplace={marketplace}&type={kind}")
        assert status == 302, body
        return self.follow(f"{consent}&_as={partner}")


def queue_arn(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def reachable(url):
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def wait_for(what, name, seconds):
    """Waits until `what` is true, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.5)
    raise AssertionError(f"{name} did not come within {seconds} s")
