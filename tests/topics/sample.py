#!/usr/bin/env python3
"""Draws the paragraphs by which the topics are measured.

    sample.py PROGRAM INDEX --seed 27 [--into FOLDER]

Only reports whose hash begins with an odd digit are drawn from: the others may be read while topics
are mended. Twelve topics, six that are named here and six that are drawn, give 40 tagged paragraphs
and 150 untagged ones, all others 10 and 30. The untagged ones are drawn from those *near* the topic:
the first that the program finds for the words of its name and its definition as alternatives, by
words alone, as many as there are tagged ones but at least 150.

Writes `sample.jsonl`: id, hash of the report and of the text, topic with its version, stratum, how
many paragraphs it has and, without regard to the seed, nothing of the text. With --into, it also
writes for each topic what a reader gets: name, definition, and the texts of both strata, shuffled.
"""
import argparse, hashlib, json, pathlib, random, re, subprocess, sys

NAMED = ["reunification", "workforce", "caseloads", "kinship", "sufficiency", "unregistered"]
# Words of grammar, and those that nearly every paragraph has.
SKIPPED = set(
    "a an the of and or in to for from with by at on who whom which that their its is are be it them "
    "they this what when where how up down out not no as than so other into there near enough before "
    "after count counts does children child".split()
)


def words(text):
    found = re.findall(r"[a-z0-9]+", text.lower().replace("’", "'").replace("'s", ""))
    return list(dict.fromkeys(w for w in found if len(w) > 1 and w not in SKIPPED))


def lines(*command):
    out = subprocess.run(command, capture_output=True, text=True)
    if out.returncode > 1:
        sys.exit(out.stderr)
    return out.stdout


def year(report):
    found = re.search(r"-(\d{4})-\d\d-\d\d", report)
    return int(found[1]) if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("index")
    parser.add_argument("--seed", type=int, default=27)
    parser.add_argument("--into", type=pathlib.Path)
    asked = parser.parse_args()
    at = ["--index", asked.index]
    held = {}
    for line in lines(asked.program, "export", *at).splitlines():
        paragraph = json.loads(line)
        if int(paragraph["sha256"][0], 16) % 2 and paragraph["kind"] != "boilerplate":
            held[paragraph["id"]] = paragraph
    topics = json.loads(lines(asked.program, "topics", "-f", "json", *at))
    ids = [topic["id"] for topic in topics]
    drawn = random.Random(asked.seed).sample(sorted(set(ids) - set(NAMED)), 6)
    rows = []
    for topic in ids:
        detail = json.loads(lines(asked.program, "topics", "show", topic, "-f", "json", *at))
        tagged = sorted(id for id, own in held.items() if topic in own["topics"])
        query = " OR ".join(words(detail["name"] + " " + detail["definition"]))
        options = ["--limit", "40000", "--repeats", "--words-only", "-f", "json"]
        hits = json.loads(lines(asked.program, "search", query, *options, *at))["hits"]
        near = [hit["id"] for hit in hits if topic not in held.get(hit["id"], {"topics": [topic]})["topics"]]
        near = near[: max(150, len(tagged))]
        big = topic in NAMED + drawn
        own = []
        for stratum, pool, many in [
            ("tagged", tagged, 40 if big else 10),
            ("near", sorted(near), 150 if big else 30),
        ]:
            draw = random.Random(f"{asked.seed} {topic} {stratum}")
            for id in draw.sample(pool, min(many, len(pool))):
                text = held[id]["text"]
                own.append({
                    "topic": topic, "version": detail["version"], "stratum": stratum, "of": len(pool),
                    "id": id, "sha256": held[id]["sha256"][:16], "year": year(held[id]["report"]),
                    "text": hashlib.sha256(text.encode()).hexdigest()[:16],
                })
        random.Random(f"{asked.seed} {topic}").shuffle(own)
        rows += own
        if asked.into:
            asked.into.mkdir(parents=True, exist_ok=True)
            with open(asked.into / f"{topic}.txt", "w") as out:
                print(f"TOPIC {topic}: {detail['name']}\nDEFINITION: {detail['definition']}\n", file=out)
                for number, row in enumerate(own, 1):
                    section = " > ".join(held[row["id"]]["section"])[-100:]
                    print(f"--- {number} (under: {section})\n{held[row['id']]['text']}\n", file=out)
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


main()
