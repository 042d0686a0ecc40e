#!/usr/bin/env python3
"""Precision and recall of `context` by reading: draws paragraphs, and scores what a reader said of them.

context.py draw  --export EXPORT.jsonl --reports REPORTS.jsonl --out FOLDER [--number N] [--seed N]
context.py score --export EXPORT.jsonl --reports REPORTS.jsonl --out FOLDER [--number N] [--seed N]

`draw` writes one file for each of SIF, ILACS, joint and SEND reports: N paragraphs marked as context (all, where
there are fewer) and N that are not, half of these from front pages and sections about the area, in a random order
and without the mark. A reader writes next to each file NAME.read.jsonl: {"id": …, "context": true or false} for every
line; what is the same in every report, and so boilerplate, is not context, and its line says {"boilerplate": true}.
`score` draws the same again and prints precision, and recall weighted by stratum, with 95% intervals (10,000 draws
from the posterior of each stratum's rate, uniform prior).
"""
import argparse, collections, json, os, random

GROUPS = {"sif": "sif", "ilacs": "ilacs", "jtai": "joint", "send": "send"}
TOLD = ("finding", "summary", "bullet", "recommendation")


def group(framework):
    return next((name for begin, name in GROUPS.items() if framework.startswith(begin)), None)


def front(paragraph):
    """On the first two pages, or in a section whose heading says that it is about the area."""
    heading = " ".join(paragraph["section"]).lower()
    about = any(word in heading for word in ("information about", "context", "this local authority area", "in this area",
                                             "background", "about the"))
    return about or (paragraph["page"] or 9) <= 2


def strata(args):
    reports = {r["id"]: r for r in map(json.loads, open(args.reports, encoding="utf-8"))}
    strata = collections.defaultdict(list)
    for p in map(json.loads, open(args.export, encoding="utf-8")):
        name = group(reports[p["report"]]["framework"])
        if name and p["kind"] == "context":
            strata[name, "marked"].append(p)
        elif name and p["kind"] in TOLD:
            strata[name, "front" if front(p) else "other"].append(p)
    return strata


def drawn(args):
    """By group: the population of each stratum, and what is drawn from it."""
    found = strata(args)
    for name in dict.fromkeys(GROUPS.values()):
        sizes = {"marked": args.number, "front": args.number // 2, "other": args.number - args.number // 2}
        chosen = {}
        for stratum, size in sizes.items():
            every = sorted(found[name, stratum], key=lambda p: p["id"])
            chosen[stratum] = random.Random(f"{args.seed} {name} {stratum}").sample(every, min(size, len(every)))
        yield name, {stratum: len(found[name, stratum]) for stratum in sizes}, chosen


def draw(args):
    os.makedirs(args.out, exist_ok=True)
    for name, _, chosen in drawn(args):
        every = [p for ps in chosen.values() for p in ps]
        random.Random(f"{args.seed} {name}").shuffle(every)
        with open(os.path.join(args.out, name + ".jsonl"), "w", encoding="utf-8") as file:
            for p in every:
                own = {key: p[key] for key in ("id", "page", "section", "text")}
                file.write(json.dumps(own, ensure_ascii=False) + "\n")
        print(name, len(every))


def score(args):
    number = random.Random(args.seed)
    for name, sizes, chosen in drawn(args):
        path = os.path.join(args.out, name + ".read.jsonl")
        read = {r["id"]: r for r in map(json.loads, open(path, encoding="utf-8"))}
        unread = [p["id"] for ps in chosen.values() for p in ps if p["id"] not in read]
        if unread:
            raise SystemExit(f"{path}: {len(unread)} of the paragraphs drawn have not been read, such as {unread[0]}")
        said = {stratum: [bool(read[p["id"]].get("context")) for p in ps] for stratum, ps in chosen.items()}

        def rates(take):
            right = sizes["marked"] * take(said["marked"])
            missed = sum(sizes[stratum] * take(said[stratum]) for stratum in ("front", "other"))
            return take(said["marked"]), right / (right + missed) if right + missed else 1.0

        point = rates(lambda own: sum(own) / len(own) if own else 0)
        whole = {s: len(own) == sizes[s] for s, own in said.items()}
        draws = []
        for _ in range(10_000):
            def posterior(own):
                stratum = next(s for s in said if said[s] is own)
                return sum(own) / max(1, len(own)) if whole[stratum] else number.betavariate(sum(own) + 1, len(own) - sum(own) + 1)
            draws.append(rates(posterior))
        interval = [[sorted(d[at] for d in draws)[int(10_000 * q)] for q in (0.025, 0.975)] for at in (0, 1)]
        print(f"{name}: of {sizes}, read {({s: f'{sum(own)} of {len(own)} are context' for s, own in said.items()})}")
        for at, what in enumerate(("precision", "recall")):
            print(f"  {what} {point[at]:.3f} ({interval[at][0]:.3f} to {interval[at][1]:.3f})")
        for stratum, wrong in (("marked", False), ("front", True), ("other", True)):
            for p, own in zip(chosen[stratum], said[stratum]):
                if own == wrong:
                    print(f"  {stratum}: {p['id']}{' boilerplate' if read[p['id']].get('boilerplate') else ''}")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("what", choices=("draw", "score"))
    for name in ("export", "reports", "out"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--number", type=int, default=100)
    ap.add_argument("--seed", type=int, default=23)
    args = ap.parse_args()
    {"draw": draw, "score": score}[args.what](args)


if __name__ == "__main__":
    main()
