"""`weir dlq` from outside: dead letters, plain and encrypted, are looked at, sent again, dropped."""
import fcntl
import hashlib
import hmac
import json
import os
import pty
import signal
import stat
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from privacy import spellings  # noqa: E402
from weir_process import WEIR, WeirTest, balanced  # noqa: E402

ENCRYPTED = ", payload: encrypted, encryption_secret: '${file:letters.key}'"
SECRET = "the first secret, canary-secret-1"
NEXT = "the next secret, canary-secret-2"


def pipeline(transforms, dead="", sink="{type: file, path: out.ndjson, format: envelope}", name="orders", more=""):
    return f"""
name: {name}
source: {{type: file, path: in.ndjson}}
transforms: [{transforms}]
sink: {sink}
dead_letter: {{type: file, path: bad.ndjson{dead}}}
{more}
"""


# `n` has to be an object: what it is in the input decides whether a record is bad.
STRICT = "{type: set, field: n.through, value: 1}"
MENDED = "{type: set, field: through, value: 1}"
PRIVATE = "{type: redact, rules: [{field: email, action: mask}, {field: ip, action: truncate_ip}]}"
MENDED_PRIVATE = "{type: redact, rules: [{field: email, action: mask}, {field: ip, action: remove}]}"


class DlqTest(WeirTest):
    def dlq(self, *arguments, code=0, **options):
        done = self.weir("dlq", *arguments, **options)
        self.assertEqual(done.returncode, code, (done.stdout + done.stderr).decode(errors="replace"))
        return done.stdout.decode()

    def refused(self, *arguments, code=2, **options):
        done = self.weir("dlq", *arguments, **options)
        self.assertEqual(done.returncode, code, (done.stdout + done.stderr).decode(errors="replace"))
        return done.stderr.decode()

    def listed(self, *arguments, file="bad.ndjson"):
        return [json.loads(line) for line in self.dlq("list", file, "--json", *arguments).splitlines()]

    def run_bad(self, values, yaml):
        self.write("in.ndjson", "".join(value + "\n" for value in values))
        done, ledger = self.run_pipeline(yaml)
        self.assert_exit(done, 0)
        return ledger

    def values(self, name="out.ndjson"):
        return [json.loads(line).get("value") for line in self.read(name).decode().splitlines()]


class Looking(DlqTest):
    def make(self):
        return self.run_bad(['{"n":1}', "no json", '{"n":{}}', '{"n":2}'], pipeline(STRICT))

    def test_list_tells_what_is_wrong_and_shows_no_payload(self):
        self.make()
        text = self.dlq("list", "bad.ndjson")
        self.assertIn("E_DATA", text)
        self.assertIn("set", text)
        self.assertIn("in.ndjson 8", text)
        self.assertNotIn('"n"', text)
        letters = self.listed()
        self.assertEqual([letter["number"] for letter in letters], [1, 2, 3])
        self.assertEqual({letter["payload"] for letter in letters}, {"plain"})
        self.assertEqual(letters[0]["position"]["offset"], "8")
        self.assertNotIn("value", letters[0])

    def test_choices(self):
        self.make()
        numbers = lambda *arguments: [letter["number"] for letter in self.listed(*arguments)]  # noqa: E731
        self.assertEqual(numbers("--number", "2"), [2])
        self.assertEqual(numbers("--number", "2-3", "--number", "1"), [1, 2, 3])
        self.assertEqual(numbers("--limit", "2"), [1, 2])
        self.assertEqual(numbers("--code", "E_DATA", "--transform", "set"), [1, 2, 3])
        self.assertEqual(numbers("--transform", "redact"), [])
        self.assertEqual(numbers("--pipeline", "others"), [])
        self.assertEqual(numbers("--since", "2d"), [])  # records of files have no time
        self.assertIn("--since: 'soon'", self.refused("list", "bad.ndjson", "--since", "soon"))
        self.assertIn("--number", self.refused("list", "bad.ndjson", "--number", "x"))

    def test_times_are_those_of_the_records(self):
        letter = '{"value":"v","timestamp_ms":%d,"error":{"pipeline":"orders","code":"E_DATA","message":"m"}}\n'
        day = 86_400_000
        self.write("bad.ndjson", "".join(letter % (number * day) for number in (1, 2, 3)))
        self.assertEqual([each["number"] for each in self.listed("--since", "1970-01-03", "--until", "1970-01-04")], [2])
        statistics = json.loads(self.dlq("stats", "bad.ndjson", "--json"))
        self.assertEqual((statistics["oldest_ms"], statistics["newest_ms"]), (day, 3 * day))
        self.assertIn("1970-01-02T00:00:00Z to 1970-01-04T00:00:00Z", self.dlq("stats", "bad.ndjson"))

    def test_stats_count_what_is_alike(self):
        self.make()
        statistics = json.loads(self.dlq("stats", "bad.ndjson", "--json"))
        self.assertEqual((statistics["letters"], statistics["damaged"], statistics["replayed"]), (3, 0, 0))
        self.assertEqual(statistics["payload"], {"plain": 3})
        self.assertEqual(sum(kind["letters"] for kind in statistics["kinds"]), 3)
        self.assertIn("3 letters, 0 replayed, 0 damaged lines", self.dlq("stats", "bad.ndjson"))

    def test_show_prints_the_letter_as_it_stands(self):
        self.make()
        self.assertEqual(self.dlq("show", "bad.ndjson", "2"), self.read("bad.ndjson").decode().splitlines()[1] + "\n")
        self.assertIn("no line 9, the last one is 3", self.refused("show", "bad.ndjson", "9"))

    def test_damaged_and_torn_lines_are_told_and_hide_no_other(self):
        self.make()
        lines = self.read("bad.ndjson").splitlines(keepends=True)
        damaged = b'{"error":7,"value":"canary"}\n\x1b[2Jcanary\n'
        self.write("bad.ndjson", lines[0] + damaged + lines[1] + lines[2][:20])
        letters = self.listed()
        self.assertEqual(["damage" in letter for letter in letters], [False, True, True, False])
        text = self.dlq("list", "bad.ndjson")
        self.assertNotIn("canary", text)
        self.assertNotIn("\x1b", text)
        done = self.weir("dlq", "stats", "bad.ndjson")
        self.assertIn(b"2 letters, 0 replayed, 2 damaged lines", done.stdout)
        self.assert_says(done, "has no end yet (20 bytes)")
        self.assertIn("damaged", self.refused("show", "bad.ndjson", "2", code=1))

    def test_letters_that_would_control_a_terminal_do_not(self):
        self.write("bad.ndjson", '{"value":"v","error":{"code":"E_DATA","message":"\\u001b[2Jx","transform":"\\u0007"}}\n')
        for command in ("list", "stats"):
            self.assertNotRegex(self.dlq(command, "bad.ndjson"), "[\x00-\x09\x0b-\x1f\x7f]")

    def test_usage(self):
        self.assertIn("unknown command 'lst'; did you mean 'list'?", self.refused("lst", "bad.ndjson"))
        self.assertIn("missing", self.refused("list", "missing"))
        self.refused()
        self.refused("show", "bad.ndjson", "0")
        self.refused("list", ".")
        for command in ("list", "show", "stats", "replay", "drop"):
            self.assertIn(command, self.dlq("--help"))
            self.assertIn("--help", self.dlq(command, "--help"))


class Encrypted(DlqTest):
    BAD = ['{"email":"canary-a1@x.y","ip":"canary-a2"}', "canary-b1", '{"email":{"x":"canary-c1"},"id":"\\u0000"}']
    CANARIES = ("canary-a1", "canary-a2", "canary-b1", "canary-c1", "canary-secret")

    def make(self, secrets=SECRET, name="letters.key", dead=ENCRYPTED, values=None):
        self.write(name, secrets + "\n")
        self.write("in.ndjson", "".join(value + "\n" for value in values or self.BAD))
        done, ledger = self.run_pipeline(pipeline(PRIVATE, dead), "--fresh", "--log-level", "trace")
        self.assert_exit(done, 0)
        self.assertTrue(balanced(ledger))
        return done, ledger

    def sweep(self, *outputs):
        places = {f"output {number}": output for number, output in enumerate(outputs)}
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in ("in.ndjson", "letters.key", "other.key"):
                places[str(path)] = path.read_bytes()
        for place, content in places.items():
            for canary in self.CANARIES:
                for spelling in spellings(canary):
                    self.assertNotIn(spelling, content, f"{canary} in {place}")

    def test_nothing_of_the_payload_is_left_behind_and_all_of_it_comes_back(self):
        done, ledger = self.make()
        self.assertEqual(ledger["dead_lettered"], 3)
        self.sweep(done.stdout, done.stderr)
        self.assertEqual(stat.S_IMODE((self.folder / "bad.ndjson").stat().st_mode), 0o600)
        for line in self.read("bad.ndjson").decode().splitlines():
            letter = json.loads(line)
            self.assertEqual(set(letter), {"value", "error", "position"})
            self.assertEqual(letter["error"]["payload"], "encrypted")
            self.assertEqual(set(json.loads(letter["value"])["weir_encrypted"]), {"v", "key_id", "key", "nonce", "box"})
        looks = [self.weir("dlq", command, "bad.ndjson") for command in ("list", "stats")]
        self.sweep(*(look.stdout + look.stderr for look in looks))
        for number, value in enumerate(self.BAD, 1):
            shown = json.loads(self.dlq("show", "bad.ndjson", number, "--secret-file", "letters.key"))
            self.assertEqual(shown["value"], value)
            self.assertEqual(json.loads(self.dlq("show", "bad.ndjson", number, "--config", "pipeline.yaml")), shown)

    def test_without_the_secret_it_stays_closed(self):
        self.make()
        self.write("other.key", "a secret that is another one")
        self.assertIn("--secret-file", self.refused("show", "bad.ndjson", "1"))
        self.assertIn("none of the secrets opens it (key id", self.refused("show", "bad.ndjson", "1", "--secret-file", "other.key"))
        self.write("other.key", "short")
        self.assertIn("at least 16", self.refused("show", "bad.ndjson", "1", "--secret-file", "other.key"))
        self.assertIn("missing.key", self.refused("show", "bad.ndjson", "1", "--secret-file", "missing.key"))

    def test_a_changed_letter_does_not_open(self):
        self.make()
        letter = json.loads(self.read("bad.ndjson").splitlines()[0])
        inside = json.loads(letter["value"])
        box = inside["weir_encrypted"]["box"]
        inside["weir_encrypted"]["box"] = ("B" if box[0] == "A" else "A") + box[1:]
        letter["value"] = json.dumps(inside)
        self.write("bad.ndjson", json.dumps(letter) + "\n")
        self.assertIn("damaged", self.refused("show", "bad.ndjson", "1", "--secret-file", "letters.key", code=1))

    def test_secrets_change_and_old_letters_still_open(self):
        self.make(values=self.BAD[:1])
        self.make(NEXT + "\n" + SECRET, values=self.BAD[1:2])
        ids = [json.loads(json.loads(line)["value"])["weir_encrypted"]["key_id"] for line in self.read("bad.ndjson").splitlines()]
        self.assertNotEqual(*ids)
        for number in (1, 2):
            self.dlq("show", "bad.ndjson", number, "--config", "pipeline.yaml")
        self.write("other.key", NEXT)
        self.refused("show", "bad.ndjson", "1", "--secret-file", "other.key")
        self.dlq("show", "bad.ndjson", "2", "--secret-file", "other.key")

    def test_replayed_letters_are_opened_and_their_records_redacted(self):
        self.make()
        mended = pipeline(MENDED_PRIVATE, ENCRYPTED)
        self.write("mended.yaml", mended)
        before = self.read("bad.ndjson")
        done = self.weir("dlq", "replay", "mended.yaml", "--log-level", "trace")
        self.assert_exit(done, 0)
        # The first is mended; the others are no JSON and an object, and are bad again: sealed anew.
        self.assertEqual(self.values(), ['{"email":"*************"}'])
        again = self.read("bad.ndjson")[len(before):].decode().splitlines()
        self.assertEqual([json.loads(line)["position"] for line in again],
                         [json.loads(line)["position"] for line in before.decode().splitlines()[1:]])
        self.sweep(done.stdout, done.stderr)
        self.assertEqual(json.loads(self.dlq("show", "bad.ndjson", "5", "--config", "mended.yaml"))["value"], self.BAD[2])

    def test_a_replay_without_the_secret_sends_nothing_and_says_so(self):
        self.make()
        self.write("other.key", "a secret that is another one")
        self.write("mended.yaml", pipeline(MENDED_PRIVATE))
        for options in ((), ("--secret-file", "other.key")):
            done = self.weir("dlq", "replay", "mended.yaml", *options)
            self.assert_exit(done, 1)
            self.assertIn(b"3  encrypted, and no secret opens them", done.stdout)
            self.assert_says(done, "3 dead letters stay")
        self.assertEqual(self.read("out.ndjson"), b"")
        self.dlq("replay", "mended.yaml", "--secret-file", "letters.key")

    def test_a_dead_letter_without_payload_cannot_be_sent(self):
        self.make(dead="")
        self.sweep()
        self.write("mended.yaml", pipeline(MENDED_PRIVATE))
        done = self.weir("dlq", "replay", "mended.yaml")
        self.assert_exit(done, 1)
        self.assertIn(b"3  hold no record", done.stdout)

    def test_try_shows_no_payload_that_would_be_encrypted(self):
        self.write("letters.key", SECRET)
        self.write("pipeline.yaml", pipeline(STRICT, ENCRYPTED))
        done = self.weir("try", "pipeline.yaml", stdin=b"canary-a1\n")
        self.sweep(done.stdout, done.stderr)
        self.assertIn(b'"error"', done.stderr)


class Replay(DlqTest):
    def make(self, count=6):
        ledger = self.run_bad(['{"n":%d}' % number for number in range(count)], pipeline(STRICT))
        self.assertEqual(ledger["dead_lettered"], count)
        self.write("mended.yaml", pipeline(MENDED))

    def records(self, *numbers):
        return ['{"n":%d,"through":1}' % number for number in numbers]

    def test_records_go_in_order_and_once(self):
        self.make()
        self.assertIn("6  replayed", self.dlq("replay", "mended.yaml"))
        self.assertEqual(self.values(), self.records(*range(6)))
        again = self.dlq("replay", "mended.yaml")
        self.assertIn("0  replayed", again)
        self.assertIn("6  had been replayed before", again)
        self.assertEqual(self.values(), self.records(*range(6)))
        self.assertTrue(all(letter["replayed"] for letter in self.listed()))
        self.assertEqual(self.listed("--waiting"), [])
        self.assertEqual(stat.S_IMODE((self.folder / "bad.ndjson.replayed").stat().st_mode), 0o600)

    def test_key_headers_time_and_bytes_are_those_of_the_letter(self):
        letter = {"key": "k", "value": '{"n": 1.50 ,"x":"\\u00e9"}', "headers": [["h", "1"], ["n", None], ["b", {"base64": "/w=="}]], "timestamp_ms": 17,
                  "error": {"pipeline": "orders", "transform": "set", "code": "E_DATA", "message": "m"}, "position": {"partition": "in", "offset": "9"}}
        tombstone = {"key": "gone", "error": letter["error"]}
        binary = {"key_base64": "/w==", "value": "", "error": letter["error"]}
        self.write("bad.ndjson", "".join(json.dumps(each) + "\n" for each in (letter, tombstone)))
        self.write("plain.yaml", pipeline(""))
        self.dlq("replay", "plain.yaml")
        sent = [json.loads(line) for line in self.read("out.ndjson").splitlines()]
        self.assertEqual(sent, [{name: letter[name] for name in ("key", "value", "headers", "timestamp_ms")}, {"key": "gone"}])
        self.write("bad.ndjson", json.dumps(binary) + "\n")
        self.dlq("replay", "plain.yaml")
        self.assertEqual(json.loads(self.read("out.ndjson").splitlines()[-1]), {"key_base64": "/w==", "value": ""})

    def test_what_is_bad_again_becomes_a_dead_letter_again(self):
        self.make(3)
        text = self.dlq("replay", "pipeline.yaml")
        self.assertIn("3 dead letters again", text)
        letters = self.listed()
        self.assertEqual(len(letters), 6)
        self.assertEqual([letter["replayed"] for letter in letters], [True] * 3 + [False] * 3)
        self.assertEqual(letters[0]["position"], letters[3]["position"])
        self.assertIn("3  replayed", self.dlq("replay", "mended.yaml"))
        self.assertEqual(self.values(), self.records(0, 1, 2))

    def test_choices_say_what_is_sent_and_the_rest_waits(self):
        self.make()
        self.dlq("replay", "mended.yaml", "--number", "2-3")
        self.dlq("replay", "mended.yaml", "--limit", "1")
        self.assertEqual(self.values(), self.records(1, 2, 0))
        self.assertEqual([letter["number"] for letter in self.listed("--waiting")], [4, 5, 6])

    def test_a_dry_run_tells_and_sends_nothing(self):
        self.make(2)
        self.write("in.ndjson", "")
        text = self.dlq("replay", "pipeline.yaml", "--dry-run")
        self.assertIn("line 1 would be bad again: set", text)
        self.assertIn("2  would be replayed", text)
        self.assertIn("2 delivered", self.dlq("replay", "mended.yaml", "--dry-run"))
        self.assertEqual(self.read("out.ndjson"), b"")
        self.assertFalse((self.folder / "bad.ndjson.replayed").exists())
        self.assertEqual(len(self.listed()), 2)

    def test_the_clones_that_failed_are_sent_and_their_siblings_are_not(self):
        batch = '{"mpid":1,"events":[{"ip":"1.2.3.4"},{"ip":"x"},{"ip":"5.6.7.8"},{"ip":"y"}]}'
        unbatch = "{type: unbatch, field: events, keep: [mpid], as: event}"
        ledger = self.run_bad([batch], pipeline(unbatch + ", {type: redact, rules: [{field: event.ip, action: truncate_ip}]}", ENCRYPTED.replace("${file:letters.key}", SECRET)))
        self.assertEqual((ledger["delivered"], ledger["dead_lettered"]), (2, 2))
        self.write("mended.yaml", pipeline(unbatch + ", {type: redact, rules: [{field: event.ip, action: remove}]}", ENCRYPTED.replace("${file:letters.key}", SECRET)))
        text = self.dlq("replay", "mended.yaml")
        self.assertIn("2 delivered, 2 filtered, 0 dead letters again", text)
        self.assertEqual(self.values(), ['{"mpid":1,"event":{"ip":"%s"}}' % ip for ip in ("1.2.3.0", "5.6.7.0")] + ['{"mpid":1,"event":{}}'] * 2)

    def test_letters_of_another_pipeline_are_not_sent_unless_asked_for(self):
        self.make(2)
        self.write("renamed.yaml", pipeline(MENDED, name="renamed"))
        self.assertIn("2  of another pipeline", self.dlq("replay", "renamed.yaml"))
        self.assertEqual(self.read("out.ndjson"), b"")
        self.dlq("replay", "renamed.yaml", "--pipeline", "orders")
        self.assertEqual(self.values(), self.records(0, 1))

    def test_damaged_and_torn_lines_stay_and_the_others_go(self):
        self.make(3)
        lines = self.read("bad.ndjson").splitlines(keepends=True)
        self.write("bad.ndjson", lines[0] + b"damaged\n" + lines[1] + lines[2][:-5])
        done = self.weir("dlq", "replay", "mended.yaml")
        self.assert_exit(done, 1)
        self.assertIn(b"1  damaged", done.stdout)
        self.assert_says(done, "the first is line 2", "Cut a torn last line")
        self.assertEqual(self.values(), self.records(0, 1))

    def test_a_file_that_is_not_the_pipelines_own(self):
        self.make(2)
        (self.folder / "bad.ndjson").rename(self.folder / "away.ndjson")
        self.dlq("replay", "mended.yaml", "--file", "away.ndjson")
        self.assertEqual(self.values(), self.records(0, 1))
        self.write("none.yaml", "name: orders\nsource: {type: stdin}\nsink: {type: discard}\n")
        self.assertIn("--file", self.refused("replay", "none.yaml"))
        self.assertIn("missing", self.refused("replay", "mended.yaml", "--file", "missing"))

    def test_another_file_of_that_name_is_not_taken_for_the_one_that_was_replayed(self):
        self.make(2)
        self.dlq("replay", "mended.yaml")
        same = self.read("bad.ndjson")
        (self.folder / "bad.ndjson").unlink()
        self.write("bad.ndjson", same)
        done = self.weir("dlq", "replay", "mended.yaml")
        self.assertIn(b"2  replayed", done.stdout)
        self.assert_says(done, "does not count")

    def test_a_worker_of_the_same_state_is_not_disturbed(self):
        self.make(2)
        yaml = pipeline(MENDED).replace("path: in.ndjson", "path: in.ndjson, follow: true")
        self.write("follow.yaml", yaml)
        worker = self.start("run", "follow.yaml", stderr=subprocess.DEVNULL)
        self.wait_until(lambda: self.is_locked("bad.ndjson"))
        self.assertIn("weir-state", self.refused("replay", "mended.yaml"))
        self.assertIn("one path, one sink", self.refused("replay", "mended.yaml", "--state", "other", code=1))
        self.assertIn("being written", self.refused("drop", "bad.ndjson", "--all", "--yes"))
        self.assertEqual(len(self.listed()), 2)
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(20), 0)
        self.dlq("replay", "mended.yaml")

    def test_a_replay_that_is_killed_goes_on_where_it_was(self):
        self.make(400)
        for moment in (0.15, 0.3):
            process = self.start("dlq", "replay", "mended.yaml", "--rate", "400", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moment)
            process.kill()
            process.wait()
        self.weir("dlq", "replay", "mended.yaml")
        first_seen = list(dict.fromkeys(self.values()))
        self.assertEqual(first_seen, self.records(*range(400)))
        self.assertEqual(self.listed("--waiting"), [])

    def test_a_replay_that_is_stopped_says_what_it_did(self):
        self.make(100)
        process = self.start("dlq", "replay", "mended.yaml", "--rate", "20", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.wait_until(lambda: len(self.values()) > 2)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 1, err)
        self.assertIn(b"stopped before the end", out)
        sent = len(self.values())
        self.assertLess(sent, 100)
        self.assertIn(b"%d  replayed" % sent, out)
        self.assertEqual(len(self.listed("--replayed")), sent)

    def test_dropped_records_are_not_taken_for_sent(self):
        self.make(2)
        self.write("dropping.yaml", "name: orders\nsource: {type: stdin}\ntransforms: [%s]\nsink: {type: discard}\nerrors: {tolerance: all}\n" % STRICT)
        done = self.weir("dlq", "replay", "dropping.yaml", "--file", "bad.ndjson")
        self.assert_exit(done, 1)
        self.assertIn(b"2  not settled", done.stdout)
        self.assertEqual(len(self.listed("--waiting")), 2)

    def test_a_bad_configuration_is_refused(self):
        self.make(1)
        self.write("wrong.yaml", pipeline(MENDED).replace("sink:", "snik:"))
        self.assertIn("'sink'", self.refused("replay", "wrong.yaml"))
        self.write("two.yaml", pipeline(MENDED) + "---\n" + pipeline(MENDED, name="second").replace("bad.nd", "b.nd").replace("out.nd", "o.nd"))
        self.assertIn("2 pipelines", self.refused("replay", "two.yaml"))

    def is_locked(self, name):
        try:
            with open(self.folder / name, "rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True

    def wait_until(self, condition):
        for _ in range(400):
            if condition():
                return
            time.sleep(0.05)
        self.fail("it did not come")


class Drop(DlqTest):
    def make(self, count=4):
        self.run_bad(['{"n":%d}' % number for number in range(count)], pipeline(STRICT))
        self.write("mended.yaml", pipeline(MENDED))

    def numbers_left(self):
        return [json.loads(json.loads(line)["value"])["n"] for line in self.read("bad.ndjson").splitlines()]

    def test_only_what_was_chosen_goes(self):
        self.make()
        (self.folder / "bad.ndjson").chmod(0o640)
        self.assertEqual(self.dlq("drop", "bad.ndjson", "--number", "2-3", "--yes"), "dropped 2 of 4\n")
        self.assertEqual(self.numbers_left(), [0, 3])
        self.assertEqual(stat.S_IMODE((self.folder / "bad.ndjson").stat().st_mode), 0o640)
        self.assertEqual(self.dlq("drop", "bad.ndjson", "--transform", "redact", "--yes"), "dropped 0 of 2\n")
        self.assertEqual(self.dlq("drop", "bad.ndjson", "--all", "--yes"), "dropped 2 of 2\n")
        self.assertEqual(self.read("bad.ndjson"), b"")
        self.assertEqual(sorted(path.name for path in self.folder.glob("bad*")), ["bad.ndjson"])

    def test_what_was_replayed_stays_replayed_when_others_go(self):
        self.make()
        self.dlq("replay", "mended.yaml", "--number", "3-4")
        self.dlq("drop", "bad.ndjson", "--number", "1", "--yes")
        self.assertEqual([letter["replayed"] for letter in self.listed()], [False, True, True])
        self.dlq("drop", "bad.ndjson", "--replayed", "--number", "2", "--yes")
        self.assertIn("1  replayed", self.dlq("replay", "mended.yaml"))
        self.assertEqual(self.dlq("drop", "bad.ndjson", "--replayed", "--yes"), "dropped 2 of 2\n")
        self.assertFalse((self.folder / "bad.ndjson.replayed").exists())

    def test_it_asks(self):
        self.make()
        self.assertIn("--all", self.refused("drop", "bad.ndjson", "--yes"))
        self.assertIn("drop 4 of 4", self.refused("drop", "bad.ndjson", "--all"))
        self.assertEqual(len(self.listed()), 4)
        for answer, code, left in ((b"n\n", 2, 4), (b"\n", 2, 4), (b"y\n", 0, 0)):
            ours, theirs = pty.openpty()
            process = subprocess.Popen([WEIR, "dlq", "drop", "bad.ndjson", "--all"], cwd=self.folder, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            os.write(ours, answer)
            self.assertEqual((process.communicate(timeout=20), process.returncode)[1], code)
            self.assertEqual(len(self.listed()), left)
            os.close(ours)
            os.close(theirs)

    def test_a_worker_goes_on_with_the_file_that_took_the_place(self):
        self.make()
        self.dlq("drop", "bad.ndjson", "--number", "1", "--yes")
        self.write("in.ndjson", "".join('{"n":%d}\n' % number for number in range(6)))
        self.run_pipeline(pipeline(STRICT))
        self.assertEqual(self.numbers_left(), [1, 2, 3, 4, 5])

    def test_a_link_stays_one(self):
        self.make()
        (self.folder / "link").symlink_to("bad.ndjson")
        self.dlq("drop", "link", "--number", "1", "--yes")
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertEqual(self.numbers_left(), [1, 2, 3])

    def test_a_torn_last_line_goes_and_a_damaged_one_stays(self):
        self.make(2)
        lines = self.read("bad.ndjson").splitlines(keepends=True)
        self.write("bad.ndjson", b"damaged\n" + lines[0] + lines[1] + b'{"torn')
        done = self.weir("dlq", "drop", "bad.ndjson", "--code", "E_DATA", "--yes")
        self.assertEqual(done.stdout, b"dropped 2 of 3\n")
        self.assert_says(done, "torn last line of 6 bytes")
        self.assertEqual(self.read("bad.ndjson"), b"damaged\n")
        self.dlq("drop", "bad.ndjson", "--number", "1", "--yes")
        self.assertEqual(self.read("bad.ndjson"), b"")

    @unittest.skipIf(os.geteuid() != 0, "a full disk needs a mount")
    def test_a_full_disk_changes_nothing(self):
        self.make(400)
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(small)], capture_output=True).returncode != 0:
            self.skipTest("no mount")
        self.addCleanup(subprocess.run, ["umount", str(small)])
        content = self.read("bad.ndjson")
        (small / "bad").write_bytes(content)
        self.assertIn("No space left", self.refused("drop", small / "bad", "--number", "1", "--yes", code=1))
        self.assertEqual((small / "bad").read_bytes(), content)
        self.assertEqual([path.name for path in small.iterdir() if "drop" in path.name], [])


class Spooled(DlqTest):
    """A pipeline with a spool: its secrets serve the dead letters, and each transform sees a record once."""
    YAML = """
name: orders
source: {{type: file, path: in.ndjson}}
spool: {{path: spool, encryption_secret: "${{file:letters.key}}"}}
transforms:
  - {{type: redact, at: ingest, secret: "0123456789abcdef", rules: [{{field: email, action: pseudonymize}}]}}
  - {behind}
sink: {{type: file, path: out.ndjson}}
dead_letter: {{type: file, path: bad.ndjson, payload: encrypted}}
"""

    def test_what_had_gone_through_the_spool_is_not_redacted_twice(self):
        self.write("letters.key", SECRET)
        bad = ['{"email":"canary-a1","n":1}', '{"email":{"canary-b1":1},"n":2}']
        ledger = self.run_bad(bad, self.YAML.format(behind=STRICT))
        self.assertEqual(ledger["dead_lettered"], 2)
        letters = sorted(self.listed(), key=lambda letter: letter["position"]["partition"] == "spool")
        self.assertEqual([letter["error"]["transform"] for letter in letters], ["redact", "set"])
        self.assertEqual(letters[1]["position"]["partition"], "spool")
        self.write("mended.yaml", self.YAML.format(behind=MENDED))
        self.assertIn("1 delivered, 0 filtered, 1 dead letters again", self.dlq("replay", "mended.yaml"))
        once = hmac.new(b"0123456789abcdef", b"canary-a1", hashlib.sha256).hexdigest()
        self.assertEqual(self.read("out.ndjson").decode(), '{"email":"%s","n":1,"through":1}\n' % once)


if __name__ == "__main__":
    unittest.main(verbosity=2)
