"""Sources that hold the same events are exchanged for each other: the same bytes come out."""
import gzip
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest  # noqa: E402

EVENTS = 3000
REST = """
transforms:
  - {type: filter, drop_when: {field: event_type, equals: screen_view}}
  - {type: remove, fields: [user_attributes.city]}
sink: {type: file, path: "%s"}
"""


class Swap(WeirTest):
    def run_source(self, name, source, **options):
        """What reaches the sink."""
        out = f"{name}.out"
        self.write(f"{name}.yaml", f"name: {name}\nsource: {source}{REST % out}")
        self.assert_exit(self.weir("run", f"{name}.yaml", "--state", f"{name}.state", **options), 0)
        return self.read(out)

    def record_events(self):
        self.write("record.yaml", f"name: record\nsource: {{type: generate, count: {EVENTS}, seed: 5}}\nsink: {{type: file, path: events.ndjson}}\n")
        self.assert_exit(self.weir("run", "record.yaml"), 0)
        events = self.read("events.ndjson")
        self.assertEqual(events.count(b"\n"), EVENTS)
        return events

    def test_the_same_events_give_the_same_bytes_whatever_they_come_through(self):
        events = self.record_events()
        half = events.index(b"\n", len(events) // 2) - 10  # inside a line
        self.write("events.gz", gzip.compress(events[:half]) + gzip.compress(events[half:]))
        wanted = self.run_source("generated", f"{{type: generate, count: {EVENTS}, seed: 5}}")
        self.assertGreater(len(wanted), len(events) // 4)
        self.assertLess(len(wanted), len(events))
        self.assertEqual(self.run_source("plain", "{type: file, path: events.ndjson}"), wanted)
        self.assertEqual(self.run_source("packed", "{type: file, path: events.gz}"), wanted)
        self.assertEqual(self.run_source("piped", "{type: stdin}", stdin=events), wanted)

    def test_split_over_files_of_a_pattern_too(self):
        events = self.record_events()
        wanted = self.run_source("plain", "{type: file, path: events.ndjson}")
        lines = events.splitlines(keepends=True)
        for number in range(10):
            part = b"".join(lines[number * EVENTS // 10:(number + 1) * EVENTS // 10])
            packed = number % 2 == 1
            self.write(f"in/{number}.ndjson" + (".gz" if packed else ""), gzip.compress(part) if packed else part)
        self.assertEqual(self.run_source("split", '{type: file, path: "in/*"}'), wanted)
        ledger_of_again = self.weir("run", "split.yaml", "--state", "split.state")
        self.assert_exit(ledger_of_again, 0)
        self.assertEqual(self.read("split.out"), wanted)

    @unittest.skipUnless(shutil.which("zstd"), "no zstd")
    def test_zstd_too(self):
        self.record_events()
        subprocess.run(["zstd", "-q", os.path.join(self.folder, "events.ndjson")], check=True)
        wanted = self.run_source("plain", "{type: file, path: events.ndjson}")
        self.assertEqual(self.run_source("zstd", "{type: file, path: events.ndjson.zst}"), wanted)


class OwnOutput(WeirTest):
    PIPELINE = """\
name: loop
source: {type: file, path: "%s"}
sink: {type: file, path: "%s"}
dead_letter: {type: file, path: dead.ndjson}
"""

    def test_a_pattern_that_matches_what_the_pipeline_writes_is_refused(self):
        for source, sink in (("*.ndjson", "out.txt"), ("o*.txt", "out.txt"), ("./sub/../*.txt", "out.txt")):
            self.write("loop.yaml", self.PIPELINE % (source, sink))
            result = self.weir("validate", "loop.yaml")
            self.assert_exit(result, 2)
            self.assertIn(b"loop.yaml:2:28", result.stderr)
            self.assertIn(b"which this pipeline writes", result.stderr)

    def test_a_link_to_it_is_refused_when_it_is_found(self):
        self.write("out.txt", "old\n")
        os.symlink("out.txt", os.path.join(self.folder, "link.log"))
        self.write("loop.yaml", self.PIPELINE % ("*.log", "out.txt"))
        self.assert_exit(self.weir("validate", "loop.yaml"), 0)
        result = self.weir("run", "loop.yaml")
        self.assert_exit(result, 1)
        self.assertIn(b"this pipeline writes it", result.stderr)
        self.assertEqual(self.read("out.txt"), b"old\n")

    def test_a_neighbour_that_does_not_match_is_not(self):
        self.write("in.ndjson", '{"a":1}\n')
        self.write("loop.yaml", self.PIPELINE % ("in*.ndjson", "out.ndjson"))
        self.assert_exit(self.weir("run", "loop.yaml"), 0)
        self.assertEqual(self.read("out.ndjson"), b'{"a":1}\n')


if __name__ == "__main__":
    unittest.main()
