#!/usr/bin/env python3
"""Estimates how well the topics tag, from what two readers said of the paragraphs drawn by sample.py.

    score.py judgements.jsonl [--toml]

Each line is one of `sample.jsonl` with `readers`, what each of the two readers said (1: the paragraph
is about the topic as its definition says). A paragraph is about it if both say so. Precision is the
share among the tagged ones. Recall is what is tagged of all that is about it in both strata, each
weighed by how many paragraphs it has. Intervals of 95% are those of 20,000 draws, by a fixed seed,
from the posteriors of both shares (Jeffreys priors). Prints a table with Cohen's kappa, or with
--toml the file that the program embeds.
"""
import collections, json, random, sys

# First and last year. Estimates are made where both strata have this many paragraphs.
ERAS = [(2009, 2017), (2018, 2100)]
ENOUGH = {"tagged": 15, "near": 50}
TWELVE = 100


def interval(draws):
    draws.sort()
    return draws[int(0.025 * len(draws))], draws[int(0.975 * len(draws))]


def estimate(rows, whole):
    """Precision and recall, each with its interval, in per cent; None where nothing is tagged. What of
    a stratum is of an era is taken to be as much as of its sample."""
    counts = {}
    for stratum in ("tagged", "near"):
        own, drawn = ([row for row in some if row["stratum"] == stratum] for some in (rows, whole))
        weight = drawn[0]["of"] * len(own) / len(drawn) if own else 0
        counts[stratum] = (sum(all(row["readers"]) for row in own), len(own), weight)
    (right, read, tagged), (missed, near, pool) = counts["tagged"], counts["near"]
    if not read or not near:
        return None
    recall = lambda p, q: tagged * p / (tagged * p + pool * q) if p + q else 1
    chance = random.Random(1)
    draws = [
        (chance.betavariate(right + 0.5, read - right + 0.5), chance.betavariate(missed + 0.5, near - missed + 0.5))
        for _ in range(20000)
    ]
    value = [right / read, recall(right / read, missed / near)]
    ends = [interval([p for p, _ in draws]), interval([recall(p, q) for p, q in draws])]
    # A share that is whole is the upper end itself.
    return [
        [round(100 * v), min(round(100 * low), round(100 * v)), max(round(100 * high), round(100 * v))]
        for v, (low, high) in zip(value, ends)
    ]


def table(estimate):
    return "{ percent = %d, low = %d, high = %d }" % tuple(estimate)


def quality(read, found):
    return f"read = {read}\nprecision = {table(found[0])}\nrecall = {table(found[1])}"


def kappa(rows):
    both = collections.Counter(tuple(row["readers"]) for row in rows)
    total = len(rows)
    agreed = (both[0, 0] + both[1, 1]) / total
    yes = [sum(n for pair, n in both.items() if pair[at]) / total for at in (0, 1)]
    chance = yes[0] * yes[1] + (1 - yes[0]) * (1 - yes[1])
    return agreed, (agreed - chance) / (1 - chance) if chance < 1 else 1.0


def main():
    rows = [json.loads(line) for line in open(sys.argv[1])]
    topics = collections.OrderedDict()
    for row in rows:
        topics.setdefault(row["topic"], []).append(row)
    toml = "--toml" in sys.argv
    if toml:
        print("# How well the embedded topics tag: written by tests/topics/score.py from what two readers said.")
        print("# Estimates and the ends of their 95% intervals, in per cent.")
    for topic, own in topics.items():
        found = estimate(own, own)
        if found is None:
            continue
        eras = []
        for first, last in ERAS:
            part = [row for row in own if row["year"] and first <= row["year"] <= last]
            enough = all(
                sum(row["stratum"] == stratum for row in part) >= many for stratum, many in ENOUGH.items()
            )
            if enough and (of_era := estimate(part, own)):
                years = [row["year"] for row in part]
                eras.append((max(first, min(years)), min(last, max(years)), len(part), of_era))
        if toml:
            print(f'\n[[topic]]\nid = "{topic}"\nversion = "{own[0]["version"]}"')
            print(f"[topic.quality]\n{quality(len(own), found)}")
            for first, last, read, era in eras:
                print(f"[[topic.eras]]\nfirst = {first}\nlast = {last}")
                print(f"[topic.eras.quality]\n{quality(read, era)}")
        else:
            said = "  ".join(f"{f}-{l}: {e[0]} {e[1]}" for f, l, _, e in eras)
            star = "*" if len(own) > TWELVE else " "
            print(f"{star} {topic:24} precision {found[0]!s:15} recall {found[1]!s:15} {said}")
    if not toml:
        agreed, k = kappa(rows)
        print(f"{len(rows)} paragraphs, readers agree in {100 * agreed:.1f}%, kappa {k:.2f}")


main()
