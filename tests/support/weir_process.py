"""Runs the real program in a folder of its own, for tests from outside. $WEIR names the binary (ctest sets it)."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from waiting import wait_until

WEIR = os.environ.get("WEIR", "weir")


def balanced(ledger):
    """The books of design section 1, P5."""
    into = ledger["backlog_start"] + ledger["read"] + ledger["cloned"]
    out = sum(ledger[term] for term in ("delivered", "filtered", "dead_lettered", "dropped", "merged", "expired", "in_flight", "backlog_end"))
    return into == out


class WeirTest(unittest.TestCase):
    """A test with a temporary folder, `self.folder`, that is the working directory of every run."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return path

    def weir(self, *arguments, stdin=None, timeout=60, env=None, prefix=()):
        """Runs weir to its end; returns the CompletedProcess with bytes."""
        environment = {**os.environ, **(env or {})}
        command = [*prefix, WEIR, *map(str, arguments)]
        if stdin is None:
            return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, env=environment)
        return subprocess.run(command, cwd=self.folder, input=stdin, capture_output=True, timeout=timeout, env=environment)

    def start(self, *arguments, **options):
        """Starts weir; the test's end kills it."""
        process = subprocess.Popen([WEIR, *map(str, arguments)], cwd=self.folder, **{"stdin": subprocess.DEVNULL, **options})
        self.addCleanup(lambda: (process.kill(), process.wait()) if process.poll() is None else None)
        return process

    def wait_for(self, condition):
        return wait_until(condition, 20, "a condition of this test")

    def run_pipeline(self, yaml, *arguments, name="pipeline.yaml", **options):
        """Writes the YAML and runs it; returns (process, ledger of its only pipeline)."""
        self.write(name, yaml)
        done = self.weir("run", name, "--report", "report.json", *arguments, **options)
        report = self.folder / "report.json"
        ledger = None
        if report.exists():
            pipelines = json.loads(report.read_text())["pipelines"]
            ledger = next(iter(pipelines.values())) if len(pipelines) == 1 else pipelines
        return done, ledger

    def read(self, name):
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""

    def assert_exit(self, done, code):
        self.assertEqual(done.returncode, code, done.stderr.decode(errors="replace"))

    def assert_says(self, done, *texts):
        for text in texts:
            self.assertIn(text, done.stderr.decode(errors="replace"))
