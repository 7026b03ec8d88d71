"""Deletion handling: a list that is swapped, half-written, unreadable and emptied while events flow."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
import deleted_people  # noqa: E402
from deleted_people import entries  # noqa: E402
from waiting import wait_until  # noqa: E402
from weir_process import WeirTest, balanced  # noqa: E402

PIPELINE = """
name: people
source: {{type: file, path: in.ndjson, follow: true}}
transforms:""" + deleted_people.TRANSFORM + """
sink: {{type: file, path: out.ndjson, format: envelope}}
"""

START = range(0, 10)


class Suppression(WeirTest):
    def begin(self, more=""):
        """A pipeline that reads what a feeder writes, under the list of START, in force."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        self.list = self.folder / "deleted.txt"
        self.list.write_text(entries(START))
        self.write("in.ndjson", "")
        self.write("pipeline.yaml", PIPELINE.format(folder=self.folder) + more)
        with open(self.folder / "log", "wb") as log:
            self.process = self.start("run", "pipeline.yaml", "--report", "report.json", stdout=subprocess.DEVNULL, stderr=log)
        self.out_lines, self.out_read = 0, 0
        self.wait_for_line("list is in force")
        self.feeder = deleted_people.Feeder(self.folder / "in.ndjson")
        self.addCleanup(self.feeder.stop)
        self.record = deleted_people.Record(self.feeder)
        self.record.begin(START)

    def log(self):
        return self.read("log").decode()

    def until(self, condition, what, seconds=20):
        says = lambda: f"{what}; the log:\n{self.log()[-2000:]}"
        wait_until(lambda: condition() or self.process.poll() is not None, seconds, says)
        self.assertTrue(condition(), self.log()[-2000:])

    def wait_for_line(self, text, seconds=20):
        self.until(lambda: text in self.log(), text, seconds)

    def messages(self):
        """Lines of the output so far."""
        with open(self.folder / "out.ndjson", "rb") as out:
            out.seek(self.out_read)
            new = out.read()
        self.out_read += len(new)
        self.out_lines += new.count(b"\n")
        return self.out_lines

    def close_span(self):
        time.sleep(0.3)  # some events under that list
        self.record.end(lambda count: self.until(lambda: self.messages() >= count, f"{count} messages"))

    def finish(self):
        """Ends the pipeline and judges every event."""
        self.close_span()
        written = self.feeder.stop()
        self.until(lambda: self.messages() >= written, "the last message")
        self.process.send_signal(signal.SIGTERM)
        self.assertEqual(self.process.wait(timeout=30), 0, self.log()[-2000:])
        books = json.loads(self.read("report.json"))["pipelines"]["people"]
        self.assertTrue(balanced(books), books)
        self.assertEqual((books["read"], books["delivered"], books["filtered"]), (written, written, 0))
        passed, tombstones = [], 0
        for line in self.read("out.ndjson").splitlines():
            envelope = json.loads(line)
            if "value" in envelope:
                passed.append(json.loads(envelope["value"])["n"])
            else:
                tombstones += 1
        self.assertEqual(len(passed) + tombstones, written)
        self.assertEqual(self.record.faults(passed), [])
        self.assertGreater(self.record.judged(), 1000)
        self.assertNotIn("person-", self.log())

    def swap(self, people, change):
        """Changes the list and waits until it is announced."""
        self.close_span()
        announced = f"was swapped. list={self.list} entries={len(people)} "
        self.assertNotIn(announced, self.log())
        change()
        self.wait_for_line(announced)
        self.record.begin(people)

    def test_nobody_listed_passes_once_a_swap_is_announced(self):
        for more in ("", "transform_threads: 2\n"):
            with self.subTest(more=more):
                self.begin(more)
                # Neither list holds the other: a set of both, or of half a list, would be seen.
                self.swap(range(5, 30), lambda: deleted_people.replace(self.list, entries(range(5, 30))))
                slow = entries(range(20, 48))
                self.swap(range(20, 48), lambda: deleted_people.write_slowly(self.list, slow))
                self.swap(range(3), lambda: self.list.write_text("# fewer people\n" + entries(range(3))))
                self.finish()
                sizes = re.findall(r"swapped.* entries=(\d+) ", self.log())
                self.assertEqual(sizes, ["25", "28", "3"])

    def test_a_list_that_cannot_be_used_changes_nothing_and_raises_an_alarm(self):
        def folder_in_its_place():
            self.list.unlink()
            self.list.mkdir()

        troubles = {
            "cannot be opened": lambda: self.list.unlink(),
            "is not a regular file": folder_in_its_place,
            "was emptied": lambda: self.list.write_text(""),
            "line 11 has no colon": lambda: self.list.write_text(entries(START) + deleted_people.email(11)),
        }
        for reason, trouble in troubles.items():
            with self.subTest(reason=reason):
                self.begin()
                trouble()
                self.wait_for_line("alarm=suppression_list")
                self.assertIn(reason, self.log())
                self.assertIn(f"stays in force. list={self.list} entries={len(START)} ", self.log())
                time.sleep(1.5)
                self.assertNotIn("swapped", self.log())
                if self.list.is_dir():
                    self.list.rmdir()
                self.swap(range(40), lambda: deleted_people.replace(self.list, entries(range(40))))
                self.finish()

    def test_without_a_usable_list_nothing_runs(self):
        self.write("in.ndjson", deleted_people.event(1) + "\n")
        self.write("folder/file", "")
        self.write("kinds.txt", "phone:person-1\n")
        self.write("lines.txt", "person-1@example.com\n")
        for name, reason in (("missing.txt", "cannot be opened: No such file"), ("folder", "is not a regular file"),
                             ("kinds.txt", "line 1 begins with a kind that `identities` does not name"), ("lines.txt", "line 1 has no colon")):
            yaml = PIPELINE.format(folder=self.folder).replace("deleted.txt", name)
            done, ledger = self.run_pipeline(yaml, "--fresh")
            self.assert_exit(done, 1)
            self.assert_says(done, reason)
            self.assertNotIn(b"person-", done.stderr)
            self.assertEqual((ledger["state"], ledger["read"]), ("failed", 0))
            self.assertEqual(self.read("out.ndjson"), b"")
            self.assert_exit(self.weir("validate", "pipeline.yaml"), 0)  # opens nothing

    def test_pipelines_that_share_a_list_swap_together(self):
        self.write("deleted.txt", entries(START))
        yaml = PIPELINE.format(folder=self.folder).replace("follow: true", "follow: false")
        self.write("in.ndjson", "".join(deleted_people.event(n) + "\n" for n in range(1000)))
        self.write("two.yaml", yaml + "---" + yaml.replace("people", "others").replace("out.ndjson", "other.ndjson"))
        self.assert_exit(self.weir("run", "two.yaml"), 0)
        self.assertEqual(self.read("out.ndjson"), self.read("other.ndjson"))
        self.assertEqual(self.read("out.ndjson").count(b"value"), 1000 * (deleted_people.PEOPLE - len(START)) // deleted_people.PEOPLE)


if __name__ == "__main__":
    unittest.main(verbosity=2)
