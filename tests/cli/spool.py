"""A pipeline with a spool, from outside: what goes through it, what waits in it, who may have it, and what is said of it."""
import json
import os
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from admin import AdminTest  # noqa: E402
from weir_process import balanced  # noqa: E402

# A sink that is not there: nothing listens on port 1.
AWAY = "{type: kafka, topic: t, config: {bootstrap.servers: '127.0.0.1:1'}}"
OUT = "{type: file, path: out.ndjson}"
FOLLOW = "{type: file, path: in.ndjson, follow: true}"


def pipeline(sink=OUT, more="", source="{type: file, path: in.ndjson}", spool="{path: spool}", name="spooled"):
    return f"name: {name}\nsource: {source}\nsink: {sink}\nspool: {spool}\n{more}"


def lines(first, end):
    return "".join('{"n":%d}\n' % n for n in range(first, end)).encode()


class SpoolTest(AdminTest):
    """Shared by the tests below; has none itself."""

    def now(self, name="spooled"):
        return self.pipelines()[name]["now"]["spool"]

    def wait_for_backlog(self, count):
        self.wait_for(lambda: self.now()["records"] == count)

    def stop(self, process, code=0):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), code, self.read("log").decode()[-3000:])
        ledger = next(iter(json.loads(self.read("report.json"))["pipelines"].values()))
        self.assertTrue(balanced(ledger), ledger)
        self.assertNotIn(b"ledger_imbalance", self.read("log"))
        return ledger

    def fill(self, count, **options):
        """A run whose sink is away, stopped when all has been spooled."""
        self.write("in.ndjson", lines(0, count))
        process = self.serve(pipeline(AWAY, **options))
        self.wait_for_backlog(count)
        return self.stop(process)

    def empty(self, **options):
        done, ledger = self.run_pipeline(pipeline(**options))
        self.assert_exit(done, 0)
        self.assertTrue(balanced(ledger), ledger)
        return ledger

    def spool_bytes(self):
        return {path.name: path.read_bytes() for path in (self.folder / "spool").iterdir() if path.is_file()}


class Outage(SpoolTest):
    def test_what_was_spooled_while_the_sink_was_away_comes_out_in_order(self):
        ledger = self.fill(20_000)
        self.assertEqual((ledger["state"], ledger["read"], ledger["backlog_end"]), ("stopped", 20_000, 20_000))
        ledger = self.empty()
        self.assertEqual((ledger["state"], ledger["read"], ledger["backlog_start"], ledger["delivered"]),
                         ("finished", 0, 20_000, 20_000))
        self.assertEqual(self.read("out.ndjson"), lines(0, 20_000))
        done, ledger = self.run_pipeline(pipeline())
        self.assert_exit(done, 0)
        self.assert_says(done, "already at the end")
        self.assertEqual((ledger["read"], ledger["delivered"], ledger["backlog_start"]), (0, 0, 0))

    def test_a_swapped_source_finds_the_backlog_of_the_one_before(self):
        self.fill(1000)
        self.empty(source="{type: generate, shape: event, count: 3}")
        written = self.read("out.ndjson")
        self.assertTrue(written.startswith(lines(0, 1000)))
        self.assertEqual(written.count(b"\n"), 1003)

    def test_fresh_reads_the_source_again_and_throws_nothing_away(self):
        self.fill(1000)
        done, ledger = self.run_pipeline(pipeline(), "--fresh")
        self.assert_exit(done, 0)
        self.assertEqual((ledger["backlog_start"], ledger["read"], ledger["delivered"]), (1000, 1000, 2000))
        self.assertEqual(self.read("out.ndjson"), lines(0, 1000) * 2)

    def test_what_waits_is_not_left_behind(self):
        """Another path, or no spool: refused while records wait in the one before, whether some of them were delivered or none."""
        self.fill(1000)
        with_none = pipeline().replace("spool: {path: spool}", "")
        for changed in (pipeline(spool="{path: other}"), with_none):
            self.write("pipeline.yaml", changed)
            done = self.weir("run", "pipeline.yaml")
            self.assert_exit(done, 2)
            self.assert_says(done, "1000 records wait in", "/spool'", "spool.checkpoint")
        self.assertFalse((self.folder / "out.ndjson").exists())
        self.empty()
        self.assertEqual(self.read("out.ndjson"), lines(0, 1000))
        self.write("in.ndjson", lines(0, 1500))
        self.empty(spool="{path: other}")  # nothing waits any more
        self.assertEqual(self.read("out.ndjson"), lines(0, 1500))

    def test_another_pipeline_does_not_get_what_waits(self):
        self.fill(1000)
        before = self.spool_bytes()
        done, _ = self.run_pipeline(pipeline(name="other"))
        self.assert_exit(done, 1)
        self.assert_says(done, "is that of the pipeline 'spooled'", "/spool/owner")
        self.assertEqual(self.spool_bytes(), before)
        self.assertFalse((self.folder / "out.ndjson").exists() and self.read("out.ndjson"))
        self.empty()
        self.assertEqual(self.read("out.ndjson"), lines(0, 1000))

    def test_a_spool_somewhere_else_and_back_again_loses_nothing(self):
        """The position in one spool says nothing about another."""
        self.fill(1000)
        (self.folder / "weir-state" / "spooled" / "spool.checkpoint").unlink()  # what waits shall wait
        self.write("in.ndjson", lines(0, 5000))
        self.empty(spool="{path: other}")
        self.assertEqual(self.read("out.ndjson"), lines(1000, 5000))
        self.assertEqual(self.empty()["backlog_start"], 1000)
        self.assertEqual(self.read("out.ndjson"), lines(1000, 5000) + lines(0, 1000))

    def test_a_spool_that_was_moved_knows_what_it_has_delivered(self):
        self.write("in.ndjson", lines(0, 1000))
        self.empty(spool="{path: spool, keep_delivered: 7d}")
        (self.folder / "spool").rename(self.folder / "moved")
        self.write("in.ndjson", lines(0, 1500))
        self.assertEqual(self.empty(spool="{path: moved, keep_delivered: 7d}")["delivered"], 500)
        self.assertEqual(self.read("out.ndjson"), lines(0, 1500))

    def test_a_spool_that_was_copied_goes_on_at_its_new_place(self):
        self.fill(1000)
        subprocess.run(["cp", "-r", self.folder / "spool", self.folder / "copy"], check=True)
        self.assertEqual(self.empty(spool="{path: copy}")["delivered"], 1000)
        self.assertEqual(self.read("out.ndjson"), lines(0, 1000))

    def test_a_spool_that_was_deleted_loses_only_what_was_in_it(self):
        self.fill(1000)
        subprocess.run(["rm", "-r", self.folder / "spool"], check=True)
        self.write("in.ndjson", lines(0, 1500))
        done, _ = self.run_pipeline(pipeline())
        self.assert_exit(done, 0)
        self.assert_says(done, "alarm=spool_gone")
        self.assertEqual(self.read("out.ndjson"), lines(1000, 1500))

    def test_bad_records_of_both_sides_reach_one_dead_letter_file(self):
        self.write("in.ndjson", '{"n":1}\n{"n":2,"a":"x"}\n{"n":3,"b":"x"}\n{"n":4}\n')
        self.empty(more="dead_letter: {type: file, path: dead.ndjson}\n"
                        "transforms:\n"
                        "  - {name: early, type: set, at: ingest, field: a.c, value: 1}\n"
                        "  - {name: late, type: set, field: b.c, value: 1}\n")
        dead = [json.loads(line) for line in self.read("dead.ndjson").splitlines()]
        found = {letter["error"]["transform"]: letter for letter in dead}
        self.assertEqual(sorted(found), ["early", "late"])
        self.assertEqual(found["early"]["position"]["partition"], str((self.folder / "in.ndjson").resolve()))
        self.assertEqual(found["late"]["position"]["partition"], "spool")


class Shown(SpoolTest):
    def test_a_worker_says_what_waits_and_is_ready_all_the_same(self):
        self.write("in.ndjson", lines(0, 1000))
        process = self.serve(pipeline(AWAY, source=FOLLOW))
        self.wait_for_backlog(1000)
        response, body = self.get("/health/ready")
        self.assertEqual(response.status, 200, body)
        self.assertIn("1000 records wait in the spool", body)
        families = self.scrape()
        labels = (("pipeline", "spooled"),)
        self.assertEqual(families["weir_spool_backlog_records"].samples[("weir_spool_backlog_records", labels)], 1000)
        self.assertEqual(families["weir_backlog_end_records"].samples[("weir_backlog_end_records", labels)], 1000)
        self.assertGreater(families["weir_spool_bytes"].samples[("weir_spool_bytes", labels)], 1000)
        self.assertGreater(families["weir_spool_sync_seconds"].samples[("weir_spool_sync_seconds_count", labels)], 0)
        up = families["weir_sinks_up"].samples
        self.assertEqual(up[("weir_sinks_up", (("pipeline", "spooled"), ("sink", "spool")))], 1)
        self.assertEqual(up[("weir_sinks_up", (("pipeline", "spooled"), ("sink", "main")))], 0)
        top = self.weir("top", "--once", "--admin", self.address).stdout.decode()
        self.assertRegex(top, r"spooled +running .* 1000 \(\d+%\) .*the sink is not there")
        self.stop(process)

    def test_the_books_balance_whenever_somebody_looks(self):
        process = self.serve(pipeline("{type: discard}", source="{type: generate, shape: event, count: 100000000}"))
        for _ in range(200):
            samples = self.scrape()["weir_ledger_balanced"].samples
            self.assertEqual(list(samples.values()), [1.0], self.get("/pipelines")[1])
        self.assertGreater(self.now()["taken"], 0)
        self.stop(process)

    def test_a_full_spool_holds_the_source_back_and_is_told(self):
        self.write("in.ndjson", "".join('{"x":"%s"}\n' % os.urandom(150_000).hex() for _ in range(8)))
        process = self.serve(pipeline(AWAY, spool="{path: spool, max_bytes: 1MiB}"))
        self.wait_for(lambda: self.now()["full"])
        response, body = self.get("/health/ready")
        self.assertEqual(response.status, 503)
        self.assertIn("spool is full", body)
        self.wait_for(lambda: b"alarm=spool_full" in self.read("log"))
        self.stop(process)
        self.empty(spool="{path: spool, max_bytes: 1MiB}")
        self.assertEqual(self.read("out.ndjson"), self.read("in.ndjson"))


class Ownership(SpoolTest):
    def test_two_workers_do_not_share_a_spool(self):
        self.write("in.ndjson", lines(0, 100))
        process = self.serve(pipeline(AWAY))
        self.wait_for_backlog(100)
        before = self.spool_bytes()
        self.write("second.yaml", pipeline(name="second"))
        done = self.weir("run", "second.yaml", "--state", "other-state")
        self.assert_exit(done, 1)
        self.assert_says(done, "in use by another process")
        self.assertEqual(self.spool_bytes(), before)
        self.stop(process)
        self.empty()
        self.assertEqual(self.read("out.ndjson"), lines(0, 100))

    def test_secrets_change_and_a_wrong_one_touches_nothing(self):
        old, new, wrong = ("an old secret of the spool", "a newer secret of the spool", "nobody's secret at all")
        self.write("spool.key", old)
        encrypted = '{path: spool, encryption_secret: "${file:spool.key}"}'
        self.fill(1000, spool=encrypted)
        before = self.spool_bytes()
        self.assertFalse(any(b'"n":' in content for content in before.values()))
        self.write("spool.key", wrong)
        done, ledger = self.run_pipeline(pipeline(spool=encrypted))
        self.assert_exit(done, 1)
        self.assert_says(done, "none of the secrets opens it")
        self.assertEqual(self.spool_bytes(), before)
        self.assertNotIn(wrong.encode(), done.stderr)
        self.write("spool.key", new + "\n" + old + "\n")
        self.write("in.ndjson", lines(0, 2000))
        self.empty(spool=encrypted)
        self.assertEqual(self.read("out.ndjson"), lines(0, 2000))

    def test_a_wrong_configuration_touches_nothing(self):
        self.fill(100)
        before = self.spool_bytes()
        for wrong in ("transforms: [{type: redact, rules: [{field: a, action: hush}]}]\n", "nonsense: 1\n"):
            done, _ = self.run_pipeline(pipeline(more=wrong))
            self.assert_exit(done, 2)
            self.assertEqual(self.spool_bytes(), before)


class Reload(SpoolTest):
    def reload(self, process, yaml, says):
        before = self.read("log").count(says)
        self.write("pipeline.yaml", yaml)
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.read("log").count(says) > before)

    def test_reloads_under_load_lose_repeat_and_reorder_nothing(self):
        self.write("in.ndjson", b"")

        def version(number, sink=OUT):
            return pipeline(sink, f"transforms: [{{type: set, field: v, value: {number}}}]\n", source=FOLLOW)

        process = self.serve(version(0))
        written = 0
        with open(self.folder / "in.ndjson", "ab") as source:
            for number in range(1, 9):
                source.write(lines(written, written + 5000))
                source.flush()
                written += 5000
                # Every third one has a sink that is away: records gather in the spool until the next.
                self.reload(process, version(number, AWAY if number % 3 == 0 else OUT), b"The new configuration takes over")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == written)
        ledger = self.stop(process)
        records = [json.loads(line) for line in self.read("out.ndjson").splitlines()]
        self.assertEqual([record["n"] for record in records], list(range(written)))
        self.assertEqual([record["v"] for record in records], sorted(record["v"] for record in records))
        self.assertEqual((ledger["read"], ledger["delivered"], ledger["backlog_end"]), (written, written, 0))

    def test_a_pipeline_does_not_leave_its_spool_while_it_runs(self):
        self.write("in.ndjson", lines(0, 100))
        process = self.serve(pipeline(AWAY))
        self.wait_for_backlog(100)
        self.reload(process, pipeline(AWAY, spool="{path: elsewhere}"), b"cannot leave its spool")
        self.reload(process, pipeline(AWAY).replace("spool: {path: spool}\n", ""), b"cannot leave its spool")
        self.assertFalse((self.folder / "elsewhere").exists())
        self.stop(process)


if __name__ == "__main__":
    unittest.main()
