#!/usr/bin/env python3
"""Completion as a user sees it, in the shells themselves; and what the manual pages hold. completion_test.py WEIR

What is expected is read from `weir --help`, not from the table that the scripts are made from. Needs bash, zsh, fish and man.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

WEIR = pathlib.Path(sys.argv[1]).resolve()
PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "packaging"
OPTION = re.compile(r"^  (?:(-\w),\s*)?(--[\w-]+)", re.M)
COMMAND = re.compile(r"^  (\w[\w-]*) ", re.M)
ENVIRONMENT = {**os.environ, "PATH": f"{WEIR.parent}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, env=ENVIRONMENT, stdin=subprocess.DEVNULL, timeout=60, **options)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{command} gave {done.returncode}: {done.stderr}")
    return done.stdout


def help_of(*arguments):
    return run(WEIR, *arguments, "--help")


COMMANDS = COMMAND.findall(help_of().split("Subcommands:")[1].split("Exit codes:")[0])
# Commands of commands, by the command they belong to.
INNER = {name: COMMAND.findall(help_of(name).split("Subcommands:")[1]) for name in COMMANDS if "Subcommands:" in help_of(name)}
LEAVES = [*(name for name in COMMANDS if name not in INNER), *(f"{name} {inner}" for name in INNER for inner in INNER[name])]
OPTIONS = {name: {long for _, long in OPTION.findall(help_of(*name.split()))} for name in ["", *COMMANDS, *LEAVES]}
COMPONENTS = {line.split()[1] for line in run(WEIR, "plugins").splitlines()[1:]}

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_weir 2>/dev/null
printf '%s\\n' "${COMPREPLY[@]}"
"""

# zsh completes only for somebody at a terminal: one is made for it, and what it would insert is caught.
ZSH = r"""
zmodload zsh/zpty
zpty completing zsh -f -i
read_until() { local all= piece; while zpty -r completing piece; do all+=$piece; [[ $all == *$1* ]] && break; done; print -r -- "$all" }
zpty -w completing "PS1=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $2/dump; zstyle ':completion:*' list-colors ''"
zpty -w completing "compadd() { builtin compadd -O found \"\$@\" 2>/dev/null; (( \$#found )) && print -rl -- \$found >> $2/found; builtin compadd \"\$@\" }"
zpty -w completing "complete-now() { zle list-choices; print -r -- done >> $2/end }; zle -N complete-now; bindkey '^X' complete-now; print REA''DY"
read_until READY > /dev/null
zpty -n -w completing "$3"$'\C-X'
for ((i = 0; i < 200; ++i)); do [[ -e $2/end ]] && break; sleep 0.05; zpty -t -r completing piece; done
zpty -d completing
"""


def bash(*words):
    found = run("bash", "--norc", "-c", BASH, "bash", PACKAGING / "completions/weir.bash", *words).split("\n")
    return {word for word in found if word}


def fish(*words):
    script = f'source {PACKAGING}/completions/weir.fish; complete -C "{" ".join(words)}"'
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, env={**ENVIRONMENT, "HOME": home, "XDG_CONFIG_HOME": home},
                              timeout=60, stdin=subprocess.DEVNULL)
    return {line.split("\t")[0] for line in done.stdout.splitlines()}


def zsh(*words):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", str(PACKAGING / "completions"), folder, " ".join(words)], capture_output=True, env=ENVIRONMENT, timeout=60)
        path = pathlib.Path(folder, "found")
        return set(path.read_text().splitlines()) if path.exists() else set()


class Completion:
    def test_commands(self):
        self.assertLessEqual(set(COMMANDS), self.complete("weir", ""))
        self.assertNotIn("command-table", self.complete("weir", ""))

    def test_every_option_of_every_command(self):
        for command in {*COMMANDS, *LEAVES}:
            self.assertLessEqual(OPTIONS[command], self.complete("weir", *command.split(), "--"), command)

    def test_commands_of_commands(self):
        for command, inner in INNER.items():
            self.assertLessEqual(set(inner), self.complete("weir", command, ""), command)
            self.assertFalse(set(inner) & self.complete("weir", command, inner[0], ""), command)

    def test_options_before_the_command(self):
        self.assertLessEqual(OPTIONS[""], self.complete("weir", "--"))

    def test_values(self):
        self.assertEqual(self.complete("weir", "--log-level", "") & {"info", "trace", "run"}, {"info", "trace"})
        self.assertEqual(self.complete("weir", "plugins", "--kind", ""), {"source", "transform", "predicate", "sink"})

    def test_arguments_with_words_of_their_own(self):
        self.assertEqual(self.complete("weir", "new", ""), {"source", "transform", "sink"})
        self.assertFalse({"source", "transform", "sink"} & self.complete("weir", "new", "sink", ""))

    def test_names_of_components(self):
        self.assertLessEqual(COMPONENTS, self.complete("weir", "plugins", ""))
        self.assertFalse(COMPONENTS & self.complete("weir", "schema", ""))


class Bash(Completion, unittest.TestCase):
    complete = staticmethod(bash)

    def test_files_and_folders(self):
        self.assertIn(str(PACKAGING / "man/weir.1"), bash("weir", "run", f"{PACKAGING}/man/"))
        self.assertNotIn(str(PACKAGING / "man/weir.1"), bash("weir", "run", "--state", f"{PACKAGING}/man/"))

    def test_values_behind_an_equals_sign(self):
        self.assertEqual(bash("weir", "--log-format", "=", ""), {"text", "json"})
        self.assertEqual(bash("weir", "--log-format", "="), {"text", "json"})
        self.assertIn("--fresh", bash("weir", "--log-format", "=", "json", "run", "--f"))


class Fish(Completion, unittest.TestCase):
    complete = staticmethod(fish)


class Zsh(Completion, unittest.TestCase):
    complete = staticmethod(zsh)


class Manual(unittest.TestCase):
    def shown(self, name):
        text = run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-P", "cat", PACKAGING / "man" / name)
        return re.sub(".\x08", "", text)  # bold is a character struck over itself

    def test_every_command_and_option_is_in_it(self):
        page = (PACKAGING / "man/weir.1").read_text().replace("\\-", "-")
        for command in LEAVES:
            self.assertIn(f"weir {command}\\fR", page)
            part = page.split(f".SS \\fBweir {command}\\fR")[1].split("\n.S")[0]
            for option in OPTIONS[command] - {"--help"}:
                self.assertIn(f"\\fB{option}\\fR", part, command)
        for option in OPTIONS[""]:
            self.assertIn(f"\\fB{option}\\fR", page)

    def test_they_are_shown_without_a_warning(self):
        for path in sorted((PACKAGING / "man").glob("*.1")):
            self.assertIn("NAME", self.shown(path.name), path.name)

    def test_every_program_has_one(self):
        for program in ("weir-broker", "weir-consume"):
            page = (PACKAGING / "man" / f"{program}.1").read_text().replace("\\-", "-")
            found = re.findall(r"--[a-z-]+", run(WEIR.parent / program, "--help"))
            self.assertTrue(found)
            for option in found:
                self.assertIn(option, page, program)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
