#!/usr/bin/env python3
"""Runs the pipelines of configs/ as their heads say, and compares all that they write: run.py BIN [--accept] [CONFIG…]

BIN holds weir, weir-broker and weir-consume. tests/configs/<config>/ says what is expected; README.md there has the files.
--accept writes what is expected anew. run.py --check-list CONFIG… compares the names with configs/*.yaml.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CONFIGS = HERE.parents[1] / "configs"
sys.path.insert(0, str(HERE.parent / "golden"))
from run import BOOKS_IN, BOOKS_OUT, compare_bytes  # noqa: E402

TIMEOUT_S = 60
COUNTED = ("read", "cloned", "delivered", "filtered", "dead_lettered", "dropped", "state")


def counted(book):
    """How much a pipeline had read when it failed is a matter of time."""
    return [term for term in COUNTED if term != "read" or book["state"] != "failed"]


def text(value):
    return "(null)" if value is None else value


def lines_of(path):
    return path.read_bytes().removesuffix(b"\n").split(b"\n") if path.exists() and path.stat().st_size else []


def message(line):
    """A message of a topic as KEY, VALUE and, where there are some, headers; with whom it shares its place in the order."""
    found = json.loads(line)
    columns = [text(found["key"]), text(found["value"])]
    if found["headers"]:
        columns.append(json.dumps(found["headers"], ensure_ascii=False))
    return found["key"], "\t".join(columns) + "\n"


def topic_text(lines):
    """What is in a topic: sorted by key, for partitions are read in any order; within a key as it was written."""
    messages = [message(line) for line in lines]
    without_key = sorted(line for key, line in messages if key is None)
    with_key = sorted((found for found in messages if found[0] is not None), key=lambda found: found[0])
    return "".join([*without_key, *(line for _, line in with_key)])


class Case:
    def __init__(self, name, programs, work):
        self.folder = HERE / name
        self.config = CONFIGS / f"{name}.yaml"
        self.programs = programs
        self.work = work
        self.settings = json.loads((self.folder / "case.json").read_text())

    def inside(self, data):
        """The same on every machine: where the checkout lies is left out."""
        return data.replace(str(CONFIGS).encode(), b"CONFIGS")

    def commands(self):
        """Runs under weir-broker: the pipeline first, then a reader for each topic."""
        run = [self.programs / "weir", "run", self.config, "--state", self.work / "state", "--report", self.work / "report.json"]
        lines = [" ".join(map(str, run)), "code=$?"]
        for topic in self.topics():
            consume = f'"{self.programs}/weir-consume" "$WEIR_BOOTSTRAP" {topic} --until-end --json'
            lines.append(f'{consume} >"{self.work}/topic.{topic}" || exit 99')
        return ["sh", "-c", "\n".join([*lines, "exit $code"])]

    def topics(self):
        return [topic.split(":")[0] for topic in self.settings.get("topics", [])]

    def start(self):
        (self.work / "out").mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
        environment |= {"WEIR_DEMO_DIR": str(self.work / "out")} | self.settings.get("environment", {})
        command = self.commands()
        if self.topics():
            faults = [word for fault in self.settings.get("faults", []) for word in ("--inject", fault)]
            command = [self.programs / "weir-broker", "--topics", ",".join(self.settings["topics"]), *faults, "--", *command]
        stdin = (CONFIGS / self.settings["stdin"]).read_bytes() if "stdin" in self.settings else b""
        return subprocess.run(command, input=stdin, capture_output=True, cwd=self.work, env=environment, timeout=TIMEOUT_S)

    def written(self, done):
        """All that came out, by the names of the files under tests/configs/<config>/. Folders are the pipeline's own."""
        files = {f"expected.{path.name}": path.read_bytes() for path in (self.work / "out").iterdir() if path.is_file()}
        for topic in self.topics():
            path = self.work / f"topic.{topic}"
            files[f"expected.topic.{topic}"] = topic_text(lines_of(path)).encode()
        if done.stdout:
            files["expected.stdout"] = done.stdout
        files["expected.ledger.json"] = self.ledger()
        return {name: self.inside(data) for name, data in files.items()}

    def books(self):
        report = self.work / "report.json"
        return json.loads(report.read_bytes())["pipelines"] if report.exists() else {}

    def ledger(self):
        books = {name: {term: book[term] for term in counted(book)} for name, book in self.books().items()}
        return (json.dumps(books, indent=1) + "\n").encode()

    def problems(self, done, written):
        wanted_exit = self.settings.get("exit", 0)
        found = [] if done.returncode == wanted_exit else [f"exit {done.returncode}, expected {wanted_exit}"]
        for name, book in self.books().items():
            if sum(book[term] for term in BOOKS_IN) != sum(book[term] for term in BOOKS_OUT):
                found.append(f"the books of {name} do not balance: {book}")
        names = {path.name for path in self.folder.glob("expected.*")}
        for name in sorted(names | written.keys()):
            path = self.folder / name
            found += compare_bytes(name, path.read_bytes() if path.exists() else b"", written.get(name, b""))
        return found

    def accept(self, written):
        for path in self.folder.glob("expected.*"):
            path.unlink()
        for name, data in written.items():
            (self.folder / name).write_bytes(data)


def run_one(name, programs, accept):
    with tempfile.TemporaryDirectory(prefix="weir-configs-") as work:
        case = Case(name, programs, pathlib.Path(work).resolve())
        try:
            done = case.start()
        except subprocess.TimeoutExpired:
            return [f"still running after {TIMEOUT_S} s"]
        written = case.written(done)
        if accept:
            case.accept(written)
        found = case.problems(done, written)
        if found and done.stderr:
            found.append("standard error:\n" + done.stderr.decode("utf-8", "backslashreplace"))
        return found


def check_list(names):
    """CMake names the configurations one by one; one that it forgot would never run."""
    there = {path.stem for path in CONFIGS.glob("*.yaml") if not path.name.endswith(".test.yaml")}
    found = [f"not in CMakeLists.txt: {name}" for name in sorted(there - set(names))]
    found += [f"no such configuration: {name}" for name in sorted(set(names) - there)]
    found += [f"no configuration for {path.parent.name}" for path in HERE.glob("*/case.json") if path.parent.name not in there]
    print("\n".join(found) if found else f"{len(names)} configurations, all listed")
    return 1 if found else 0


def main(arguments):
    if arguments[:1] == ["--check-list"]:
        return check_list(arguments[1:])
    if not arguments:
        print(__doc__)
        return 2
    programs = pathlib.Path(arguments[0]).resolve()
    accept = "--accept" in arguments
    names = [word for word in arguments[1:] if word != "--accept"] or sorted(path.parent.name for path in HERE.glob("*/case.json"))
    failed = 0
    for name in names:
        found = run_one(name, programs, accept)
        failed += bool(found)
        print(f"{'FAILED' if found else 'ok'}  {name}")
        for problem in found:
            print("    " + problem.replace("\n", "\n    "))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
