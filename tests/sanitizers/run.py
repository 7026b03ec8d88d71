#!/usr/bin/env python3
"""Builds part of the tree under sanitizers and runs its tests: run.py SOURCE BUILD PRESET JOBS PATTERN TARGET...

PATTERN chooses the tests (ctest -R). The build is kept, so a second run only builds what changed. Exit 1 when something fails or
when no test ran.
"""
import subprocess
import sys


def main():
    source, build, preset, jobs, pattern, *targets = sys.argv[1:]
    subprocess.run(["cmake", "--preset", preset, "-B", build], cwd=source, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "-j", jobs, *targets], check=True)
    return subprocess.run(["ctest", "--test-dir", build, "--no-tests=error", "--output-on-failure", "-j", jobs, "-R", pattern]).returncode


if __name__ == "__main__":
    sys.exit(main())
