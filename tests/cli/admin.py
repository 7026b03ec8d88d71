"""`weir run --admin`, `weir top` and `weir tap`: what they show, to whom, and what strangers can do to them."""
import http.client
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import exposition  # noqa: E402
from weir_process import WEIR, WeirTest  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEDGER_COUNTERS = ("read", "cloned", "delivered", "filtered", "dead_lettered", "dropped", "merged", "expired")
CANARY = "canary@example.com"

ENDLESS = """
name: endless
source: {type: generate, shape: event, count: 100000000, rate: 5000, seed: 7}
sink: {type: discard}
"""
# What people write must not be seen before `redact`.
PRIVATE = """
name: private
source: {type: generate, shape: event, count: 100000000, rate: 5000, seed: 7}
transforms:
  - {type: filter, drop_when: {field: environment, equals: development}}
  - {type: redact, rules: [{field: user_identities.email, action: replace, with: REDACTED}]}
  - {type: set, field: seen, value: true}
sink: {type: discard}
"""


class AdminTest(WeirTest):
    def serve(self, yaml, *arguments, address="127.0.0.1:0", **options):
        """Starts a worker; sets self.port once it serves."""
        self.write("pipeline.yaml", yaml)
        self.log = open(self.folder / "log", "wb")
        self.addCleanup(self.log.close)
        process = self.start("run", "pipeline.yaml", "--admin", address, "--report", "report.json", *arguments,
                             stderr=self.log, **{"stdout": subprocess.DEVNULL, **options})
        found = self.wait_for(lambda: process.poll() is not None or re.search(rb"admin=http://\S+:(\d+)", self.read("log")))
        self.assertIsNone(process.poll(), self.read("log"))
        self.port = int(found.group(1))
        self.address = f"127.0.0.1:{self.port}"
        return process

    def get(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response, body

    def scrape(self):
        response, body = self.get("/metrics")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        return exposition.parse(body)

    def pipelines(self):
        return json.loads(self.get("/pipelines")[1])["pipelines"]

    def raw(self, data, seconds=10):
        """Sends bytes, returns what comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            try:
                connection.sendall(data)
            except ConnectionError:
                pass
            answer = b""
            while True:
                try:
                    piece = connection.recv(65536)
                except ConnectionError:
                    return answer
                if not piece:
                    return answer
                answer += piece

    def status(self, data):
        """The status of the answer to these bytes; None: there was none."""
        match = re.match(rb"HTTP/1\.1 (\d+) ", self.raw(data))
        return int(match.group(1)) if match else None


class Metrics(AdminTest):
    TWO = """
name: first
source: {type: file, path: in.ndjson}
transforms:
  - {type: filter, drop_when: {field: drop, equals: true}}
  - {type: redact, rules: [{field: email, action: truncate_ip}]}
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: dead.ndjson}
---
name: second
source: {type: stdin}
sink: {type: stdout}
"""

    def start_two(self):
        lines = ['{"n":1}', '{"n":2,"drop":true}', '{"n":3}', '{"n":4,"email":"%s"}' % CANARY, "{broken"]
        self.write("in.ndjson", "\n".join(lines) + "\n")
        process = self.serve(self.TWO, stdin=subprocess.PIPE)
        process.stdin.write(b'{"n":1}\n{"n":2}\n')
        process.stdin.flush()
        self.wait_for(lambda: self.pipelines()["first"]["state"] == "finished" and self.pipelines()["second"]["delivered"] == 2)
        return process

    def test_the_figures_are_those_of_the_report(self):
        process = self.start_two()
        families, shown = self.scrape(), self.pipelines()
        process.stdin.close()
        self.assertEqual(process.wait(timeout=30), 0)
        report = json.loads(self.read("report.json"))["pipelines"]
        self.assertEqual((report["first"]["read"], report["first"]["dead_lettered"], report["first"]["filtered"]), (5, 2, 1))
        for name, ledger in report.items():
            for term in LEDGER_COUNTERS:
                self.assertEqual(exposition.value(families, f"weir_records_{term}_total", pipeline=name), ledger[term], (name, term))
                self.assertEqual(shown[name][term], ledger[term])
            self.assertEqual(exposition.value(families, "weir_records_in_flight", pipeline=name), ledger["in_flight"])
            self.assertEqual(exposition.value(families, "weir_backlog_start_records", pipeline=name), ledger["backlog_start"])
            self.assertEqual(exposition.value(families, "weir_backlog_end_records", pipeline=name), ledger["backlog_end"])
            self.assertEqual(exposition.value(families, "weir_ledger_balanced", pipeline=name), 1)
        self.assertEqual(shown["first"]["error"], report["first"]["error"])
        self.assertEqual(exposition.value(families, "weir_pipeline_state", pipeline="first", state="finished"), 1)
        self.assertEqual(exposition.value(families, "weir_pipeline_state", pipeline="second", state="running"), 1)

    def test_no_text_of_a_record_is_shown(self):
        self.start_two()
        for path in ("/metrics", "/pipelines", "/health/ready"):
            self.assertNotIn(CANARY, self.get(path)[1])
        values = {value for family in self.scrape().values() for _, labels in family.samples for name, value in labels if name != "le"}
        version = subprocess.run([WEIR, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        self.assertLessEqual(values, {"first", "second", "main", "dead_letter", "running", "finished", "stopped", "failed", "accepted",
                                      "refused", version})

    def test_time_and_memory_are_plausible(self):
        self.serve(ENDLESS)
        self.wait_for(lambda: (lambda now: now["delivered"] > 1000 and now["now"]["checkpoint_stores"] > 0)(self.pipelines()["endless"]))
        families = self.scrape()
        settled = families["weir_settle_seconds"].samples
        key = ("weir_settle_seconds_count", (("pipeline", "endless"),))
        self.assertGreater(settled[key], 10)
        self.assertEqual(exposition.value(families, "weir_tasks_started", pipeline="endless"), 1)
        self.assertEqual(exposition.value(families, "weir_sinks_up", pipeline="endless", sink="main"), 1)
        self.assertEqual(exposition.value(families, "weir_window_limit_bytes", pipeline="endless"), 64 * 1024 * 1024)
        self.assertLess(exposition.value(families, "weir_figures_age_seconds", pipeline="endless"), 5)
        self.assertGreater(exposition.value(families, "weir_checkpoints_total", pipeline="endless"), 0)
        start = exposition.value(families, "process_start_time_seconds")
        self.assertLess(abs(time.time() - start), 120)
        self.assertGreater(exposition.value(families, "process_resident_memory_bytes"), 1e6)

    def documented(self):
        """The table of docs/metrics.md: name to (type, labels, help)."""
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", (ROOT / "docs/metrics.md").read_text(), re.M)
        names = [row[0] for row in rows]
        self.assertEqual(len(names), len(set(names)))
        return {name: (kind, set(re.findall(r"`(\w+)`", labels)), text) for name, kind, labels, text in rows}

    def test_every_metric_is_documented_as_it_is(self):
        # Nobody reads what the sink writes: after retry_timeout there is an alarm.
        more = "stdout}\nerrors: {retry_timeout: 1s}\nspool: {path: spool}"
        self.serve(ENDLESS.replace("discard}", more), stdout=subprocess.PIPE)
        families = self.wait_for(lambda: (lambda all: "weir_alarms_total" in all and all)(self.scrape()))
        seen = {name: (family.type, family.label_names(), family.help) for name, family in families.items()}
        self.maxDiff = None
        self.assertEqual(self.documented(), seen)
        alarms = [dict(labels) for _, labels in families["weir_alarms_total"].samples]
        self.assertEqual({alarm["pipeline"] for alarm in alarms}, {"endless"})

    def test_reloads_are_counted(self):
        process = self.serve(ENDLESS)

        def count():
            samples = self.scrape()["weir_reloads_total"].samples
            return {dict(labels)["result"]: value for (_, labels), value in samples.items()}

        self.assertEqual(count(), {"accepted": 0, "refused": 0})
        self.write("pipeline.yaml", ENDLESS.replace("discard", "discrad"))
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: count() == {"accepted": 0, "refused": 1})
        self.write("pipeline.yaml", ENDLESS)
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: count() == {"accepted": 1, "refused": 1})

    def test_the_dashboard_shows_metrics_that_exist(self):
        known = set(self.documented())
        known |= {name + part for name in known for part in ("_bucket", "_sum", "_count")}
        dashboard = json.loads((ROOT / "configs/grafana-dashboard.json").read_text())
        panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
        queries = [target["expr"] for panel in panels for target in panel["targets"]]
        queries += [variable["query"]["query"] for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
        for query in queries:
            names = set(re.findall(r"\b(?:weir|process)_\w+", query))
            self.assertTrue(names, query)
            self.assertLessEqual(names, known, query)
            self.assertEqual(query.count("("), query.count(")"), query)
        rows = [panel["title"] for panel in dashboard["panels"] if panel["type"] == "row"]
        self.assertEqual(rows, ["Latency", "Traffic", "Errors", "Saturation", "Spool"])
        self.assertEqual(len({panel["id"] for panel in dashboard["panels"]}), len(dashboard["panels"]))
        named = set(re.findall(r"\bweir_[a-z_]+", (ROOT / "docs/metrics.md").read_text()))
        self.assertLessEqual(named, known)


class Health(AdminTest):
    def test_a_worker_is_ready_when_every_pipeline_has_started(self):
        self.serve(ENDLESS)
        self.assertEqual(self.get("/health/live")[0].status, 200)
        response, body = self.wait_for(lambda: (lambda got: got[0].status == 200 and got)(self.get("/health/ready")))
        self.assertEqual(json.loads(body), {"ready": True, "pipelines": {"endless": {"ready": True, "state": "running"}}})

    def test_it_is_not_while_a_sink_is_not_there(self):
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))  # bound, and nobody listens
            away = ENDLESS.replace("endless", "away").replace(
                "{type: discard}", "{type: kafka, topic: t, config: {bootstrap.servers: \"127.0.0.1:%d\"}}" % nobody.getsockname()[1])
            self.serve(ENDLESS + "---" + away)
            body = self.wait_for(lambda: (lambda got: "not there" in got[1] and got[1])(self.get("/health/ready")))
            self.assertEqual(self.get("/health/ready")[0].status, 503)
            pipelines = json.loads(body)["pipelines"]
            self.assertTrue(pipelines["endless"]["ready"])
            self.assertEqual(pipelines["away"], {"ready": False, "state": "running", "reason": "It is starting: the sink is not there yet."})
            self.assertEqual(self.get("/health/live")[0].status, 200)
            families = self.scrape()
            self.assertEqual(exposition.value(families, "weir_sinks_up", pipeline="away", sink="main"), 0)
            self.assertGreater(exposition.value(families, "weir_sink_failed_starts_total", pipeline="away", sink="main"), 0)
            self.assertEqual(exposition.value(families, "weir_tasks_started", pipeline="away"), 0)

    def test_it_is_not_when_a_pipeline_failed(self):
        self.write("bad.ndjson", '{"n":1}\n{broken\n')
        failing = """
name: failing
source: {type: file, path: bad.ndjson}
transforms: [{type: set, field: a, value: 1}]
sink: {type: discard}
"""
        self.serve(ENDLESS + "---" + failing)
        self.wait_for(lambda: self.pipelines()["failing"]["state"] == "failed")
        response, body = self.get("/health/ready")
        self.assertEqual(response.status, 503)
        failing = json.loads(body)["pipelines"]["failing"]
        self.assertFalse(failing["ready"])
        self.assertIn("not tolerated", failing["reason"])


class Address(AdminTest):
    def refuse(self, *arguments):
        self.write("pipeline.yaml", ENDLESS)
        done = self.weir("run", "pipeline.yaml", *arguments, timeout=20)
        self.assert_exit(done, 2)
        return done

    def test_one_that_others_reach_is_refused_unless_allowed(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            self.assert_says(self.refuse("--admin", address), "--admin-allow-remote")
        self.serve(ENDLESS, "--admin-allow-remote", address="0.0.0.0:0")
        self.assertEqual(self.get("/metrics", headers={"Host": "weir.internal:9600"})[0].status, 200)

    def test_records_are_never_shown_to_other_machines(self):
        self.serve(ENDLESS, "--admin-allow-remote", "--admin-unsafe-tap", address="0.0.0.0:0")
        self.assertEqual(self.get("/pipelines/endless/tap")[0].status, 403)

    def test_one_that_is_taken_or_is_none_is_said(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            self.assert_says(self.refuse("--admin", f"127.0.0.1:{port}"), f"127.0.0.1:{port}", "in use")
        for address in ("", "here", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "localhost:x", "example.com:80", "[::1:80", "1.2.3:4"):
            self.assert_says(self.refuse("--admin", address), "is no address")
        self.assert_says(self.refuse("--admin-unsafe-tap"), "--admin")

    def test_a_port_alone_is_loopback(self):
        self.serve(ENDLESS, address="0")
        self.assertIn(b"admin=http://127.0.0.1:", self.read("log"))

    def test_nothing_listens_without_it(self):
        self.write("pipeline.yaml", ENDLESS)
        process = self.start("run", "pipeline.yaml", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: (self.folder / "weir-state").exists())
        time.sleep(0.5)
        sockets = [os.readlink(link) for link in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
        self.assertEqual([name for name in sockets if name.startswith("socket:")], [])


class Hostile(AdminTest):
    def setUp(self):
        super().setUp()
        self.process = self.serve(ENDLESS)

    def tearDown(self):
        self.assertIsNone(self.process.poll())
        self.assertEqual(self.get("/health/live")[0].status, 200)
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=30), 0)
        super().tearDown()

    def test_what_is_no_request_is_refused(self):
        for data, status in ((b"\0\xff garbage\r\n\r\n", 400), (b"GET\r\n\r\n", 400), (b"GET / HTTP/9.9\r\n\r\n", 400),
                             (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400), (b"GET noslash HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                             (b"GET /pipelines/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                             (b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405),
                             (b"DELETE /pipelines/endless HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
                             (b"GET /etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                             (b"GET /pipelines/%2e%2e/tap HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
                             (b"GET /pipelines/endless/tap?count=-1 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                             (b"GET /pipelines/endless/tap HTTP/1.0\r\n\r\n", 400),
                             (b"GET /metrics HTTP/1.0\r\n\r\n", 200),
                             (b"GET /metrics HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200)):
            self.assertEqual(self.status(data), status, data)

    def test_a_body_or_a_huge_header_is_refused_with_an_answer(self):
        host = b"Host: localhost\r\n"
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\n" + host + b"Content-Length: 100000\r\n\r\n" + b"x" * 30000), 413)
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\n" + host + b"X: " + b"y" * 30000), 431)
        self.assertEqual(self.status(b"GET /" + b"z" * 30000), 431)
        self.assertEqual(self.status(b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n" * 5000), 431)

    def test_a_page_of_a_stranger_gets_nothing(self):
        """DNS rebinding: the browser comes from this machine, and asks for the stranger's name."""
        for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:80"):
            self.assertEqual(self.get("/pipelines", headers={"Host": host})[0].status, 421, host)
        for host in ("localhost", "localhost:9600", "127.0.0.1", "[::1]:9600"):
            self.assertEqual(self.get("/pipelines", headers={"Host": host})[0].status, 200, host)

    def test_head_has_no_body(self):
        response, body = self.get("/metrics", method="HEAD")
        self.assertEqual((response.status, body), (200, ""))
        self.assertGreater(int(response.headers["Content-Length"]), 1000)

    def test_who_sends_slowly_is_cut_off(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as slow:
            slow.sendall(b"GET / HT")
            begin = time.monotonic()
            self.assertEqual(slow.recv(100), b"")
            self.assertLess(time.monotonic() - begin, 20)

    def test_many_connections_leave_room_for_an_honest_one(self):
        idle = [socket.create_connection(("127.0.0.1", self.port), timeout=30) for _ in range(300)]
        try:
            for _ in range(5):
                self.assertEqual(self.get("/health/live")[0].status, 200)
            open_now = len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))
            self.assertLess(open_now, 100)
        finally:
            for connection in idle:
                connection.close()

    def test_who_goes_away_in_the_middle_does_no_harm(self):
        for size in (0, 1, 10, 30):
            for _ in range(20):
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=10)
                connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"[:size])
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                connection.close()


class Tap(AdminTest):
    def tap(self, *arguments):
        return self.weir("tap", *arguments, "--admin", self.address, timeout=30)

    def records(self, done):
        self.assert_exit(done, 0)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]

    def test_records_are_shown_as_they_reach_the_sink(self):
        self.serve(PRIVATE)
        records = self.records(self.tap("private", "--count", "25"))
        self.assertEqual(len(records), 25)
        for record in records:
            value = json.loads(record["value"])
            self.assertEqual(value["user_identities"]["email"], "REDACTED")
            self.assertTrue(value["seen"])
            self.assertNotEqual(value["environment"], "development")

    def test_after_a_transform_the_later_ones_are_not_seen(self):
        self.serve(PRIVATE)
        for record in self.records(self.tap("private", "--after", "redact", "--count", "5")):
            value = json.loads(record["value"])
            self.assertEqual(value["user_identities"]["email"], "REDACTED")
            self.assertNotIn("seen", value)

    def test_nothing_is_shown_before_the_last_privacy_transform(self):
        self.serve(PRIVATE)
        for more in ([], ["--unsafe"]):  # a client alone does not open it
            done = self.tap("private", "--after", "filter", *more)
            self.assert_exit(done, 2)
            self.assertEqual(done.stdout, b"")
            self.assert_says(done, "'redact'", "--admin-unsafe-tap")
        self.assertEqual(self.get("/pipelines/private/tap?after=filter&unsafe=1")[0].status, 403)

    def test_nor_before_one_that_only_this_pipeline_calls_so(self):
        self.serve(PRIVATE.replace("field: seen, value: true", "field: seen, value: true, privacy: true"))
        done = self.tap("private", "--after", "redact")
        self.assert_exit(done, 2)
        self.assert_says(done, "'set'")
        self.assertEqual(len(self.records(self.tap("private"))), 10)

    def test_it_takes_both_sides_to_look_there(self):
        self.serve(PRIVATE, "--admin-unsafe-tap")
        done = self.tap("private", "--after", "filter")
        self.assert_exit(done, 2)
        self.assert_says(done, "--unsafe")
        records = self.records(self.tap("private", "--after", "filter", "--unsafe", "--count", "5"))
        self.assertTrue(all("@" in json.loads(record["value"])["user_identities"]["email"] for record in records))

    def test_transform_threads_are_seen_too(self):
        self.serve(PRIVATE.replace("sink:", "transform_threads: 2\nsink:"))
        records = self.records(self.tap("private", "--after", "redact", "--count", "300"))
        self.assertEqual(len(records), 300)
        self.assertEqual({json.loads(record["value"])["user_identities"]["email"] for record in records}, {"REDACTED"})

    def test_what_is_not_there_is_said(self):
        self.serve(PRIVATE)
        for arguments, text in ((["nobody"], "no pipeline of that name; there is: "), (["private", "--after", "nothing"], "filter, redact, set"), (["a/../b%"], "no pipeline")):
            done = self.tap(*arguments)
            self.assert_exit(done, 2)
            self.assert_says(done, text)
        self.assert_exit(self.tap("private", "--count", "0"), 2)
        done = self.weir("tap", "private", "--admin", "127.0.0.1:1")
        self.assert_exit(done, 1)
        self.assert_says(done, "Nobody answers at 127.0.0.1:1")

    def open_tap(self, path):
        """A reader who asks and does not read."""
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", self.port))
        self.addCleanup(reader.close)
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.assertIn(b" 200 ", reader.recv(15))
        return reader

    def test_one_reader_at_a_time_and_who_leaves_makes_room(self):
        self.serve(PRIVATE)
        reader = self.open_tap("/pipelines/private/tap?count=1000000")
        done = self.tap("private")
        self.assert_exit(done, 2)
        self.assert_says(done, "taps this pipeline already")
        reader.close()
        self.wait_for(lambda: self.tap("private").returncode == 0)

    def test_a_reader_who_does_not_read_delays_no_record(self):
        self.serve(PRIVATE)
        self.open_tap("/pipelines/private/tap?count=1000000")
        missed = lambda: exposition.value(self.scrape(), "weir_tap_missed_total", pipeline="private")
        self.wait_for(lambda: missed() > 0)
        before = self.pipelines()["private"]
        time.sleep(2)
        after = self.pipelines()["private"]
        self.assertGreater((after["read"] - before["read"]) / (after["seconds"] - before["seconds"]), 2500)  # of 5000 a second
        self.assertGreater(exposition.value(self.scrape(), "weir_tap_records_total", pipeline="private"), 0)

    def test_it_ends_with_the_pipeline(self):
        self.write("in.ndjson", "")
        process = self.serve("name: short\nsource: {type: stdin}\nsink: {type: stdout}\n---" + ENDLESS, stdin=subprocess.PIPE)
        self.wait_for(lambda: self.pipelines()["short"]["now"]["ready"])
        reader = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.addCleanup(reader.close)
        reader.request("GET", "/pipelines/short/tap?count=100")
        response = reader.getresponse()  # from here on it is open
        process.stdin.write('{"n":1}\n'.encode() + b"\xff\n")
        process.stdin.close()
        shown = [json.loads(line) for line in response.read().splitlines()]
        self.assertEqual(shown, [{"value": '{"n":1}'}, {"value_base64": "/w=="}])
        done = self.tap("short")
        self.assertEqual((done.returncode, done.stdout), (0, b""))

    def test_a_reload_ends_it_and_the_new_pipeline_decides_what_is_shown(self):
        process = self.serve(PRIVATE)
        reader = self.open_tap("/pipelines/private/tap?after=redact&count=1000000")
        before = self.pipelines()["private"]["read"]
        self.write("pipeline.yaml", PRIVATE.replace("field: seen, value: true", "field: seen, value: true, privacy: true"))
        process.send_signal(signal.SIGHUP)
        text = b""
        while piece := reader.recv(65536):  # to its end
            text += piece
        self.assertTrue(text.endswith(b"\r\n\r\n"), text[-60:])
        self.assertIn(b"Weir-Missed: ", text[-60:])
        done = self.wait_for(lambda: (lambda got: got.returncode == 2 and got)(self.tap("private", "--after", "redact")))
        self.assert_says(done, "'set'")
        self.assertEqual(len(self.records(self.tap("private"))), 10)
        read = self.pipelines()["private"]["read"]
        self.assertGreaterEqual(read, before)
        families = self.scrape()
        self.assertGreaterEqual(exposition.value(families, "weir_records_read_total", pipeline="private"), read)
        self.assertEqual(exposition.value(families, "weir_tasks", pipeline="private"), 1)

    def test_the_books_are_the_same_with_a_tap(self):
        yaml = PRIVATE.replace("count: 100000000, rate: 5000", "count: 30000, rate: 20000")
        process = self.serve(yaml)
        self.records(self.tap("private", "--after", "redact", "--count", "2000"))
        self.assertEqual(process.wait(timeout=60), 0)
        tapped = json.loads(self.read("report.json"))["pipelines"]["private"]
        done, plain = self.run_pipeline(yaml.replace("rate: 20000", "rate: 0"), "--fresh")
        self.assert_exit(done, 0)
        self.assertEqual({term: tapped[term] for term in LEDGER_COUNTERS}, {term: plain[term] for term in LEDGER_COUNTERS})


class Top(AdminTest):
    def test_once_prints_a_table(self):
        self.serve(ENDLESS + "---" + PRIVATE)
        self.wait_for(lambda: self.pipelines()["private"]["delivered"] > 5000)
        done = self.weir("top", "--once", "--admin", self.address)
        self.assert_exit(done, 0)
        head, *rows = [line.split() for line in done.stdout.decode().splitlines()]
        self.assertEqual(head[:4], ["PIPELINE", "STATE", "READ/S", "DELIVERED/S"])
        self.assertEqual([row[:2] for row in rows], [["endless", "running"], ["private", "running"]])
        for row in rows:
            self.assertTrue(2000 < float(row[2]) < 8000, row)
        self.assertNotIn(b"\x1b", done.stdout)

    def test_without_a_terminal_it_prints_once(self):
        self.serve(ENDLESS)
        done = self.weir("top", "--admin", self.address, timeout=20)
        self.assert_exit(done, 0)
        self.assertEqual(done.stdout.count(b"PIPELINE"), 1)

    def test_nobody_there_is_exit_1(self):
        done = self.weir("top", "--admin", "127.0.0.1:1")
        self.assert_exit(done, 1)
        self.assert_says(done, "Nobody answers")

    def on_a_terminal(self, end):
        """Runs it on a terminal, ends it, returns what it drew and the terminal's modes before and after."""
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        self.addCleanup(os.close, slave)
        before = termios.tcgetattr(slave)
        process = self.start("top", "--admin", self.address, stdin=slave, stdout=slave, stderr=slave)
        drawn = b""

        def seen_twice():
            nonlocal drawn
            while select.select([master], [], [], 0)[0]:
                drawn += os.read(master, 65536)
            return drawn.count(b"PIPELINE") >= 2

        self.wait_for(seen_twice)
        self.assertNotEqual(termios.tcgetattr(slave)[3], before[3])
        end(process, master)
        self.assertEqual(process.wait(timeout=20), 0)
        seen_twice()
        self.assertEqual(termios.tcgetattr(slave), before)
        self.assertTrue(drawn.endswith(b"\x1b[?25h\x1b[?1049l"), drawn[-40:])
        return drawn

    def test_on_a_terminal_it_draws_until_a_key(self):
        self.serve(ENDLESS)
        for key in (b"q", b"\x03"):
            self.assertIn(b"endless", self.on_a_terminal(lambda process, master, key=key: os.write(master, key)))

    def test_a_signal_leaves_the_terminal_as_it_was(self):
        self.serve(ENDLESS)
        self.on_a_terminal(lambda process, master: process.send_signal(signal.SIGTERM))


class Docs(AdminTest):
    def test_the_commands_of_the_page_run(self):
        """Those of docs/metrics.md that a `sh` block shows after the worker was started."""
        page = (ROOT / "docs/metrics.md").read_text()
        blocks = re.findall(r"^```sh\n(.*?)^```", page, re.S | re.M)
        self.assertTrue(blocks[0].startswith("weir run "), blocks[0])
        self.serve(PRIVATE.replace("name: private", "name: customer-events"))
        self.wait_for(lambda: self.get("/health/ready")[0].status == 200)
        commands = [line for block in blocks[1:] for line in block.splitlines()]
        self.assertGreater(len(commands), 3)
        path = f"{pathlib.Path(WEIR).parent}:{os.environ['PATH']}"
        for command in commands:
            command = command.replace("127.0.0.1:9600", self.address)
            if command.startswith("weir "):
                command += f" --admin {self.address}"
            done = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, env={**os.environ, "PATH": path})
            self.assertEqual(done.returncode, 0, (command, done.stderr))
            self.assertTrue(done.stdout, command)


if __name__ == "__main__":
    unittest.main()
