#!/usr/bin/env python3
"""Every plugin in the given folders exports exactly one symbol. Usage: one_symbol.py FOLDER... (missing folders are skipped)."""
import pathlib
import subprocess
import sys


def exported(library):
    out = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return [line.split()[-1].split("@")[0] for line in out.splitlines()]


def main():
    libraries = [path for folder in sys.argv[1:] for path in sorted(pathlib.Path(folder).glob("*.so"))]
    wrong = {path: names for path in libraries if (names := exported(path)) != ["weir_plugin_v0"]}
    for path, names in wrong.items():
        print(f"{path}: exports {names[:5]}, {len(names)} in all")
    print(f"{len(libraries)} libraries looked at")
    return 1 if wrong or not libraries else 0


if __name__ == "__main__":
    sys.exit(main())
