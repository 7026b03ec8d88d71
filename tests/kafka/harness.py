"""What the broker tests share: a broker of their own, pipelines run by the real program, and reading back through weir-consume.

Environment: WEIR_BIN, the folder of weir, weir-broker and weir-consume; WEIR_SCRATCH, where big files may go; CI=true, when a
broker that cannot be had is a failure instead of a skip (exit code 77); WEIR_TEST_LENGTH=long for the long forms.
"""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import kafka_wire  # noqa: E402
import oracle  # noqa: E402
from waiting import wait_until  # noqa: E402

BIN = pathlib.Path(os.environ.get("WEIR_BIN", ROOT / "build" / "release" / "bin"))
LONG = os.environ.get("WEIR_TEST_LENGTH") == "long"
SKIP = 77


def scratch_folder(name):
    base = os.environ.get("WEIR_SCRATCH")
    if base:
        os.makedirs(base, exist_ok=True)
    return pathlib.Path(tempfile.mkdtemp(prefix=f"weir-{name}-", dir=base))


class Broker:
    """Apache Kafka through tests/kafka/broker, in a folder of its own."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.facts = self.call("start", *options)
        self.bootstrap = self.facts["bootstrap"]

    @staticmethod
    def available():
        done = subprocess.run([HERE / "broker", "fetch"], capture_output=True, text=True)
        if done.returncode == 0:
            return True
        print(done.stderr, file=sys.stderr)
        return False

    def call(self, verb, *options):
        done = subprocess.run([HERE / "broker", verb, "--dir", self.folder, *options], capture_output=True, text=True, timeout=180)
        if done.returncode:
            raise RuntimeError(f"broker {verb}: {done.stderr}")
        return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)

    def start(self):
        self.facts = self.call("start")

    def signal_now(self, which):
        """At once, before a script could start: fast runs are over in a second. A dead broker's pid may be someone else's."""
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            pid = int(self.facts["pid"])
            if str(self.folder).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, which)

    def kill(self):
        self.signal_now(signal.SIGKILL)
        self.call("kill")

    def freeze(self):
        self.signal_now(signal.SIGSTOP)

    def thaw(self):
        self.call("thaw")

    def create_topic(self, name, partitions=oracle.PARTITIONS, **settings):
        kafka_wire.create_topic(self.bootstrap, name, partitions, {key.replace("_", "."): value for key, value in settings.items()})
        # Created is not yet led: wait until the leader answers for every partition.
        wait_until(lambda: self.count(name, partitions) is not None, 20, f"the leaders of {name}")

    def count(self, topic, partitions=oracle.PARTITIONS):
        """Messages in a topic, None while that cannot be known."""
        with contextlib.suppress(OSError, kafka_wire.Refused, Exception):
            ends = kafka_wire.end_offsets(self.bootstrap, topic, partitions)
            return sum(ends.values())
        return None

    def lines(self, topic, *options):
        """The topic's messages as weir-consume writes them, read while they come."""
        command = [BIN / "weir-consume", self.bootstrap, topic, "--until-end", *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as consumer:
            yield from consumer.stdout
        if consumer.returncode:
            raise AssertionError(f"weir-consume ended with {consumer.returncode}")


class Run:
    """A started `weir run`. Its standard error goes to a file. `wrapper`: the words of a program that runs it, such as strace."""

    def __init__(self, folder, pipeline, *options, environment=None, program="weir", wrapper=()):
        self.folder = folder
        self.report_file = folder / "report.json"
        self.report_file.unlink(missing_ok=True)
        self.log_file = folder / "weir.log"
        command = [*wrapper, BIN / program, "run", pipeline, "--state", folder / "state", "--report", self.report_file, *options]
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={**os.environ, **(environment or {})})

    def running(self):
        return self.process.poll() is None

    def wait(self, seconds):
        """The exit code; fails, and kills the program, when it takes longer."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"weir did not end in {seconds} s; its log:\n{self.log()[-3000:]}") from None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def log(self):
        return self.log_file.read_text(errors="replace")

    def books(self):
        """The ledger of the only pipeline in the report."""
        report = json.loads(self.report_file.read_text())
        (books,) = report["pipelines"].values()
        return books


def balanced(books):
    return (books["backlog_start"] + books["read"] + books["cloned"] ==
            sum(books[term] for term in ("delivered", "filtered", "dead_lettered", "dropped", "merged", "expired", "in_flight",
                                         "backlog_end")))


def generate(folder, count, *options):
    """Writes events.ndjson and its index into the folder."""
    events, index = folder / "events.ndjson", folder / "events.idx"
    subprocess.run([sys.executable, ROOT / "tests" / "support" / "generate_events.py", str(count), events, "--index", index, *options],
                   check=True, stdout=subprocess.DEVNULL)
    return oracle.Input(events, index)


class BrokerTest(unittest.TestCase):
    """A class of tests with one broker, started before the first and killed after the last."""

    broker_options = ()

    @classmethod
    def setUpClass(cls):
        cls.home = scratch_folder(cls.__name__)
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        cls.broker = Broker(cls.home / "broker", *cls.broker_options)
        cls.addClassCleanup(cls.broker.kill)

    def setUp(self):
        self.folder = self.home / self.id().rsplit(".", 1)[1]
        self.folder.mkdir()
        self.runs = []

    def tearDown(self):
        for run in self.runs:
            if run.running():
                run.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, pipeline, *options, **environment):
        """Starts a pipeline: a file of this folder, or the text of one."""
        if "\n" in str(pipeline):
            file = self.folder / "pipeline.yaml"
            file.write_text(pipeline)
        else:
            file = HERE / pipeline
        given = {"WEIR_BOOTSTRAP": self.broker.bootstrap, "WEIR_FOLDER": str(self.folder), **environment}
        run = Run(self.folder, file, *options, environment=given)
        self.runs.append(run)
        return run

    def assert_done(self, run, seconds):
        code = run.wait(seconds)
        self.assertEqual(code, 0, run.log()[-3000:])
        self.assertTrue(balanced(run.books()), run.books())

    def wait_for_messages(self, run, topic, count, seconds=60):
        """Until the topic holds so many messages, which must be before the run ends."""
        wait_until(lambda: (self.broker.count(topic) or 0) >= count or not run.running(), seconds, f"{count} messages in {topic}")
        self.assertTrue(run.running(), "the run ended before the disturbance: " + run.log()[-1000:])


def main():
    """unittest.main, but a machine that cannot have a broker skips the file."""
    if not Broker.available():
        sys.exit(1 if os.environ.get("CI") == "true" else SKIP)
    unittest.main(verbosity=2)
