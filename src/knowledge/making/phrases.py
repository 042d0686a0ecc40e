#!/usr/bin/env python3
"""The phrases that reports really use, as a list to write a glossary for.

phrases.py --export EXPORT.jsonl [EXPORT.jsonl …] --reports REPORTS.jsonl [REPORTS.jsonl …] [--number 1500]

EXPORT.jsonl is from `findings export`, REPORTS.jsonl from `findings reports --format jsonl`. Prints one phrase a
line, the most widespread first: phrase, reports that use it, and in how many eras or frameworks, separated by
tabs. A phrase is a run of one to four words within a clause that neither begins nor ends with a word of grammar
or a common verb; of runs that nearly always stand within a longer one only the longer is kept. Words of
everyday use are left out as single words: no reader needs a glossary for "good". No phrase is chosen by hand.
"""
import argparse
import collections
import json
import math
import re

GRAMMAR = set("""a about above after again all also although always am among an and another any are as at back be because
been before being below between both but by can cannot could did do does done down during each either else enough
even ever every few first for from further get gets given gives go goes good had has have having he her here him his
how however i if in including increasingly inconsistent insufficient into is it its itself just less like made make
makes making many may more most much must my need needs neither no nor not of off often on once one only or other
others our out over own part particularly per poor quickly rarely same she should since so some sometimes still such
than that the their them themselves then there these they this those through throughout to too two three four five
six under until up upon us use used using usually very was we well were what when where whether which while who whom
whose why will with within without would year years yet you your appropriate appropriately clear clearly effective
effectively strong weak robust timely regular regularly recent recently new current currently significant
significantly small large high low number numbers range relevant available ensure ensures ensuring provide provides
provided providing receive receives received receiving improve improves improved improving continue continues
continued continuing remain remains said know known lead leads led leading include includes included result results
resulting meet meets met take takes taken taking place seen show shows shown identify identified identifies identifying
help helps helped enable enables enabled enabling support supports supported work works worked working""".split())
PLAIN = set("""time times day days week weeks month months end area areas way ways lack people person man woman day
england report reports reporting inspector inspectors inspection ofsted evidence example examples focus process
processes approach approaches practice action actions issue issues level levels change changes impact outcome outcomes
quality effort effectiveness increase improvement improvements majority minority case cases cohort
""".split())
WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
CLAUSE = re.compile(r"[.,;:()!?“”\"–—/|•]|\s-\s")


def eras(framework, visit):
    return "visit" if visit else framework


def runs(text):
    for clause in CLAUSE.split(text.lower()):
        words = WORD.findall(clause)
        for begin in range(len(words)):
            for length in range(1, 5):
                run = words[begin:begin + length]
                if len(run) < length or run[0] in GRAMMAR or run[-1] in GRAMMAR or run[0].endswith("ly"):
                    continue
                if length == 1 and (len(run[0]) < 4 or run[0] in PLAIN):
                    continue
                yield " ".join(run).replace("’", "'")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--export", nargs="+", required=True)
    ap.add_argument("--reports", nargs="+", required=True)
    ap.add_argument("--number", type=int, default=1500)
    args = ap.parse_args()
    era, names = {}, set()
    for path in args.reports:
        for r in map(json.loads, open(path, encoding="utf-8")):
            era[r["id"]] = eras(r["framework"], r["visit"])
            names.update(WORD.findall((r["authority"] or "").lower()))
    times, reports = collections.Counter(), collections.defaultdict(set)
    for path in args.export:
        for p in map(json.loads, open(path, encoding="utf-8")):
            if p["kind"] in ("boilerplate", "footnote"):
                continue
            for text in [p["text"]] + p["section"][-1:]:
                for run in runs(text):
                    times[run] += 1
                    reports[run].add(p["report"])
    wide = {run for run, used in reports.items() if len(used) >= 6 and not names & set(run.split())}
    inner = set()
    for run in wide:
        words = run.split()
        for begin in range(len(words)):
            for end in range(begin + 1, len(words) + 1):
                part = " ".join(words[begin:end])
                if part != run and part in wide and times[run] >= 0.7 * times[part]:
                    inner.add(part)
    def worth(run):
        by_era = collections.Counter(era[report] for report in reports[run])
        spread = sum(math.log(1 + count) for count in by_era.values())
        return spread * (1 if " " in run else 0.55), run
    chosen = sorted(wide - inner, key=worth, reverse=True)[:args.number]
    for run in chosen:
        print(run, len(reports[run]), len({era[report] for report in reports[run]}), sep="\t")


if __name__ == "__main__":
    main()
