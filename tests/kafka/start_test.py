#!/usr/bin/env python3
"""Logging in to a real broker with TLS, with a password, a certificate or a token, and all that can be refused at the start. The password is a canary: it must
stand in no output, even with all of librdkafka's debugging on."""
import base64
import contextlib
import http.server
import json
import subprocess
import threading
import time

import harness
import kafka_wire

PIPELINE = """
name: start
source: {{type: file, path: {folder}/in.ndjson}}
sink:
  type: kafka
  topic: {topic}
  key: mpid
  config:
    bootstrap.servers: {bootstrap}
{properties}
"""
LINES = '{"mpid":1,"n":1}\n{"mpid":2,"n":2}\n{"mpid":1,"n":3}\n'


class TokenServer:
    """An endpoint for tokens on 127.0.0.1 that gives each client one without signature, for `subject`, or (None) refuses."""

    def __init__(self, subject):
        self.users, self.tokens = set(), set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.users.add(base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode())
                answer = {"error": "invalid_client"} if subject is None else {
                    "access_token": outer.token(subject), "token_type": "Bearer", "expires_in": 3600}
                body = json.dumps(answer).encode()
                self.send_response(401 if subject is None else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"

    def token(self, subject):
        now = int(time.time())
        parts = [{"alg": "none"}, {"sub": subject, "iat": now, "exp": now + 3600}]
        token = ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."
        self.tokens.add(token)
        return token

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class Start(harness.BrokerTest):
    broker_options = ("--sasl",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tls = cls.broker.facts["sasl_bootstrap"]
        cls.broker.create_topic("events", 3)

    def setUp(self):
        super().setUp()
        (self.folder / "in.ndjson").write_text(LINES)

    def login(self, user="weir", password="weir-secret", mechanism="SCRAM-SHA-512", authority=None):
        return {"security.protocol": "SASL_SSL", "sasl.mechanisms": mechanism, "sasl.username": user, "sasl.password": password,
                "ssl.ca.location": authority or self.broker.facts["ca"]}

    def begin(self, properties=None, *options, topic="events", bootstrap=None):
        lines = "\n".join(f"    {name}: '{value}'" for name, value in (properties or {}).items())
        return self.start(PIPELINE.format(folder=self.folder, topic=topic, bootstrap=bootstrap or self.tls, properties=lines), *options)

    def assert_refused(self, run, *texts, seconds=30):
        self.assertEqual(run.wait(seconds), 1, run.log())
        for text in texts:
            self.assertIn(text, run.log())
        self.assertEqual(run.books()["state"], "failed")
        self.assertEqual(run.books()["delivered"], 0)

    def test_scram_over_tls_delivers(self):
        for mechanism in ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"):
            before = self.broker.count("events", 3)
            run = self.begin(self.login(mechanism=mechanism), "--fresh")
            self.assert_done(run, 60)
            self.assertEqual(self.broker.count("events", 3), before + 3)

    def certificate(self, name="client"):
        folder = self.broker.facts["ca"].replace("ca.pem", "")
        return {"security.protocol": "SSL", "ssl.ca.location": self.broker.facts["ca"],
                "ssl.certificate.location": f"{folder}{name}.pem", "ssl.key.location": f"{folder}{name}.key"}

    def test_a_client_certificate_is_a_log_in(self):
        before = self.broker.count("events", 3)
        run = self.begin(self.certificate(), bootstrap=self.broker.facts["tls_bootstrap"])
        self.assert_done(run, 60)
        self.assertEqual(self.broker.count("events", 3), before + 3)

    def test_a_client_certificate_of_a_stranger_delivers_nothing(self):
        # TLS 1.3 lets the client believe it is in until the broker hangs up: that may be a network's fault and is waited for.
        before = self.broker.count("events", 3)
        run = self.begin(self.certificate("stranger"), bootstrap=self.broker.facts["tls_bootstrap"])
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.process.wait(6)
        self.assertIn("certificate", run.log())
        run.terminate()
        run.wait(30)
        self.assertEqual(self.broker.count("events", 3), before)

    def token(self, **properties):
        return {"security.protocol": "SASL_SSL", "sasl.mechanisms": "OAUTHBEARER", "ssl.ca.location": self.broker.facts["ca"],
                **{name.replace("_", "."): value for name, value in properties.items()}}

    def test_a_token_without_signature_is_a_log_in_for_those_who_allow_it(self):
        before = self.broker.count("events", 3)
        properties = self.token(enable_sasl_oauthbearer_unsecure_jwt="true", sasl_oauthbearer_config="principal=weir")
        self.assert_done(self.begin(properties), 60)
        self.assertEqual(self.broker.count("events", 3), before + 3)

    def test_a_token_is_fetched_by_http_and_stands_in_no_output(self):
        with TokenServer("weir") as server:
            before = self.broker.count("events", 3)
            properties = self.token(sasl_oauthbearer_method="oidc", sasl_oauthbearer_client_id="weir",
                                    sasl_oauthbearer_client_secret="canary-secret-8831",
                                    sasl_oauthbearer_token_endpoint_url=server.url, debug="all")
            run = self.begin(properties, "--log-level", "trace")
            self.assert_done(run, 60)
            self.assertEqual(self.broker.count("events", 3), before + 3)
            self.assertEqual(server.users, {"weir:canary-secret-8831"})
            for secret in ("canary-secret-8831", *server.tokens):
                self.assertNotIn(secret, run.log())

    def test_a_token_of_someone_without_rights_ends_the_start(self):
        with TokenServer("guest") as server:
            properties = self.token(sasl_oauthbearer_method="oidc", sasl_oauthbearer_client_id="weir",
                                    sasl_oauthbearer_client_secret="s3cret-of-weir", sasl_oauthbearer_token_endpoint_url=server.url)
            self.assert_refused(self.begin(properties), "events", "authorization failed")

    def test_a_token_endpoint_that_says_no_keeps_the_source_waiting(self):
        with TokenServer(None) as server:
            properties = self.token(sasl_oauthbearer_method="oidc", sasl_oauthbearer_client_id="weir",
                                    sasl_oauthbearer_client_secret="s3cret-of-weir", sasl_oauthbearer_token_endpoint_url=server.url)
            run = self.begin(properties)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.process.wait(6)
            self.assertIn("oken", run.log())
            run.terminate()
            run.wait(30)
            self.assertEqual(run.books()["delivered"], 0)

    def test_a_wrong_password_ends_the_start(self):
        self.assert_refused(self.begin(self.login(password="wrong")), "refuses the log-in")

    def test_an_unknown_authority_ends_the_start(self):
        stranger = self.broker.facts["ca"].replace("ca.pem", "other_ca.pem")
        self.assert_refused(self.begin(self.login(authority=stranger)), "refuses the log-in", "certificate")

    def test_a_certificate_file_that_is_missing_ends_the_start(self):
        self.assert_refused(self.begin(self.login(authority="/no/such/ca.pem")), "ssl.ca.location")

    def test_a_missing_topic_ends_the_start(self):
        self.assert_refused(self.begin(self.login(), topic="nowhere"), "nowhere", "Unknown topic")

    def test_a_user_who_may_not_see_the_topic_ends_the_start(self):
        self.assert_refused(self.begin(self.login("guest", "guest-secret")), "events", "authorization failed")

    def test_a_user_who_may_see_but_not_write_ends_the_start(self):
        self.broker.create_topic("readable", 3)
        kafka_wire.allow(self.broker.bootstrap, "guest", kafka_wire.DESCRIBE, name="readable")
        self.assert_refused(self.begin(self.login("guest", "guest-secret"), topic="readable"), "no right to write")

    def test_a_user_without_admin_rights_delivers_after_a_warning(self):
        self.broker.create_topic("writable", 3)
        kafka_wire.allow(self.broker.bootstrap, "guest", kafka_wire.WRITE, name="writable")
        run = self.begin(self.login("guest", "guest-secret"), topic="writable")
        self.assert_done(run, 60)
        self.assertIn("max.message.bytes", run.log())
        self.assertEqual(self.broker.count("writable", 3), 3)

    def test_no_secret_stands_in_any_output(self):
        # Once accepted and once refused: what a broker says about a bad password is logged too.
        for user, password, code in (("weir", "weir-secret", 0), ("weir", "canary-secret-5512", 1)):
            run = self.begin({**self.login(user, password), "debug": "all"}, "--fresh", "--log-level", "trace")
            self.assertEqual(run.wait(60), code, run.log()[-2000:])
            self.assertIn("librdkafka", run.log())
            for file in self.folder.rglob("*"):
                if file.is_file() and file.name != "pipeline.yaml":
                    self.assertNotIn(password.encode(), file.read_bytes(), file)
        done = subprocess.run([harness.BIN / "weir", "validate", self.folder / "pipeline.yaml"], capture_output=True, text=True)
        self.assertNotIn("canary", done.stdout + done.stderr)

    def test_an_address_where_nobody_listens_is_waited_for(self):
        run = self.begin(bootstrap="127.0.0.1:9")
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.process.wait(4)
        self.assertTrue(run.running(), run.log())
        run.terminate()
        self.assertEqual(run.wait(30), 0, run.log())  # a file is read again
        self.assertEqual(run.books()["state"], "stopped")


if __name__ == "__main__":
    harness.main()
