#!/usr/bin/env python3
"""Whether the boxes of each paragraph hold its words on the page, by another reader (poppler).

boxes.py EXPORT.jsonl FOLDER... [--show N]

EXPORT.jsonl comes from `findings export`, FOLDER holds the PDFs. For each paragraph of a PDF, the
words that `pdftotext -bbox -cropbox` has with their middle in one of its boxes are compared with
the words of its text: no more and no fewer. Words are runs of letters and digits, without case,
accents and compatibility forms; a word broken at the end of a line or glued to its neighbour
counts as the letters it is made of. Prints how many paragraphs agree, and the others by kind.

Nothing of Findings is imported: this is the check, not the work.
"""
import argparse, collections, hashlib, html, json, os, re, subprocess, unicodedata
from concurrent.futures import ThreadPoolExecutor

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def letters(text):
    text = unicodedata.normalize("NFKD", text).lower()
    return "".join(c for c in text if c.isalnum())


def page_words(path):
    """Per page: (x, y, word) of the middle of each word."""
    out = subprocess.run(["pdftotext", "-bbox", "-cropbox", path, "-"], capture_output=True).stdout
    pages = []
    for line in out.decode("utf-8", "replace").split("\n"):
        if line.lstrip().startswith("<page "):
            pages.append([])
        m = WORD.search(line)
        if m and pages:
            x0, y0, x1, y1 = map(float, m.groups()[:4])
            word = html.unescape(m.group(5))
            for part in re.split(r"[\s\u00a0]+", word):
                if letters(part):
                    pages[-1].append(((x0 + x1) / 2, (y0 + y1) / 2, part, (x0, y0, x1, y1)))
    return pages


def inside(pages, boxes):
    found = []
    seen = set()
    for page, left, top, right, bottom in boxes:
        words = pages[page - 1] if 0 < page <= len(pages) else []
        for place, (x, y, word, _) in enumerate(words):
            if left <= x <= right and top <= y <= bottom and (page, place) not in seen:
                seen.add((page, place))
                found.append(word)
    return found


def tokens(words):
    return [t for w in words for t in re.split(r"[^\w]+|_", unicodedata.normalize("NFKD", w).lower())
            if letters(t)]


def difference(text, printed):
    """The words that only one of them has, once words broken or glued are put together."""
    a, b = collections.Counter(map(letters, tokens(text.split()))), collections.Counter(map(letters, tokens(printed)))
    missing, more = a - b, b - a
    # A word broken at the end of a line is two in print: the same letters in all.
    for whole in list(missing):
        for first in list(more):
            rest = whole[len(first):]
            if whole.startswith(first) and rest and more[rest] > (first == rest) and more[first]:
                missing[whole] -= 1
                more[first] -= 1
                more[rest] -= 1
                break
    for whole in list(more):  # and words glued by the other reader are one
        for first in list(missing):
            rest = whole[len(first):]
            if whole.startswith(first) and rest and missing[rest] > (first == rest) and missing[first] > 0:
                more[whole] -= 1
                missing[first] -= 1
                missing[rest] -= 1
                break
    return sorted((+missing).elements()), sorted((+more).elements())


def kind(missing, more, paragraph, pages):
    ws = " ".join(missing + more)
    if not paragraph["boxes"]:
        return "no boxes"
    glued = [w for w in more if re.fullmatch(r"[a-z\u0370-\u03ff]+\d{1,2}", w)]
    if glued and len(glued) == len(more) and sorted(re.sub(r"\d+$", "", w) for w in more) == sorted(missing):
        return "footnote mark glued to its word by the other reader"
    if not missing and all(w.isdigit() and len(w) <= 2 for w in more):
        return "a footnote mark or number within"
    if "".join(sorted(ws.replace(" ", ""))) and sorted("".join(missing)) == sorted("".join(more)):
        return "the same letters, cut otherwise"
    if not more:
        return "words missing"
    if not missing:
        return "words of others"
    return "both"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("export")
    ap.add_argument("folders", nargs="+")
    ap.add_argument("--show", type=int, default=10)
    args = ap.parse_args()

    files = {}
    for folder in args.folders:
        for at, _, names in os.walk(folder):
            for name in names:
                if name.lower().endswith(".pdf"):
                    path = os.path.join(at, name)
                    files[hashlib.sha256(open(path, "rb").read()).hexdigest()] = path
    by_file = collections.defaultdict(list)
    for line in open(args.export, encoding="utf-8"):
        p = json.loads(line)
        by_file[p["sha256"]].append(p)

    total = agree = unpaged = rectangles = 0
    kinds = collections.defaultdict(list)
    wanted = [s for s in by_file if s in files]
    with ThreadPoolExecutor(2) as pool:
        for sha, pages in zip(wanted, pool.map(lambda s: page_words(files[s]), wanted)):
            for p in by_file[sha]:
                if p.get("boxes") is None:
                    unpaged += 1
                    continue
                total += 1
                rectangles += len(p["boxes"])
                missing, more = difference(p["text"], inside(pages, p["boxes"]))
                if not missing and not more:
                    agree += 1
                else:
                    kinds[kind(missing, more, p, pages)].append((files[sha], p, missing, more))
    print(f"{agree} of {total} paragraphs agree ({100 * agree / max(total, 1):.2f}%), "
          f"{rectangles / max(total, 1):.2f} boxes each; {unpaged} without boxes; "
          f"{len(by_file) - len(wanted)} reports without their file")
    for name, cases in sorted(kinds.items(), key=lambda k: -len(k[1])):
        print(f"  {len(cases):5} {name}")
        for path, p, missing, more in cases[: args.show]:
            print(f"        {os.path.basename(path)} {p['id']} page {p['page']}: "
                  f"missing {missing[:6]} more {more[:6]}")


if __name__ == "__main__":
    main()
