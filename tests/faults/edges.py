#!/usr/bin/env python3
"""Paragraphs that begin in lower case or end without a stop, and what the page says of each.

edges.py --reports REPORTS.jsonl --paragraphs PARAGRAPHS.jsonl --folder FOLDER [--sample 60] [--seed 23]

REPORTS.jsonl is from `findings reports --format jsonl`, PARAGRAPHS.jsonl from `findings export`, FOLDER what was
indexed. Needs PyMuPDF. Of findings, summaries, recommendations, bullets and context only. Each has the first cause that
applies; the pages are read by PyMuPDF, and of the export only `boxes`, `kind` and `text` are used:

  reference     ends with words in brackets after its stop, such as the paragraphs that it refers to
  list          an item of a list: a bullet, dash, number or letter is printed before it
  name          begins with a name that is written so (e-, i-, eCAF)
  cell          other text is printed next to it, as in a table
  heading       a few words in bold or larger letters
  followed      ends without a stop, and what is printed after it begins anew: a number, a bullet, a heading, a gap
                and then a capital, or a capital on the next page
  broken        the print goes on in lower case where it ends, or comes before it without a stop: the paragraph is
                parted, or has lost words
  unexplained   none of these, or without boxes

Prints a table of causes by kind, and with --sample so many of them with the lines around them on the page, to read: all
broken and unexplained ones, then a seeded choice of the others, of `followed` before the rest. A reader decides.
"""
import argparse, collections, json, os, random, re, sys, warnings

warnings.simplefilter("ignore")
import fitz  # noqa: E402

KINDS = ("finding", "summary", "recommendation", "bullet", "context")
CAUSES = ("reference", "list", "name", "cell", "heading", "followed", "broken", "unexplained")
CLOSERS = "’'”\")]"
STOPS = (".", "!", "?", ":", ";", "…")
LABEL = re.compile(r"^([^\w\s(‘’“\"'£]{1,2}|o|[⎯–—-]|\(?(\d{1,3}|[a-z]|[ivx]{1,4})[.)])$")
NAME = re.compile(r"^(e|i|m)-?[A-Za-z]*[A-Z]|^e-\w|^e[A-Z]|^i-[A-Z]")


def is_open(text):
    text = text.rstrip()
    return not (text.endswith(STOPS) or text.rstrip(CLOSERS).endswith(STOPS))


class Page:
    """Lines of a page from top to bottom: box, text, size, whether bold."""

    def __init__(self, page):
        self.height = page.rect.height
        self.lines = []
        for block in page.get_text("dict")["blocks"]:
            for line in block.get("lines", []):
                spans = [s for s in line["spans"] if s["text"].strip()]
                if spans:
                    box = [min(s["bbox"][0] for s in spans), min(s["bbox"][1] for s in spans),
                           max(s["bbox"][2] for s in spans), max(s["bbox"][3] for s in spans)]
                    size = max(s["size"] for s in spans)
                    bold = all("bold" in s["font"].lower() or s["flags"] & 16 for s in spans)
                    self.lines.append((box, " ".join("".join(s["text"] for s in line["spans"]).split()), size, bold))
        self.lines.sort(key=lambda line: (line[0][1] + line[0][3]) / 2)

    def within(self, box):
        return [line for line in self.lines if middle(line) > box[1] - 1 and middle(line) < box[3] + 1
                and min(line[0][2], box[2]) - max(line[0][0], box[0]) > 1]

    def level(self, line):
        return [other for other in self.lines if other is not line and abs(middle(other) - middle(line)) < 4]

    def is_labelled(self, line):
        """Whether a bullet, dash, number or letter is printed before it."""
        beside = [l for l in self.level(line) if l[0][2] <= line[0][0] + 2]
        return LABEL.match(line[1].split(" ")[0]) or any(LABEL.match(l[1].split(" ")[-1]) for l in beside)

    def body(self):
        """The lines that are neither header nor footer."""
        return [line for line in self.lines if 0.07 * self.height < middle(line) < 0.915 * self.height]


def middle(line):
    return (line[0][1] + line[0][3]) / 2


class Report:
    def __init__(self, path):
        self.file = fitz.open(path)
        self.pages = {}

    def page(self, number):
        if 1 <= number <= len(self.file):
            if number not in self.pages:
                self.pages[number] = Page(self.file[number - 1])
            return self.pages[number]
        return None


def cause(report, paragraph, small):
    """The cause, and the lines before and after the paragraph."""
    text = paragraph["text"].strip()
    if not paragraph["boxes"]:
        return "unexplained", "", ""
    first_box, last_box = paragraph["boxes"][0], paragraph["boxes"][-1]
    first_page, last_page = report.page(first_box[0]), report.page(last_box[0])
    first_lines, last_lines = first_page.within(first_box[1:]), last_page.within(last_box[1:])
    if not first_lines or not last_lines:
        return "unexplained", "", ""
    first, last = first_lines[0], last_lines[-1]
    above = [l for l in first_page.body() if middle(l) < middle(first) - 4 and l[2] >= 0.9 * first[2] and len(l[1]) > 1]
    if not above and report.page(first_box[0] - 1):
        above = [l for l in report.page(first_box[0] - 1).body() if l[2] >= 0.9 * first[2]]
    below = [l for l in last_page.body() if middle(l) > middle(last) + 4 and l[2] >= 0.9 * last[2] and len(l[1]) > 1]
    turned = not below
    if turned and report.page(last_box[0] + 1):
        below = [l for l in report.page(last_box[0] + 1).body() if l[2] >= 0.9 * last[2]]
    before, after = (above[-1] if above else None), (below[0] if below else None)
    shown = (before[1] if before else "", after[1] if after else "")
    lower = text[0].islower()
    if re.search(r"[.!?;:]['’”]? ?\([^()]{3,120}\)$", text) and not lower:
        return "reference", *shown
    after_page = report.page(last_box[0] + 1) if turned else last_page
    begins = after is not None and after_page.is_labelled(after)
    goes_on = after is not None and after[1][0].islower() and not begins
    if first_page.is_labelled(first) and not (is_open(text) and goes_on):
        return "list", *shown
    if lower and NAME.match(text) and not is_open(text):
        return "name", *shown
    others = [l for l in first_page.level(first) if not LABEL.match(l[1]) and len(l[1]) > 3
              and (l[0][0] > first_box[3] + 4 or l[0][2] < first_box[1] - 4)]
    if others:
        return "cell", *shown
    if len(text.split()) < 14 and (first[3] or first[2] > small + 0.8):
        return "heading", *shown
    parted_before = lower and before is not None and is_open(before[1])
    if lower:
        return ("broken" if parted_before or before is None else "unexplained"), *shown
    if after is None:
        return "followed", *shown
    gap = turned or middle(after) - middle(last) > 1.35 * (last[0][3] - last[0][1])
    starts = after[1][0]
    anew = starts.isdigit() or begins or after[3] != last[3] or abs(after[2] - last[2]) > 0.8
    if anew or ((gap or last[0][2] < last_box[3] - 40) and not starts.islower()):
        return "followed", *shown
    return ("broken" if starts.islower() else "unexplained"), *shown


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("reports", "paragraphs", "folder"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--sample", type=int, default=0)
    ap.add_argument("--seed", type=int, default=23)
    args = ap.parse_args()
    read = lambda path: [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]
    reports = {r["id"]: r for r in read(args.reports)}
    by_report = collections.defaultdict(list)
    for p in read(args.paragraphs):
        if p["kind"] in KINDS:
            by_report[p["report"]].append(p)
    counts, cases, all_ = collections.Counter(), [], collections.Counter()
    for rid, paragraphs in by_report.items():
        path = reports[rid]["path"]
        if not path.lower().endswith(".pdf"):
            continue
        path = os.path.join(args.folder, path)
        if not os.path.exists(path):
            path = os.path.join(os.path.dirname(os.path.abspath(args.folder)), reports[rid]["path"])
        report = Report(path)
        sizes = collections.Counter()
        for number in range(1, len(report.file) + 1):
            for line in report.page(number).lines:
                sizes[round(line[2], 1)] += len(line[1])
        usual = sizes.most_common(1)[0][0]
        for p in paragraphs:
            all_[p["kind"]] += 1
            text = p["text"].strip()
            if text[0].islower() or is_open(text):
                found, before, after = cause(report, p, usual)
                counts[(found, p["kind"])] += 1
                cases.append((found, p, before, after))
    print(f"{'':12s}" + "".join(f"{kind:>16s}" for kind in KINDS) + f"{'all':>8s}")
    for name in CAUSES:
        row = [counts[(name, kind)] for kind in KINDS]
        print(f"{name:12s}" + "".join(f"{n:16d}" for n in row) + f"{sum(row):8d}")
    row = [sum(counts[(name, kind)] for name in CAUSES) for kind in KINDS]
    print(f"{'these':12s}" + "".join(f"{n:16d}" for n in row) + f"{sum(row):8d}")
    print(f"{'all':12s}" + "".join(f"{all_[kind]:16d}" for kind in KINDS) + f"{sum(all_.values()):8d}")
    chance = random.Random(args.seed)
    rank = {"unexplained": 0, "broken": 1, "followed": 2}
    cases.sort(key=lambda one: one[1]["id"])
    cases = sorted(chance.sample(cases, len(cases)), key=lambda one: rank.get(one[0], 3))
    for found, p, before, after in cases[:args.sample]:
        text = p["text"]
        print(f"\n{found}: {p['id']} ({p['kind']}, page {p['page']}–{p['page_end']}, {' › '.join(p['section'])[-70:]})")
        print(f"   before:  … {before[-90:]}\n   begins:  {text[:70]}\n   ends:    … {text[-70:]}\n   after:   {after[:90]} …")


if __name__ == "__main__":
    sys.exit(main())
