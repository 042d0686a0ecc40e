"""Lays a source out on A4 pages, tagged as a word processor tags what it exports.

What is imitated on purpose, since readers of real reports trip over it: a paragraph that goes over
a page is two elements; a list begins anew on each page; the blank at a wrapped line's end stays in
the text; a hyphen at a line's end is part of the word; the footnote stands at the page's foot,
between the halves of the paragraph that bears its mark; a footnote's mark is a smaller digit in the
same run as its word; headers, footers and page numbers are artifacts; the logo is a figure with an
alternative text. Sets `page` and `page_end` of the blocks it lays out.
"""

import re

from .pdf import Element, Page, number, string, width

LEFT, RIGHT, TOP, BOTTOM = 71, 524, 762, 82
BODY, LEAD = 12, 14.5
HEADINGS = {1: (18, 16), 2: (15, 12), 3: (13, 10)}
HANG = 28
TOKEN = re.compile(r"(<<line>>|<<page>>|\*\*|\[\^\d\])")


class Line:
    """One line: runs of (text, font, size, rise), the marks in it, and whether the page ends after it."""

    def __init__(self):
        self.runs, self.marks, self.ends_page, self.used = [], [], False, 0

    def add(self, fragments):
        for text, font, size, rise in fragments:
            if self.runs and self.runs[-1][1:] == (font, size, rise):
                self.runs[-1] = (self.runs[-1][0] + text, font, size, rise)
            else:
                self.runs.append((text, font, size, rise))
            self.used += width(text, font, size)


def _words(text, size, bold):
    """Words as lists of fragments; "line" and "page" where the source ends them."""
    word = []
    for piece in TOKEN.split(text):
        if piece in ("<<line>>", "<<page>>"):
            if word:
                yield word
            word = []
            yield piece.strip("<>")
        elif piece == "**":
            bold = not bold
        elif piece.startswith("[^"):
            word.append((piece[2], "F1", round(size * 0.62, 1), size * 0.34))
        else:
            font = "F2" if bold else "F1"
            for part in re.split(r"(?<= )|(?<=\w-)(?=\w)", piece):
                if not part:
                    continue
                word.append((part, font, size, 0))
                if part.endswith((" ", "-")):
                    yield word
                    word = []
    if word:
        yield word


def wrap(text, measure, size=BODY, bold=False):
    """Lines no wider than `measure`; blanks at their ends may hang over."""
    lines = [Line()]
    for word in _words(text + " ", size, bold):
        if word in ("line", "page"):
            lines[-1].ends_page = word == "page"
            lines.append(Line())
            continue
        needed = sum(width(t.rstrip() if t is word[-1][0] else t, f, s) for t, f, s, _ in word)
        if lines[-1].runs and lines[-1].used + needed > measure:
            lines.append(Line())
        if not lines[-1].runs and word == [(" ", word[0][1], word[0][2], 0)]:
            continue
        lines[-1].add(word)
        lines[-1].marks += [t for t, _, _, rise in word if rise]
    return [line for line in lines if line.runs]


class Layout:
    """Fills pages from the top. Lay a source out twice: the contents need the pages of the headings."""

    def __init__(self, source, contents=None):
        self.source, self.contents = source, contents or {}
        self.tagged = source.fact("tagged", "yes") == "yes"
        self.root = Element("Document")
        self.pages, self.headings = [], {}
        self.list = self.item = None
        self.lowest = int(source.fact("bottom", BOTTOM))
        self.notes = source.notes()
        self._new_page()
        self._logo()
        self._run()
        self._finish()

    # Pages and their furniture

    def _new_page(self):
        if self.pages:
            self._finish()
        self.page = Page(len(self.pages))
        self.pages.append(self.page)
        self.y, self.bottom, self.foot, self.list = TOP, self.lowest, [], None

    def _finish(self):
        y = self.bottom
        if self.foot:
            self._artifact("Layout", [f"0.5 w {LEFT} {number(y - 4)} m 215 {number(y - 4)} l S"])
        y -= 12
        for lines, element in self.foot:
            self._begin(element)
            for line in lines:
                y -= 11
                self._draw(line, LEFT, y)
            self._end()
        self._footer()

    def _footer(self):
        page = len(self.pages)
        content = []
        if footer := self.source.fact("footer"):
            for row, text in enumerate(footer.split(" / ")):
                content.append(f"BT /F2 8 Tf 1 0 0 1 {LEFT} {52 - 10 * row} Tm {string(text)} Tj ET")
            content.append(f"BT /F1 12 Tf 1 0 0 1 515 42 Tm {string(str(page))} Tj ET")
        else:
            x = 512 if page % 2 else LEFT
            content.append(f"0.7 w {LEFT} 60 m {RIGHT} 60 l S")
            content.append(f"BT /F1 16 Tf 1 0 0 1 {x} 40 Tm {string(str(page))} Tj ET")
        self._artifact("Pagination", content)
        if header := self.source.fact("header"):
            self._artifact("Pagination", [f"BT /F1 9 Tf 1 0 0 1 {LEFT} 800 Tm {string(header)} Tj ET"])
        if page == 1:
            text = "Invented sample: no authority, person or child in it exists"
            self._artifact("Pagination", [f"BT /F1 7 Tf 1 0 0 1 {LEFT} 24 Tm {string(text)} Tj ET"])

    def _logo(self):
        figure = self.root.child("Figure", " /Alt (Logo: three bars and the words raising standards)")
        self._begin(figure)
        self.page.content.append("0.2 g 455 796 12 18 re f 471 796 12 26 re f 487 796 12 34 re f 0 g")
        self._end()

    def _begin(self, element):
        if self.tagged:
            self.page.mark(element)

    def _end(self):
        if self.tagged:
            self.page.end()

    def _artifact(self, kind, content):
        if self.tagged:
            self.page.artifact(kind)
        self.page.content += content
        self._end()

    # Lines

    def _draw(self, line, x, y):
        for text, font, size, rise in line.runs:
            self.page.content.append(
                f"BT /{font} {number(size)} Tf 1 0 0 1 {number(x)} {number(y + rise)} Tm "
                f"{string(text, font)} Tj ET"
            )
            x += width(text, font, size)

    def _note_lines(self, line):
        lines = []
        for mark in line.marks:
            text = f"[^{mark}] {self.notes[mark].text}"
            lines.append((self.notes[mark], wrap(text, RIGHT - LEFT, 9.5)))
        return lines

    def _fitting(self, lines, lead):
        """How many lines the page still takes, and whether it must end after them."""
        y, bottom = self.y, self.bottom
        for count, line in enumerate(lines):
            notes = self._note_lines(line)
            more = sum(11 * len(wrapped) for _, wrapped in notes) + (14 if notes and not self.foot else 0)
            if y - lead < bottom + more:
                return count, False
            y, bottom = y - lead, bottom + more
            if line.ends_page:
                return count + 1, True
        return len(lines), False

    def _flow(self, lines, x, make, lead=LEAD, label=None):
        """Places lines, on as many pages as they need. `make` gives the element for each page."""
        first, rest = None, lines
        while rest:
            count, forced = self._fitting(rest, lead)
            if not forced and count < len(rest):
                if len(rest) - count == 1:
                    count -= 1
                if count < 2:
                    self._new_page()
                    continue
            first = first or len(self.pages)
            element = make(first_piece=rest is lines)
            if label and rest is lines:
                label(element, self.y - lead)
            self._begin(element)
            noted = []
            for line in rest[:count]:
                self.y -= lead
                self._draw(line, x, self.y)
                noted += self._note_lines(line)
            self._end()
            for block, wrapped in noted:
                if not self.foot:
                    self.bottom += 14
                self.bottom += 11 * len(wrapped)
                self.foot.append((wrapped, self.root.child("Note").child("P")))
                block.page = block.page_end = len(self.pages)
                self.list = None
            last = len(self.pages)
            rest = rest[count:]
            if rest or forced:
                self._new_page()
        return first, last

    def _space(self, points):
        if self.y < TOP:
            self.y -= points

    def _need(self, points):
        if self.y - points < self.bottom:
            self._new_page()

    # Blocks

    def _run(self):
        blocks = iter(self.source.blocks)
        for block in blocks:
            if block.what not in ("bullet", "note") and not (block.what == "paragraph" and block.number):
                self.list = self.item = None
            if block.what == "page":
                self._new_page()
            elif block.what == "toc":
                self._contents()
            elif block.what == "table":
                self._table(block)
            elif block.what == "box":
                inside = []
                for inner in blocks:
                    if inner.what == "endbox":
                        break
                    inside.append(inner)
                self._box(block, inside)
            elif block.what == "heading":
                self._heading(block)
            elif block.what == "paragraph" and block.number:
                self._item(block, f"{block.number}. ", "F1", LEFT, HANG)
            elif block.what == "bullet":
                deeper = block.level - 1 + (1 if self.item and self.item[0] == 0 else 0)
                glyph, font = ("■ ", "F3") if deeper == block.level - 1 and block.level == 1 else ("– ", "F1")
                self._item(block, glyph, font, LEFT + (HANG if deeper else 0), 18, deeper)
            elif block.what != "note":
                self._text(block)

    def _text(self, block):
        size, bold, before, after = {
            "title": (24, False, 0, 8), "subtitle": (16, True, 2, 8), "line": (BODY, False, 0, 4),
            "grade": (BODY, True, 0, 6), "timescale": (BODY, True, 4, 4), "paragraph": (BODY, False, 0, 9),
        }[block.what]
        lead = LEAD if size == BODY else size * 1.2
        self._space(before)
        lines = wrap(block.text, RIGHT - LEFT, size, bold)
        block.page, block.page_end = self._flow(
            lines, LEFT, lambda first_piece: self.root.child("P"), lead
        )
        self._space(after)

    def _heading(self, block):
        size, before = HEADINGS[block.level]
        lines = wrap(block.text + block.run_in, RIGHT - LEFT, size, True)
        self._space(before)
        self._need(len(lines) * size * 1.2 + 3 * LEAD)
        tag = f"H{block.level}" if self.source.fact("headings", "tagged") == "tagged" else "P"
        block.page, _ = self._flow(lines, LEFT, lambda first_piece: self.root.child(tag), size * 1.2)
        self.headings[len(self.headings)] = (block.level, block.name, block.page)
        self._space(5)

    def _item(self, block, label, font, x, hang, depth=0):
        """An item of a list: one element for each page, and a list that begins anew there."""
        inside = self.source.fact("labels") == "inside"
        nested = self.source.fact("lists", "nested") == "nested"

        def make(first_piece):
            if self.list is None:
                order = "Decimal" if block.number else "Disc"
                self.list = self.root.child("L", f" /A << /O /List /ListNumbering /{order} >>")
                self.item = None
            home = self.list
            if depth and nested and self.item:
                body = self.item[1]
                last = body.children[-1] if body.children else None
                home = last if isinstance(last, Element) and last.tag == "L" else body.child("L")
            item = home.child("LI")
            mark = None if inside or not first_piece else item.child("Lbl")
            body = item.child("LBody")
            body.label = mark
            if not depth:
                self.item = (0 if block.number else 1, body)
            return body

        def draw_label(body, y):
            target = body.label or body
            self._begin(target)
            line = Line()
            line.add([(label, font, BODY if font == "F1" else 8, 0)])
            self._draw(line, x, y)
            self._end()

        lines = wrap(block.text, RIGHT - x - hang)
        block.page, block.page_end = self._flow(lines, x + hang, make, label=draw_label)
        self._space(5 if block.what == "bullet" else 8)

    def _contents(self):
        self._flow(wrap("Contents", RIGHT - LEFT, 18, True), LEFT, lambda first_piece: self.root.child("P"), 24)
        toc = self.root.child("TOC")
        for level, name, page in self.contents.values():
            if level > 2:
                continue
            indent = LEFT + 14 * (level - 1)
            lines = wrap(name, 400)
            for line in lines[:-1]:
                self.y -= LEAD
            element = toc.child("TOCI")
            self.y += LEAD * (len(lines) - 1)
            self._begin(element)
            for line in lines:
                self.y -= LEAD
                self._draw(line, indent, self.y)
            line = Line()
            line.add([(str(page) + " ", "F1", BODY, 0)])
            self._draw(line, RIGHT - 20, self.y)
            self._end()
            self.y -= 3

    # Tables

    def _table(self, block):
        columns = max(len(row) for row in block.rows)
        share = {1: [1], 2: [0.62, 0.38], 3: [0.3, 0.35, 0.35]}[columns]
        if block.kind != "judgement" and columns == 2:
            share = [0.38, 0.62]
        edges = [LEFT]
        for part in share:
            edges.append(edges[-1] + part * (RIGHT - LEFT))
        table = self.root.child("Table")
        self._space(4)
        for row, cells in enumerate(block.rows):
            head = row == 0 and self.source.fact("table_head", "yes") == "yes"
            ends = edges if len(cells) == columns else [LEFT, RIGHT]
            wrapped = [
                wrap(cell.text, ends[i + 1] - ends[i] - 12, BODY, head or len(cells) < columns)
                for i, cell in enumerate(cells)
            ]
            height = max(len(lines) for lines in wrapped) * LEAD + 10
            self._need(height)
            line = table.child("TR")
            for i, (cell, lines) in enumerate(zip(cells, wrapped)):
                holder = line.child("TH" if head or (i == 0 and columns > 1) else "TD")
                self._cell(holder.child("P"), lines, ends[i] + 6, self.y - 2)
                cell.page = cell.page_end = len(self.pages)
            self._rules(ends[: len(cells) + 1], self.y, height)
            self.y -= height
        self._space(10)

    def _cell(self, element, lines, x, y):
        self._begin(element)
        for line in lines:
            y -= LEAD
            self._draw(line, x, y)
        self._end()
        return y

    def _rules(self, edges, y, height):
        boxes = [
            f"0.6 w {number(a)} {number(y - height)} {number(b - a)} {number(height)} re S"
            for a, b in zip(edges, edges[1:])
        ]
        self._artifact("Layout", boxes)

    def _box(self, block, inside):
        """A heading and its grade in two cells; a summary, if there is one, in the row below."""
        middle = LEFT + 0.66 * (RIGHT - LEFT)
        head = wrap(block.text, middle - LEFT - 12, 14, True)
        grade = wrap(block.run_in.strip(), RIGHT - middle - 12, 14, True)
        body = [
            (inner, wrap(inner.text, RIGHT - LEFT - 12, HEADINGS[inner.level][0] if inner.level else BODY, inner.level > 0))
            for inner in inside
        ]
        top = max(len(head), len(grade)) * 17 + 10
        rest = sum(len(lines) * LEAD + 7 for _, lines in body) + (6 if body else 0)
        self._space(12)
        self._need(top + max(rest, 3 * LEAD))
        table = self.root.child("Table")
        row = table.child("TR")
        tag = "H2" if self.source.fact("boxes") == "headings" else "P"
        for lines, x, kind in ((head, LEFT, tag), (grade, middle, "P")):
            y, element = self.y - 4, row.child("TD").child(kind)
            self._begin(element)
            for line in lines:
                y -= 17
                self._draw(line, x + 6, y + 3)
            self._end()
        block.page = len(self.pages)
        self.headings[len(self.headings)] = (block.level, block.name, block.page)
        self._rules([LEFT, middle, RIGHT], self.y, top)
        self.y -= top
        if body:
            start, cell = self.y, table.child("TR").child("TD", " /A << /O /Table /ColSpan 2 >>")
            self.y -= 2
            for inner, lines in body:
                element = cell.child(f"H{inner.level}" if inner.level else "P")
                self.y = self._cell(element, lines, LEFT + 6, self.y) - 7
                inner.page = inner.page_end = len(self.pages)
            self.y -= 4
            self._rules([LEFT, RIGHT], start, start - self.y)
        self._space(10)


def lay_out(source):
    """Pages and structure tree of a source."""
    first = Layout(source)
    return Layout(source, first.headings)
