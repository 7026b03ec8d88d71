#!/usr/bin/env python3
"""The host is made without plugins/ (promise P7).

Usage: host_without_plugins.py CMAKE SOURCE BINARY [--build]. Configures with WEIR_PLUGINS off and checks that nothing of plugins/ is
an input of the program `weir`; with --build also builds it and runs it.
"""
import subprocess
import sys


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def main():
    cmake, source, binary = sys.argv[1:4]
    run(cmake, "-S", source, "-B", binary, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0", "-DCMAKE_C_FLAGS_DEBUG=-O0",
        "-DWEIR_PLUGINS=OFF", "-DWEIR_TESTS=OFF", "-DWEIR_FUZZ=OFF")
    inputs = run("ninja", "-C", binary, "-t", "inputs", "weir").splitlines()
    foreign = [path for path in inputs if "/plugins/" in path.removeprefix(binary)]
    if foreign or len(inputs) < 20:
        print(f"inputs of weir: {len(inputs)}, of plugins: {foreign[:5]}")
        return 1
    if "--build" in sys.argv:
        print(run(cmake, "--build", binary, "--target", "weir", "--parallel", "2")[-500:])
        print(run(f"{binary}/bin/weir", "--version"))
    print(f"weir has {len(inputs)} inputs, none of plugins/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
