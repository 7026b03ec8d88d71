#!/usr/bin/env python3
"""`./dev bench` itself: every row gives its figures, nothing measured loses a message, and no figure is judged here."""
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from weir_bench import figures, places, process, programs, report, rounds, rows  # noqa: E402
from weir_bench.inputs import Events, Inputs  # noqa: E402
from weir_bench.process import Failed  # noqa: E402


class Run(unittest.TestCase):
    """One run with tiny counts; it fails by itself when a message was not acknowledged."""

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "figures.json"
            cls.done = subprocess.run([HERE / "run", "--quick", "--events", "2000", "--outage", "1", "--json", file], capture_output=True, text=True)
            cls.document = report.read(file) if file.exists() else None

    def setUp(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)

    def test_every_row_has_figures(self):
        self.assertEqual({one["row"] for one in self.document["figures"]}, set(rows.NAMES))

    def test_every_figure_is_a_number(self):
        for one in self.document["figures"]:
            self.assertTrue(one["values"] and all(map(math.isfinite, one["values"])), one)

    def test_what_was_counted_or_timed_is_not_nothing(self):
        for one in self.document["figures"]:
            if one["unit"] == "count" or "CPU s a million" in one["what"] or "peak" in one["what"]:
                self.assertGreater(one["value"], 0, one)

    def test_every_row_of_the_issue_has_a_bar(self):
        barred = {one["row"] for one in self.document["figures"] if one["bar"]}
        self.assertEqual(barred, set(rows.NAMES))

    def test_the_table_has_a_line_for_every_figure(self):
        lines = self.done.stdout.splitlines()
        for one in self.document["figures"]:
            self.assertTrue(any(one["row"] in line and one["what"] in line for line in lines), one["what"])


class Failing(unittest.TestCase):
    def test_a_row_that_cannot_be_measured_fails_the_run_and_leaves_the_others(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for tool in ("yardstick", "chain"):
                real = places.TOOLS / tool
                stand_in = folder / "bench" / tool
                stand_in.parent.mkdir(exist_ok=True)
                stand_in.symlink_to(real if tool == "chain" else "/bin/false")
            for part in ("bin", "plugins"):
                (folder / part).symlink_to(places.BUILD.resolve() / part)
            done = subprocess.run([HERE / "run", "--quick", "--events", "100", "--only", "redact,chain", "--json", folder / "figures.json"],
                                  env={**os.environ, "WEIR_BUILD": name}, capture_output=True, text=True)
            self.assertEqual((done.returncode, {one["row"] for one in report.read(folder / "figures.json")["figures"]}), (1, {"chain"}), done.stderr)
            self.assertIn("redact: ", done.stderr)


class Measuring(unittest.TestCase):
    def test_making_events_leaves_no_memory_in_the_figures(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            made = Inputs(folder).sized(100_000, 600)
            self.assertEqual((made.count, made.bytes // made.count // 1000), (600, 99))
            self.assertLess(process.measure(["/bin/true"], {}, folder / "log").memory_mb, 45)


class Judging(unittest.TestCase):
    def test_ratios_are_made_round_by_round_and_their_median_counts(self):
        figure = figures.Figure("row", "-", "what", "ratio", figures.ratios((1, 9, 4), (2, 3, 4)), figures.Bar(most=1))
        self.assertEqual((figure.values, figure.value, figure.is_met), ((0.5, 3, 1), 1, True))

    def test_a_bar_is_met_at_its_edge_and_not_beyond(self):
        self.assertEqual([figures.Bar(least=0.8).is_met(value) for value in (0.79, 0.8)], [False, True])
        self.assertEqual([figures.Bar(most=2).is_met(value) for value in (2, 2.1)], [True, False])

    def test_the_first_round_does_not_count_and_the_order_turns(self):
        called = []
        taken = rounds.interleave({"a": lambda: called.append("a") or len(called), "b": lambda: called.append("b") or len(called)}, 2, lambda _: None)
        self.assertEqual(("".join(called), taken), ("baabba", {"a": [3, 6], "b": [4, 5]}))

    def test_a_message_that_was_not_acknowledged_is_no_measurement(self):
        events = Events(pathlib.Path("events"), count=10, kept=8, bytes=0)
        programs.Loop("by_hand").check("read=10 sent=8 acknowledged=8\n", events, None)
        for output in ("read=10 sent=8 acknowledged=7\n", "read=9 sent=8 acknowledged=8\n"):
            with self.assertRaises(Failed):
                programs.Loop("by_hand").check(output, events, None)

    def test_an_event_weir_did_not_deliver_is_no_measurement(self):
        events = Events(pathlib.Path("events"), count=10, kept=8, bytes=0)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for books, is_good in (({"read": 10, "delivered": 8}, True), ({"read": 10, "delivered": 7}, False)):
                (folder / "weir.report").write_text(json.dumps({"pipelines": {"bench": books}}))
                if is_good:
                    programs.Weir("weir", "bench").check("", events, folder)
                else:
                    self.assertRaises(Failed, programs.Weir("weir", "bench").check, "", events, folder)


class Page(unittest.TestCase):
    def test_figures_go_between_the_marks_and_leave_the_rest(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text("above\n" + report.BEGIN + "old\n" + report.END + "below\n")
            report.put_into(page, "new\n")
            self.assertEqual(page.read_text(), "above\n" + report.BEGIN + "new\n" + report.END + "below\n")

    def test_a_page_without_marks_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text("above\n")
            self.assertRaises(ValueError, report.put_into, page, "new\n")
            self.assertEqual(page.read_text(), "above\n")

    def test_json_and_back_is_the_same_figure(self):
        figure = figures.Figure("row", "mock", "what", "MB", (1.5, 2.5, 2.0), figures.Bar(most=2))
        self.assertEqual(report.from_json(report.to_json([figure], {}, {})), [figure])


if __name__ == "__main__":
    unittest.main()
