#!/usr/bin/env python3
"""Writes what is generated from the components' tables and the command line's: generate.py WEIR [--check]

docs/plugins/<kind>-<name>.md, docs/plugins/README.md (their list), docs/weir.schema.json; packaging/completions/ and
packaging/man/*.1. With --check nothing is written: exit 1 when a file differs or is left over.
"""
import json
import pathlib
import subprocess
import sys

import completions
import manual

ROOT = pathlib.Path(__file__).resolve().parents[2]


# The programs beside weir, and what their manual pages call them.
SMALL_PROGRAMS = {"weir-broker": "a throw-away Kafka in memory, for a look and for tests", "weir-consume": "print a Kafka topic"}


def output_of(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, timeout=60).stdout


def weir(*arguments):
    return output_of(WEIR, *arguments)


def generated():
    components = json.loads(weir("plugins", "--json"))
    pages = {}
    rows = ["# Plugins", "", "Generated from the components' tables by `./dev docs`; do not edit.", "", "| Kind | Name | What |", "|---|---|---|"]
    kinds = ["source", "transform", "predicate", "sink"]
    for component in sorted(components, key=lambda c: (kinds.index(c["kind"]), c["name"])):
        name = f'{component["kind"]}-{component["name"]}.md'
        rows.append(f'| {component["kind"]} | [{component["name"]}]({name}) | {component["summary"]} |')
        pages[f"docs/plugins/{name}"] = weir("plugins", component["name"], "--kind", component["kind"])
    pages["docs/plugins/README.md"] = "\n".join(rows) + "\n"
    pages["docs/weir.schema.json"] = weir("schema")
    table = json.loads(weir("command-table"))
    pages |= {f"packaging/completions/{name}": text for name, text in completions.all_of(table).items()}
    pages["packaging/man/weir.1"] = manual.page(table, (ROOT / "packaging/man/weir.1.in").read_text())
    for name, summary in SMALL_PROGRAMS.items():
        pages[f"packaging/man/{name}.1"] = manual.help_page(name, summary, output_of(pathlib.Path(WEIR).parent / name, "--help"))
    return pages


def main():
    pages = generated()
    folder = ROOT / "docs" / "plugins"
    left_over = {f"docs/plugins/{p.name}" for p in folder.glob("*.md")} - pages.keys()
    wrong = []
    for name, text in pages.items():
        path = ROOT / name
        if path.exists() and path.read_text() == text:
            continue
        wrong.append(name)
        if CHECK:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in sorted(left_over):
        wrong.append(f"{name} (left over)")
        if not CHECK:
            (ROOT / name).unlink()
    for name in wrong:
        print(f'{"differs: " if CHECK else "written: "}{name}')
    if CHECK and wrong:
        print("run ./dev docs and commit what it writes")
    return 1 if CHECK and wrong else 0


if __name__ == "__main__":
    WEIR, CHECK = sys.argv[1], "--check" in sys.argv[2:]
    sys.exit(main())
