#!/usr/bin/env python3
"""Compares what the program leaves out with --without-denials with what readers call denied.

    denials.py PROGRAM INDEX [DRAW]

Reads `denials.jsonl`, of one draw or of all. A mention is denied if both readers say D.
"""
import collections, json, pathlib, subprocess, sys


def found(program, index, query, *options):
    command = [program, "search", query, "--index", index, "--limit", "40000", "--repeats", "--words-only"]
    out = subprocess.run([*command, "--format", "json", *options], capture_output=True, text=True)
    if out.returncode > 1:
        sys.exit(out.stderr)
    return {hit["id"] for hit in json.loads(out.stdout)["hits"]}


def main():
    program, index, *draw = sys.argv[1:]
    rows = [json.loads(line) for line in open(pathlib.Path(__file__).with_name("denials.jsonl"))]
    rows = [row for row in rows if not draw or str(row["draw"]) == draw[0]]
    queries = {row["query"] for row in rows}
    matching = {query: found(program, index, query) for query in queries}
    left = {query: found(program, index, query, "--without-denials") for query in queries}
    counts = collections.defaultdict(collections.Counter)
    for row in rows:
        if row["id"] not in matching[row["query"]]:
            continue
        cell = (row["id"] not in left[row["query"]], all(said == "D" for said in row["readers"]))
        for sort in (row["sort"], "all"):
            counts[sort][cell] += 1
    for sort, own in sorted(counts.items()):
        right, wrong, missed = own[True, True], own[True, False], own[False, True]
        precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
        print(f"{sort:10} {sum(own.values()):4} precision {precision:.2f} ({right} of {right + wrong})", end="")
        print(f"  recall {recall:.2f} ({right} of {right + missed})")


main()
