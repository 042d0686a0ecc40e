"""Reads a source file: `key: value` lines, a line of three hyphens, then blocks divided by blank lines.

A block is told by how it begins:

    !title T   !subtitle T   !line T   !grade T     lines that are no paragraphs
    # T   ## T   ### T                              a heading; it opens a section
    12. T                                           a numbered paragraph
    - T   -- T                                      a bullet, a bullet within a bullet
    | a | b |                                       a row of the table opened by `@table`
    [^1]: T                                         the footnote whose mark is `[^1]`
    @kind K   @timescale T   @table K               see below
    @toc   @page   @box T   @endbox   @group
    anything else                                   a paragraph

A heading may go on with ` || run-in` (printed behind it, no part of its name), ` ^^ printed` (what is
printed where it differs from the section's name) and ` == Grade` (the grade in force from here until
a heading of the same or a higher level). `@kind` says what the paragraphs that follow are;
`@timescale` prints a line and holds for the bullets below it. `@table judgement` and `@table details`
hold no paragraphs; any other `@table K` holds one of kind K in the last cell of each row below its
head. `@box` prints its heading and grade as two cells of a table and keeps what follows, up to
`@endbox`, in the same table. After `@group` the boxes are parts of the `##` heading above it. Within text, `**bold**` is bold, `<<line>>` ends the line there and `<<page>>` ends the page there.
"""

import re
from dataclasses import dataclass, field

HEADING = re.compile(r"(#{1,3}) (.*)", re.S)
NUMBERED = re.compile(r"(\d{1,3})\. (.*)", re.S)
BULLET = re.compile(r"(--?) (.*)", re.S)
FOOTNOTE = re.compile(r"\[\^(\d)\]: (.*)", re.S)
MARK = re.compile(r"\[\^(\d)\]")
BREAK = re.compile(r"<<(?:line|page)>>")


@dataclass
class Block:
    """One block of a source, knowing its section and the grade in force there."""

    what: str  # title subtitle line grade heading paragraph bullet note timescale toc page box endbox table
    text: str = ""
    level: int = 0
    number: str = None
    kind: str = None
    section: tuple = ()
    grade: str = None
    timescale: str = None
    run_in: str = ""
    name: str = ""
    rows: list = field(default_factory=list)
    note: str = None  # the mark, where the block is a footnote
    page: int = None
    page_end: int = None

    @property
    def is_paragraph(self):
        return self.what in ("paragraph", "bullet", "note")

    def plain(self):
        """The text as a reader should give it back: no marks, no marking."""
        text = BREAK.sub("", MARK.sub("", self.text)).replace("**", "")
        return " ".join(text.split())


class Source:
    """One report: its facts and its blocks."""

    def __init__(self, text, name):
        head, body = text.split("\n---\n", 1)
        self.name = name
        self.facts = dict(line.split(": ", 1) for line in head.splitlines() if line.strip())
        self.blocks = []
        self._open = {}  # level -> (name, grade)
        self._kind = "finding"
        self._group = False
        self._timescale = None
        self._table = None
        self._told = False  # whether a numbered recommendation is open
        for chunk in re.split(r"\n\s*\n", body.strip()):
            self._take(chunk)

    def fact(self, key, default=None):
        return self.facts.get(key, default)

    def paragraphs(self):
        """Every paragraph in order: of a table, the last cell of each row below its head."""
        for block in self.blocks:
            if block.is_paragraph:
                yield block
            elif block.what == "table" and block.kind not in ("judgement", "details"):
                yield from (row[-1] for row in block.rows[1:])

    def notes(self):
        return {block.note: block for block in self.blocks if block.what == "note"}

    def _here(self, **more):
        section = tuple(name for _, (name, _) in sorted(self._open.items()))
        grade = next((g for _, (_, g) in sorted(self._open.items(), reverse=True) if g), None)
        return dict(section=section, grade=grade, **more)

    def _take(self, chunk):
        if chunk.startswith("|"):
            for line in chunk.splitlines():
                self._row(line)
            return
        if chunk.startswith(("!line", "!grade", "- ", "-- ")):  # these may follow each other directly
            for piece in re.split(r"\n(?=!|--? )", chunk):
                self._one(" ".join(piece.splitlines()))
            return
        self._one(" ".join(chunk.splitlines()))

    def _row(self, line):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        self._table.rows.append(
            [
                Block("cell", cell, kind=self._table.kind, **self._here())
                for cell in cells
            ]
        )

    def _one(self, text):
        if text.startswith("!"):
            what, _, rest = text[1:].partition(" ")
            self.blocks.append(Block(what, rest))
        elif text.startswith("@"):
            self._direct(*text[1:].partition(" ")[::2])
        elif match := HEADING.fullmatch(text):
            self._heading(len(match[1]), match[2], "heading")
        elif match := FOOTNOTE.fullmatch(text):
            self.blocks.append(Block("note", match[2], kind="footnote", note=match[1], **self._here()))
        elif match := NUMBERED.fullmatch(text):
            self._paragraph("paragraph", match[2], number=match[1])
        elif match := BULLET.fullmatch(text):
            self._paragraph("bullet", match[2], level=len(match[1]))
        else:
            self._paragraph("paragraph", text)

    def _paragraph(self, what, text, **more):
        kind = self._kind
        # A bullet below a recommendation is a part of it, not a further one.
        self._told = what != "bullet" and kind == "recommendation" and "number" in more or (
            what == "bullet" and self._told
        )
        part = what == "bullet" and (self._told or more.get("level", 1) > 1)
        if what == "bullet" and (kind in ("finding", "summary") or part) and kind != "context":
            kind = "bullet"
        self.blocks.append(
            Block(what, text, kind=kind, timescale=self._timescale, **self._here(**more))
        )

    def _heading(self, level, text, what):
        text, _, grade = text.partition(" == ")
        text, _, printed = text.partition(" ^^ ")
        text, _, run_in = text.partition(" ||")
        name = MARK.sub("", text).strip()
        if what == "heading" and level <= 2:
            self._group = False
        place = 2.5 if what == "box" and self._group else level
        self._open = {n: v for n, v in self._open.items() if n < place}
        self._open[place] = (name, grade or None)
        self._timescale = None
        self.blocks.append(
            Block(what, printed or text, level=level, run_in=run_in, name=name, **self._here())
        )

    def _direct(self, what, rest):
        if what == "kind":
            self._kind = rest
        elif what == "timescale":
            self._timescale = rest.rstrip(":")
            self.blocks.append(Block("timescale", rest))
        elif what == "table":
            self._table = Block("table", kind=rest, **self._here())
            self.blocks.append(self._table)
        elif what == "box":
            self._heading(2, rest, "box")
        elif what == "group":
            self._group = True
        elif what in ("toc", "page", "endbox"):
            self.blocks.append(Block(what))
        else:
            raise ValueError(f"{self.name}: unknown direction @{what}")
