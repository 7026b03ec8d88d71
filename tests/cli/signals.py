"""Stopping, killing, locking: what `weir run` does when it is not left alone."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest, balanced  # noqa: E402

ENDLESS = """
name: endless
source: {type: generate, shape: event, count: 100000000, rate: 5000, seed: 7}
sink: {type: file, path: out.ndjson}
"""


class Stopping(WeirTest):
    def start_endless(self, yaml=ENDLESS):
        self.write("pipeline.yaml", yaml)
        process = self.start("run", "pipeline.yaml", "--report", "report.json", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.wait_for(lambda: len(self.read("out.ndjson")) > 10_000)
        return process

    def test_sigterm_settles_stores_and_exits_0(self):
        process = self.start_endless()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, errors)
        ledger = json.loads(self.read("report.json"))["pipelines"]["endless"]
        self.assertEqual(ledger["state"], "stopped")
        self.assertTrue(balanced(ledger))
        self.assertEqual(self.read("out.ndjson").count(b"\n"), ledger["delivered"])

    def test_after_sigterm_the_next_run_goes_on_exactly_there(self):
        yaml = ENDLESS.replace("100000000, rate: 5000", "20000, rate: 20000")
        process = self.start_endless(yaml)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        self.assert_exit(self.weir("run", "pipeline.yaml"), 0)
        self.write("whole.yaml", yaml.replace("endless", "whole").replace("out.ndjson", "whole.ndjson").replace("rate: 20000", "rate: 0"))
        self.assert_exit(self.weir("run", "whole.yaml"), 0)
        self.assertEqual(self.read("out.ndjson"), self.read("whole.ndjson"))

    def test_sigint_twice_quits_at_once(self):
        self.write("pipeline.yaml", "name: stuck\nsource: {type: generate, count: 100000, rate: 0}\nsink: {type: stdout}\nshutdown_timeout: 60s\n")
        process = self.start("run", "pipeline.yaml", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=10), 130)

    def test_two_workers_do_not_share_a_state_directory(self):
        self.start_endless()
        done = self.weir("run", "pipeline.yaml")
        self.assertNotEqual(done.returncode, 0)
        self.assert_says(done, "weir-state")

    def test_killed_at_random_nothing_is_lost(self):
        """kill -9 while file → filter → file runs; the output may hold duplicates, never gaps, order by first occurrence."""
        count = 60_000
        self.write("in.ndjson", "".join('{"n":%d,"drop":%s}\n' % (n, "true" if n % 5 == 0 else "false") for n in range(count)))
        self.write("pipeline.yaml", """
name: killed
source: {type: file, path: in.ndjson}
transforms: [{type: filter, drop_when: {field: drop, equals: true}}]
sink: {type: file, path: out.ndjson}
offsets: {interval: 5ms}
""")
        for delay in (0.03, 0.05, 0.06, 0.08, 0.1):
            process = self.start("run", "pipeline.yaml", stderr=subprocess.DEVNULL)
            time.sleep(delay)
            process.kill()
            process.wait()
        self.assert_exit(self.weir("run", "pipeline.yaml"), 0)
        first = list(dict.fromkeys(json.loads(line)["n"] for line in self.read("out.ndjson").splitlines()))
        self.assertEqual(first, [n for n in range(count) if n % 5])

    def test_one_failing_pipeline_leaves_the_others_running(self):
        self.write("in.ndjson", '{"a":1}\n' * 1000)
        self.write("two.yaml", """
name: fails
source: {type: file, path: missing.ndjson}
sink: {type: discard}
---
name: works
source: {type: file, path: in.ndjson}
sink: {type: file, path: out.ndjson}
""")
        done = self.weir("run", "two.yaml", "--report", "report.json")
        self.assert_exit(done, 1)
        report = json.loads(self.read("report.json"))
        self.assertEqual((report["pipelines"]["fails"]["state"], report["pipelines"]["works"]["state"], report["exit"]), ("failed", "finished", 1))
        self.assertEqual(self.read("out.ndjson").count(b"\n"), 1000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
