#!/usr/bin/env python3
"""What a clean release build costs, of two checkouts in turn.

    benches/build-cost.py BEFORE AFTER [--rounds 3] [--jobs 1] [--keep DIR]

Builds each checkout `--rounds` times into an empty folder, alternating, and prints the CPU seconds (user and system, of cargo and all it starts), the size of the binary in bytes, and the
ratio of the medians, after by before. Ratios are what to look at: seconds are of this machine.
Dependencies are fetched before the first build. `--keep` copies the binaries to DIR, as `before` and
`after`. Needs Linux or macOS.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path


def build(checkout, jobs, kept):
    with tempfile.TemporaryDirectory() as target:
        environment = {**os.environ, "CARGO_TARGET_DIR": target}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = ["cargo", "build", "--release", "--locked", "--jobs", str(jobs), "--quiet"]
        subprocess.run(command, cwd=checkout, env=environment, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        binary = Path(target) / "release" / "findings"
        if kept:
            shutil.copy2(binary, kept)
        return seconds, binary.stat().st_size


def main():
    parser = argparse.ArgumentParser(description="The CPU time and the size of clean release builds.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    checkouts = [arguments.before, arguments.after]
    for checkout in checkouts:
        subprocess.run(["cargo", "fetch", "--locked", "--quiet"], cwd=checkout, check=True)
    seconds = [[], []]
    sizes = [0, 0]
    for number in range(1, arguments.rounds + 1):
        for which, checkout in enumerate(checkouts):
            name = ("before", "after")[which]
            kept = arguments.keep / name if arguments.keep else None
            spent, sizes[which] = build(checkout, arguments.jobs, kept)
            seconds[which].append(spent)
            print(f"round {number}, {name}: {spent:.0f} CPU s, {sizes[which]:,} bytes", flush=True)
    medians = [statistics.median(each) for each in seconds]
    print(f"CPU: {medians[0]:.0f} s and {medians[1]:.0f} s, ratio {medians[1] / medians[0]:.2f}")
    print(f"size: {sizes[0]:,} and {sizes[1]:,} bytes, ratio {sizes[1] / sizes[0]:.2f}")


if __name__ == "__main__":
    main()
