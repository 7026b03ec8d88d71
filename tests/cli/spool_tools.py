"""`weir spool` beside a running worker and without one, on spools that are whole and spoilt."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import spool_bytes  # noqa: E402
from weir_process import WEIR, WeirTest  # noqa: E402

COUNT = 30_000
SECRET = "a secret of this very test"
# Nobody listens on port 1: what the source gives stays in the spool.
PIPELINE = """\
name: tools
source: {{type: generate, count: {count}, seed: 7}}
sink: {sink}
spool: {{path: spool, max_bytes: 64MiB, keep_delivered: 1d{more}}}
memory: 8MiB
"""
AWAY = '{type: kafka, topic: t, config: {bootstrap.servers: "127.0.0.1:1"}}'
OUT = "{type: file, path: out.ndjson, format: envelope}"


class SpoolTools(WeirTest):
    def pipeline(self, sink=AWAY, count=COUNT, more=""):
        self.write("tools.yaml", PIPELINE.format(sink=sink, count=count, more=more))

    def spool(self, action, *options, at="spool"):
        return self.weir("spool", action, at, *options)

    def result(self, action, *options, at="spool"):
        done = self.spool(action, "--json", *options, at=at)
        self.assert_exit(done, 0)
        return json.loads(done.stdout)

    def lines(self, action, *options, at="spool"):
        done = self.spool(action, *options, at=at)
        self.assert_exit(done, 0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self):
        log = open(self.folder / "weir.log", "ab")
        self.addCleanup(log.close)
        worker = subprocess.Popen([WEIR, "run", "tools.yaml"], cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.addCleanup(lambda: (worker.kill(), worker.wait()))
        return worker

    def fill(self, **more):
        """A worker with everything in its spool."""
        self.pipeline(**more)
        worker = self.start()
        give_up = time.monotonic() + 60
        while sum(segment.count for segment in spool_bytes.segments(self.folder / "spool")) < COUNT:
            self.assertIsNone(worker.poll(), self.read("weir.log"))
            self.assertLess(time.monotonic(), give_up)
            time.sleep(0.05)
        return worker

    def stop(self, worker):
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(30), 0, self.read("weir.log"))

    def first_block(self):
        segment = spool_bytes.segments(self.folder / "spool")[0]
        return segment, segment.blocks[1]


class Looking(SpoolTools):
    def test_beside_a_worker_and_without_one(self):
        worker = self.fill()
        status = self.result("status")
        self.assertEqual((status["waiting"], status["kept"], status["worker"], status["state"], status["encrypted"]), (COUNT, 0, worker.pid, "whole", False))
        self.assertEqual(status["end"] - status["next_to_deliver"], COUNT)
        self.assertEqual(sum(segment["records"] for segment in self.result("ls")), COUNT)
        verdict = self.result("verify")
        self.assertEqual((verdict["records"], verdict["damaged"], verdict["segments"]), (COUNT, 0, []))
        self.assertEqual(len(self.lines("peek")), 10)
        self.stop(worker)
        status = self.result("status")
        self.assertEqual((status["waiting"], status["worker"]), (COUNT, None))
        for action in ("status", "ls", "verify"):
            self.assertTrue(self.spool(action).stdout)

    def test_what_is_exported_is_what_the_sink_would_have_got_as_envelopes(self):
        self.stop(self.fill())
        exported = self.spool("export")
        self.assert_exit(exported, 0)
        self.assertEqual(len(exported.stdout.splitlines()), COUNT)
        self.pipeline(sink=OUT)
        self.assert_exit(self.weir("run", "tools.yaml"), 0)
        self.assertEqual(exported.stdout, self.read("out.ndjson"))
        # All is delivered, and kept for a day.
        status = self.result("status", at="tools.yaml")
        self.assertEqual((status["waiting"], status["kept"]), (0, COUNT))
        self.assertEqual(self.lines("export", at="tools.yaml"), [])
        self.assertEqual(self.spool("export", "--all").stdout, exported.stdout)

    def test_records_are_found_by_their_number(self):
        self.stop(self.fill())
        all_lines = self.spool("export").stdout.splitlines()
        first = self.result("status")["next_to_deliver"]
        peeked = self.lines("peek", "--from", str(first + 20_000), "--count", "3")
        self.assertEqual([line.pop("position")["offset"] for line in peeked], [str(first + 20_000 + i) for i in range(3)])
        self.assertEqual(peeked, [json.loads(line) for line in all_lines[20_000:20_003]])
        self.assertEqual(self.spool("export", "--from", str(first + COUNT - 1)).stdout.splitlines(), all_lines[-1:])
        self.assertEqual(self.lines("peek", "--from", str(first + COUNT)), [])

    def test_an_encrypted_one_needs_its_secret(self):
        self.write("key", SECRET + "\n")
        self.stop(self.fill(more=", encryption_secret: '${file:key}'"))
        self.write("wrong", "another secret than this one\n")
        for options in ((), ("--secret-file", "wrong")):
            done = self.spool("export", *options)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, b"")
            self.assert_says(done, "secret")
        self.assertEqual(len(self.lines("export", "--secret-file", "key")), COUNT)
        self.assertEqual(len(self.lines("export", at="tools.yaml")), COUNT)
        self.assertEqual(self.result("verify")["records"], COUNT)  # checksums need none
        self.assertTrue(all(len(segment["key"]) == 16 for segment in self.result("ls")))

    def test_looking_changes_no_byte(self):
        self.stop(self.fill())
        before = spool_bytes.digest(self.folder / "spool")
        for action in ("status", "ls", "peek", "verify", "export"):
            self.assert_exit(self.spool(action), 0)
        self.assert_exit(self.spool("repair", "--plan"), 0)
        self.assertEqual(spool_bytes.digest(self.folder / "spool"), before)


class Spoilt(SpoolTools):
    def setUp(self):
        super().setUp()
        self.stop(self.fill())

    def test_a_damaged_block_is_named_and_all_else_exported(self):
        segment, block = self.first_block()
        spool_bytes.flip(segment.path, block.payload + 3)
        done = self.spool("verify", "--json")
        self.assert_exit(done, 1)
        verdict = json.loads(done.stdout)
        self.assertEqual(verdict["records"], COUNT - block.count)
        (unsound,) = verdict["segments"]
        (damage,) = unsound["damaged"]
        self.assertEqual((unsound["segment"], damage["offset"], damage["first"], damage["records"]), (segment.path.name, block.at, block.first, block.count))
        done = self.spool("export")
        self.assert_exit(done, 1)
        self.assertEqual(len(done.stdout.splitlines()), COUNT - block.count)
        self.assert_says(done, f"{block.count} records are damaged")
        self.assert_says_out(self.spool("repair", "--plan"), "left to the worker: 1 damaged")

    def assert_says_out(self, done, text):
        self.assert_exit(done, 0)
        self.assertIn(text, done.stdout.decode())

    def test_a_state_without_a_whole_slot_is_made_anew_and_nothing_is_lost(self):
        for at in spool_bytes.SLOTS:
            spool_bytes.flip(self.folder / "spool" / "state", at + 40)
        self.assert_exit(self.weir("run", "tools.yaml"), 1)
        self.assertEqual(self.weir("spool", "status", "spool", "--json").returncode, 0)
        before = spool_bytes.digest(self.folder / "spool")
        self.assert_says_out(self.spool("repair", "--plan"), "would make a new state")
        self.assertEqual(spool_bytes.digest(self.folder / "spool"), before)
        self.assert_says_out(self.spool("repair"), "making a new state")
        self.assertIn(before["state"], spool_bytes.digest(self.folder / "spool" / "quarantine").values())
        self.assert_says_out(self.spool("repair"), "nothing to repair")
        self.pipeline(sink=OUT)
        self.assert_exit(self.weir("run", "tools.yaml"), 0)
        self.assertEqual(len(self.read("out.ndjson").splitlines()), COUNT)

    def test_a_segment_without_a_header_goes_to_quarantine_and_the_others_are_delivered(self):
        segment = spool_bytes.segments(self.folder / "spool")[0]
        for at in (40, spool_bytes.SECTOR + 40):
            spool_bytes.flip(segment.path, at)
        spoilt = segment.path.read_bytes()
        self.assert_exit(self.spool("verify"), 1)
        self.assert_says_out(self.spool("repair", "--plan"), "left to the worker: " + segment.path.name)
        self.pipeline(sink=OUT)
        self.assert_exit(self.weir("run", "tools.yaml"), 0)
        self.assertEqual(len(self.read("out.ndjson").splitlines()), COUNT - segment.count)
        self.assertIn(spoilt, spool_bytes.digest(self.folder / "spool" / "quarantine").values())


class Refused(SpoolTools):
    def test_repair_beside_a_worker(self):
        worker = self.fill()
        for at in spool_bytes.SLOTS:
            spool_bytes.flip(self.folder / "spool" / "state", at + 40)
        done = self.spool("repair")
        self.assert_exit(done, 1)
        self.assert_says(done, "in use")
        self.assertIsNone(worker.poll())

    def test_what_is_no_spool(self):
        (self.folder / "empty").mkdir()
        self.write("plain.yaml", "name: plain\nsource: {type: stdin}\nsink: {type: discard}\n")
        for place, text in (("empty", "is no spool"), ("missing.yaml", "missing.yaml"), ("plain.yaml", "no pipeline with a spool")):
            done = self.spool("status", at=place)
            self.assert_exit(done, 2)
            self.assert_says(done, text)

    def test_options_that_the_action_does_not_take(self):
        (self.folder / "spool").mkdir()
        self.write("spool/lock", "")
        for words in (("status", "--count", "1"), ("verify", "--plan"), ("peek", "--json"), ("ls", "--all"), ("ls", "--plan"), ("export", "--all", "--from", "1"), ("destroy",)):
            self.assert_exit(self.weir("spool", words[0], "spool", *words[1:]), 2)


if __name__ == "__main__":
    unittest.main()
