"""`weir new`: what it writes, and what it refuses. That the projects build is tests/sdk_project's."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from weir_process import WeirTest  # noqa: E402


class NewPlugin(WeirTest):
    def files(self, name):
        return {path.name: path.read_text() for path in (self.folder / name).iterdir()}

    def test_each_kind_is_written_under_its_name(self):
        for kind, files in (("transform", {"example.test.yaml"}), ("source", set()), ("sink", set())):
            name = f"cut_{kind}"
            done = self.weir("new", kind, name)
            self.assert_exit(done, 0)
            written = self.files(name)
            self.assertEqual(written.keys(), {"CMakeLists.txt", "README.md", "example.yaml", f"{name}.cpp", f"{name}_test.cpp"} | files)
            for file, text in written.items():
                self.assertNotRegex(text, f"(?i)my_?{kind}", file)
                self.assertIn(f"{name}/{file}", done.stdout.decode().splitlines())
            self.assertIn(f"class Cut{kind.capitalize()} {{", written[f"{name}.cpp"])
            self.assertIn(f'name = "{name}"', written[f"{name}.cpp"])

    def test_a_class_is_no_macro(self):
        for name, in_code in (("x", "class XTransform {"), ("e_o_f", "class EOFTransform {"), ("a1", "class A1Transform {"), ("cut__2b", "class Cut2b {")):
            self.assert_exit(self.weir("new", "transform", name), 0)
            self.assertIn(in_code, self.files(name)[f"{name}.cpp"])

    def test_names_are_those_of_components(self):
        for name in ("Cut", "cut-it", "1cut", "_cut", "", "a/b", "..", "x" * 65, "é"):
            done = self.weir("new", "transform", name)
            self.assert_exit(done, 2)
            self.assert_says(done, "is no component's name; it has to look like [a-z][a-z0-9_]*, with at most 64 characters")
        for name in ("test", "all", "install", "package_source"):
            done = self.weir("new", "sink", name)
            self.assert_exit(done, 2)
            self.assert_says(done, "what CMake calls a target of its own")
        self.assert_exit(self.weir("new", "predicate", "cut"), 2)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_what_ships_already_is_refused(self):
        done = self.weir("new", "transform", "redact")
        self.assert_exit(done, 2)
        self.assert_says(done, "there is a transform 'redact' already, in ", "redact_transform.so")
        done = self.weir("new", "source", "redact")
        self.assert_exit(done, 0)
        self.assert_says(done, "There is a transform of that name")
        self.assertNotIn("of that name", self.weir("new", "source", "nobodys").stderr.decode())

    def test_nothing_is_written_over(self):
        self.write("cut/notes.txt", "mine")
        self.write("plain", "mine too")
        (self.folder / "link").symlink_to("nowhere")
        for name in ("cut", "plain", "link"):
            done = self.weir("new", "sink", name)
            self.assert_exit(done, 2)
            self.assert_says(done, f"'{name}' is there already; nothing was written")
        self.assertEqual(self.files("cut"), {"notes.txt": "mine"})
        self.assertEqual(self.read("plain"), b"mine too")

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_that_cannot_be_written_is_told(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        done = self.weir("new", "sink", "cut")
        self.assert_exit(done, 2)
        self.assert_says(done, "the folder 'cut' cannot be made: Permission denied")


if __name__ == "__main__":
    unittest.main(verbosity=2)
