#!/usr/bin/env python3
"""Counts what goes wrong in reports of no known framework.

    findings --index DIR export > paragraphs.jsonl
    findings --index DIR reports --format jsonl > reports.jsonl
    python3 tests/faults/others.py paragraphs.jsonl reports.jsonl FOLDER [--all] [--show N]

FOLDER holds the PDFs that were indexed. Only reports of an unknown framework are looked at, unless
--all is given. Uses nothing of the program but its output; the pages are read with pdftotext.
"""
import argparse
import collections
import json
import pathlib
import re
import subprocess

NUMBER = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){1,3}\.?|\d{1,3}[.)])\s+(?=\S)")
CAPTION = re.compile(r"^(figure|fig\.|table|chart|map|graph|box)\s+[A-Z]?\d+([.-]\d+)*\s*[:.–-]?\s+[A-Z‘“]", re.I)
NOTES = re.compile(r"^(\d+\.?\s+)?((end|foot)\s?-?notes?|notes|references)$", re.I)
WORD = re.compile(r"[^\W_]+")


def words(text):
    return [w.lower() for w in WORD.findall(text.replace("ﬁ", "fi").replace("ﬂ", "fl"))]


def pages_of(path):
    out = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=False)
    return out.stdout.decode("utf-8", "replace").split("\f")


def furniture(pages):
    """Lines at the top or bottom of at least a third of the pages, numbers apart."""
    shape = lambda line: re.sub(r"\d+", "#", re.sub(r"\s+", " ", line.strip()))
    seen = collections.Counter()
    edges = []
    for page in pages:
        lines = [line for line in page.splitlines() if line.strip()]
        edge = {shape(line) for line in lines[:3] + lines[-3:]}
        edges.append(edge)
        seen.update(edge)
    often = {s for s, n in seen.items() if n >= max(2, len(pages) // 3)}
    return lambda line: shape(line) in often or re.fullmatch(r"\s*\d{1,3}\s*", line) is not None


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("paragraphs")
    ask.add_argument("reports")
    ask.add_argument("folder")
    ask.add_argument("--all", action="store_true")
    ask.add_argument("--show", type=int, default=10)
    args = ask.parse_args()

    reports = {}
    for line in open(args.reports, encoding="utf-8"):
        report = json.loads(line)
        if args.all or report["framework"] == "unknown":
            reports[report["id"]] = report
    paragraphs = collections.defaultdict(list)
    for line in open(args.paragraphs, encoding="utf-8"):
        paragraph = json.loads(line)
        if paragraph["report"] in reports:
            paragraphs[paragraph["report"]].append(paragraph)

    faults = collections.defaultdict(list)
    kinds = collections.Counter()
    for report, own in paragraphs.items():
        numbered = [NUMBER.match(p["text"]) for p in own]
        # A number in the text is a fault where others of its form follow each other.
        forms = collections.Counter(m.group(1).count(".") > 1 or not m.group(1).endswith((".", ")")) for m in numbered if m)
        for p, match in zip(own, numbered):
            kinds[p["kind"]] += 1
            kinds["(numbered)"] += p["number"] is not None
            if match and p["number"] is None and p["kind"] not in ("table", "footnote", "boilerplate"):
                dotted = match.group(1).count(".") > 1 or not match.group(1).endswith((".", ")"))
                if forms[dotted] >= 3:
                    faults["number in the text"].append((p["id"], p["text"][:60]))
            if CAPTION.match(p["text"]) and p["kind"] != "caption" and len(p["text"]) < 160:
                faults["caption of another kind"].append((p["id"], p["kind"], p["text"][:60]))
            if any(NOTES.match(h) for h in p["section"]) and p["kind"] not in ("footnote", "boilerplate"):
                faults["end note of another kind"].append((p["id"], p["kind"], p["text"][:60]))
        for section in {tuple(p["section"]) for p in own}:
            for heading in section:
                if CAPTION.match(heading):
                    faults["caption as a heading"].append((report, heading[:60]))

    lost = total = 0
    for report, record in reports.items():
        path = pathlib.Path(args.folder) / record["path"]
        if not path.exists():
            found = list(pathlib.Path(args.folder).rglob(pathlib.Path(record["path"]).name))
            path = found[0] if found else path
        if path.suffix.lower() != ".pdf" or not path.exists():
            continue
        held = set()
        texts = [record["title"] or ""]
        for p in paragraphs[report]:
            texts += ["/".join([p["number"] or "", p["text"]]), *p["section"]]
        for section in record.get("sections") or []:
            texts += section["path"]
        texts += [f"{j['area']} {j['label']}" for j in record["judgements"]]
        for text in texts:
            own = words(text)
            held.update(own)
            held.update(zip(own, own[1:]))
        pages = pages_of(path)
        is_furniture = furniture(pages)
        for number, page in enumerate(pages, 1):
            for line in page.splitlines():
                if not line.strip() or is_furniture(line):
                    continue
                # A line is lost if most pairs of its words are nowhere in the report.
                # A number at its beginning may have become the paragraph's, or a note's mark.
                own = words(re.sub(r"^\s*\d[\d.]*\s+", "", line))
                pairs = list(zip(own, own[1:])) or own
                missing = [pair for pair in pairs if pair not in held]
                total += len(own)
                if len(missing) * 2 > len(pairs) and any(not w.isdigit() for w in own):
                    lost += len(own)
                    faults["line in no paragraph"].append((report, number, line.strip()[:80]))

    print(f"{len(reports)} reports, {sum(map(len, paragraphs.values()))} paragraphs: "
          + ", ".join(f"{n} {k}" for k, n in kinds.most_common()))
    print(f"words on pages {total}, lost with their lines {lost}")
    for kind in ("number in the text", "caption of another kind", "caption as a heading",
                 "end note of another kind", "line in no paragraph"):
        print(f"{len(faults[kind]):6} {kind}")
        for case in faults[kind][: args.show]:
            print("        ", *case)


if __name__ == "__main__":
    main()
