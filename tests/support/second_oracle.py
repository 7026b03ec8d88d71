"""The oracle of `weir chaos`, beside oracle.py: written by others, in another language. Both have to say the same."""
import json
import subprocess


def write_lines(path, lines):
    with open(path, "wb") as file:
        file.writelines(lines)


def assert_same(test, weir, expected, arrived, verdict):
    """`expected`, `arrived`: files of weir-consume's lines. `verdict`: oracle.py's of what arrived, which it must have judged with every
    message whole."""
    command = [weir, "chaos", "--compare", expected, arrived, "--json"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    test.assertIn(done.returncode, (0, 1), done.stderr)
    second = json.loads(done.stdout)
    names = {"arrived": "messages", "lost": "lost", "duplicated": "duplicates", "reordered": "inversions", "unexpected": "aliens",
             "misplaced": "wrong_partition"}
    test.assertEqual({ours: second[ours] for ours in names}, {ours: getattr(verdict, theirs) for ours, theirs in names.items()})
    test.assertEqual(done.returncode, 1 if verdict.faults() else 0)
