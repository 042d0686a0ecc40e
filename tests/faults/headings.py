#!/usr/bin/env python3
"""Faults of headings, nesting and grades in what Findings exports, held against the printed pages.

headings.py --export EXPORT.jsonl --reports REPORTS.jsonl --folder FOLDER [--show N] [--only KIND] [--cache FILE]

EXPORT.jsonl   from `findings export`
REPORTS.jsonl  from `findings reports --format jsonl`
FOLDER         the folder that was indexed (only its PDFs are looked at)

The pages are read with PyMuPDF, and the program's own code and data are not used. Prints a count for each kind
and the first N cases. A case is a suspicion: whether it is a fault is for a reader to say.

- cell      a line with a grade alone in the cell next to it, after the front pages, whose words head no section
            with that grade
- area      an area's grade comes back after another area's, or a recommendation, or a fact of the area, is graded
- grade     a numbered paragraph whose grade is not that of the last heading printed above it with a grade
- ancestor  a heading in a path that is printed smaller than the one below it
- sibling   a heading in a path that is printed just like the one below it, and has text of its own
- closed    a heading in a path although a larger one has been printed since
- box       text outside a box that is filed below a heading inside it
- missed    a line in bold or large letters that is a paragraph of its own
- invented  a heading that is printed like the text around it, or is a row of a table
- mark      a heading that ends in the mark of a footnote
"""
import argparse, collections, json, os, pickle, re
import pymupdf as fitz

GRADES = r"(outstanding|good|adequate|requires? improvement(?: to be good)?|inadequate)"
ALONE = re.compile(rf"^(?:grade \d )?\(?{GRADES}\)?[.:]?$", re.I)
ENDS = re.compile(rf"^(.+?)\W(?:is |are |that |it |they )*{GRADES}\.?$", re.I)
TAIL = set("is are that it they requires require improvement to be good outstanding inadequate adequate not judged grade lscb".split())
AREA = re.compile(
    r"experiences? (and|,) progress|impact of leaders|leadership,? management and governance|adoption|care leavers"
    r"|safeguarding children('s)? board|lscb|judge?ment", re.I)


def words(text):
    text = (text or "").lower().replace("’", "").replace("‘", "").replace("'", "")
    return re.findall(r"[a-z0-9]+", text)


def family(label):
    label = " ".join(words(label))
    for name in ("outstanding", "good", "adequate", "inadequate"):
        if label.startswith(name):
            return name
    return "requires improvement" if label.startswith("require") else None


class Chunk:
    """Lines that belong together: one size, one weight, one left edge, no gap."""

    def __init__(self, page, text, box, size, bold, italic):
        self.page, self.text, self.box, self.size, self.bold = page, text, list(box), size, bold
        self.italic, self.base = italic, box[3]

    @property
    def place(self):
        return (self.page, self.box[1])


def segments(page, number):
    spans = []
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", []):
            if abs(line["dir"][0] - 1) < 0.01:
                spans += [s for s in line["spans"] if s["text"].strip()]
    spans.sort(key=lambda s: (round(s["origin"][1]), s["origin"][0]))
    made = []
    for s in spans:
        raised = bool(s["flags"] & 1)
        bold = bool(s["flags"] & 16) or "bold" in s["font"].lower() or "black" in s["font"].lower()
        italic = bool(s["flags"] & 2) or "italic" in s["font"].lower() or "oblique" in s["font"].lower()
        last = made[-1] if made else None
        near = last and abs(last.base - s["origin"][1]) < (0.6 * s["size"] if raised else 2.5)
        if near and -2 < s["bbox"][0] - last.box[2] < 1.2 * s["size"] and (raised or abs(last.size - s["size"]) < 3):
            if not raised:
                glue = " " if s["bbox"][0] - last.box[2] > 0.15 * s["size"] else ""
                last.text += glue + s["text"]
                last.bold = last.bold and bold
                last.italic = last.italic and italic
            last.box[2] = max(last.box[2], s["bbox"][2])
            continue
        if not raised:
            chunk = Chunk(number, s["text"], s["bbox"], round(s["size"], 1), bold, italic)
            chunk.base = s["origin"][1]
            made.append(chunk)
    return made


def chunks(page, number):
    made = []
    for seg in segments(page, number):
        for above in reversed(made[-6:]):
            leading = seg.base - above.base
            alike = above.bold == seg.bold and abs(above.size - seg.size) < 0.6
            if alike and abs(above.box[0] - seg.box[0]) < 3 and 0 < leading < 1.55 * seg.size:
                above.text += " " + seg.text
                above.base, above.box[3] = seg.base, seg.box[3]
                above.box[2] = max(above.box[2], seg.box[2])
                break
        else:
            made.append(seg)
    for chunk in made:
        chunk.text = " ".join(chunk.text.split())
    return made


def boxes(page):
    """Drawn frames that are neither lines nor the page, and small enough to be a box within the text."""
    lines, found = [], []
    for drawing in page.get_drawings():
        for item in drawing["items"]:
            if item[0] == "re" and item[1].width > 200 and item[1].height > 60:
                found.append(item[1])
            elif item[0] == "l" and abs(item[1].x - item[2].x) < 1 and abs(item[1].y - item[2].y) > 60:
                lines.append((item[1].x, min(item[1].y, item[2].y), max(item[1].y, item[2].y)))
            elif item[0] == "re" and item[1].width < 2 and item[1].height > 60:
                lines.append((item[1].x0, item[1].y0, item[1].y1))
    for x0, top, bottom in lines:
        for x1, top1, bottom1 in lines:
            if x1 - x0 > 200 and abs(top - top1) < 3 and abs(bottom - bottom1) < 3:
                found.append(fitz.Rect(x0, top, x1, bottom))
    whole = page.rect
    return [tuple(b) for b in found if b.width < 0.98 * whole.width and b.height < 0.95 * whole.height]


def read(path):
    document = fitz.open(path)
    pages, frames = [], []
    for number, page in enumerate(document, 1):
        pages += chunks(page, number)
        frames += [(number, box) for box in boxes(page)]
    weights = collections.Counter()
    for chunk in pages:
        if not chunk.bold:
            weights[chunk.size] += len(chunk.text)
    return pages, frames, (weights.most_common(1) or [(12, 0)])[0][0]


class Report:
    def __init__(self, record, paragraphs, pages, frames, body):
        self.record, self.paragraphs, self.pages, self.frames, self.body = record, paragraphs, pages, frames, body
        self.words = [words(c.text) for c in pages]
        self.starts = collections.defaultdict(list)
        for index, ws in enumerate(self.words):
            for size in (1, 3):
                self.starts[tuple(ws[:size])].append(index)
        for p in paragraphs:
            p["place"] = self.place(p)

    def place(self, p):
        """Where a paragraph begins: page and distance from the top."""
        ws = words(p["text"])
        if p["number"]:
            numbered = [p["number"]] + ws[:4]
        else:
            numbered = ws[:5]
        for index, chunk_words in enumerate(self.words):
            chunk = self.pages[index]
            if chunk.page != p["page"]:
                continue
            for wanted in (numbered, ws[:5]):
                if wanted and chunk_words[:len(wanted)] == wanted:
                    return chunk.place
        return None

    def printed(self, heading, before):
        """The last chunk above `before` that begins with the words of a heading."""
        ws = words(heading)
        best = None
        for index in self.starts.get(tuple(ws[:3]), self.starts.get(tuple(ws[:1]), [])):
            chunk, found = self.pages[index], self.words[index]
            if chunk.place > before or found[:len(ws)] != ws or len(found) > len(ws) + 8:
                continue
            if not (chunk.bold or chunk.size > self.body + 0.4 or len(found) == len(ws)):
                continue
            if not set(found[len(ws):]) <= TAIL:
                continue
            if re.search(r"(\.{3}|\s)\d+$", chunk.text) and chunk.page <= 3:
                continue  # contents
            if best is None or chunk.place > best.place:
                best = chunk
        return best


def cell(report):
    front = 2
    titles = [(words(h), family((p["grade"] or {}).get("label"))) for p in report.paragraphs for h in p["section"]]
    for right in report.pages:
        grade = ALONE.match(right.text)
        if not grade or right.page <= front:
            continue
        left = [c for c in report.pages if c.page == right.page and c.box[2] <= right.box[0] + 2
                and c.box[1] < right.box[3] + 6 and c.box[3] > right.box[1] - 6 and c.bold and 1 < len(words(c.text)) < 26]
        for c in left[:1]:
            ws = words(c.text)
            ok = any(f == family(grade[1]) and (t[:6] == ws[:6] or len(set(t) & set(ws)) >= 0.8 * len(set(ws))) for t, f in titles)
            if not ok:
                yield c.page, f"{c.text[:70]} | {right.text}"


def area(report):
    seen, last = set(), None
    for p in report.paragraphs:
        grade = p["grade"]
        if p["kind"] in ("recommendation", "context", "boilerplate") and grade:
            yield p["page"], f"{p['kind']} graded {grade['label']} in {' › '.join(p['section'])}"
        name = grade and grade["area"]
        if name and name != last:
            # The text of adoption and care leavers is inside that of children looked after.
            if name in seen and p["kind"] != "footnote":
                yield p["page"], f"again {name[:50]}: {p['text'][:50]}"
            seen.add(name)
        if name:
            last = name


def grade(report):
    marks = []
    for c in report.pages:
        if c.page < 2 or len(words(c.text)) > 30:
            continue
        ends = ENDS.match(c.text)
        if ends and AREA.search(c.text) and (c.bold or c.size > report.body + 1):
            marks.append((c.place, family(ends[2])))
        elif ALONE.match(c.text):
            beside = [d for d in report.pages if d.page == c.page and d is not c and (d.bold or d.size > report.body + 1) and AREA.search(d.text)
                      and d.box[1] < c.box[3] + 8 and d.box[3] > c.box[1] - 8 and d.box[0] < c.box[0]]
            if beside:
                marks.append((beside[0].place, family(ALONE.match(c.text)[1])))
    marks.sort()
    for p in report.paragraphs:
        if not p["number"] or p["kind"] in ("recommendation", "boilerplate", "context") or not p["place"]:
            continue
        above = [g for place, g in marks if place < p["place"]]
        want, made = above[-1] if above else None, family((p["grade"] or {}).get("label"))
        if want != made:
            yield p["page"], f"{p['number']}. printed {want}, made {made}: {' › '.join(p['section'])[-80:]}"


def paths(report):
    """Each path once, with the place of its first paragraph and the printed headings found."""
    seen = set()
    for p in report.paragraphs:
        path = tuple(p["section"])
        if path in seen or not p["place"]:
            continue
        seen.add(path)
        before = p["place"]
        found = []
        for heading in reversed(path):
            c = report.printed(heading, before)
            found.append(c)
            if c:
                before = c.place
        yield p, path, found[::-1]


def ancestor(report):
    for p, path, found in paths(report):
        for a, b, x, y in zip(path, path[1:], found, found[1:]):
            if x and y and y.size > x.size + 0.6:
                yield p["page"], f"{a[:50]} ({x.size}) › {b[:50]} ({y.size})"


def sibling(report):
    direct = {tuple(p["section"]) for p in report.paragraphs}
    for p, path, found in paths(report):
        for i, (x, y) in enumerate(zip(found, found[1:])):
            if x and y and abs(x.size - y.size) < 0.3 and x.bold == y.bold and abs(x.box[0] - y.box[0]) < 3 and path[:i + 1] in direct:
                yield p["page"], f"{path[i][:60]} › {path[i + 1][:60]}"


def closed(report):
    headings = {h for p in report.paragraphs for h in p["section"]}
    keys = {tuple(words(h))[:8] for h in headings if len(words(h)) > 1}
    for p, path, found in paths(report):
        for a, x in zip(path[:-1], found):
            if not x:
                continue
            since = [c for c in report.pages if x.place < c.place < p["place"] and c.size > x.size + 0.6
                     and tuple(words(c.text))[:8] in keys and tuple(words(c.text))[:8] not in {tuple(words(h))[:8] for h in path}]
            if since:
                yield p["page"], f"{a[:50]} ({x.size}) closed by {since[-1].text[:50]} ({since[-1].size}): {path[-1][:40]}"


def box(report):
    def inside(page, place):
        return any(n == page and b[1] - 3 < place[1] < b[3] + 3 for n, b in report.frames)
    if not report.frames:
        return
    for p in report.paragraphs:
        if not p["place"] or not p["section"]:
            continue
        c = report.printed(p["section"][-1], p["place"])
        if not c or not inside(c.page, c.place) or inside(*([p["place"][0], p["place"]])):
            continue
        if re.search(r"practice|case stud|example|places and spaces", p["section"][-1], re.I):
            yield p["page"], f"{p['section'][-1][:50]}: {p['text'][:60]}"


def missed(report):
    for p in report.paragraphs:
        text = p["text"].strip()
        if p["kind"] in ("boilerplate", "table", "footnote", "caption") or len(words(text)) > 14 or re.search(r"[.;,:]$", text) or not p["place"]:
            continue
        for index, c in enumerate(report.pages):
            if c.place == p["place"] and report.words[index] == words(text) and (c.bold or c.size > report.body + 1):
                yield p["page"], f"{text[:80]} | {' › '.join(p['section'])[-60:]}"
                break


def invented(report):
    told = set()
    for p, path, found in paths(report):
        for heading, c in zip(path, found):
            if heading.startswith("(") or heading in told:
                continue
            told.add(heading)
            if not c:
                continue
            plain = not c.bold and not c.italic and c.size <= report.body + 0.4
            beside = [d for d in report.pages if d.page == c.page and d.box[0] > c.box[2] and not ALONE.match(d.text) and not d.bold
                      and len(words(d.text)) > 2 and abs(d.box[1] - c.box[1]) < 4 and d.box[0] - c.box[0] < 300]
            if plain or beside:
                yield c.page, f"{'row' if beside else 'plain'}: {c.text[:80]}"


def mark(report):
    told = set()
    for p in report.paragraphs:
        for h in p["section"]:
            if h not in told and re.search(r"[a-z)?]\d{1,2}$", h):
                yield p["page"], h[:80]
            told.add(h)


KINDS = [cell, area, grade, ancestor, sibling, closed, box, missed, invented, mark]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("export", "reports", "folder"):
        ap.add_argument("--" + name, required=True)
    ap.add_argument("--show", type=int, default=10)
    ap.add_argument("--only")
    ap.add_argument("--cache", help="where the pages are kept between runs")
    args = ap.parse_args()
    cache = {}
    if args.cache and os.path.exists(args.cache):
        cache = pickle.load(open(args.cache, "rb"))
    known = len(cache)
    by_report = collections.defaultdict(list)
    for line in open(args.export, encoding="utf-8"):
        p = json.loads(line)
        by_report[p["sha256"]].append(p)
    found = {kind.__name__: [] for kind in KINDS}
    reports = [json.loads(line) for line in open(args.reports, encoding="utf-8")]
    for record in sorted(reports, key=lambda r: r["path"]):
        path = os.path.join(args.folder, record["path"])
        if not path.lower().endswith(".pdf"):
            continue
        if not os.path.exists(path):
            path = record["path"]
        if record["sha256"] not in cache:
            cache[record["sha256"]] = read(path)
        report = Report(record, by_report[record["sha256"]], *cache[record["sha256"]])
        for kind in KINDS:
            if args.only in (None, kind.__name__):
                found[kind.__name__] += [(record["path"], *case) for case in kind(report)]
    if args.cache and len(cache) > known:
        pickle.dump(cache, open(args.cache, "wb"))
    for name, cases in found.items():
        print(f"{name:9s} {len(cases):5d} in {len({c[0] for c in cases})} reports")
    for name, cases in found.items():
        if cases and args.show:
            print(f"\n{name}")
            for path, page, what in cases[:args.show]:
                print(f"  {path} p{page}: {what}")


if __name__ == "__main__":
    import headings  # so that what is cached is known by the module's name

    headings.main()
