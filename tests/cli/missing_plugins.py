"""A Weir with few plugins beside it: what is not installed is told, and who needs no connectors runs without."""
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WEIR, WeirTest  # noqa: E402

PIPELINE = """
name: lonely
source: {type: file, path: in.ndjson}
transforms:
  - {type: set, field: seen, value: true}
sink: {type: file, path: out.ndjson}
"""
TESTS = """
pipeline: pipeline.yaml
tests:
  - {name: it sets, input: [{a: 1}], expect: [{value: {a: 1, seen: true}}]}
"""


class MissingPlugins(WeirTest):
    """The program is copied away from the plugins of its build."""

    def setUp(self):
        super().setUp()
        (self.folder / "bin").mkdir()
        shutil.copy2(WEIR, self.folder / "bin/weir")
        self.write("pipeline.yaml", PIPELINE)

    def install(self, *libraries):
        built = pathlib.Path(WEIR).resolve().parent.parent / "plugins"
        (self.folder / "few").mkdir()
        for library in libraries:
            shutil.copy2(built / f"{library}.so", self.folder / "few")

    def run_copy(self, *arguments, stdin=b""):
        environment = {name: value for name, value in os.environ.items() if name != "WEIR_PLUGINS"}
        return subprocess.run([self.folder / "bin/weir", *arguments, "--plugins", "few"], cwd=self.folder, input=stdin, capture_output=True, timeout=60, env=environment)

    def test_where_no_sink_is_installed_is_said_and_where_it_was_looked_for(self):
        self.install("file_source", "set_transform")
        done = self.run_copy("validate", "pipeline.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "unknown sink 'file' (it is a source); no sinks are installed; looked in few; --plugins DIR and $WEIR_PLUGINS name more folders")

    def test_where_no_sink_can_keep_dead_letters_no_empty_list_is_shown(self):
        self.install("file_source", "set_transform", "stdout_sink")
        self.write("pipeline.yaml", PIPELINE.replace("type: file, path: out.ndjson", "type: stdout") + "dead_letter: {type: stdout}\n")
        done = self.run_copy("validate", "pipeline.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "'stdout' cannot be the dead letter sink: it does not store durably; no sinks that do are installed; looked in few")

    def test_transforms_are_tested_without_source_and_sinks(self):
        self.install("set_transform")
        self.write("pipeline.yaml", PIPELINE + "dead_letter: {type: kafka, topic: bad, config: {bootstrap.servers: nobody}}\n")
        self.write("a.test.yaml", TESTS)
        done = self.run_copy("test", "a.test.yaml")
        self.assertEqual((done.stdout, done.returncode), (b"1 passed, 0 failed\n", 0), done.stderr.decode())
        done = self.run_copy("try", "pipeline.yaml", stdin=b'{"a":1}\n')
        self.assert_exit(done, 0)
        self.assertIn(b"seen", done.stdout)

    def test_a_transform_that_is_not_installed_is_refused_in_tests_too(self):
        self.install("file_source", "file_sink")
        self.write("a.test.yaml", TESTS)
        done = self.run_copy("test", "a.test.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "unknown transform 'set'; no transforms are installed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
