"""`weir test`: what passes, what does not and how it is shown, and which files of tests are refused."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest  # noqa: E402

PIPELINE = """
name: tested
source: {type: stdin}
transforms:
  - {type: filter, drop_when: {field: drop, equals: true}}
  - {type: redact, secret: "${file:pseudonym.key}", rules: [{field: email, action: mask, keep: 2}, {field: ip, action: truncate_ip}]}
sink: {type: stdout}
errors: {tolerance: all}
"""
SECRET = "secret-canary-5561"


class PipelineTests(WeirTest):
    def setUp(self):
        super().setUp()
        self.write("pipeline.yaml", PIPELINE)
        self.write("pseudonym.key", SECRET + "\n")

    def run_tests(self, tests, head="pipeline: pipeline.yaml\n", env=None):
        self.write("a.test.yaml", head + "tests:\n" + tests)
        return self.weir("test", "a.test.yaml", env=env)

    def assert_passes(self, tests, number=1):
        done = self.run_tests(tests)
        self.assertEqual((done.stdout.decode(), done.returncode), (f"{number} passed, 0 failed\n", 0), done.stderr.decode())

    def assert_fails(self, tests, *texts):
        done = self.run_tests(tests)
        self.assert_exit(done, 1)
        out = done.stdout.decode()
        for text in texts:
            self.assertIn(text, out)
        self.assertTrue(out.endswith("0 passed, 1 failed\n"), out)
        return out

    def assert_refused(self, tests, *texts, head="pipeline: pipeline.yaml\n"):
        done = self.run_tests(tests, head)
        self.assert_exit(done, 2)
        self.assert_says(done, *texts)
        self.assertEqual(done.stdout, b"")

    def test_text_is_compared_by_bytes_and_yaml_by_meaning(self):
        self.assert_passes("""
  - name: bytes
    input: ['{"n": 1.0, "email":"abcd"}']
    expect: [{value: '{"n": 1.0, "email":"**cd"}'}]
  - name: meaning, in any order of members, numbers by value
    input: [{n: 1.0, big: 123456789012345678901234567890, deep: {list: [1, null, true, "x"]}, email: abcd}]
    expect: [{value: {email: "**cd", deep: {list: [1e0, null, true, x]}, big: 123456789012345678901234567890, n: 1}}]
""", 2)
        self.assert_fails("""
  - name: bytes
    input: ['{"n": 1.0}']
    expect: [{value: '{"n":1.0}'}]
""", "a.test.yaml:4:5: failed: 'bytes'", "record 1, value differs from byte 6 on", '  expected {"n":1.0}', '  came     {"n": 1.0}')

    def test_every_kind_of_difference_in_meaning_is_seen(self):
        for expected, came, text in (
                ("{a: 1}", "{a: 2}", "value at a: expected 1, came 2"),
                ("{a: {b: [1, 2]}}", "{a: {b: [1, 3]}}", "value at a.b[1]: expected 2, came 3"),
                ("{a: [1]}", "{a: [1, 2]}", "value at a: expected a list of 1, came a list of 2"),
                ("{a: 1}", "{}", "value at a: expected 1, is missing"),
                ("{}", "{a: 1}", "value at a: not expected, came 1"),
                ('{a: "1"}', "{a: 1}", 'value at a: expected "1", came 1'),
                ("{a: null}", "{a: false}", "value at a: expected null, came false"),
                ("{a: 12345678901234567891}", "{a: 12345678901234567892}", "expected 12345678901234567891, came 12345678901234567892"),
                ("{a: {}}", "{a: []}", "expected an object of 0, came a list of 0"),
                ("{a: 1}", "'no JSON'", "value is no JSON"),
                ("{a: 1}", """'{"a":1,"a":1}'""", "expected an object of 1, came an object of 2"),
                ("{a: 1}", "null", "value is null"),
                ("null", "{a: 1}", "value is another one")):
            pipeline = PIPELINE.replace("  - {type: redact", "#")
            self.write("pipeline.yaml", pipeline.replace("transforms:\n  - {type: filter, drop_when: {field: drop, equals: true}}\n", ""))
            self.assert_fails(f"\n  - {{name: t, input: [{{value: {came}}}], expect: [{{value: {expected}}}]}}\n", text)

    def test_keys_topics_headers_and_tombstones_go_through_and_are_compared(self):
        record = "{key: k, value: null, topic: t, headers: {h: v, none: null}}"
        self.assert_passes(f"""
  - name: all parts
    input: [{record}]
    expect: [{record}]
  - name: headers as pairs, since names repeat
    input: [{{value: {{a: 1}}, headers: [[h, "1"], [h, "2"]]}}]
    expect: [{{value: {{a: 1}}, key: null, topic: null, headers: [[h, "1"], [h, "2"]]}}]
""", 2)
        for part, text in (("key: other", "record 1, key differs from byte 1 on"), ("topic: other", "record 1, topic differs"),
                           ("topic: null", "record 1, topic is another one"), ("headers: {h: w, none: null}", "record 1, headers are others")):
            self.assert_fails(f"\n  - {{name: t, input: [{record}], expect: [{{value: null, {part}}}]}}\n", text)

    def test_missing_and_unexpected_records_are_told(self):
        self.assert_fails("\n  - {name: t, input: [{drop: true}], expect: [{value: {drop: true}}]}\n", "record 1 is missing")
        self.assert_fails("\n  - {name: t, input: [{a: 1}], expect: []}\n", "record 1 was not expected", '{"value":"{\\"a\\":1}"}')

    def test_bad_records_are_counted_and_told_without_payload(self):
        self.assert_passes("\n  - {name: t, input: [{ip: nowhere}, {a: 1}], expect: [{value: {a: 1}}], expect_dead_letters: 1}\n")
        out = self.assert_fails("\n  - {name: t, input: [{ip: nowhere-canary}], expect: []}\n", "expected 0 dead letters, came 1",
                                "bad: input 1, transform 'redact'", "(ip)")
        self.assertNotIn("nowhere-canary", out)

    def test_with_tolerance_none_a_bad_record_ends_it(self):
        self.write("pipeline.yaml", PIPELINE.replace("all}", "none}"))
        self.assert_passes("\n  - {name: t, input: [{a: 1}, {ip: x}, {a: 2}], expect: [{value: {a: 1}}], expect_dead_letters: 1}\n")
        self.assert_fails("\n  - {name: t, input: [{ip: x}, {a: 2}], expect: [{value: {a: 2}}], expect_dead_letters: 1}\n",
                          "record 1 is missing", "tolerance is none: the pipeline stops here")

    def test_secrets_are_not_shown(self):
        self.write("other.key", "other-canary-9812\n")
        out = self.assert_fails('\n  - {name: t, input: [{a: "${file:other.key}", b: ' + SECRET + '}], expect: [{value: "x"}]}\n', '"***"')
        self.assertNotIn("canary", out)

    def test_each_test_has_components_of_its_own_and_the_order_is_the_files(self):
        self.write("b.test.yaml", "pipeline: pipeline.yaml\ntests: [{name: b, input: [{a: 1}], expect: []}]\n---\n"
                   "pipeline: pipeline.yaml\ntests: [{name: c, input: [{a: 1}], expect: [{value: {a: 1}}]}]\n")
        self.write("a.test.yaml", "pipeline: pipeline.yaml\ntests: [{name: a, input: [{a: 1}], expect: []}]\n")
        done = self.weir("test", ".")
        self.assert_exit(done, 1)
        lines = done.stdout.decode().splitlines()
        self.assertEqual([line for line in lines if "failed:" in line], ["./a.test.yaml:2:9: failed: 'a'", "./b.test.yaml:2:9: failed: 'b'"])
        self.assertEqual(lines[-1], "1 passed, 2 failed")

    def test_what_only_source_and_sink_need_may_be_unset(self):
        test = "\n  - {name: t, input: [{a: 1}], expect: [{value: {a: 1}}]}\n"
        self.write("pipeline.yaml", PIPELINE.replace("{type: stdout}", '{type: file, path: "${env:WEIR_TEST_UNSET}"}'))
        self.assert_passes(test)
        self.write("pipeline.yaml", PIPELINE.replace("keep: 2", 'char: "${env:WEIR_TEST_UNSET}"'))
        self.assert_refused(test, "pipeline.yaml:6:", "WEIR_TEST_UNSET")

    def test_files_of_tests_are_checked_whole_before_anything_runs(self):
        good = "\n  - {name: t, input: [{a: 1}], expect: [{value: {a: 1}}]}\n"
        self.assert_refused("\n  - {nam: t, input: []}\n  - {name: t, input: [], expect: [], expect_dead_letters: -1}\n",
                            "a.test.yaml:4:6: error: unknown key 'nam' in 'tests'; did you mean 'name'?",
                            "a.test.yaml:4:5: error: missing key 'name'", "a.test.yaml:5:")
        self.assert_refused("\n  - {name: t, input: [1]}\n", "a.test.yaml:4:5: error: the test expects nothing")
        self.assert_refused(good + good[1:], "a.test.yaml:5:12: error: there is a test of this name already: 't'")
        self.assert_refused("\n  - {name: t, input: [1], expect: [{user: {id: 1}}]}\n", "a.test.yaml:4:36: error: an expected record is a mapping with value; "
                            "did you mean {value: {user: …}}?")
        self.assert_refused("\n  - {name: t, input: [1], expect: [1, {valu: 1}]}\n", "a.test.yaml:4:36: error: an expected record is a mapping",
                            "a.test.yaml:4:40: error: unknown key 'valu'")
        self.assert_refused("\n  - {name: t, input: [{value: 1, topic: a b, headers: 1}, {value: 1, headers: [[1, 2]]}], expect: []}\n",
                            "'topic': expected a topic's name", "'headers': expected", "a header is [name, value]")
        self.assert_refused(" []\n", "a.test.yaml:3:2: error: there is no test in the list")
        self.assert_refused(good, "a.test.yaml:1:11: error: 'pipeline': there is no such file", head="pipeline: none.yaml\n")
        self.assert_refused(good, "a.test.yaml:1:11: error: 'pipeline': expected a file, found a folder", head="pipeline: .\n")
        self.write("two.yaml", PIPELINE + "---" + PIPELINE.replace("tested", "other"))
        self.assert_refused(good, "two.yaml", head="pipeline: two.yaml\n")
        self.write("bad.yaml", PIPELINE.replace("keep: 2", "kep: 2"))
        self.assert_refused(good, "bad.yaml:6:", "did you mean 'keep'?", head="pipeline: bad.yaml\n")
        self.write("empty.test.yaml", "# nothing\n")
        done = self.weir("test", "empty.test.yaml")
        self.assert_exit(done, 2)
        self.assert_says(done, "empty.test.yaml:1:1: error: the file holds no test")
        self.write("folder/pipeline.yaml", PIPELINE)
        done = self.weir("test", "folder")
        self.assert_exit(done, 2)
        self.assert_says(done, "folder: error: the folder holds no *.test.yaml file")

    def test_a_record_over_the_limit_fails_its_test(self):
        self.write("pipeline.yaml", PIPELINE + "memory: 64KiB\n")
        self.assert_fails("\n  - {name: t, input: [" + "x" * 20000 + "], expect: []}\n", "input 1: The record is larger than a quarter of memory.")


if __name__ == "__main__":
    unittest.main(verbosity=2)
