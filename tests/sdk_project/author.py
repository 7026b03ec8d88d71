#!/usr/bin/env python3
"""Follows a page as a new author does: author.py DOCUMENT PREFIX WORK CXX PROMISED

Runs the block after `<!-- run: author -->` in an empty folder, with PREFIX (where all is installed) written in and its programs in PATH. Exit 1
when a command fails, or PROMISED, a line the page shows, is not printed.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

BLOCK = re.compile(r"^<!-- run: author -->\n```sh\n(?P<code>.*?)^```$", re.S | re.M)


def main():
    document, prefix, work, cxx, promised = sys.argv[1:]
    text = pathlib.Path(document).read_text()
    (block,) = BLOCK.finditer(text)
    shutil.rmtree(work, ignore_errors=True)
    pathlib.Path(work).mkdir(parents=True)
    environment = {"HOME": work, "CXX": cxx, "PATH": f"{prefix}/bin:{os.environ['PATH']}", "LANG": os.environ.get("LANG", "C.UTF-8")}
    done = subprocess.run(["sh", "-e"], input=block["code"].replace("PREFIX", prefix), cwd=work, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode != 0 or promised not in done.stdout.splitlines() or promised not in text:
        print(f"exit {done.returncode}\n{done.stdout}{done.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
