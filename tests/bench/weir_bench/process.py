"""Runs one process and says what it took; looks into a running one."""
import contextlib
import dataclasses
import os
import pathlib
import shlex
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """What is measured did not do its work, so there is nothing to say about its speed."""


@dataclasses.dataclass
class Taken:
    """Of one process, from its start to its end. `memory_mb`: the most it ever had."""
    seconds: float
    cpu_seconds: float
    memory_mb: float
    output: str


@contextlib.contextmanager
def started(command, environment, log):
    """A process whose diagnostics go to the file `log`. It is killed when it is left running."""
    with open(log, "wb") as errors:
        process = subprocess.Popen([str(word) for word in command], env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=errors, text=True)
    process.words, process.log = command, pathlib.Path(log)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            process.wait()
        process.stdout.close()


def finished(process):
    """Waits; the resources the process used. Its output is small: it was no reason to wait."""
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Failed(f"{shlex.join(map(str, process.words))} ended with {process.returncode}:\n{process.log.read_text(errors='replace')[-3000:]}")
    return usage, output


def measure(command, environment, log):
    """A process from start to end. The peak includes the moment before exec, when it still is this program: keep this small."""
    start = time.monotonic()
    with started(command, environment, log) as process:
        usage, output = finished(process)
    return Taken(time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def end(process):
    """SIGTERM, then its end in good order."""
    process.send_signal(signal.SIGTERM)
    return finished(process)


def status_of(pid, key):
    """A number of /proc/PID/status: VmRSS (kB), Threads."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == key:
            return int(value.split()[0])
    raise Failed(f"process {pid} has ended")


def resident_mb(pid):
    return status_of(pid, "VmRSS") / 1024


def cpu_seconds(pid):
    """User and system time so far, to a hundredth."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def wait_until(condition, seconds, what, pause=0.005):
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > give_up:
            raise Failed(f"waited {seconds} s in vain for {what}")
        time.sleep(pause)
    return found
