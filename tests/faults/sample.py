#!/usr/bin/env python3
"""A seeded sample of paragraphs below graded sections, each with the headings printed above it, for reading.

sample.py --export EXPORT.jsonl --reports REPORTS.jsonl --folder FOLDER [--number N] [--seed N] [--cache FILE]

Prints for each paragraph its page, its path and grade as exported, its first words, and the last lines in bold or
large letters above it on the pages (with what is in the cell next to them). A reader decides.
"""
import argparse, collections, json, os, pickle, random
from headings import Report, read, words


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("export", "reports", "folder"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--number", type=int, default=300)
    ap.add_argument("--seed", type=int, default=23)
    ap.add_argument("--cache")
    args = ap.parse_args()
    cache = pickle.load(open(args.cache, "rb")) if args.cache and os.path.exists(args.cache) else {}
    reports = {r["sha256"]: r for r in map(json.loads, open(args.reports, encoding="utf-8"))}
    by_report = collections.defaultdict(list)
    for p in map(json.loads, open(args.export, encoding="utf-8")):
        by_report[p["sha256"]].append(p)
    graded = sorted((p["id"], sha) for sha, ps in by_report.items() for p in ps
                    if p["grade"] and p["page"] and p["kind"] not in ("boilerplate", "footnote"))
    chosen = random.Random(args.seed).sample(graded, min(args.number, len(graded)))
    for number, (wanted, sha) in enumerate(chosen, 1):
        record = reports[sha]
        if sha not in cache:
            path = os.path.join(args.folder, record["path"])
            cache[sha] = read(path if os.path.exists(path) else record["path"])
        report = Report(record, by_report[sha], *cache[sha])
        p = next(p for p in report.paragraphs if p["id"] == wanted)
        place = p["place"] or (p["page"], 9999)
        above = [c for c in report.pages if c.place < place and (c.bold or c.size > report.body + 0.6) and 1 < len(words(c.text)) < 32
                 and 40 < c.box[1] < 780]
        print(f"{number}. {p['id']} p{p['page']}{'' if p['place'] else ' (place unknown)'} {p['kind']}")
        print(f"   made:    {' › '.join(p['section'])} | {p['grade']['label']} ({p['grade']['area'][:40]})")
        print(f"   text:    {' '.join(p['text'].split()[:9])}")
        for c in above[-4:]:
            print(f"   printed: p{c.page} {c.size:g}{'b' if c.bold else ''} {c.text[:100]}")


if __name__ == "__main__":
    main()
