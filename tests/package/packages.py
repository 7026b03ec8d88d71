"""The .deb files: what Debian's checker says, what is in them, and whether they work where nothing else is."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TREE = os.environ["WEIR_TREE"]  # that the packages are made from

PIPELINE = """
name: packaged
source: {type: generate, shape: event, count: 1000, seed: 1}
transforms:
  - {type: filter, drop_when: {field: event_type, equals: screen_view}}
sink: {type: file, path: out.ndjson}
"""


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=1200, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} gave {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Packages(unittest.TestCase):
    """Without installing them: unpacked side by side, as `dpkg -x` does."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        run(ROOT / "packaging" / "build", TREE, cls.folder)
        cls.unpacked = cls.folder / "unpacked"
        for package in cls.folder.glob("*.deb"):
            run("dpkg-deb", "-x", package, cls.unpacked)
        cls.files = {p.relative_to(cls.unpacked).as_posix() for p in cls.unpacked.rglob("*") if not p.is_dir()}

    def test_three_packages_of_one_version(self):
        version = run(self.unpacked / "usr/bin/weir", "--version").split()[1]
        names = sorted(p.name.split("_")[0] for p in self.folder.glob("*.deb"))
        self.assertEqual(names, ["weir", "weir-plugins", "weir-sdk"])
        for package in self.folder.glob("*.deb"):
            self.assertEqual(run("dpkg-deb", "-f", package, "Version").strip(), version)

    def test_debian_finds_no_error(self):
        checked = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", *self.folder.glob("*.changes")], capture_output=True, text=True, timeout=600)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_nothing_is_missing_and_nothing_is_a_test(self):
        for name in ("usr/bin/weir", "usr/bin/weir-broker", "usr/lib/weir/plugins/kafka_sink.so", "usr/include/weir/abi.h",
                     "usr/share/cmake/weir-sdk/weir-sdkConfig.cmake", "lib/systemd/system/weir.service", "usr/share/man/man1/weir.1.gz",
                     "usr/share/bash-completion/completions/weir", "usr/share/zsh/vendor-completions/_weir", "usr/share/fish/vendor_completions.d/weir.fish"):
            self.assertIn(name, self.files)
        shipped = {p.name for p in (ROOT / "plugins").glob("*/*/") if p.parent.name in ("sources", "transforms", "predicates", "sinks")}
        plugins = {pathlib.PurePath(name).stem for name in self.files if name.startswith("usr/lib/weir/plugins/")}
        self.assertEqual({name.rsplit("_", 1)[0] for name in plugins}, shipped)

    def test_the_packaged_host_runs_a_pipeline_with_the_packaged_plugins(self):
        (self.folder / "p.yaml").write_text(PIPELINE)
        run(self.unpacked / "usr/bin/weir", "run", "p.yaml", cwd=self.folder, env={"PATH": os.environ["PATH"]})
        self.assertGreater((self.folder / "out.ndjson").read_bytes().count(b"\n"), 500)

    def test_the_service_runs_what_the_program_knows(self):
        unit = (self.unpacked / "lib/systemd/system/weir.service").read_text()
        start = next(line.split("=", 1)[1].split() for line in unit.splitlines() if line.startswith("ExecStart="))
        self.assertIn(start[0][1:], self.files)
        usage = run(self.unpacked / "usr/bin/weir", "run", "--help") + run(self.unpacked / "usr/bin/weir", "--help")
        for option in (word for word in start if word.startswith("--")):
            self.assertIn(option, usage)


@unittest.skipUnless(os.environ.get("WEIR_TEST_LENGTH") == "long", "at length only")
class BareTree(unittest.TestCase):
    """Installed by apt into a minimal Debian, with everything they depend on."""

    def test_installed_used_removed(self):
        if os.geteuid() != 0 or shutil.which("debootstrap") is None:
            self.skipTest("needs root and debootstrap")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-packages-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        run(ROOT / "packaging" / "build", TREE, folder)
        run(HERE / "bare_tree", folder)


if __name__ == "__main__":
    unittest.main()
