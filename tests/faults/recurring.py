#!/usr/bin/env python3
"""Sentences that recur over the reports of a framework, and what the program takes them for.

recurring.py REPORTS.jsonl PARAGRAPHS.jsonl [...] [--least 8] [--share 0.05] [--rows] [--words N]

REPORTS.jsonl is from `findings reports --format jsonl`, PARAGRAPHS.jsonl from `findings export`; more pairs may
follow. Cuts each paragraph into sentences; folds away what differs from report to report (numbers, days, months, names of
authorities and inspectors, capitals, punctuation); and counts in how many reports of each framework the words that
remain occur. What many inspectors wrote in the same words says little of the area: it is boilerplate or context, or one
of the verdicts that a grade has in every report.

Prints the sentences in at least LEAST reports and at least SHARE of their framework's (visits counted apart) of which
some paragraph counts as a finding: a hash of the words, in how many reports, the kinds of their paragraphs, and two of
those that count, to look up. No sentence of a report is printed unless --words asks for the first words of each, to
read. Rows of tables, which repeat by nature, are left out unless --rows asks for them.

What is wrong is mended by a short pattern in the framework's file, which also finds the sentence where it varies. The
program reads none of the hashes: a paragraph often holds such a sentence among findings, and then is a finding.
"""
import argparse
import collections
import hashlib
import json
import re
import sys

COUNTED = {"finding", "bullet", "summary", "recommendation"}
MONTHS = "january february march april may june july august september october november december".split()
FILLERS = set("council borough county city metropolitan district royal unitary london of the and with upon on in".split())
SENTENCE = re.compile(r"(?<=[.!?:;])[’”\"')]*\s+(?=[A-Z‘“0-9•])")


def tokens(text):
    return re.findall(r"[a-z]+|\d+", re.sub(r"[’‘'`]", "", text.lower()))


def names(reports):
    """Words of the names of authorities and inspectors that are no common words."""
    found = set()
    for report in reports:
        for name in (report["authority"], report["authority_printed"], report["lead_inspector"]):
            found.update(tokens(name or ""))
    return found - FILLERS


def normal(sentence, places):
    words = []
    for word in tokens(sentence):
        kept = "#" if word.isdigit() or word in MONTHS or word in places else word
        if kept in ("st", "nd", "rd", "th") and words and words[-1] == "#":
            continue
        if kept == "#" and words and words[-1] == "#":
            continue
        words.append(kept)
    # "the London Borough of #" and "# City Council" are both a name.
    text = " ".join(words)
    text = re.sub(r"(?:\b(?:city|london|royal|borough|county|metropolitan|district|council|of|and|with|upon) )*#"
                  r"(?: (?:and|upon|of|with|city|county|borough|metropolitan|district|council|#))*(?= |$)", "#", text)
    return text


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="+")
    ap.add_argument("--least", type=int, default=8)
    ap.add_argument("--share", type=float, default=0.05)
    ap.add_argument("--rows", action="store_true")
    ap.add_argument("--words", type=int, default=0)
    args = ap.parse_args()
    if len(args.files) % 2:
        sys.exit("name reports and paragraphs in pairs")
    read = lambda path: [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    reports, paragraphs = {}, []
    for one, other in zip(args.files[::2], args.files[1::2]):
        reports.update((r["id"], r) for r in read(one))
        paragraphs += read(other)
    places = names(reports.values())
    group = lambda r: r["framework"] + (f" {r['visit']}" if r["visit"] else "")
    sizes = collections.Counter(map(group, reports.values()))
    seen = collections.defaultdict(lambda: collections.defaultdict(list))
    for paragraph in paragraphs:
        for sentence in SENTENCE.split(paragraph["text"]):
            words = normal(sentence, places)
            if len(words.split()) >= 4:
                seen[(group(reports[paragraph["report"]]), words)][paragraph["report"]].append((paragraph, sentence))
    rows, total = [], collections.Counter()
    for (framework, words), by_report in seen.items():
        if len(by_report) < max(args.least, args.share * sizes[framework]):
            continue
        total[framework] += 1
        all_ = [p for held in by_report.values() for p, _ in held]
        counted = [p for p in all_ if p["kind"] in COUNTED or (args.rows and p["kind"] == "table")]
        if counted:
            kinds = collections.Counter(p["kind"] for p in all_)
            said = next(s for held in by_report.values() for p, s in held if p is counted[0])
            rows.append((framework, len(by_report), words, kinds, counted, said))
    rows.sort(key=lambda row: (row[0], -row[1]))
    for framework, count, words, kinds, counted, said in rows:
        known = ", ".join(f"{kind} {number}" for kind, number in kinds.most_common())
        print(f"{hashlib.sha256(words.encode()).hexdigest()[:12]}  {framework:18s} {count:4d} of {sizes[framework]:<4d} {known}: "
              f"{' '.join(p['id'] for p in counted[:2])}")
        if args.words:
            print(f"    {' '.join(said.split()[:args.words])}")
    print(f"{len(rows)} sentences that recur count as findings, in {sum(len(r[4]) for r in rows)} paragraphs;", end=" ")
    print(f"{sum(total.values())} recur in all")


if __name__ == "__main__":
    main()
