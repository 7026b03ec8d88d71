"""A spool with a backlog: filled while the sink is away, then looked at, harmed, and drained."""
import bisect
import contextlib
import shutil

import cut_disk
import resends
import spool_scene
from spool_scene import harness, oracle

PIPELINE = """\
name: backlog
source: {{type: file, path: "{events}"}}
sink: {sink}
spool: {{path: spool{more}}}
memory: 8MiB
offsets: {{interval: 50ms}}
"""


class Backlog:
    """`more`: further keys of `spool:`, each behind a comma. The folder holds pipeline, spool and state: a copy of it is a copy of all."""

    def __init__(self, folder, events, source, more=""):
        self.folder, self.events, self.source, self.more = folder, events, source, more
        self.spool = folder / "spool"

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        return Backlog(folder, self.events, self.source, self.more)

    def begin(self, is_away=False, environment=None, program="weir", wrapper=()):
        sink = spool_scene.AWAY if is_away else f'{{type: file, path: "{self.folder}/out.ndjson"}}'
        self.folder.mkdir(parents=True, exist_ok=True)
        pipeline = self.folder / "backlog.yaml"
        pipeline.write_text(PIPELINE.format(events=self.source, sink=sink, more=self.more))
        return harness.Run(self.folder, pipeline, environment=environment, program=program, wrapper=wrapper)

    def fill(self, environment=None, upto=None, program="weir"):
        """Takes in all events of the source (so many so far), then stops in good order."""
        run = self.begin(is_away=True, environment=environment, program=program)
        wanted = upto or len(self.events.ends)
        try:
            harness.wait_until(lambda: self.taken_in() >= wanted or not run.running(), 120, f"{wanted} events in the spool")
            run.terminate()
            code = run.wait(30)
        finally:
            if run.running():
                run.kill()
        assert code == 0, run.log()[-3000:]
        return run

    def taken_in(self):
        """Events that the source knows to be safe, as its stored position has it."""
        return bisect.bisect_right(self.events.ends, resends.stored_offset(self.folder / "state" / "backlog" / "file.checkpoint"))

    def drain(self, environment=None, seconds=120, program="weir"):
        """Runs to the end. Gives the exit code and the run."""
        run = self.begin(environment=environment, program=program)
        return run.wait(seconds), run

    def arrived(self):
        """The numbers of the events that arrived, in their order; fails when one is not as it was."""
        out = self.folder / "out.ndjson"
        numbers = []
        for line in out.read_bytes().splitlines() if out.exists() else ():
            number = int(line[oracle.ID_AT:oracle.ID_AT + 12], 16)
            assert line == self.events.line(number), f"event {number} arrived changed"
            numbers.append(number)
        return numbers


@contextlib.contextmanager
def tmpfs(folder, bytes_):
    """A small file system of its own. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    cut_disk.call("mount", "-t", "tmpfs", "-o", f"size={bytes_}", "tmpfs", folder)
    try:
        yield folder
    finally:
        cut_disk.call("umount", folder)
