#!/usr/bin/env python3
"""The walls of the source tree, as text: who includes what, and that the host names no plugin (design section 4, promise P7).

Usage: walls.py REPOSITORY. Prints what crosses a wall as file:line, one a line; exit 1 when something does.
"""
import pathlib
import re
import sys

SOURCES = {".h", ".hpp", ".c", ".cpp", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')

# A third-party library's headers, and the only folders that may include them.
LIBRARIES = [
    (r"yaml-cpp/", ["host/config/"]),
    (r"boost/dll", ["host/plugin/"]),
    (r"boost/(asio|beast|system)", ["host/admin/"]),
    (r"(spdlog|fmt)/", ["host/observe/"]),
    (r"prometheus/", ["host/observe/"]),
    (r"simdjson", ["host/json/", "tests/bench/"]),  # the yardsticks do by hand what the host does
    (r"librdkafka/", ["plugins/", "tests/bench/"]),
    (r"CLI/", ["host/cli/"]),
    (r"sodium", ["host/crypto/", "plugins/transforms/suppress/"]),
    (r"re2/", ["host/json/", "host/spec/", "plugins/predicates/topic_matches/"]),
    (r"nlohmann/", ["host/spec/", "host/cli/", "tests/"]),
    (r"lz4", ["host/spool/"]),
    (r"(zlib|zstd)\.h$", ["plugins/support/unpacking/"]),
]

# host/<folder>: the folders whose headers it may include, beside its own.
FOLDERS = {
    "errors": [],
    "crypto": ["errors"],
    "observe": [],
    "record": ["errors", "json"],  # json: the engine's interface only, see record/slice.h
    "json": ["errors", "record"],
    "spec": ["errors", "json"],
    "config": ["errors", "spec"],
    "pipeline": ["errors", "observe", "record", "json", "checkpoint"],
    "checkpoint": ["errors"],
    "spool": ["errors", "crypto", "observe", "record", "pipeline"],
    "abi": ["errors", "observe", "record", "json", "spec", "pipeline"],
    "contract": ["errors", "observe", "record", "json", "spec", "abi", "pipeline"],
    "plugin": ["errors", "abi", "spec"],
    "admin": ["errors", "observe"],
    "cli": ["errors", "observe", "record", "json", "spec", "config", "pipeline", "checkpoint", "abi", "contract", "plugin", "admin", "crypto", "spool"],
}
# The headers of pipeline/ that those on either side of it share.
PIPELINE_INTERFACE = {"abi": ["pipeline/io.h"], "spool": ["pipeline/io.h", "pipeline/figures.h"], "contract": ["pipeline/io.h"]}

# Names that are also plain words: a text may hold them, code may not compare with them.
PLAIN_WORDS = {"file", "set", "filter", "remove", "condition", "generate", "discard", "stdin", "stdout", "route", "rename", "suppress"}
LATER = {"http_events", "postgres_cdc", "mqtt", "unbatch", "field_equals", "is_tombstone", "topic_matches", "has_header", "kafka", "redact", "webhook"}


def sources(root, top):
    for path in sorted((root / top).rglob("*")):
        if path.suffix in SOURCES and path.is_file():
            yield path, path.relative_to(root).as_posix()


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1)


def check_libraries(root):
    for top in ("host", "plugins", "sdk", "tests"):
        for path, name in sources(root, top):
            for number, header in includes(path):
                for pattern, allowed in LIBRARIES:
                    if re.match(pattern, header) and not any(name.startswith(folder) for folder in allowed):
                        yield f"{name}:{number}: <{header}> belongs to {' and '.join(allowed)} only"


def check_host(root):
    for path, name in sources(root, "host"):
        parts = name.split("/")
        if len(parts) < 3:
            continue  # main.cpp wires everything
        folder = parts[1]
        for number, header in includes(path):
            if header.startswith("weir/") and header != "weir/abi.h":
                yield f"{name}:{number}: the host knows weir/abi.h only, not <{header}>"
            target = header.split("/")[0]
            if target not in FOLDERS or target == folder:
                continue
            if folder not in FOLDERS:
                yield f"{name}:{number}: host/{folder} is not in the table of tests/walls.py"
            elif target not in FOLDERS[folder]:
                yield f"{name}:{number}: host/{folder} may not know host/{target}"
            elif target == "pipeline" and header not in PIPELINE_INTERFACE.get(folder, [header]):
                yield f"{name}:{number}: host/{folder} may know {PIPELINE_INTERFACE[folder][0]} only"


def check_plugins(root):
    for path, name in sources(root, "plugins"):
        own = "/".join(name.split("/")[1:3])
        for number, header in includes(path):
            first = header.split("/")[0]
            if first in FOLDERS and (root / "host" / header).exists():
                yield f"{name}:{number}: a plugin may not include host/{header}"
            parts = header.split("/")
            if parts[0] in ("sources", "transforms", "predicates", "sinks") and "/".join(parts[:2]) != own:
                yield f"{name}:{number}: a plugin may not include another one ({header})"
    for path, name in sources(root, "sdk/include"):
        for number, header in includes(path):
            if "/" in header and not header.startswith("weir/"):
                yield f"{name}:{number}: the SDK depends on nothing, not on <{header}>"


def component_names(root):
    names = set(LATER)
    for kind in ("sources", "transforms", "predicates", "sinks"):
        folder = root / "plugins" / kind
        if folder.is_dir():
            names |= {entry.name for entry in folder.iterdir() if entry.is_dir()}
    return names


def without_comments(text):
    """C++ text with its comments blanked; string literals stay. Line numbers stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
    return pattern.sub(lambda m: m.group(0) if m.group(0)[0] in "\"R'" else re.sub(r"[^\n]", " ", m.group(0)), text)


def check_names(root):
    names = component_names(root)
    distinct = sorted(names - PLAIN_WORDS)
    word = re.compile(r'"[^"\n]*\b(' + "|".join(distinct) + r')\b[^"\n]*"', re.I)
    plain = "|".join(sorted(names & PLAIN_WORDS | PLAIN_WORDS))
    compared = re.compile(rf'[=!]=\s*"({plain})"|"({plain})"\s*[=!]=|WEIR_(?:SOURCE|TRANSFORM|PREDICATE|SINK),\s*"({plain})"')
    for path, name in sources(root, "host"):
        for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), 1):
            if INCLUDE.match(line):
                continue
            match = word.search(line) or compared.search(line)
            if match:
                yield f"{name}:{number}: the host names a component: {match.group(0)}"


def main():
    root = pathlib.Path(sys.argv[1])
    found = [line for check in (check_libraries, check_host, check_plugins, check_names) for line in check(root)]
    print("\n".join(found) if found else "no wall is crossed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
