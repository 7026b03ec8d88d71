#!/usr/bin/env python3
"""Runs golden pipelines: data-only tests of the whole program. See README.md for the files of a case.

  run.py WEIR_BINARY [CASE…]        every case, or those named; exit 1 if one fails
  run.py --check-list NAME…         the names are exactly the case folders that exist
"""
import difflib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TIMEOUT_S = 30
REFUSED = 2  # exit code of a configuration that was refused
BOOKS_IN = ("backlog_start", "read", "cloned")
BOOKS_OUT = ("delivered", "filtered", "dead_lettered", "dropped", "merged", "expired", "in_flight", "backlog_end")
ONLY_EXPECTED = "expected."


def read(path):
    """The bytes of a file; one that was never made counts as empty."""
    return path.read_bytes() if path.exists() else b""


def line_count(data):
    return data.count(b"\n")


def all_cases():
    return sorted(path.parent.name for path in HERE.glob("*/pipeline.yaml"))


def show(data):
    """Bytes as lines that a unified diff can print without losing any: what is no UTF-8 shows as \\xNN."""
    return [line.decode("utf-8", "backslashreplace").replace("\r", "\\r") for line in data.split(b"\n")]


def compare_bytes(name, expected, actual):
    if expected == actual:
        return []
    return ["\n".join(difflib.unified_diff(show(expected), show(actual), f"expected {name}", f"written {name}", lineterm=""))]


def member_agrees(expected, actual, input_path):
    """One member of an envelope, where the expected file may leave a text open."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and object_agrees(expected, actual, input_path)
    if expected == "*":
        return isinstance(actual, str) and actual != ""
    if expected == "*input":
        return actual == str(input_path)
    return type(expected) is type(actual) and expected == actual


def object_agrees(expected, actual, input_path):
    optional = {key for key, value in expected.items() if value == "*?"}
    if not set(expected) - optional <= set(actual) <= set(expected):
        return False
    return all(member_agrees("*" if key in optional else expected[key], actual[key], input_path) for key in actual)


def unique_members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member is there twice")
    return members


def refuse_constant(text):
    raise ValueError(f"{text} is no JSON")


def compare_envelopes(expected, actual, input_path):
    """Dead letters are judged as objects: their texts and the order of members are not part of the design."""
    if actual and not actual.endswith(b"\n"):
        return ["dead letters: the last line has no end"]
    wanted, got = expected.splitlines(), actual.splitlines()
    problems = [] if len(wanted) == len(got) else [f"dead letters: expected {len(wanted)}, written {len(got)}"]
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        try:
            envelope = json.loads(have, object_pairs_hook=unique_members, parse_constant=refuse_constant)
        except ValueError as error:
            problems.append(f"dead letter {number} is not JSON ({error}): {have!r}")
            continue
        if not member_agrees(json.loads(want), envelope, input_path):
            problems.append(f"dead letter {number}:\n  expected {want.decode()}\n  written  {have.decode()}")
    return problems


def check_books(case, report_path, exit_code):
    """P5: the ledger balances, and its terms are what the files show."""
    if not report_path.exists():
        return ["no report was written"]
    report = json.loads(report_path.read_bytes())
    problems = [] if report["exit"] == exit_code else [f"the report says exit {report['exit']}"]
    books = list(report["pipelines"].values())
    for book in books:
        if sum(book[term] for term in BOOKS_IN) != sum(book[term] for term in BOOKS_OUT):
            problems.append(f"the books do not balance: {book}")
    expected = {"delivered": line_count(read(case / "expected.ndjson")), "dead_lettered": line_count(read(case / "expected.dlq.ndjson"))}
    if (case / "expected.ledger.json").exists():
        expected |= json.loads((case / "expected.ledger.json").read_bytes())
    for term, wanted in expected.items():
        counted = sum(book[term] for book in books)
        if counted != wanted:
            problems.append(f"{term}: expected {wanted}, counted {counted}")
    return problems


def check_never(case, written):
    """P2: no line of expected.never may turn up in anything the program wrote."""
    texts = [text for text in read(case / "expected.never").splitlines() if text]
    return [f"{text!r} leaked into {name}" for text in texts for name, data in written.items() if text in data]


def copy_case(case, directory):
    """What the program may see: the case without what is expected of it."""
    for path in case.iterdir():
        if not path.name.startswith(ONLY_EXPECTED):
            shutil.copy(path, directory)


def start(weir, directory):
    command = [weir, "run", "pipeline.yaml", "--state", str(directory / "state"), "--report", str(directory / "report.json")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEIR_")}
    return subprocess.run(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S)


def check_outputs(case, directory):
    problems = compare_bytes("out.ndjson", read(case / "expected.ndjson"), read(directory / "out.ndjson"))
    return problems + compare_envelopes(read(case / "expected.dlq.ndjson"), read(directory / "dlq.ndjson"), directory / "input.ndjson")


def check_again(weir, case, directory):
    """A finished run started again reads nothing, adds nothing and exits 0 (design, section 6)."""
    done = start(weir, directory)
    problems = [] if done.returncode == 0 else [f"exit {done.returncode}"]
    report = json.loads(read(directory / "report.json"))
    problems += [f"read {book['read']} records" for book in report["pipelines"].values() if book["read"] != 0]
    return [f"started again: {problem}" for problem in problems + check_outputs(case, directory)]


def run_case(weir, case, directory):
    copy_case(case, directory)
    expected_exit = int(read(case / "expected.exit") or b"0")
    try:
        done = start(weir, directory)
        problems = [] if done.returncode == expected_exit else [f"exit {done.returncode}, expected {expected_exit}"]
        if done.stdout:
            problems.append(f"standard output is not empty: {done.stdout[:200]!r}")
        problems += check_outputs(case, directory)
        if expected_exit != REFUSED:  # a refused configuration runs nothing, so it has no ledger
            problems += check_books(case, directory / "report.json", expected_exit)
        written = {f"{path.parent.name}/{path.name}": read(path) for kept in ("state", "spool")
                   for path in (directory / kept).rglob("*") if path.is_file()}
        written |= {name: read(directory / name) for name in ("dlq.ndjson", "report.json")}
        problems += check_never(case, written | {"standard error": done.stderr})
        if not problems and expected_exit == 0:
            problems += check_again(weir, case, directory)
    except subprocess.TimeoutExpired:
        return [f"still running after {TIMEOUT_S} s"]
    if problems and done.stderr:
        problems.append("standard error:\n" + done.stderr.decode("utf-8", "backslashreplace"))
    return problems


def check_list(names):
    """CMake names its cases one by one; a folder it forgot would never run."""
    problems = [f"not in CMakeLists.txt: {name}" for name in sorted(set(all_cases()) - set(names))]
    problems += [f"no such case: {name}" for name in sorted(set(names) - set(all_cases()))]
    problems += [f"named twice: {name}" for name in sorted(set(names)) if names.count(name) > 1]
    problems += [f"no pipeline.yaml in {path.name}" for path in sorted(HERE.iterdir())
                 if path.is_dir() and path.name != "__pycache__" and not (path / "pipeline.yaml").exists()]
    print("\n".join(problems) if problems else f"{len(names)} cases, all listed")
    return 1 if problems else 0


def run_cases(weir, names):
    failed = 0
    for name in names:
        if not (HERE / name / "pipeline.yaml").exists():
            problems = ["no such case"]
        else:
            with tempfile.TemporaryDirectory(prefix="weir-golden-") as directory:
                problems = run_case(weir, HERE / name, pathlib.Path(directory).resolve())
        print(f"{'FAILED' if problems else 'ok'}  {name}")
        for problem in problems:
            print("    " + problem.replace("\n", "\n    "))
        failed += bool(problems)
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 2
    if arguments[0] == "--check-list":
        return check_list(arguments[1:])
    weir = pathlib.Path(arguments[0]).resolve()
    if not os.access(weir, os.X_OK):
        print(f"no program to run: {weir}")
        return 1
    return run_cases(str(weir), arguments[1:] or all_cases())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
