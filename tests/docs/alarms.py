#!/usr/bin/env python3
"""Every alarm that host and plugins raise has its row in docs/operations.md, and every row an alarm: alarms.py REPOSITORY"""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
RAISED = re.compile(r'alarm\(\s*"([a-z_]+)"')
ROW = re.compile(r"^\| `([a-z_]+)` \|", re.M)


def raised():
    for top in ("host", "plugins"):
        for path in (ROOT / top).rglob("*.cpp"):
            if not path.name.endswith("_test.cpp"):
                yield from RAISED.findall(path.read_text(encoding="utf-8"))


def main():
    section = (ROOT / "docs/operations.md").read_text(encoding="utf-8").split("\n## Alarms")[1].split("\n## ")[0]
    found, rows = set(raised()), set(ROW.findall(section))
    problems = [f"docs/operations.md does not say what to do about the alarm {name}" for name in sorted(found - rows)]
    problems += [f"docs/operations.md has an alarm that nobody raises: {name}" for name in sorted(rows - found)]
    print("\n".join(problems) if problems else f"{len(found)} alarms, all told of")
    return 1 if problems or not found else 0


if __name__ == "__main__":
    sys.exit(main())
