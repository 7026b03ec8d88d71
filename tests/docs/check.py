#!/usr/bin/env python3
"""Runs the code that README.md and docs/ show: check.py WEIR SDK_INCLUDE CXX [FILE...]

yaml blocks with `source:` go through `weir validate --no-env`, those with `tests:` through `weir test` (a pipeline shown before is NAME.yaml beside it), cpp blocks with WEIR_PLUGIN are compiled, json blocks are parsed, and
relative links must name a file. A block after `<!-- not run: WHY -->` is left alone. Exit 1 when something does not hold.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^(?P<before>[^\n]*\n)?```(?P<language>\w+)\n(?P<code>.*?)^```", re.S | re.M)
FENCED = re.compile(r"^```.*?^```$", re.S | re.M)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def run(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, **options)
    return None if done.returncode == 0 else (done.stderr + done.stdout).strip()


def check_block(language, code, weir, include, cxx, folder):
    if language == "yaml" and "source:" in code and "sink:" in code:
        path = folder / (re.search(r"^name: (\S+)", code, re.M).group(1) + ".yaml")
        path.write_text(code)
        return run([weir, "validate", "--no-env", str(path)])
    if language == "yaml" and code.startswith("pipeline:"):
        path = folder / "block.test.yaml"
        path.write_text(code)
        return run([weir, "test", str(path)])
    if language == "cpp" and "WEIR_PLUGIN" in code:
        path = folder / "block.cpp"
        path.write_text(code)
        return run([cxx, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I", include, str(path)])
    if language == "json":
        try:
            json.loads(code)
        except ValueError as error:
            return str(error)
        return None
    return "skip"


def main():
    weir, include, cxx = sys.argv[1:4]
    root = pathlib.Path(__file__).resolve().parents[2]
    files = [pathlib.Path(name) for name in sys.argv[4:]] or sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])
    checked = failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        for file in files:
            text = file.read_text()
            problems = [f"link to nothing: {link}" for link in LINK.findall(FENCED.sub("", text)) if not (file.parent / link).exists()]
            for block in BLOCK.finditer(text):
                if "<!-- not run:" in (block["before"] or ""):
                    continue
                problem = check_block(block["language"], block["code"], weir, include, cxx, pathlib.Path(temporary))
                if problem == "skip":
                    continue
                checked += 1
                if problem:
                    problems.append(f"line {text.count(chr(10), 0, block.start()) + 1}: {problem}")
            failed += len(problems)
            for problem in problems:
                print(f"{file}: {problem}")
    print(f"{checked} blocks checked, {failed} problems")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
