#!/usr/bin/env python3
"""Bad plugins against the program itself: each is refused or contained with a message of its own, and the rest goes on (promise P8).

Usage: bad_plugins.py WEIR PLUGINS, PLUGINS being the folder of the test plugins.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

WEIR, PLUGINS = sys.argv[1], pathlib.Path(sys.argv[2])
CANARY = "canary-in-an-exception"
failures = []


def check(what, condition, detail=""):
    if not condition:
        failures.append(f"{what}: {detail}")


def weir(*arguments, folder):
    done = subprocess.run([WEIR, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    check(f"weir {arguments[0]} survives", done.returncode in (0, 1, 2), f"exit {done.returncode}: {done.stderr[-400:]}")
    check(f"weir {arguments[0]} keeps exceptions to itself", CANARY not in done.stdout + done.stderr, done.stderr[-400:])
    return done


def refused(folder):
    """Each bad library beside a good one: the good one is listed, the bad one named with its reason."""
    reasons = {"stranger": "no Weir plugin: it exports no weir_plugin_v0", "function_only": "no Weir plugin: it exports no weir_plugin_v0",
               "foreign_major": "built for ABI major 1, this host speaks 0", "newer_minor": "needs ABI minor 4000000000, this host has"}
    good = (PLUGINS / "upper" / "upper.so").read_bytes()
    for name, content in {"truncated": good[: len(good) // 2], "random": good[:20] + bytes(i * 197 % 251 for i in range(9000))}.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.so").write_bytes(content)
        reasons[name] = "damaged ELF file"
    for name, reason in reasons.items():
        place = folder / name if (folder / name).is_dir() else PLUGINS / name
        done = weir("plugins", "--plugins", str(PLUGINS / "upper"), "--plugins", str(place), folder=folder)
        check(name, done.returncode == 0 and "upper" in done.stdout, f"exit {done.returncode}")
        check(name, f"{name}.so: " in done.stderr and reason in done.stderr, done.stderr)
    done = weir("plugins", "--plugins", str(PLUGINS / "upper"), "--plugins", str(PLUGINS / "duplicate"), folder=folder)
    check("duplicate", done.returncode == 2 and "duplicate.so" in done.stderr and "upper.so" in done.stderr, done.stderr)


def contained(folder):
    """Components that throw, and a healthy pipeline beside them."""
    (folder / "pipelines.yaml").write_text("""
name: healthy
source: {type: generate, count: 1000}
sink: {type: swallow}
---
name: bad-transform
source: {type: generate, count: 1000}
transforms: [{type: throws_in_apply}]
sink: {type: swallow}
errors: {tolerance: all}
---
name: bad-transform-on-threads
transform_threads: 2
source: {type: generate, count: 1000}
transforms: [{type: throws_in_apply}]
sink: {type: swallow}
errors: {tolerance: all}
---
name: bad-source
source: {type: throws_in_poll}
sink: {type: swallow}
---
name: bad-sink
source: {type: generate, count: 10}
sink: {type: throws_in_put}
---
name: bad-predicate
source: {type: generate, count: 10}
transforms: [{type: throws_in_apply, predicate: p}]
predicates: {p: {type: throws_in_test}}
sink: {type: swallow}
""")
    throwing = ["--plugins", str(PLUGINS / "throwing")]
    done = weir("run", *throwing, "--state", "state", "--report", "report.json", "pipelines.yaml", folder=folder)
    check("run", done.returncode == 1, f"exit {done.returncode}: {done.stderr[-600:]}")
    if not (folder / "report.json").exists():
        return
    report = json.loads((folder / "report.json").read_text())["pipelines"]
    check("healthy", report["healthy"]["state"] == "finished" and report["healthy"]["delivered"] == 1000, report["healthy"])
    for name in ("bad-transform", "bad-transform-on-threads"):
        bad = report[name]
        check(name, bad["state"] == "finished" and bad["delivered"] == 0 and bad["dropped"] + bad["filtered"] == 1000 + bad["cloned"], bad)
    for name, message in {"bad-source": "threw an exception in poll", "bad-sink": "threw an exception in put",
                          "bad-predicate": "predicate threw an exception"}.items():
        check(name, report[name]["state"] == "failed" and message in (report[name]["error"] or ""), report[name])


def refused_constructor(folder):
    (folder / "constructor.yaml").write_text("""
name: bad-constructor
source: {type: generate, count: 10}
transforms: [{type: throws_in_constructor}]
sink: {type: swallow}
""")
    done = weir("validate", "--plugins", str(PLUGINS / "throwing"), "constructor.yaml", folder=folder)
    check("constructor", done.returncode == 2 and "threw an exception in its constructor" in done.stderr, done.stderr)
    check("constructor's place", "constructor.yaml:4:14" in done.stderr, done.stderr)


with tempfile.TemporaryDirectory(prefix="weir-abi-") as place:
    for part in (refused, contained, refused_constructor):
        part(pathlib.Path(place))
print("\n".join(failures) if failures else "every bad plugin hurt only itself")
sys.exit(1 if failures else 0)
