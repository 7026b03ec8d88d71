"""What the figures were measured on, in words that name no host."""
import os
import pathlib
import platform
import subprocess

from . import places

QUIET = 0.5  # load of a machine that has nothing else to do


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory_gib():
    return round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30)


def system():
    with open("/etc/os-release", encoding="utf-8") as lines:
        facts = dict(line.rstrip("\n").split("=", 1) for line in lines if "=" in line)
    return facts.get("PRETTY_NAME", "Linux").strip('"')


def commit():
    """The commit, with a + when files differ from it; empty outside a checkout."""
    def git(*words):
        return subprocess.run(["git", "-C", places.ROOT, *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def load():
    return os.getloadavg()[0]


def facts():
    return {"processor": processor(), "cores": os.cpu_count(), "memory_gib": memory_gib(), "system": system(), "kernel": ".".join(platform.release().split(".")[:2]),
            "commit": commit(), "load_before": round(load(), 2)}
