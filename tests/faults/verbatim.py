#!/usr/bin/env python3
"""Whether each paragraph says what its pages print, read by another reader.

    findings export > PARAGRAPHS.jsonl
    findings reports --format jsonl > REPORTS.jsonl
    tests/faults/verbatim.py REPORTS.jsonl PARAGRAPHS.jsonl FOLDER [--show 20] [--list OUT.jsonl]

Reads every PDF of the index below FOLDER with pdftotext (-bbox-layout) and looks for the letters of each
paragraph, in order and without a gap, among the words of its pages: in the order of pdftotext's columns, or
line by line. Uses neither tags nor anything that Findings has found but `page`, `page_end` and `text`.
Prints how many paragraphs are printed as quoted, and the rest by kind:

  cells       in parts, each of which is whole lines of the page: a row of a table, a box
  mark        but for footnote marks, or a printed number in the text
  apart       words are joined or split
  hyphen      a hyphen inside a line is missing or was added
  over text   goes on over text that is no header, footer or footnote
  left out    the page has words in the middle that the paragraph lacks
  order       all its words are on its pages, in another order
  other words has words that its pages lack

Then it counts paragraphs that are on an earlier page than the paragraph before them.

The first two need no mending by themselves. A hyphen at a line's end may stay or go.
"""
import argparse
import collections
import difflib
import json
import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from html import unescape

FOLDED = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}
WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
KINDS = ["cells", "mark", "apart", "hyphen", "over text", "left out", "order", "other words"]
BULLETS = set("•■▪◼◾●○◦□▫‣⁃➢✓✔∙·")


def folded(text):
    text = unicodedata.normalize("NFKC", text)
    return "".join(FOLDED.get(c, c) for c in text)


def is_letter(c):
    """Everything that is compared: no space, hyphen, bullet or invisible character."""
    return not (c.isspace() or c == "-" or c in BULLETS or unicodedata.category(c) in ("Cf", "Co", "Cc", "Cn"))


class Stream:
    """Letters in order; before which of them a word begins, a line begins, a hyphen is printed."""

    def __init__(self):
        self.text, self.words, self.lines, self.hyphens, self.ends = [], set(), set(), set(), set()

    def add(self, word, begins_line, small=False):
        at = len(self.text)
        self.words.add(at)
        if begins_line:
            self.lines.add(at)
        for c in word:
            if c == "-":
                self.hyphens.add(len(self.text))
            elif is_letter(c):
                self.text.append(c)

    def done(self):
        self.text = "".join(self.text)
        return self


def pages_of(path):
    """Each page: its height and blocks of lines of words (left, top, right, bottom, text)."""
    out = subprocess.run(["pdftotext", "-bbox-layout", path, "-"], capture_output=True, text=True, errors="replace").stdout
    pages, page = [], None
    for line in out.splitlines():
        line = line.strip()
        if line.startswith("<page"):
            page = (float(re.search(r'height="([\d.]+)"', line)[1]), [])
            pages.append(page)
        elif line.startswith("<block"):
            page[1].append([])
        elif line.startswith("<line"):
            page[1][-1].append([])
        elif line.startswith("<word"):
            x0, y0, x1, y1, text = WORD.match(line).groups()
            page[1][-1][-1].append((float(x0), float(y0), float(x1), float(y1), folded(unescape(text))))
    return pages


def by_lines(blocks):
    """All words of a page, line by line over the whole width."""
    words = sorted((w for block in blocks for line in block for w in line), key=lambda w: (w[3] + w[1]) / 2)
    lines = []
    for w in words:
        middle = (w[1] + w[3]) / 2
        if lines and middle - lines[-1][0] < 0.45 * max(w[3] - w[1], lines[-1][1]):
            lines[-1][2].append(w)
            if w[3] - w[1] > lines[-1][1]:
                lines[-1][0], lines[-1][1] = middle, w[3] - w[1]
        else:
            lines.append([middle, w[3] - w[1], [w]])
    return [sorted(line[2]) for line in lines]


def stream(lines):
    s = Stream()
    for line in lines:
        for place, word in enumerate(line):
            s.add(word[4], place == 0)
    return s.done()


def unmarked(lines):
    """The lines without footnote marks: small figures, and figures glued to a word."""
    kept = []
    for line in lines:
        tallest = max((w[3] - w[1] for w in line), default=0)
        small = lambda w: w[3] - w[1] < 0.8 * tallest and re.fullmatch(r"[\d,*]+", w[4])
        kept.append([(*w[:4], re.sub(r"(?<=[^\W\d])\d{1,2}(?=\W*$)|(?<=[.,;:)'\"])\d{1,2}$", "", w[4])) for w in line if not small(w)])
    return kept


def shape(line):
    return re.sub(r"\d+", "#", "".join(w[4] for w in line))


class Document:
    def __init__(self, path):
        pages = pages_of(path)
        self.orders, self.quiet = [], []
        seen = collections.Counter()
        for height, blocks in pages:
            for shaped in {shape(line) for line in by_lines(blocks) if line[0][1] < 0.15 * height or line[0][3] > 0.83 * height}:
                seen[shaped] += 1
        for height, blocks in pages:
            flowing = [line for block in blocks for line in block]
            across = by_lines(blocks)
            self.orders.append([stream(flowing), stream(across), stream(unmarked(flowing)), stream(unmarked(across))])
            sizes = collections.Counter(round(w[3] - w[1]) for line in across for w in line)
            usual = sizes.most_common(1)[0][0] if sizes else 0
            quiet = set()  # words of furniture and of footnotes, which a paragraph may pass over
            for line in across:
                small = sum(round(w[3] - w[1]) < usual for w in line) > 0.6 * len(line)
                edge = line[0][1] < 0.15 * height or line[0][3] > 0.83 * height
                if small or (edge and (seen[shape(line)] > 1 or re.fullmatch(r"#?", shape(line)))):
                    quiet.update(w[4] for w in line)
            self.quiet.append(quiet)

    def passed(self, page, order, start, end):
        """Words between two letters of a page that are neither furniture nor footnotes."""
        s = self.orders[page][order]
        bounds = sorted(at for at in s.words if start <= at < end) + [end]
        words = [s.text[a:b] for a, b in zip(bounds, bounds[1:])]
        quiet = {"".join(c for c in w if is_letter(c)) for w in self.quiet[page]}
        return [w for w in words if w and w not in quiet]


def find(document, pages, letters):
    """Where the letters stand: [(page, order, place on it, length)], or None."""
    page, rest = pages[0], pages[1:]
    if not 0 <= page < len(document.orders):
        return None
    orders = document.orders[page]
    for order, s in enumerate(orders):
        at = s.text.find(letters)
        if at >= 0:
            return [(page, order, at, len(letters))]
    if not rest:
        return None
    for order, s in enumerate(orders):
        low, high = 0, len(letters)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if letters[:middle] in s.text else (low, middle - 1)
        for length in range(low, max(0, low - 40), -1):
            more = find(document, rest, letters[length:])
            if more:
                return [(page, order, s.text.rfind(letters[:length]), length)] + more
    return find(document, rest, letters)


def in_parts(document, pages, letters):
    """Whether the letters are parts that each begin and end a line."""
    parts, at = 0, 0
    streams = [s for page in pages if 0 <= page < len(document.orders) for s in document.orders[page]]
    ends = [s.lines | {len(s.text)} for s in streams]
    while at < len(letters):
        best = 0
        for s, stops in zip(streams, ends):
            low, high = 0, len(letters) - at
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (middle, high) if letters[at:at + middle] in s.text else (low, middle - 1)
            for length in range(low, max(0, low - 60), -1):
                start = s.text.find(letters[at:at + length])
                while start >= 0:
                    if start in s.lines and start + length in stops:
                        best = max(best, length)
                        break
                    start = s.text.find(letters[at:at + length], start + 1)
                if best >= length:
                    break
        if best == 0:
            return 0
        at += best
        parts += 1
    return parts


def words(text):
    return ["".join(c for c in w if is_letter(c)) for w in folded(text).split()]


def kind_of(document, paragraph):
    """The kind of difference, or None; and what to show of it."""
    cells = paragraph["text"].split(" | ")
    if len(cells) > 1:
        kinds = [kind_of(document, {**paragraph, "text": cell}) for cell in cells]
        return max(kinds, key=lambda one: KINDS.index(one[0] or "cells"), default=(None, "")) if any(k for k, _ in kinds) else ("cells", "")
    text = folded(paragraph["text"])
    own = Stream()
    for word in text.split():
        own.add(word, False)
    own.done()
    if not own.text:
        return None, ""
    pages = list(range(paragraph["page"] - 1, (paragraph.get("page_end") or paragraph["page"])))
    found = find(document, pages, own.text)
    if found:
        place = 0
        for number, (page, order, at, length) in enumerate(found):
            s = document.orders[page][order]
            for i in range(1, length):
                ours, theirs = place + i in own.words, at + i in s.words
                near = own.text[max(0, place + i - 15):place + i] + "|" + own.text[place + i:place + i + 15]
                ends_line = at + i in s.lines
                hyphen = (place + i in own.hyphens, at + i in s.hyphens)
                if hyphen[0] != hyphen[1] and not ends_line:
                    return "hyphen", near
                # pdftotext parts words at raised letters and before a stop after a footnote mark.
                raised = re.match(r"(th|st|nd|rd)(?![a-z])", own.text[place + i:]) and own.text[place + i - 1].isdigit()
                if theirs and not ours and (own.text[place + i] in ".,;:)" or raised):
                    continue
                if ours != theirs and not (ends_line and hyphen[1]) and not (hyphen[0] and hyphen[1]):
                    return "apart", near
            if number:
                before = found[number - 1]
                last = document.orders[before[0]][before[1]]
                passed = document.passed(before[0], before[1], before[2] + before[3], len(last.text))
                passed += document.passed(page, order, 0, at)
                if len(passed) > 12:
                    return "over text", " ".join(passed[:30])
            place += length
        return ("mark", "") if any(part[1] > 1 for part in found) else (None, "")
    if in_parts(document, pages, own.text):
        return "cells", ""
    ours = [w for w in words(text) if w]
    best = None
    for order in (0, 1):
        theirs = []
        for page in pages:
            if 0 <= page < len(document.orders):
                s = document.orders[page][order]
                bounds = sorted(s.words) + [len(s.text)]
                theirs += [s.text[a:b] for a, b in zip(bounds, bounds[1:]) if a < b]
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        blocks = [b for b in matcher.get_matching_blocks() if b.size]
        score = sum(b.size for b in blocks)
        if best is None or score > best[0]:
            best = (score, blocks, theirs)
    score, blocks, theirs = best
    held = collections.Counter(theirs)
    lacking = [w for w in ours if w not in held]
    gaps = []
    for a, b in zip(blocks, blocks[1:]):
        gaps.append((" ".join(ours[a.a + a.size:b.a]), " ".join(theirs[a.b + a.size:b.b])))
    shown = "; ".join(f"[{ours_}] for [{theirs_[:120]}]" for ours_, theirs_ in gaps[:4])
    letters = lambda t: re.sub(r"[^A-Za-z]", "", t)
    if gaps and all(letters(a) == letters(b) for a, b in gaps):
        return "mark", shown
    if lacking:
        return "other words", " ".join(lacking[:12]) + " :: " + shown
    if all(not a for a, _ in gaps) and score == len(ours):
        return "left out", shown
    return "order", shown


def main():
    parser = argparse.ArgumentParser(description="Paragraphs that their pages do not print as quoted.")
    parser.add_argument("reports")
    parser.add_argument("paragraphs")
    parser.add_argument("folder")
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--list")
    arguments = parser.parse_args()
    read = lambda path: (json.loads(line) for line in open(path, encoding="utf-8") if line.strip())
    paths = {r["id"]: r["path"] for r in read(arguments.reports) if r["path"].lower().endswith(".pdf")}
    by_report = collections.defaultdict(list)
    for paragraph in read(arguments.paragraphs):
        if paragraph["report"] in paths and paragraph.get("page"):
            by_report[paragraph["report"]].append(paragraph)

    def one(report):
        path = paths[report]
        for base in (arguments.folder, os.path.dirname(os.path.abspath(arguments.folder))):
            if os.path.exists(os.path.join(base, path)):
                path = os.path.join(base, path)
                break
        else:
            sys.exit(f"{path} is not below {arguments.folder}")
        document = Document(path)
        return [(p, *kind_of(document, p)) for p in by_report[report]]

    kinds, cases, total = collections.Counter(), collections.defaultdict(list), 0
    marked = collections.Counter()
    with ThreadPoolExecutor(2) as pool:
        for results in pool.map(one, by_report):
            for paragraph, kind, shown in results:
                total += 1
                kinds[kind or "as printed"] += 1
                said = paragraph.get("verbatim") is False
                marked[(kind or "as printed", said)] += 1
                if kind:
                    cases[kind].append((paragraph, shown))
    for kind, count in kinds.most_common():
        print(f"{kind:12s} {count:7d}  {100 * count / max(total, 1):7.3f}%   marked by Findings itself: {marked[(kind, True)]}")
    print(f"{'all':12s} {total:7d}")
    back = [(a, b) for all_ in by_report.values() for a, b in zip(all_, all_[1:]) if b["page"] < a["page"] and b["kind"] != "footnote"]
    print(f"paragraphs on an earlier page than the one before: {len(back)}", *(b["id"] for _, b in back[:arguments.show]))
    for kind in cases:
        if arguments.show:
            print(f"\n== {kind}")
        for paragraph, shown in cases[kind][:arguments.show]:
            print(f"  {paragraph['id']} p{paragraph['page']} ({paragraph['kind']}): {shown[:300]}")
    if arguments.list:
        with open(arguments.list, "w", encoding="utf-8") as out:
            for kind in cases:
                for paragraph, shown in cases[kind]:
                    row = {"kind": kind, "id": paragraph["id"], "page": paragraph["page"], "paragraph": paragraph["kind"], "shown": shown}
                    print(json.dumps(row, ensure_ascii=False), file=out)


if __name__ == "__main__":
    sys.exit(main())
