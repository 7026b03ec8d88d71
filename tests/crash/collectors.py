"""Debian's rsyslog and syslog-ng, unpacked by tests/crash/collectors, as programs that carry the lines of one file into one topic of
one partition through a queue on disk. Each has its safest settings for that work that its manual names; a further variant of each
shows what one setting is worth. They are run as found: what they do with an outage is theirs.
"""
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
STORE = HERE.parent.parent / "build" / "collectors"

# Manual of rsyslog 8: queue parameters, omkafka, imfile. Nothing waits in memory but what a batch holds: every queue is on disk and
# synced with each batch, the position in the file is stored after each line was put there, failed messages are kept and sent again.
RSYSLOG = """\
global(workDirectory="{folder}/work" maxMessageSize="64k")
module(load="{modules}/imfile.so")
module(load="{modules}/omkafka.so")
main_queue(queue.type="Direct")
template(name="line" type="string" string="%msg%")
input(type="imfile" file="{events}" tag="events" ruleset="kafka" persistStateInterval="1" persistStateAfterSubmission="on")
ruleset(name="kafka" queue.type="Direct") {{
  action(type="omkafka" name="events" broker=["{bootstrap}"] topic="{topic}" template="line" partitions.number="1"
    confParam=["acks=all", "enable.idempotence=true", "compression.codec=lz4"]
    resubmitOnFailure="on" keepFailedMessages="on" failedMsgFile="{folder}/work/failed"
    action.resumeRetryCount="-1" action.resumeInterval="1"
    queue.type="{queue}" queue.fileName="events" queue.size="1000000" queue.maxDiskSpace="2g"
    queue.checkpointInterval="1" queue.syncQueueFiles="on" queue.saveOnShutdown="on"{memory})
}}
"""

# Manual of syslog-ng 3.38: disk-buffer(reliable(yes)), flags(flow-control), kafka-c(). flow-control stops reading when the buffer is full.
SYSLOG_NG = """\
@version: 3.38
options {{ log-msg-size(65536); keep-hostname(yes); stats-freq(0); }};
source events {{ file("{events}" flags(no-parse) follow-freq(1)); }};
destination kafka {{
  kafka-c(bootstrap-servers("{bootstrap}") topic("{topic}") message("$MSG")
    config(acks("all") enable.idempotence("true") compression.codec("lz4"))
    sync-send({sync_send}) time-reopen(1) retries(1000000)
    disk-buffer(reliable(yes) disk-buf-size(1073741824) mem-buf-size(10485760) dir("{folder}/work")));
}};
log {{ source(events); destination(kafka); flags(flow-control); }};
"""


def libraries(root):
    """For the loader: the collector's own libraries and Debian's librdkafka before any other."""
    folders = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib/syslog-ng", "usr/lib")
    return ":".join(str(root / folder) for folder in folders)


class Collector:
    """`root`: where its packages are unpacked. Everything it writes stays in `folder`; the topic is read by name."""

    def __init__(self, name, folder, events, bootstrap, topic):
        self.name, self.folder = name, folder
        self.root = STORE / self.package / "root"
        self.events, self.bootstrap, self.topic = events, bootstrap, topic
        (folder / "work").mkdir(parents=True)
        self.configuration = folder / "collector.conf"
        self.configuration.write_text(self.text())
        self.process = None

    def text(self):
        raise NotImplementedError

    def command(self):
        raise NotImplementedError

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(list(map(str, self.command())), stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                                            env={**os.environ, "LD_LIBRARY_PATH": libraries(self.root)})

    def running(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def terminate(self, seconds=20):
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()

    def spooled(self):
        """Bytes on its disk: while it takes lines in they grow."""
        return sum(file.stat().st_blocks * 512 for file in (self.folder / "work").rglob("*") if file.is_file())

    def log(self):
        return (self.folder / "log").read_text(errors="replace")


class Rsyslog(Collector):
    package = "rsyslog"
    queue, memory = "Disk", ""

    def text(self):
        modules = self.root / "usr/lib/x86_64-linux-gnu/rsyslog"
        return RSYSLOG.format(folder=self.folder, modules=modules, events=self.events, bootstrap=self.bootstrap, topic=self.topic,
                              queue=self.queue, memory=self.memory)

    def command(self):
        modules = self.root / "usr/lib/x86_64-linux-gnu/rsyslog"
        return [self.root / "usr/sbin/rsyslogd", "-n", "-f", self.configuration, "-i", self.folder / "pid", "-M", modules]


class RsyslogAssisted(Rsyslog):
    """Its usual advice: a queue in memory that goes to disk when it is long."""
    queue = "LinkedList"
    memory = ' queue.highWatermark="1000" queue.lowWatermark="100"'


class SyslogNg(Collector):
    package = "syslog-ng"
    sync_send = "no"

    def text(self):
        return SYSLOG_NG.format(folder=self.folder, events=self.events, bootstrap=self.bootstrap, topic=self.topic, sync_send=self.sync_send)

    def command(self):
        modules = self.root / "usr/lib/syslog-ng/3.38"
        return [self.root / "usr/sbin/syslog-ng", "-F", "--no-caps", "-f", self.configuration, "--module-path", modules,
                "-R", self.folder / "work/persist", "-p", self.folder / "pid", "-c", self.folder / "control"]


class SyslogNgSynchronous(SyslogNg):
    """Each message waits for Kafka's answer: one at a time."""
    sync_send = "yes"


VARIANTS = {
    "rsyslog, Disk queue, synced": Rsyslog,
    "rsyslog, disk-assisted queue, synced": RsyslogAssisted,
    "syslog-ng, reliable disk-buffer": SyslogNg,
    "syslog-ng, reliable disk-buffer, sync-send(yes)": SyslogNgSynchronous,
}


def fetched():
    """What was fetched, with versions; fails with what went wrong."""
    done = subprocess.run([HERE / "collectors", "fetch"], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout
