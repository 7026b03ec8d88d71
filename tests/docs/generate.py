#!/usr/bin/env python3
"""Writes what is generated from the components' tables: generate.py WEIR [--check]

docs/plugins/<kind>-<name>.md, docs/plugins/README.md (their list) and docs/weir.schema.json. With --check nothing is written: exit 1
when a file differs or is left over.
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def weir(*arguments):
    return subprocess.run([WEIR, *arguments], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL, timeout=60).stdout


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
