#!/usr/bin/env python3
"""Puts a server under load while its index is built again and again.

    tests/serve/load.py PROGRAM FOLDER [--seconds 30] [--requests 100000] [--connections 8]

FOLDER holds reports; a copy of its index is made in a temporary folder and served. Three things are
looked at, each of which fails the run:

  below the limits   every request is answered with 200, though a build commits every few seconds
  above the limits   with more connections than places, only 200, 429 and 503 come back
  memory             the server is no larger after the last of many requests than after the first
                     tenth of them, within a tenth and 32 MB

Prints requests a second and the times within which half and 99 % were answered. Needs `wrk`.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

QUERIES = [
    "return+interview", "%22return+home+interview%22", "neglect+grade%3Ainadequate", "supervis*",
    "missing+NEAR/5+children", "essex", "care+leavers&latest=1", "early+help&group=authority",
    "child+sexual+exploitation&sort=date", "social+worker+caseloads&not_region=London", "zebra",
]

SCRIPT = """
local paths = { %s }
local counts = {}
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() seen = {}; place = math.random(#paths) end
function request()
  place = place %% #paths + 1
  return wrk.format("GET", paths[place])
end
function response(status) seen[status] = (seen[status] or 0) + 1; told = "" 
  for code, count in pairs(seen) do told = told .. code .. "=" .. count .. " " end
end
function done(summary, latency)
  local all = {}
  for _, thread in ipairs(threads) do
    for code, count in string.gmatch(thread:get("told") or "", "(%%d+)=(%%d+)") do
      all[code] = (all[code] or 0) + tonumber(count)
    end
  end
  for code, count in pairs(all) do io.write("status " .. code .. " " .. count .. "\\n") end
  local errors = summary.errors
  io.write("errors " .. errors.connect + errors.read + errors.write + errors.timeout .. "\\n")
  io.write("requests " .. summary.requests .. " in " .. summary.duration / 1e6 .. " s\\n")
  io.write("p50 " .. latency:percentile(50) / 1000 .. " ms\\n")
  io.write("p99 " .. latency:percentile(99) / 1000 .. " ms\\n")
end
"""


def paths():
    each = []
    for query in QUERIES:
        each += [f"/search?q={query}", f"/api/v1/search?q={query}"]
    return ", ".join(f'"{path}"' for path in each)


def load(url, connections, seconds, work):
    script = work / "load.lua"
    script.write_text(SCRIPT % paths())
    threads = min(2, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s",
               "-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    statuses = {int(code): int(count) for code, count in re.findall(r"^status (\d+) (\d+)", said, re.M)}
    number = lambda name: float(re.search(rf"^{name} ([\d.]+)", said, re.M).group(1))
    took = float(re.search(r"in ([\d.]+) s", said).group(1))
    return {
        "statuses": statuses, "errors": int(number("errors")), "p50": number("p50"),
        "p99": number("p99"), "rate": number("requests") / took, "requests": int(number("requests")),
    }


def resident(process):
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("the memory of the server cannot be read")


def say(name, seen):
    print(f"{name}: {seen['requests']:,} requests, {seen['rate']:.0f} a second, "
          f"half within {seen['p50']:.1f} ms, 99 % within {seen['p99']:.1f} ms, "
          f"statuses {seen['statuses']}, broken off {seen['errors']}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    program = options.program.resolve()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        reports, index = work / "reports", work / "index"
        shutil.copytree(options.folder, reports)
        build = [program, "--index", index, "index", reports]
        subprocess.run(build, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen([program, "--index", index, "serve", "--listen", "127.0.0.1:0"],
                                  stderr=subprocess.PIPE, text=True)
        url = next(re.search(r"http://\S+", line).group(0)
                   for line in server.stderr if "http://" in line).rstrip("/")
        threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
        ended, commits = threading.Event(), [0]

        def commit():
            while not ended.wait(2):
                text = f"# A note\n\nThis is note {commits[0]}, which is no report.\n"
                (reports / "note.md").write_text(text)
                done = subprocess.run(build, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                commits[0] += done.returncode != 101

        builder = threading.Thread(target=commit)
        builder.start()
        below = load(url, options.connections, options.seconds, work)
        ended.set()
        builder.join()
        say(f"below the limits, {commits[0]} builds meanwhile", below)
        if set(below["statuses"]) != {200} or below["errors"]:
            faults.append("below the limits a request failed")
        above = load(url, 600, max(5, options.seconds // 3), work)
        say("above the limits", above)
        if not set(above["statuses"]) <= {200, 429, 503} or not {429, 503} & set(above["statuses"]):
            faults.append("above the limits something else than 429 and 503 came back, or neither did")
        tenth = options.requests // 10
        sizes, sent = [], 0
        while sent < options.requests:
            sent += load(url, options.connections, 10, work)["requests"]
            sizes.append((sent, resident(server)))
        first = next(size for count, size in sizes if count >= tenth)
        print(f"memory after {sizes[0][0]:,} requests {first >> 20} MB, after {sent:,} {sizes[-1][1] >> 20} MB")
        if sizes[-1][1] > first * 1.1 + (32 << 20):
            faults.append("the server grew")
        server.send_signal(signal.SIGTERM)
        if server.wait(30) != 0:
            faults.append(f"the server ended with {server.returncode}")
    for fault in faults:
        print(f"FAILS: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
