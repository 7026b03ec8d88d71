#!/usr/bin/env python3
"""weir chaos: pipelines that keep their promises, pipelines that do not, and what it leaves behind. No real broker needed.

WEIR_TEST_PLUGINS: the folder of flawed.so, a source that breaks a promise after a restart.
"""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import oracle  # noqa: E402
import second_oracle  # noqa: E402
from waiting import wait_until  # noqa: E402

BIN = pathlib.Path(os.environ.get("WEIR_BIN", ROOT / "build" / "release" / "bin"))
FLAWED = os.environ.get("WEIR_TEST_PLUGINS")
KAFKA = '{type: kafka, topic: events, key: k, config: {bootstrap.servers: "kafka.invalid:9092", security.protocol: ssl}}'
REDACT = "{type: redact, secret: 0123456789abcdef, rules: [{field: email, action: pseudonymize}]}"
FILTER = "{type: filter, drop_when: {field: t, equals: 7}}"


def event(n):
    return '{"k":%d,"t":%d,"email":"a%d@example.org","n":%d}\n' % (n % 40, n % 10, n, n)


def events(count, bad_every):
    return "".join("bad %d\n" % n if n % bad_every == 0 else event(n) for n in range(count))


def processes():
    """pid → (parent, state, program) of all that run."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        name, rest = text.rsplit(")", 1)
        fields = rest.split()
        found[int(folder.name)] = (int(fields[1]), fields[0], name.split("(", 1)[1])
    return found


def children(pid):
    return {child for child, (parent, _, _) in processes().items() if parent == pid}


def alive(pids):
    return {pid for pid, (_, state, _) in processes().items() if pid in pids and state != "Z"}


class ChaosTest(unittest.TestCase):
    def setUp(self):
        scratch = os.environ.get("WEIR_SCRATCH")
        if scratch:
            os.makedirs(scratch, exist_ok=True)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-chaos-test-", dir=scratch))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.home = self.folder / "home"  # of the user
        self.home.mkdir()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.environment = {**os.environ, "TMPDIR": str(self.temporary)}
        if FLAWED:
            self.environment["WEIR_PLUGINS"] = FLAWED

    def write(self, name, text):
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def pipeline(self, source="{type: file, path: in.ndjson}", transforms=(FILTER, REDACT), sink=KAFKA, more=""):
        lines = "".join(f"  - {transform}\n" for transform in transforms)
        self.write("p.yaml", f"name: mine\nsource: {source}\ntransforms:\n{lines}sink: {sink}\n{more}")

    def command(self, *arguments):
        return [BIN / "weir", "chaos", "p.yaml", *map(str, arguments)]

    def chaos(self, *arguments):
        return subprocess.run(self.command(*arguments), cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=200)

    def result(self, *arguments, code):
        done = self.chaos("--json", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(list(self.temporary.iterdir()), [])
        return json.loads(done.stdout)


class Kept(ChaosTest):
    """Pipelines that keep their promises."""

    def assert_clean(self, *arguments, delivered, dead):
        result = self.result("--for", "4s", "--kills", "6", "--freezes", "1", *arguments, code=0)
        self.assertEqual(result["verdict"], "clean")
        self.assertEqual((result["reference"]["delivered"], result["messages"]["expected"]), (delivered, delivered))
        self.assertEqual((result["reference"]["dead_lettered"], result["dead_letters"]["expected"]), (dead, dead))
        self.assertEqual(result["messages"]["arrived"], delivered + result["messages"]["duplicated"])
        self.assertEqual(result["dead_letters"]["arrived"], dead + result["dead_letters"]["duplicated"])
        faults = result["faults"]
        self.assertLessEqual(faults["kills"], 6)  # a slow machine may have come to the end before the last ones
        self.assertGreaterEqual(faults["killed_running"] + faults["killed_frozen"], 3)
        return result

    def test_a_file_through_a_privacy_transform(self):
        self.write("in.ndjson", events(8000, 500))
        self.pipeline(more="dead_letter: {type: file, path: dead.ndjson}\n")
        self.assert_clean(delivered=8000 - 16 - 800, dead=16)

    def test_a_spool_and_encrypted_dead_letters_in_a_topic(self):
        self.write("in.ndjson", events(8001, 501))
        letters = '{type: kafka, topic: dead, payload: encrypted, config: {bootstrap.servers: "kafka.invalid:9092"}}'
        self.pipeline(more=f"dead_letter: {letters}\nspool: {{path: spool, encryption_secret: 0123456789abcdef}}\n")
        bad = [n for n in range(8001) if n % 501 == 0]
        dropped = [n for n in range(8001) if n % 501 and n % 10 == 7]
        self.assert_clean(delivered=8001 - len(bad) - len(dropped), dead=len(bad))

    def test_several_files_tasks_and_topics(self):
        for number in range(6):
            self.write(f"in/{number}.ndjson", events(2000, 500))
        route = "{type: route, routes: [{when: {field: t, equals: 3}, topic: threes}]}"
        self.pipeline("{type: file, path: 'in/*.ndjson'}", [FILTER, route],
                      more="tasks_max: 3\ndead_letter: {type: file, path: dead.ndjson}\n")
        result = self.assert_clean("--topics", "three:1,threes:2,events:3,threes4:1", delivered=6 * (2000 - 4 - 200), dead=6 * 4)
        self.assertEqual(result["unused_topics"], ["three", "threes4"])

    def test_what_is_the_users_own_is_not_touched(self):
        self.write("in.ndjson", events(1000, 100))
        for name in ("dead.ndjson", "spool/000.seg", "weir-state/mine/file.checkpoint", "weir-state/lock"):
            self.write(name, "the user's own")
        self.pipeline(more="dead_letter: {type: file, path: dead.ndjson}\nspool: {path: spool}\n")

        def everything():
            return {path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"") for path in self.home.rglob("*")}
        before = everything()
        self.result("--for", "1s", "--kills", "2", "--freezes", "0", code=0)
        self.assertEqual(everything(), before)

    def test_a_folder_that_is_kept_holds_what_the_runs_wrote(self):
        self.write("in.ndjson", events(200, 100))
        self.pipeline(transforms=[FILTER], more="dead_letter: {type: file, path: dead.ndjson}\n")
        self.result("--for", "1s", "--kills", "1", "--freezes", "0", "--work", "w", code=0)
        work = self.home / "w"
        self.assertEqual(work.stat().st_mode & 0o777, 0o700)
        for run in ("undisturbed", "disturbed"):
            self.assertIn("The books of the pipeline.", (work / run / "weir.log").read_text())
            letters = (work / run / "files" / "1-dead.ndjson").read_text().splitlines()
            self.assertEqual(len({json.loads(letter)["position"]["offset"] for letter in letters}), 2)
        self.assertFalse((self.home / "dead.ndjson").exists())
        done = self.chaos("--work", "w")
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is something in it", done.stderr)

    def test_the_quickstart_and_the_spooled_example_run_from_a_clean_folder(self):
        for name in ("quickstart", "outage-proof"):
            self.environment.update(WEIR_INPUT=str(ROOT / "configs" / "events.ndjson"), WEIR_DEMO_DIR=str(self.home))
            done = subprocess.run([BIN / "weir", "chaos", ROOT / "configs" / f"{name}.yaml", "--for", "2s", "--kills", "3", "--freezes", "1"],
                                  cwd=self.home, env=self.environment, capture_output=True, text=True, timeout=100)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"(?m)^messages +lost 0  duplicated \d+.*  reordered 0  unexpected 0$")
            self.assertRegex(done.stdout, r"(?m)^verdict +clean")
            self.assertEqual(list(self.home.iterdir()), [])


@unittest.skipUnless(FLAWED, "WEIR_TEST_PLUGINS is not set")
class Broken(ChaosTest):
    """Pipelines that do not: the oracle has to see it."""

    def flawed(self, flaw, code=1):
        # Positions are stored at once, so that what is claimed too early is further than what is sent again.
        self.pipeline(f"{{type: flawed, count: 4000, flaw: {flaw}}}", [], more="offsets: {interval: 10ms}\n")
        self.write("p.yaml", (self.home / "p.yaml").read_text().replace("transforms:\n", ""))
        return self.result("--for", "2s", "--kills", "3", "--freezes", "0", "--seed", "5", code=code)

    def test_positions_that_are_released_too_early_are_lost_records(self):
        result = self.flawed("loses")
        self.assertEqual(result["verdict"], "faults")
        messages = result["messages"]
        self.assertGreater(messages["lost"], 0)
        self.assertEqual(messages["arrived"], 4000 - messages["lost"] + messages["duplicated"] + messages["unexpected"])
        self.assertEqual(messages["examples"]["lost"][0]["topic"], "events")

    def test_another_order_after_a_restart_is_reordered(self):
        result = self.flawed("reorders")
        self.assertEqual(result["verdict"], "faults")
        self.assertGreater(result["messages"]["reordered"], 0)
        self.assertEqual(result["messages"]["unexpected"], 0)

    def test_a_worker_that_does_not_start_again_is_told(self):
        result = self.flawed("refuses")
        self.assertEqual(result["verdict"], "inconclusive")
        self.assertIn("exit code 1", result["reason"])


class Compared(ChaosTest):
    """weir chaos --compare says what tests/support/oracle.py says, whatever is done to the messages."""

    def setUp(self):
        super().setUp()
        files = [self.folder / "events.ndjson", self.folder / "events.idx"]
        command = [sys.executable, ROOT / "tests" / "support" / "generate_events.py", "3000", files[0], "--index", files[1]]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.events = oracle.Input(*files)
        self.events.keys = [b"%d" % (i % 40) for i in range(3000)]  # many messages of each key
        self.lines = list(oracle.expected_lines(self.events))
        self.expected, self.arrived = self.folder / "expected", self.folder / "arrived"
        second_oracle.write_lines(self.expected, self.lines)

    def judge(self, lines):
        second_oracle.write_lines(self.arrived, lines)
        verdict = oracle.judge_topic(self.events, lines, oracle.Verdict())
        second_oracle.assert_same(self, BIN / "weir", self.expected, self.arrived, verdict)
        return verdict

    def test_as_expected(self):
        self.assertEqual(self.judge(self.lines).faults(), {})

    def test_each_fault_alone(self):
        self.assertEqual(self.judge(self.lines[:100] + self.lines[103:]).faults(), {"lost": 3})
        self.assertEqual(self.judge(self.lines + self.lines[-5:]).duplicates, 5)
        self.assertEqual(self.judge([]).lost, len(self.lines))
        moved = [b"99" + line[line.index(b"\t"):] for line in self.lines[:4]] + self.lines[4:]
        self.assertEqual(self.judge(moved).faults(), {"wrong_partition": 4})
        self.assertGreater(self.judge(self.lines[::-1]).inversions, 1000)

    def test_faults_at_random(self):
        dice = random.Random(11)
        for _ in range(15):
            lines = [line for line in self.lines if dice.random() > 0.01]
            for _ in range(dice.randrange(60)):
                what, where = dice.random(), dice.randrange(len(lines))
                if what < 0.5:
                    lines.insert(where, lines[dice.randrange(len(lines))])
                else:
                    other = dice.randrange(len(lines))
                    lines[where], lines[other] = lines[other], lines[where]
            self.judge(lines)


class Left(ChaosTest):
    """However it ends, nothing is left over."""

    def begin(self):
        self.write("in.ndjson", events(6000, 500))
        self.pipeline(more="dead_letter: {type: file, path: dead.ndjson}\n")
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            process = subprocess.Popen(self.command("--for", "60s", "--kills", "20", "--freezes", "20", "--seed", "1"), cwd=self.home,
                                       env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(lambda: (process.kill(), process.wait()))
        wait_until(lambda: "stands still" in self.log.read_text(), 60, "a broker that stands still")
        found = children(process.pid)
        self.assertGreaterEqual(len(found), 3, processes())  # broker, reader, worker
        return process, found

    def end(self, which):
        process, found = self.begin()
        process.send_signal(which)
        code = process.wait(20)
        wait_until(lambda: not alive(found), 20, lambda: f"the end of {alive(found)}")
        return code

    def test_ctrl_c(self):
        self.assertEqual(self.end(signal.SIGINT), 130)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_sigterm(self):
        self.assertEqual(self.end(signal.SIGTERM), 143)
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_kill_9(self):
        self.assertEqual(self.end(signal.SIGKILL), -signal.SIGKILL)


class Refused(ChaosTest):
    def assert_refused(self, *texts, arguments=(), code=2):
        done = self.chaos(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for text in texts:
            self.assertIn(text, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_a_sink_that_cannot_be_read_back(self):
        self.write("in.ndjson", event(1))
        self.pipeline(sink="{type: file, path: out.ndjson}")
        self.assert_refused("no chaos for 'mine': its sink does not write to a broker")

    def test_a_source_that_is_not_read_again(self):
        self.pipeline("{type: stdin}")
        self.assert_refused("its source `stdin` keeps no positions")

    def test_a_source_that_does_not_end(self):
        self.write("in.ndjson", event(1))
        self.pipeline("{type: file, path: in.ndjson, follow: true}")
        self.assert_refused("did not come to its end within 1s", "without `follow`", arguments=("--for", "1s"))

    def test_a_run_that_delivers_nothing(self):
        self.write("in.ndjson", event(7) + "bad\n" * 3)
        for more, where in (("dead_letter: {type: file, path: dead.ndjson}\n", "3 became dead letters, 0 were dropped"),
                            ("errors: {tolerance: all}\n", "0 became dead letters, 3 were dropped")):
            self.pipeline(more=more)
            self.assert_refused("the undisturbed run delivered nothing", "of 4 records read 1 were filtered, " + where,
                                arguments=("--for", "2s"))
        self.write("in.ndjson", "")
        self.assert_refused("its source gave no record", arguments=("--for", "2s"))

    def test_with_json_it_prints_an_object_where_there_is_no_result(self):
        self.write("in.ndjson", event(1))
        self.pipeline()
        early = {"pipeline": None, "verdict": "refused"}
        for arguments in (["--for", "soon"], ["--topics", "a"], ["--pipeline", "third"], ["--work", "."]):
            result = self.result(*arguments, code=2)
            self.assertTrue(result.pop("reason"))
            self.assertEqual(result, early)
        self.pipeline("{type: file, path: in.ndjson, follow: true}")
        result = self.result("--for", "1s", code=2)
        self.assertIn("did not come to its end", result.pop("reason"))
        self.assertEqual(result, {"pipeline": "mine", "verdict": "refused"})
        self.write("in.ndjson", event(7))
        self.pipeline()
        result = self.result("--for", "2s", code=2)
        self.assertIn("delivered nothing", result["reason"])
        self.assertEqual((result["verdict"], result["reference"]["read"], result["reference"]["filtered"]), ("refused", 1, 1))
        self.write("in.ndjson", event(1) + "no JSON\n")
        result = self.result("--for", "2s", code=1)
        self.assertIn("fails undisturbed, too", result["reason"])
        self.assertEqual((result["pipeline"], result["verdict"], result["reference"]["read"]), ("mine", "inconclusive", 2))

    def test_a_pipeline_that_makes_something_else_each_time(self):
        # The address of the throw-away broker, whose port is another one in each run.
        self.pipeline("{type: generate, count: 30}", ["{type: set, field: at, value: '${env:WEIR_BOOTSTRAP}'}"])
        result = self.result("--for", "1s", "--kills", "0", "--freezes", "0", code=1)
        self.assertEqual(result["verdict"], "inconclusive")
        self.assertIn("did not make the same twice", result["reason"])
        self.assertEqual((result["messages"]["lost"], result["messages"]["unexpected"]), (30, 30))
        self.assertEqual((result["reference"]["read"], result["second_run"]["read"]), (30, 30))

    def test_a_pipeline_that_fails_by_itself(self):
        self.write("in.ndjson", "no JSON\n")
        self.pipeline()
        self.assert_refused("The end of the worker's log:", "fails undisturbed, too", arguments=("--for", "2s"), code=1)

    def test_with_json_lines_all_that_is_told_is_json(self):
        self.write("in.ndjson", "no JSON\n")
        self.pipeline()
        done = self.chaos("--for", "2s", "--log-format", "json")
        self.assertEqual(done.returncode, 1)
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertTrue(any("The pipeline failed." in line.get("log", "") for line in lines), lines)

    def test_what_is_wrong_with_the_file_is_told_as_ever(self):
        self.assert_refused("p.yaml")
        self.pipeline(sink="{type: kafka, topik: events, config: {}}")
        self.assert_refused("p.yaml:6:21: error: ", "topik")
        self.pipeline(sink="{type: kafka, topic: events, config: {bootstrap.servers: 'a:1', no.such: 1}}")
        self.assert_refused("p.yaml:6:", "no.such")

    def test_several_pipelines(self):
        self.write("in.ndjson", "".join(map(event, range(100))))
        self.pipeline()
        text = (self.home / "p.yaml").read_text()
        self.write("p.yaml", text + "---\n" + text.replace("name: mine", "name: other"))
        self.assert_refused("--pipeline chooses one: mine, other")
        self.assert_refused("there is no pipeline 'third'", arguments=("--pipeline", "third"))
        result = self.result("--pipeline", "other", "--for", "1s", "--kills", "1", "--freezes", "0", "--seed", "1", code=0)
        self.assertEqual((result["pipeline"], result["seed"]), ("other", 1))

    def test_a_temporary_folder_that_is_not_there(self):
        self.write("in.ndjson", event(1))
        self.pipeline()
        self.environment["TMPDIR"] = "/nope"
        self.assert_refused("cannot make a folder in '/nope' (TMPDIR): No such file or directory")

    def test_an_empty_tmpdir_is_none(self):
        self.write("in.ndjson", event(7))
        self.pipeline()
        self.environment["TMPDIR"] = ""
        self.assert_refused("the undisturbed run delivered nothing", arguments=("--for", "2s"))

    def test_a_work_folder(self):
        self.write("in.ndjson", event(7))
        self.pipeline()
        work = self.home / "w"
        work.mkdir(mode=0o755)
        (work / "mine").touch()
        self.assert_refused("cannot work in 'w': there is something in it", arguments=("--work", "w"))
        self.assertEqual(work.stat().st_mode & 0o777, 0o755)  # left as it is
        (work / "mine").unlink()
        self.assert_refused("the undisturbed run delivered nothing", arguments=("--for", "2s", "--work", "w"))
        self.assertEqual(work.stat().st_mode & 0o777, 0o700)
        self.write("file", "")
        self.assert_refused("cannot work in 'file': it is no folder", arguments=("--work", "file"))

    def test_arguments(self):
        self.write("in.ndjson", event(1))
        self.pipeline()
        for arguments in (["--for", "soon"], ["--for", "10ms"], ["--topics", "a"], ["--topics", "a:0"], ["--topics", "a:x,b:1"], ["--kills", "x"],
                          ["--bootstrap", "127.0.0.1:1"], ["--topic", "t"], ["--bootstrap", "127.0.0.1:1", "--topic", "t", "--freezes", "1"], ["--compare", "a"], ["--compare", "a", "b"]):
            done = self.chaos(*arguments)
            self.assertEqual(done.returncode, 2, (arguments, done.stderr))

    LINE = b"0\t0\tk\tv\n"

    def assert_not_compared(self, text, expected, arrived):
        """Whatever is wrong with the files, it is 2: nothing can be said."""
        for name, content in (("expected", expected), ("arrived", arrived)):
            if content is not None:
                (self.home / name).write_bytes(content)
        done = subprocess.run([BIN / "weir", "chaos", "--compare", "expected", "arrived"], cwd=self.home, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn(text, done.stderr)
        done = subprocess.run([*done.args, "--json"], cwd=self.home, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["verdict"], "refused")
        self.assertIn(text, result["reason"])

    def test_compare_nothing_that_should_have_come(self):
        self.assert_not_compared("the first file holds no message", b"", b"")
        self.assert_not_compared("the first file holds no message", b"", self.LINE)

    def test_compare_a_file_that_is_cut_off(self):
        self.assert_not_compared("arrived: its last line has no end", self.LINE, self.LINE[:-1])
        self.assert_not_compared("expected: its last line has no end", self.LINE[:-1], self.LINE)

    def test_compare_a_file_of_something_else(self):
        self.assert_not_compared("arrived:2: no line of weir-consume", self.LINE, self.LINE + b"\x00\xff garbage\n")
        self.assert_not_compared("expected:1: no line of weir-consume", b"{\"partition\": 0}\n", self.LINE)

    def test_compare_what_is_no_file(self):
        self.assert_not_compared("No such file", None, self.LINE)
        (self.home / "arrived").rename(self.home / "expected")
        self.assert_not_compared("No such file", None, None)
        (self.home / "folder").mkdir()
        os.mkfifo(self.home / "pipe")
        for name, what in (("folder", "'arrived' is a folder, not a file"), ("pipe", "'arrived' is no regular file")):
            (self.home / "arrived").symlink_to(name)
            self.assert_not_compared(what, self.LINE, None)
            (self.home / "arrived").unlink()


if __name__ == "__main__":
    unittest.main()
