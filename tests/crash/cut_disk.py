"""A disk whose power can be cut: ext4 on a loop file that lies on a btrfs, itself on a loop file. A clone of the inner file (FICLONE) is the disk
as it was at that instant: what the kernel still held in memory is not in it. Needs root and loop devices.
"""
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

SKIP = 77


def why_not():
    """Why there can be no such disk here; empty: there can."""
    if os.geteuid() != 0:
        return "needs root to mount loop devices"
    if not pathlib.Path("/dev/loop-control").exists():
        return "has no /dev/loop-control"
    for program in ("mkfs.btrfs", "mkfs.ext4", "mount"):
        if not shutil.which(program):
            return f"{program} is not installed"
    return ""


def skip_or_fail(why):
    """Ends the test: skipped with its reason; but where CI has root and loop devices nothing is missing by chance."""
    could = os.geteuid() == 0 and pathlib.Path("/dev/loop-control").exists()
    print(f"not run: {why}", file=sys.stderr)
    sys.exit(1 if os.environ.get("CI") == "true" and could else SKIP)


def call(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr}")


class CutDisk:
    """`root`: the mounted disk. Unmounts all in the end, as a context."""

    def __init__(self, folder, bytes_):
        self.folder, self.bytes = folder, bytes_
        self.outer, self.root, self.mirror = folder / "outer", folder / "disk", folder / "clone"
        self.image, self.cut_image = self.outer / "disk.img", self.outer / "cut.img"
        self.mounts = contextlib.ExitStack()

    def __enter__(self):
        for folder in (self.outer, self.root, self.mirror):
            folder.mkdir(parents=True)
        with self.mounts:
            self.make(self.folder / "outer.img", 3 * self.bytes + (128 << 20), "mkfs.btrfs", "-q", "-f")
            self.mount(self.folder / "outer.img", self.outer, self.mounts)
            self.make(self.image, self.bytes, "mkfs.ext4", "-q", "-F")
            self.mount(self.image, self.root, self.mounts)
            self.mounts = self.mounts.pop_all()
        return self

    def __exit__(self, *_):
        self.mounts.close()
        (self.folder / "outer.img").unlink(missing_ok=True)

    @staticmethod
    def make(image, bytes_, *command):
        with open(image, "wb") as file:
            file.truncate(bytes_)
        call(*command, image)

    @staticmethod
    def mount(image, at, stack):
        call("mount", "-o", "loop", image, at)
        stack.callback(call, "umount", at)

    def cut(self):
        """The disk as it is now, as far as it reached the platter."""
        self.cut_image.unlink(missing_ok=True)
        call("cp", "--reflink=always", self.image, self.cut_image)

    @contextlib.contextmanager
    def after_the_cut(self):
        """The last cut, mounted as the next start would find it: the file system replays its journal."""
        with contextlib.ExitStack() as stack:
            self.mount(self.cut_image, self.mirror, stack)
            yield self.mirror
