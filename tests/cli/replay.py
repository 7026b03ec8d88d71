"""weir replay: what a spool has kept goes through today's transforms once more, marked, and nothing else changes."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest  # noqa: E402

KEEP = "{path: spool, keep_delivered: 7d}"
ENVELOPES = "{type: file, path: out.ndjson, format: envelope}"
AWAY = "{type: kafka, topic: t, config: {bootstrap.servers: '127.0.0.1:1'}}"


def lines(first, end):
    return "".join('{"n":%d}\n' % n for n in range(first, end))


class Replay(WeirTest):
    def pipeline(self, sink="{type: file, path: out.ndjson}", more="", spool=KEEP, source="{type: file, path: in.ndjson}"):
        self.write("pipeline.yaml", f"name: kept\nsource: {source}\nsink: {sink}\nspool: {spool}\n{more}")

    def deliver(self, count=100, **options):
        self.write("in.ndjson", lines(0, count))
        self.pipeline(**options)
        self.assert_exit(self.weir("run", "pipeline.yaml"), 0)

    def replay(self, *arguments, code=0):
        done = self.weir("replay", "pipeline.yaml", *(arguments or ("--from", "-1h")))
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return done

    def kept(self):
        """All that a replay must leave as it is."""
        return {path: path.read_bytes() for folder in ("spool", "weir-state")
                for path in (self.folder / folder).rglob("*") if path.is_file()}

    def numbers(self):
        return [json.loads(line)["n"] for line in self.read("out.ndjson").splitlines()]

    def test_what_was_delivered_comes_again_in_order_and_positions_stay(self):
        self.deliver()
        before = self.kept()
        done = self.replay()
        self.assertRegex(done.stdout.decode(), r"^replayed 100 of 100 records .*: delivered 100, filtered 0, failed 0\n$")
        self.assertEqual(self.numbers(), list(range(100)) * 2)
        self.assertEqual(self.kept(), before)
        self.replay()
        self.assertEqual(self.numbers(), list(range(100)) * 3)
        self.assert_exit(self.weir("run", "pipeline.yaml"), 0)
        self.assertEqual(len(self.numbers()), 300)

    def test_each_record_says_which_replay_it_is_of(self):
        self.deliver(3, sink=ENVELOPES)
        self.replay()
        self.replay()
        headers = [dict(json.loads(line).get("headers", [])) for line in self.read("out.ndjson").splitlines()]
        self.assertEqual(headers[:3], [{}, {}, {}])
        ids = [header["__weir.replay"] for header in headers[3:]]
        self.assertEqual(ids[:3], ids[:1] * 3)
        self.assertEqual(ids[3:], ids[3:4] * 3)
        self.assertNotEqual(ids[0], ids[3])

    def test_it_goes_through_todays_transforms_but_those_before_the_spool(self):
        self.deliver(10, more="transforms: [{type: set, at: ingest, field: early, value: 1}]\n")
        self.pipeline(more="transforms:\n"
                           "  - {type: set, at: ingest, field: early, value: 2}\n"
                           "  - {type: filter, drop_when: {field: n, less: 4}}\n"
                           "  - {type: set, field: today, value: true}\n")
        done = self.replay()
        self.assertIn(b"delivered 6, filtered 4, failed 0", done.stdout)
        replayed = [json.loads(line) for line in self.read("out.ndjson").splitlines()][10:]
        self.assertEqual(replayed, [{"n": n, "early": 1, "today": True} for n in range(4, 10)])

    def test_a_protecting_transform_before_the_spool_is_told_of(self):
        redact = "transforms: [{type: redact, at: ingest, rules: [{field: email, action: remove}]}]\n"
        self.deliver(1, more=redact)
        self.assert_says(self.replay(), "works before the spool, and is not applied again", "transform=redact")

    def test_records_are_chosen_by_condition(self):
        self.deliver()
        done = self.replay("--from", "-1h", "--match", "{field: n, greater: 89}")
        self.assertIn(b"replayed 10 of 100 records", done.stdout)
        self.assertEqual(self.numbers()[100:], list(range(90, 100)))

    def test_records_that_no_condition_can_judge_are_left_out_and_counted(self):
        self.write("in.ndjson", '{"n":1}\nno json\n{"n":2}\n')
        self.pipeline()
        self.assert_exit(self.weir("run", "pipeline.yaml"), 0)
        done = self.replay("--from", "-1h", "--match", "{field: n, exists: true}")
        self.assertIn(b"replayed 2 of 3 records", done.stdout)
        self.assertIn(b"1 could not be judged", done.stdout)

    def test_records_are_chosen_by_key(self):
        self.deliver(10)  # a file's lines have no key
        self.assertIn(b"replayed 0 of 10", self.replay("--from", "-1h", "--key", "7").stdout)

    def test_times_bound_it(self):
        self.deliver(10)
        middle = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5))
        self.assertIn(b"replayed 0 of 0", self.replay("--from", middle, "--to", "2999-01-01").stdout)
        self.assertIn(b"replayed 10 of 10", self.replay("--from", "2020-01-01", "--to", middle).stdout)
        self.assertIn(b"replayed 0 of 0", self.replay("--from", "2020-01-01", "--to", "2020-01-02T00:00:00+01:00").stdout)

    def test_a_dry_run_sends_nothing(self):
        self.deliver(10, more="transforms: [{type: filter, drop_when: {field: n, equals: 0}}]\n")
        done = self.replay("--from", "-1h", "--dry-run")
        self.assertIn(b"would replay 10 of 10 records", done.stdout)
        self.assertIn(b"delivered 9, filtered 1", done.stdout)
        self.assertEqual(len(self.numbers()), 9)

    def test_what_fails_is_counted_and_goes_nowhere(self):
        self.deliver(10)
        self.pipeline(more="transforms: [{type: set, field: n.x, value: 1, predicate: p}]\n"
                           "predicates: {p: {type: condition, when: {field: n, equals: 3}}}\n"
                           "dead_letter: {type: file, path: dead.ndjson}\n")
        done = self.replay(code=1)
        self.assertIn(b"delivered 9, filtered 0, failed 1", done.stdout)
        self.assertFalse((self.folder / "dead.ndjson").exists())

    def test_what_waits_is_left_out_and_told(self):
        self.deliver(10)
        self.write("in.ndjson", lines(0, 15))
        self.pipeline(AWAY)
        process = self.start("run", "pipeline.yaml", stderr=subprocess.DEVNULL)
        self.wait_for(lambda: b"at_most=5" in self.weir("replay", "pipeline.yaml", "--from", "-1h", "--dry-run").stderr)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 0)
        self.pipeline()
        done = self.replay()
        self.assert_says(done, "Records that were not delivered yet are left out", "at_most=5")
        self.assertIn(b"replayed 10 of 10", done.stdout)

    def test_it_runs_beside_the_worker(self):
        self.write("in.ndjson", lines(0, 1000))
        self.pipeline("{type: discard}", source="{type: file, path: in.ndjson, follow: true}")
        process = self.start("run", "pipeline.yaml", "--report", "report.json", stderr=subprocess.DEVNULL)
        self.wait_for(lambda: b"replayed 1000 of 1000" in self.weir("replay", "pipeline.yaml", "--from", "-1h").stdout)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 0)
        self.assertEqual(json.loads(self.read("report.json"))["pipelines"]["kept"]["delivered"], 1000)

    def test_encrypted_records_need_the_secret(self):
        secret = '{path: spool, keep_delivered: 7d, encryption_secret: "%s"}'
        self.deliver(10, spool=secret % "the secret of this spool")
        self.assertIn(b"replayed 10 of 10", self.replay().stdout)
        self.pipeline(spool=secret % "another secret altogether")
        self.assert_says(self.replay(code=1), "none of the secrets opens")
        self.assertEqual(len(self.numbers()), 20)

    def test_a_rate_holds_it_back(self):
        self.deliver(100)
        begin = time.monotonic()
        self.replay("--from", "-1h", "--rate", "200")
        self.assertGreater(time.monotonic() - begin, 0.4)
        self.assertEqual(len(self.numbers()), 200)

    def test_a_stop_ends_it_and_says_so(self):
        self.deliver(1000)
        process = self.start("replay", "pipeline.yaml", "--from", "-1h", "--rate", "10", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") > 1000)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b"stopped before the end", out)

    def test_what_cannot_be_understood_is_refused(self):
        self.deliver(1)
        for arguments, says in ((("--from", "yesterday"), "'yesterday' is not understood"),
                                (("--from", "2026-02-30"), "is not understood"),
                                (("--from", "now", "--to", "-1h"), "--from has to lie before --to"),
                                (("--from", "-1h", "--match", "{field: n}"), "--match"),
                                (("--from", "-1h", "--match", "n = 1"), "--match"),
                                (("--from", "-1h", "--rate", "0"), "--rate"),
                                (("--to", "now"), "--from")):
            self.assert_says(self.replay(*arguments, code=2), says)
        self.pipeline(spool="{path: nowhere}")
        self.assert_says(self.replay(code=2), "cannot read the spool")
        (self.folder / "nowhere").mkdir()
        self.assert_says(self.replay(code=2), "is no spool")
        self.write("pipeline.yaml", "name: plain\nsource: {type: file, path: in.ndjson}\nsink: {type: discard}\n")
        self.assert_says(self.replay(code=2), "there is no pipeline with a spool")


if __name__ == "__main__":
    unittest.main()
