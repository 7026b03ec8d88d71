"""The commands as somebody with bad habits types them."""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WEIR, WeirTest  # noqa: E402

GOOD = """
name: good
source: {type: stdin}
transforms:
  - {type: filter, drop_when: {field: drop, equals: true}}
  - {type: redact, rules: [{field: email, action: mask, keep: 2}]}
sink: {type: stdout}
"""


class Usage(WeirTest):
    def test_help_and_version_go_to_standard_output(self):
        for arguments in (["--help"], ["--version"], ["run", "--help"], ["validate", "--help"], ["plugins", "--help"], ["schema", "--help"], ["try", "--help"]):
            done = self.weir(*arguments)
            self.assert_exit(done, 0)
            self.assertTrue(done.stdout)

    def test_wrong_usage_is_exit_2_on_standard_error(self):
        for arguments in ([], ["rnu"], ["run"], ["run", "--no-such", "x"], ["run", "missing.yaml"], ["validate", "missing.yaml"], ["--log-level", "loud", "schema"],
                          ["plugins", "nosuch"], ["try", "missing.yaml"]):
            done = self.weir(*arguments)
            self.assert_exit(done, 2)
            self.assertEqual(done.stdout, b"", arguments)
            self.assertTrue(done.stderr, arguments)

    def test_a_wrong_log_level_names_the_right_ones(self):
        for level in ("loud", "3"):
            done = self.weir("--log-level", level, "plugins")
            self.assert_exit(done, 2)
            self.assert_says(done, level, "{debug,error,info,trace,warn}")

    def test_results_that_find_no_room_are_a_failure(self):
        for command in ("schema", "plugins"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([WEIR, command], cwd=self.folder, stdout=full, stderr=subprocess.PIPE, timeout=60)
            self.assert_exit(done, 1)
            self.assert_says(done, "cannot write to standard output: No space left on device")

    def test_options_may_stand_before_and_after_the_command(self):
        self.write("good.yaml", GOOD)
        self.assert_exit(self.weir("--log-level", "error", "validate", "good.yaml"), 0)
        self.assert_exit(self.weir("validate", "good.yaml", "--log-level", "error"), 0)

    def test_log_lines_can_be_json(self):
        self.write("good.yaml", GOOD)
        done = self.weir("run", "good.yaml", "--log-format", "json", "--log-level", "debug", stdin=b'{"a":1}\n')
        self.assert_exit(done, 0)
        for line in done.stderr.splitlines():
            json.loads(line)


class Validate(WeirTest):
    def test_every_error_is_shown_at_its_place(self):
        self.write("bad.yaml", "name: Bad Name\nsorce: {type: stdin}\nsink: {type: stdout, formt: value}\nmemory: 64\n")
        done = self.weir("validate", "bad.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "bad.yaml:1:7", "bad.yaml:2:1", "source", "bad.yaml:3:22", "format", "bad.yaml:4:9", "bad.yaml:1:1")

    def test_a_folder_is_its_yaml_files(self):
        self.write("configs/one.yaml", GOOD)
        self.write("configs/two.yaml", GOOD.replace("good", "two"))
        self.write("configs/two.test.yaml", "not: a pipeline")
        self.write("configs/deeper/three.yaml", "not: a pipeline")
        done = self.weir("validate", "configs")
        self.assert_exit(done, 0)
        self.assertEqual(len(done.stdout.splitlines()), 2)

    def test_one_name_twice_is_refused(self):
        self.write("a.yaml", GOOD)
        self.write("b.yaml", GOOD)
        done = self.weir("validate", "a.yaml", "b.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "b.yaml:2:")

    def test_constructors_run_and_point_at_the_field(self):
        self.write("bad.yaml", GOOD.replace("action: mask, keep: 2", "action: pseudonymize"))
        done = self.weir("validate", "bad.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "secret")

    def test_no_env_lets_unset_variables_pass(self):
        self.write("env.yaml", GOOD.replace("type: stdout", "type: file, path: \"${env:WEIR_TEST_UNSET}\""))
        self.assert_exit(self.weir("validate", "env.yaml"), 2)
        self.assert_exit(self.weir("validate", "--no-env", "env.yaml"), 0)

    @unittest.skipIf(shutil.which("strace") is None, "needs strace")
    def test_nothing_outside_is_touched(self):
        """P6 under a system call trace: no socket, no write but to the terminal, no file the YAML names except ${file:}."""
        self.write("secret.key", "0123456789abcdef0123\n")
        self.write("in.ndjson", "{}\n")
        self.write("pipeline.yaml", """
name: untouched
source: {type: file, path: in.ndjson}
transforms: [{type: redact, secret: "${file:secret.key}", rules: [{field: a, action: pseudonymize}]}]
sink: {type: kafka, topic: t, config: {bootstrap.servers: "localhost:1", ssl.ca.location: ca.pem}}
dead_letter: {type: file, path: bad.ndjson}
""")
        done = self.weir("validate", "pipeline.yaml", prefix=("strace", "-f", "-o", "trace", "-e", "trace=network,openat,open,creat,mkdir,mkdirat,rename,unlink,write,pwrite64"))
        self.assert_exit(done, 0)
        trace = self.read("trace").decode(errors="replace")
        self.assertIn("secret.key", trace)
        self.assertNotIn("socket(", trace)
        self.assertNotIn("connect(", trace)
        for name in ("in.ndjson", "bad.ndjson", "ca.pem", "weir-state"):
            self.assertNotIn(name, trace)
        for line in trace.splitlines():
            if "write(" in line:
                self.assertRegex(line, r"write\((1|2), ")
            self.assertNotRegex(line, r"O_CREAT|O_WRONLY|O_RDWR.*O_TRUNC|mkdir|rename\(|unlink")


class Plugins(WeirTest):
    def test_the_list_the_page_and_the_schema_name_what_ships(self):
        listed = self.weir("plugins").stdout.decode()
        for name in ("generate", "file", "stdin", "filter", "redact", "set", "remove", "field_equals", "is_tombstone", "condition", "kafka", "stdout", "discard"):
            self.assertIn(name, listed)
        page = self.weir("plugins", "redact").stdout.decode()
        self.assertIn("pseudonymize", page)
        components = json.loads(self.weir("plugins", "--json").stdout)
        self.assertTrue(all({"kind", "name", "version", "library"} <= component.keys() for component in components))
        self.assertIn("$schema", json.loads(self.weir("schema").stdout))

    def test_a_file_that_is_no_plugin_is_a_warning(self):
        self.write("more/random.so", b"\x7fELF" + os.urandom(200))
        self.write("more/note.txt", "not looked at")
        self.write("good.yaml", GOOD)
        done = self.weir("validate", "good.yaml", "--plugins", "more")
        self.assert_exit(done, 0)
        self.assert_says(done, "random.so")


class Try(WeirTest):
    def test_it_prints_what_would_reach_the_sink(self):
        self.write("good.yaml", GOOD)
        done = self.weir("try", "good.yaml", stdin=b'{"email":"abcd"}\n{"drop":true}\n{"n":1.0e-3}\n')
        self.assert_exit(done, 0)
        values = [json.loads(line)["value"] for line in done.stdout.splitlines()]
        self.assertEqual(values, ['{"email":"**cd"}', '{"n":1.0e-3}'])

    def test_steps_show_every_transform(self):
        self.write("good.yaml", GOOD)
        done = self.weir("try", "good.yaml", "--steps", stdin=b'{"email":"abcd"}\n')
        self.assert_exit(done, 0)
        self.assertEqual([json.loads(line).get("step") for line in done.stdout.splitlines()][:2], ["filter", "redact"])

    def test_a_bad_record_of_a_privacy_pipeline_shows_no_payload(self):
        self.write("good.yaml", GOOD)
        done = self.weir("try", "good.yaml", stdin=b'{"email":"canary-7291"\n')
        self.assertNotIn(b"canary-7291", done.stdout + done.stderr)
        self.assertIn(b"E_DATA", done.stdout + done.stderr)

    def test_lines_are_cut_as_sources_cut_them(self):
        self.write("good.yaml", GOOD)
        done = self.weir("try", "good.yaml", stdin=b'\xef\xbb\xbf{"n":1}\r\n \t\r\n\n{"n":2}')
        self.assert_exit(done, 0)
        self.assertEqual([json.loads(line)["value"] for line in done.stdout.splitlines()], ['{"n":1}', '{"n":2}'])

    def test_an_input_that_cannot_be_read_is_no_empty_one(self):
        self.write("good.yaml", GOOD)
        folder = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, folder)
        done = subprocess.run([WEIR, "try", "good.yaml"], cwd=self.folder, stdin=folder, capture_output=True, timeout=60)
        self.assert_exit(done, 1)
        self.assert_says(done, "Standard input cannot be read")


if __name__ == "__main__":
    unittest.main(verbosity=2)
