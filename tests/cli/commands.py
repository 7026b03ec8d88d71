"""The commands as somebody with bad habits types them."""
import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WEIR, WeirTest, balanced  # noqa: E402

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
        for arguments in (["--help"], ["--version"], ["run", "--help"], ["validate", "--help"], ["plugins", "--help"], ["schema", "--help"], ["try", "--help"],
                          ["test", "--help"], ["new", "--help"], ["check", "--help"]):
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

    def test_a_command_or_component_that_is_nearly_right_is_named(self):
        for arguments, meant in ((("rnu", "x.yaml"), "run"), (("plugin",), "plugins"), (("--log-level", "error", "validat", "x"), "validate"), (("plugins", "redac"), "redact")):
            done = self.weir(*arguments)
            self.assert_exit(done, 2)
            self.assert_says(done, "; did you mean '" + meant + "'?")
        self.assert_says(self.weir("dance"), "unknown command 'dance'; known commands: ")
        self.assert_says(self.weir("plugins", "--kind", "transform", "kafka"), "no transform is named 'kafka'; `weir plugins` lists all")

    def test_a_state_directory_or_report_that_cannot_be_used_is_told_before_anything_runs(self):
        self.write("pipeline.yaml", GOOD.replace("stdout", "file, path: out.ndjson"))
        self.write("taken", "a file")
        for option in ("--state", "--report"):
            done = self.weir("run", "pipeline.yaml", option, "taken/deeper", stdin=b'{"a":1}\n')
            self.assert_exit(done, 2)
            self.assert_says(done, "taken/deeper")
            self.assertEqual(self.read("out.ndjson"), b"")

    def test_a_program_that_finds_no_plugins_says_where_it_looked(self):
        self.write("good.yaml", GOOD)
        (self.folder / "bin").mkdir()
        shutil.copy(WEIR, self.folder / "bin/weir")
        self.folder.chmod(0o755)

        def validate():
            as_nobody = {"user": 65534} if os.getuid() == 0 else {}
            return subprocess.run([self.folder / "bin/weir", "validate", "good.yaml"], cwd=self.folder, capture_output=True, timeout=60,
                                  env={**os.environ, "WEIR_PLUGINS": ""}, **as_nobody)

        done = validate()
        self.assert_exit(done, 2)
        self.assert_says(done, "No plugins were found that can be read: not beside weir (../plugins, ", "unknown source 'stdin'")
        (self.folder / "plugins").mkdir(0o000)
        done = validate()
        self.assert_exit(done, 2)
        self.assert_says(done, str(self.folder / "plugins") + ": this folder of plugins cannot be read: Permission denied")

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
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        books = next(line for line in lines if "books" in line["message"])
        self.assertEqual((books["read"], books["delivered"], books["in_flight"]), (1, 1, 0))
        self.assertTrue(balanced(books))
        self.assertIsInstance(books["seconds"], float)

    def test_with_json_lines_what_is_refused_is_json_too(self):
        self.write("bad.yaml", "name: a\nsource: {type: stdin}\nsink: {type: stdout, formt: value}\n")
        for command in (("run", "bad.yaml"), ("validate", "bad.yaml"), ("validate", "missing.yaml"), ("replay", "bad.yaml", "--from", "never")):
            done = self.weir(*command, "--log-format", "json")
            self.assert_exit(done, 2)
            lines = [json.loads(line) for line in done.stderr.splitlines()]
            self.assertEqual({line["level"] for line in lines}, {"error"}, command)
        done = self.weir("validate", "bad.yaml", "--log-format", "json")
        line = json.loads(done.stderr)
        self.assertEqual((line["line"], line["column"]), (3, 22))
        self.assertTrue(line["file"].endswith("bad.yaml"))
        self.assertIn("did you mean 'format'", line["message"])


class Validate(WeirTest):
    def test_every_error_is_shown_at_its_place(self):
        self.write("bad.yaml", "name: Bad Name\nsorce: {type: stdin}\nsink: {type: stdout, formt: value}\nmemory: 64\n")
        done = self.weir("validate", "bad.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "bad.yaml:1:7", "bad.yaml:2:1", "source", "bad.yaml:3:22", "format", "bad.yaml:4:9", "bad.yaml:1:1")

    def test_a_folder_is_its_yaml_files(self):
        self.write("configs/one.yaml", GOOD)
        self.write("configs/two.yaml", GOOD.replace("good", "two").replace("stdin", "generate"))
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

    def test_every_property_that_the_kafka_sink_refuses_is_shown_at_its_place(self):
        self.write("bad.yaml", """
name: bad
source: {type: stdin}
sink:
  type: kafka
  topic: t
  config:
    no.such: 1
    retries: 3
    linger.ms: soon
""")
        done = self.weir("validate", "bad.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "bad.yaml:8:14: error", "bad.yaml:9:14: error", "bad.yaml:10:16: error", "lacks bootstrap.servers")

    def test_every_rule_that_redact_refuses_is_shown_at_its_place(self):
        self.write("bad.yaml", """
name: bad
source: {type: stdin}
transforms:
  - type: redact
    rules:
      - {field: a, action: mask, keep: -1}
      - {field: b, action: remove}
      - {field: c, action: hash, char: x}
      - {field: d, action: pseudonymize}
      - {field: e, action: pseudonymize}
sink: {type: stdout}
""")
        done = self.weir("validate", "bad.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "bad.yaml:7:40: error", "bad.yaml:9:40: error", "bad.yaml:5:5: error")
        self.assertEqual(done.stderr.count(b"error:"), 3)

    def test_what_several_threads_make_is_complained_about_once(self):
        rules = "{type: redact, secret: %s, rules: [{field: email, action: hash}, {field: mpid, action: pseudonymize}]}"
        for secret, code, text in (("a secret long enough", 0, "can be guessed"), ("short", 2, "error:")):
            self.write("threads.yaml", "name: threads\ntransform_threads: 4\nsource: {type: generate}\ntransforms:\n  - " + rules % secret + "\nsink: {type: discard}\n")
            done = self.weir("validate", "threads.yaml")
            self.assert_exit(done, code)
            self.assertEqual(done.stderr.decode().count(text), 1, done.stderr)

    def test_one_path_has_one_writer_in_a_run(self):
        """Before anything runs, whatever the spelling; in validate and in run."""
        self.write("in.ndjson", "{}\n")
        one = "name: one\nsource: {type: file, path: in.ndjson}\nsink: {type: file, path: out.ndjson}\n"
        self.write("two_sinks.yaml", one + "---\n" + one.replace("one", "two").replace("out.nd", "./x/../out.nd"))
        self.write("dead_letter.yaml", one + "dead_letter: {type: file, path: out.ndjson}\n")
        self.write("own_source.yaml", one.replace("out.", "in."))
        self.write("standard_input.yaml", GOOD + "---\n" + GOOD.replace("good", "other"))
        for file, place in (("two_sinks.yaml", "7:26"), ("dead_letter.yaml", "4:33"), ("own_source.yaml", "3:26"), ("standard_input.yaml", "11:9")):
            for command in ("validate", "run"):
                done = self.weir(command, file)
                self.assert_exit(done, 2)
                self.assert_says(done, file + ":" + place + ": error")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "out.ndjson")))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "weir-state")))
        self.assertEqual(self.read("in.ndjson"), b"{}\n")

    def test_run_sees_one_file_behind_links(self):
        yaml = "name: linked\nsource: {type: file, path: in.ndjson}\nsink: {type: file, path: out/link}\n"
        self.write("linked.yaml", yaml)
        (self.folder / "out").mkdir()
        link = self.folder / "out" / "link"
        for make in (lambda: link.symlink_to("../in.ndjson"), lambda: os.link(self.folder / "in.ndjson", link)):
            self.write("in.ndjson", "{}\n")
            make()
            self.assert_exit(self.weir("validate", "linked.yaml"), 0)
            self.assert_refuses_own_source()
            self.assertEqual(self.read("in.ndjson"), b"{}\n")
            link.unlink()
        (self.folder / "in.ndjson").unlink()
        link.symlink_to("../in.ndjson")
        self.assert_refuses_own_source()
        self.assertFalse((self.folder / "in.ndjson").exists())
        self.assertFalse((self.folder / "weir-state").exists())
        link.unlink()
        link.symlink_to("/dev/null")
        self.write("in.ndjson", "{}\n")
        self.write("linked.yaml", yaml + "---\n" + yaml.replace("name: linked", "name: other").replace("out/link", "/dev/null"))
        self.assert_exit(self.weir("run", "linked.yaml"), 0)

    def assert_refuses_own_source(self):
        done = self.weir("run", "linked.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "linked.yaml:3:26: error", "would write to the file that the source of 'linked' reads", "by another path")

    def test_no_env_lets_unset_variables_pass(self):
        self.write("env.yaml", GOOD.replace("type: stdout", "type: file, path: \"${env:WEIR_TEST_UNSET}\""))
        self.assert_exit(self.weir("validate", "env.yaml"), 2)
        self.assert_exit(self.weir("validate", "--no-env", "env.yaml"), 0)

    def test_no_env_tells_what_it_could_not_check(self):
        self.write("type.yaml", GOOD.replace("type: stdout", "type: \"${env:WEIR_TEST_UNSET}\""))
        done = self.weir("validate", "--no-env", "type.yaml")
        self.assert_exit(done, 0)
        self.assert_says(done, "type.yaml:1:1: warning: the pipeline was checked in part only")
        self.write("all.yaml", "${env:WEIR_TEST_UNSET}\n")
        done = self.weir("validate", "--no-env", "all.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "all.yaml:1:1: error: a pipeline is a mapping with name, source and sink; a ${…} stands for one value")

    def test_the_hint_of_a_missing_key_reads_like_the_others(self):
        self.write("bad.yaml", "name: bad\nsource: {type: stdin}\n")
        self.assert_says(self.weir("validate", "bad.yaml"), "missing key 'sink' in the pipeline; where the records go\n")

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
        for name in ("generate", "file", "stdin", "filter", "redact", "set", "remove", "suppress", "rename", "route", "unbatch", "field_equals", "topic_matches", "is_tombstone", "has_header", "condition", "kafka", "stdout", "discard"):
            self.assertIn(name, listed)
        page = self.weir("plugins", "redact").stdout.decode()
        self.assertIn("pseudonymize", page)
        components = json.loads(self.weir("plugins", "--json").stdout)
        self.assertTrue(all({"kind", "name", "version", "library"} <= component.keys() for component in components))
        self.assertIn("$schema", json.loads(self.weir("schema").stdout))

    def test_a_component_is_documented_as_json_too(self):
        [redact] = json.loads(self.weir("plugins", "redact", "--json").stdout)
        fields = {field["name"]: field for field in redact["fields"]}
        self.assertEqual((fields["rules"]["type"], fields["rules"]["required"]), ("list of mappings", True))
        action = next(field for field in fields["rules"]["fields"] if field["name"] == "action")
        self.assertIn("pseudonymize", action["choices"])
        self.assertTrue(fields["secret"]["secret"])
        self.assertTrue(redact["details"])
        sinks = [component for component in json.loads(self.weir("plugins", "file", "--json").stdout) if component["kind"] == "sink"]
        self.assertTrue(next(field for field in sinks[0]["fields"] if field["name"] == "path")["written"])

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
        self.assertEqual(done.stdout, b"")
        self.assertIn(b"E_DATA", done.stderr)

    def test_bad_records_are_kept_out_of_what_would_reach_the_sink(self):
        self.write("good.yaml", GOOD + "errors: {tolerance: all}\n")
        done = self.weir("try", "good.yaml", stdin=b'{"n":1}\nbad\n{"n":2}\n')
        self.assert_exit(done, 0)
        self.assertEqual([json.loads(line)["value"] for line in done.stdout.splitlines()], ['{"n":1}', '{"n":2}'])
        [error] = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertEqual((error["error"]["code"], error["position"]["offset"]), ("E_DATA", "2"))

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
