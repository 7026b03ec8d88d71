"""Input as it comes: missing, unreadable, broken, endless. A clear error, and nothing lost."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest, balanced  # noqa: E402

COPY = """
name: copy
source: {type: file, path: in.ndjson}
sink: {type: file, path: out.ndjson}
"""
FILTERED = """
name: filtered
source: {type: file, path: in.ndjson}
transforms: [{type: filter, drop_when: {field: drop, equals: true}}]
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
"""


class BadInput(WeirTest):
    def test_a_missing_file_is_named(self):
        done, _ = self.run_pipeline(COPY)
        self.assert_exit(done, 1)
        self.assert_says(done, "in.ndjson")

    def test_a_dead_letter_of_standard_input_tells_how_far_its_line_reached(self):
        lines = [b'{"n":1}\n', b"broken\r\n", b'{"n":2}\n', b"x" * 2000 + b"\n"]
        done, ledger = self.run_pipeline("""
name: piped
source: {type: stdin, max_line_bytes: 1KiB}
transforms: [{type: filter, drop_when: {field: drop, equals: true}}]
sink: {type: file, path: out.ndjson}
dead_letter: {type: file, path: bad.ndjson}
""", "--state", "state", stdin=b"".join(lines))
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (2, 2))
        positions = [json.loads(line)["position"] for line in self.read("bad.ndjson").splitlines()]
        ends = [str(len(b"".join(lines[:count]))) for count in (2, 4)]
        self.assertEqual(sorted(positions, key=str), sorted(({"offset": end} for end in ends), key=str))
        checkpoint = (self.folder / "state" / "piped" / "stdin.checkpoint").read_bytes()
        self.assertEqual(checkpoint[16:20], bytes(4), "positions stored")

    def test_a_folder_is_no_file(self):
        (self.folder / "in.ndjson").mkdir()
        done, _ = self.run_pipeline(COPY)
        self.assert_exit(done, 1)
        self.assert_says(done, "in.ndjson")

    def test_no_permission_is_said(self):
        self.write("in.ndjson", "{}\n").chmod(0)
        # Root may read what nobody may, unless it gives up that very right.
        ordinary = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
        done, _ = self.run_pipeline(COPY, prefix=ordinary)
        self.assert_exit(done, 1)
        self.assert_says(done, "in.ndjson", "ermission")

    def test_a_file_without_any_byte_is_done(self):
        self.write("in.ndjson", "")
        done, ledger = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assertEqual(ledger["read"], 0)

    def test_a_last_line_without_end_counts(self):
        self.write("in.ndjson", '{"a":1}\n{"a":2}')
        done, ledger = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], self.read("out.ndjson")), (2, b'{"a":1}\n{"a":2}\n'))

    def test_crlf_bom_and_blank_lines(self):
        self.write("in.ndjson", b'\xef\xbb\xbf{"a":1}\r\n\r\n\n{"a":2}\r\n')
        done, ledger = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["read"], self.read("out.ndjson")), (2, b'{"a":1}\n{"a":2}\n'))

    def test_binary_bytes_that_nobody_parses_pass(self):
        lines = bytes(b for b in range(256) if b not in (10, 13)) * 3
        self.write("in.ndjson", lines + b"\n")
        done, _ = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assertEqual(self.read("out.ndjson"), lines + b"\n")

    def test_bad_documents_become_dead_letters_and_the_rest_goes_on(self):
        bad = [b"not json", b'{"a":', b'{"drop":1,"drop":2}', b'{"dr\x6fp":true,"x":"\xff"}', b'{"a":1,}', b" ", b"[" * 65 + b"]" * 65]
        good = [b'{"drop":false,"n":123456789012345678901234567890}', b"[" * 64 + b"]" * 64, b"null", b'"text"', b'{"drop":"true"}']
        self.write("in.ndjson", b"\n".join(x for pair in zip(bad, good + good) for x in pair) + b"\n")
        done, ledger = self.run_pipeline(FILTERED)
        self.assert_exit(done, 0)
        self.assertEqual(self.read("out.ndjson").splitlines(), (good + good)[: len(bad)])
        letters = [json.loads(line) for line in self.read("bad.ndjson").splitlines()]
        self.assertEqual(ledger["dead_lettered"], len(letters))
        self.assertEqual(len(letters), len(bad) - (0 if len(letters) == len(bad) else 1))  # a blank line is skipped by the source
        self.assertTrue(all(letter["error"]["code"] == "E_DATA" for letter in letters))
        self.assertTrue(balanced(ledger))

    def test_tolerance_none_stops_at_the_bad_record_and_goes_on_when_it_is_mended(self):
        self.write("in.ndjson", '{"a":1}\nbroken!\n{"a":3}\n')
        yaml = FILTERED.replace("dead_letter: {type: file, path: bad.ndjson}", "")
        done, ledger = self.run_pipeline(yaml)
        self.assert_exit(done, 1)
        self.assertEqual(ledger["state"], "failed")
        self.assertTrue(balanced(ledger))
        self.assertNotIn(b"broken!", done.stderr)
        self.write("in.ndjson", '{"a":1}\n{"a":22}\n{"a":3}\n')
        done, _ = self.run_pipeline(yaml)
        self.assert_exit(done, 0)
        self.assertEqual(self.read("out.ndjson"), b'{"a":1}\n{"a":22}\n{"a":3}\n')

    def test_tolerance_all_without_dead_letters_counts_and_announces(self):
        self.write("in.ndjson", '{"a":1}\nbroken!\n{"a":3}\n')
        done, ledger = self.run_pipeline(FILTERED.replace("dead_letter: {type: file, path: bad.ndjson}", "errors: {tolerance: all}"))
        self.assert_exit(done, 0)
        self.assertEqual((ledger["dropped"], ledger["delivered"]), (1, 2))
        self.assertTrue(balanced(ledger))
        self.assertIn(b"ropped", done.stderr)

    def test_a_file_shorter_than_its_position_is_refused(self):
        self.write("in.ndjson", '{"a":1}\n{"a":2}\n')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.write("in.ndjson", '{"a":1}\n')
        done, _ = self.run_pipeline(COPY)
        self.assert_exit(done, 1)
        self.assert_says(done, "--fresh")
        self.assert_exit(self.run_pipeline(COPY, "--fresh")[0], 0)

    def test_a_finished_run_says_that_it_is_at_the_end(self):
        self.write("in.ndjson", '{"a":1}\n')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        done, ledger = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assert_says(done, "already at the end")
        self.assertEqual((ledger["read"], self.read("out.ndjson")), (0, b'{"a":1}\n'))
        self.write("in.ndjson", '{"a":1}\n{"a":2}\n')
        done, ledger = self.run_pipeline(COPY)
        self.assertEqual((ledger["read"], self.read("out.ndjson")), (1, b'{"a":1}\n{"a":2}\n'))

    def test_a_last_line_that_grew_is_read_again_whole(self):
        self.write("in.ndjson", '{"a":1}\n{"b":')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.assertEqual(self.read("out.ndjson"), b'{"a":1}\n{"b":\n')
        self.write("in.ndjson", '{"a":1}\n{"b":2}\n')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.assertEqual(self.read("out.ndjson"), b'{"a":1}\n{"b":\n{"b":2}\n')

    def test_only_a_line_end_that_came_later_is_no_news(self):
        self.write("in.ndjson", '{"a":1}')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.write("in.ndjson", '{"a":1}\n{"a":2}\n')
        self.assert_exit(self.run_pipeline(COPY)[0], 0)
        self.assertEqual(self.read("out.ndjson"), b'{"a":1}\n{"a":2}\n')

    def test_lines_behind_a_long_one_are_not_lost(self):
        lengths = [700_000] + [20_000] * 60 + [400_000, 5] * 3 + [60_000] * 30
        lines = [json.dumps({"n": n, "pad": "p" * length}) for n, length in enumerate(lengths)]
        self.write("in.ndjson", "\n".join(lines) + "\n")
        done, ledger = self.run_pipeline(COPY)
        self.assert_exit(done, 0)
        self.assertEqual(self.read("out.ndjson").decode().splitlines(), lines)

    def test_dead_letters_as_values_never_stop_the_pipeline(self):
        self.write("in.ndjson", b'{"a":1}\nbroken\n' + b"x" * 5000 + b'\n{"a":2}\n')
        yaml = FILTERED.replace("path: in.ndjson}", "path: in.ndjson, max_line_bytes: 1KiB}").replace("path: bad.ndjson}", "path: bad.ndjson, format: value}")
        done, ledger = self.run_pipeline(yaml)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (2, 2))
        self.assertEqual(self.read("bad.ndjson").splitlines()[0], b"broken")
        self.assertIn("error", json.loads(self.read("bad.ndjson").splitlines()[1]))

    def test_a_line_over_the_limit_is_a_dead_letter_without_payload(self):
        self.write("in.ndjson", b'{"a":1}\n{"big":"' + b"x" * 5000 + b'"}\n{"a":2}\n')
        yaml = FILTERED.replace("path: in.ndjson}", "path: in.ndjson, max_line_bytes: 1KiB}")
        done, ledger = self.run_pipeline(yaml)
        self.assert_exit(done, 0)
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (2, 1))
        letter = json.loads(self.read("bad.ndjson"))
        self.assertNotIn("value", letter)
        self.assertNotIn(b"xxx", self.read("bad.ndjson"))
        self.assertEqual(int(letter["position"]["offset"]), 8 + 5011)


if __name__ == "__main__":
    unittest.main(verbosity=2)
