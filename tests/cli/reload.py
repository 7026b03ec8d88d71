"""Reloading while it runs: SIGHUP, --watch, changed plugins, what is refused and what is taken back."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from waiting import wait_until  # noqa: E402
from weir_process import WeirTest, balanced  # noqa: E402

STAMPS = [os.environ.get("WEIR_STAMP_1", ""), os.environ.get("WEIR_STAMP_2", "")]
LINES = 400_000


class Running(WeirTest):
    """Shared by the tests below; has none itself."""

    def wait_for(self, condition):
        wait_until(condition, 30, lambda: "what follows this log: " + self.log()[-2000:])

    def log(self):
        return self.read("log.txt").decode(errors="replace")

    def run_weir(self, *arguments, **options):
        log = open(self.folder / "log.txt", "wb")
        self.addCleanup(log.close)
        return self.start("run", *arguments, "--report", "report.json", stdout=subprocess.DEVNULL, stderr=log, **options)

    def reload(self, process, says):
        before = self.log().count(says)
        process.send_signal(signal.SIGHUP)
        self.wait_for(lambda: self.log().count(says) > before)

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), 0, self.log()[-3000:])
        report = json.loads(self.read("report.json"))["pipelines"]
        for ledger in report.values():
            self.assertTrue(balanced(ledger), ledger)
        return report

    def numbers(self, name="out.ndjson"):
        return [json.loads(line)["n"] for line in self.read(name).splitlines()]


class Reload(Running):
    def write_source(self, lines=LINES):
        self.write("in.ndjson", "".join('{"n":%d}\n' % n for n in range(lines)))

    def pipeline(self, version, extra=""):
        return f"""
name: busy
source: {{type: file, path: in.ndjson, follow: true}}
transforms:
  - {{type: set, field: version, value: {version}}}
{extra}sink: {{type: file, path: out.ndjson}}
memory: 8MiB
"""

    def test_twenty_reloads_under_load_lose_and_reorder_nothing(self):
        """Half of them are refused: by the YAML, by a constructor, by a sink that cannot start."""
        self.write("in.ndjson", "")
        self.write("pipeline.yaml", self.pipeline(0))
        process = self.run_weir("pipeline.yaml")
        self.wait_for(lambda: (self.folder / "out.ndjson").exists())
        written = 0
        bad = ["transforms: [\n", "nonsense: true\n", "dead_letter: {type: file, path: missing/folder/dead.ndjson}\n"]
        with open(self.folder / "in.ndjson", "ab") as source:
            for round_number in range(20):
                batch = "".join('{"n":%d}\n' % n for n in range(written, written + 10_000))
                written += 10_000
                source.write(batch.encode())
                source.flush()
                if round_number % 2 == 0:
                    self.write("pipeline.yaml", self.pipeline(round_number + 1))
                    self.reload(process, "The new configuration takes over")
                else:
                    kind = bad[round_number // 2 % len(bad)]
                    self.write("pipeline.yaml", self.pipeline(1000) + kind)
                    self.reload(process, "runs again" if kind.startswith("dead_letter") else "was not reloaded")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") >= written)
        ledger = self.stop(process)["busy"]
        self.assertEqual(self.numbers(), list(range(written)))  # each once: every swap was at a settled point
        self.assertEqual(ledger["read"], written)
        self.assertEqual(ledger["delivered"], written)
        versions = [json.loads(line)["version"] for line in self.read("out.ndjson").splitlines()]
        self.assertEqual(sorted(set(versions)), sorted(set(versions) & set([0] + list(range(1, 21, 2)))))
        self.assertGreaterEqual(len(set(versions)), 3)
        self.assertEqual(versions, sorted(versions))

    def test_a_refused_reload_changes_nothing_at_all(self):
        """One bad file of two refuses both."""
        self.write_source(10)
        self.write("configs/one.yaml", self.pipeline(1).replace("in.ndjson", "../in.ndjson").replace("out.ndjson", "../out.ndjson"))
        self.write("configs/two.yaml", "name: idle\nsource: {type: file, path: ../in.ndjson, follow: true}\nsink: {type: discard}\n")
        process = self.run_weir("configs")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == 10)
        self.write("configs/one.yaml", self.pipeline(2).replace("in.ndjson", "../in.ndjson").replace("out.ndjson", "../out.ndjson"))
        self.write("configs/two.yaml", "name: idle\nsource: {type: fil, path: ../in.ndjson}\nsink: {type: discard}\n")
        self.reload(process, "was not reloaded")
        self.assertIn("unknown source 'fil'", self.log())
        with open(self.folder / "in.ndjson", "a") as source:
            source.write('{"n":10}\n')
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == 11)
        self.stop(process)
        self.assertIn(b'{"n":10,"version":1}', self.read("out.ndjson"))

    def test_pipelines_come_and_go(self):
        self.write_source(10)
        self.write("configs/one.yaml", "name: one\nsource: {type: file, path: ../in.ndjson, follow: true}\nsink: {type: file, path: ../one.ndjson}\n")
        process = self.run_weir("configs")
        self.wait_for(lambda: self.read("one.ndjson").count(b"\n") == 10)
        (self.folder / "configs/one.yaml").unlink()
        self.write("configs/two.yaml", "name: two\nsource: {type: file, path: ../in.ndjson, follow: true}\nsink: {type: file, path: ../one.ndjson}\n")
        self.reload(process, "Reloaded.")
        self.wait_for(lambda: self.read("one.ndjson").count(b"\n") == 20)  # the file changed hands
        report = self.stop(process)
        self.assertEqual({name: ledger["state"] for name, ledger in report.items()}, {"one": "stopped", "two": "stopped"})

    def test_what_has_not_changed_is_left_alone(self):
        self.write_source(10)
        self.write("pipeline.yaml", self.pipeline(1))
        process = self.run_weir("pipeline.yaml")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == 10)
        self.write("pipeline.yaml", "# moved down by a line\n" + self.pipeline(1))
        self.reload(process, "Reloaded.")
        self.assertIn("changed=0", self.log())
        self.assertNotIn("takes over", self.log())
        self.stop(process)

    def test_a_failed_pipeline_is_started_again(self):
        self.write_source(10)
        self.write("idle.yaml", "name: idle\nsource: {type: file, path: in.ndjson, follow: true}\nsink: {type: discard}\n")
        self.write("pipeline.yaml", self.pipeline(1).replace("out.ndjson", "later/out.ndjson"))
        process = self.run_weir("pipeline.yaml", "idle.yaml")
        self.wait_for(lambda: "The pipeline failed" in self.log())
        (self.folder / "later").mkdir()
        self.reload(process, "Reloaded.")
        self.wait_for(lambda: self.read("later/out.ndjson").count(b"\n") == 10)
        self.stop(process)

    def test_a_source_that_cannot_resume_is_not_swapped(self):
        self.write("pipeline.yaml", "name: piped\nsource: {type: stdin}\nsink: {type: file, path: out.ndjson}\n")
        process = self.run_weir("pipeline.yaml", stdin=subprocess.PIPE)
        process.stdin.write(b'{"n":0}\n')
        process.stdin.flush()
        self.wait_for(lambda: self.numbers() == [0])
        self.write("pipeline.yaml", "name: piped\nsource: {type: stdin}\nsink: {type: file, path: elsewhere.ndjson}\n")
        self.reload(process, "was not reloaded")
        self.assertIn("Stop it and start it again", self.log())
        process.stdin.write(b'{"n":1}\n')
        process.stdin.close()
        self.assertEqual(process.wait(timeout=30), 0)
        self.assertEqual(self.numbers(), [0, 1])

    def test_watch_sees_files_and_secrets(self):
        self.write_source(10)
        self.write("secret.txt", "1\n")
        self.write("pipeline.yaml", self.pipeline('"${file:secret.txt}"'))
        process = self.run_weir("--watch", "pipeline.yaml")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == 10)
        self.write("secret.txt", "2\n")
        self.wait_for(lambda: "takes over" in self.log())
        with open(self.folder / "in.ndjson", "a") as source:
            source.write('{"n":10}\n')
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == 11)
        self.write("pipeline.yaml", self.pipeline(3))
        self.wait_for(lambda: self.log().count("takes over") == 2)
        self.write("pipeline.yaml", "nonsense")
        self.wait_for(lambda: "was not reloaded" in self.log())
        time.sleep(2)
        self.assertEqual(self.log().count("was not reloaded"), 1)  # once for each change
        self.stop(process)
        self.assertIn(b'{"n":10,"version":"2"}', self.read("out.ndjson"))

    def test_a_stop_during_a_swap_stops(self):
        self.write_source(200_000)
        self.write("pipeline.yaml", self.pipeline(1))
        process = self.run_weir("pipeline.yaml")
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") > 1000)
        self.write("pipeline.yaml", self.pipeline(2))
        process.send_signal(signal.SIGHUP)
        time.sleep(0.01)
        self.stop(process)
        count = self.read("out.ndjson").count(b"\n")
        self.assertEqual(self.numbers(), list(range(count)))


@unittest.skipUnless(all(STAMPS), "WEIR_STAMP_1 and WEIR_STAMP_2 name the two builds of a plugin")
class Plugins(Running):
    """A plugin replaced on disk while it is mapped."""

    def start_with_plugin(self, *arguments):
        (self.folder / "own").mkdir()
        self.library = self.folder / "own" / "stamp_transform.so"
        shutil.copyfile(STAMPS[0], self.library)
        self.write("in.ndjson", "")
        self.write("pipeline.yaml", """
name: stamped
source: {type: file, path: in.ndjson, follow: true}
transforms: [{type: stamp, field: build}]
sink: {type: file, path: out.ndjson}
""")
        process = self.run_weir(*arguments, "pipeline.yaml", "--plugins", "own")
        self.feed(1000)
        return process

    def feed(self, count):
        first = self.read("in.ndjson").count(b"\n")
        with open(self.folder / "in.ndjson", "a") as source:
            source.write("".join('{"n":%d}\n' % n for n in range(first, first + count)))
        self.wait_for(lambda: self.read("out.ndjson").count(b"\n") == first + count)
        return [json.loads(line)["build"] for line in self.read("out.ndjson").splitlines()[first:]]

    def test_written_over_in_place(self):
        process = self.start_with_plugin()
        shutil.copyfile(STAMPS[1], self.library)  # truncates and writes: what is mapped must not notice
        self.assertEqual(set(self.feed(1000)), {1})
        self.reload(process, "takes over")
        self.assertEqual(set(self.feed(1000)), {2})
        self.library.write_bytes(b"")
        self.assertEqual(set(self.feed(1000)), {2})
        self.reload(process, "was not reloaded")
        self.assertIn("no Weir plugin", self.log())
        self.assertEqual(set(self.feed(1000)), {2})
        shutil.copyfile(STAMPS[0], self.library)
        self.reload(process, "takes over")
        self.assertEqual(set(self.feed(1000)), {1})
        self.stop(process)
        self.assertEqual(self.numbers(), list(range(6000)))

    def test_replaced_by_rename_and_watched(self):
        process = self.start_with_plugin("--watch")
        for build in (2, 1, 2):
            fresh = self.folder / "fresh.so"
            shutil.copyfile(STAMPS[build - 1], fresh)
            before = self.log().count("takes over")
            fresh.rename(self.library)
            self.wait_for(lambda: self.log().count("takes over") > before)
            self.assertEqual(set(self.feed(100)), {build})
        self.stop(process)
        self.assertEqual(self.numbers(), list(range(1300)))

    def test_removed(self):
        process = self.start_with_plugin()
        self.library.unlink()
        self.reload(process, "was not reloaded")
        self.assertIn("unknown transform 'stamp'", self.log())
        self.assertEqual(set(self.feed(100)), {1})
        self.stop(process)


if __name__ == "__main__":
    unittest.main()
