"""Writes pages and a structure tree as a PDF of version 1.7. No clock, no chance: same pages, same bytes.

Streams are not compressed, so that a change shows in a diff and no library's version shows in the bytes.
"""

# Advance widths of codes 32-126 in thousandths of the size: Adobe's metrics of the standard fonts.
_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 "
    "556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 "
    "333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 "
    "611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 556 278 889 "
    "611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)
_OTHER = {  # character: (regular, bold)
    "‘": (222, 278), "’": (222, 278), "“": (333, 500), "”": (333, 500), "–": (556, 556), "—": (1000, 1000),
    "•": (350, 350), "£": (556, 556), "é": (556, 556), "…": (1000, 1000), "©": (737, 737), "\u00a0": (278, 278),
    "■": (761, 761),
}
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "ZapfDingbats"}


def _table(widths, place):
    table = {chr(32 + i): int(w) for i, w in enumerate(widths.split())}
    table.update({char: both[place] for char, both in _OTHER.items()})
    return table


_WIDTHS = {"F1": _table(_REGULAR, 0), "F2": _table(_BOLD, 1), "F3": {"■": 761, " ": 278}}


def width(text, font, size):
    """Width of text in points. A character that the fonts do not have is a fault of the source."""
    return sum(_WIDTHS[font][char] for char in text) * size / 1000


def string(text, font="F1"):
    """A literal string in the font's encoding, in ASCII."""
    data = text.replace("■", "n").encode("ascii") if font == "F3" else text.encode("cp1252")
    out = []
    for byte in data:
        if byte in b"()\\":
            out.append("\\" + chr(byte))
        elif 32 <= byte < 127:
            out.append(chr(byte))
        else:
            out.append(f"\\{byte:03o}")
    return "(" + "".join(out) + ")"


def number(value):
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _unicode_map(bullet):
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Bullets def /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"2 beginbfchar <20> <0020> <6E> <{ord(bullet):04X}> endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    )


class Element:
    """A node of the structure tree. Its children are elements and pairs (page, marked-content id)."""

    def __init__(self, tag, parent=None, attributes=""):
        self.tag, self.parent, self.attributes, self.children = tag, parent, attributes, []
        if parent is not None:
            parent.children.append(self)

    def child(self, tag, attributes=""):
        return Element(tag, self, attributes)


class Page:
    """The content of one page."""

    def __init__(self, index):
        self.index, self.content, self.owners = index, [], []

    def mark(self, element):
        """Begins marked content that belongs to an element of the tree."""
        mcid = len(self.owners)
        self.owners.append(element)
        element.children.append((self, mcid))
        self.content.append(f"/{element.tag} <</MCID {mcid}>> BDC")

    def artifact(self, kind):
        self.content.append(f"/Artifact <</Type /{kind}>> BDC")

    def end(self):
        self.content.append("EMC")


def write(pages, root, *, title, created, bullet):
    """The bytes of a PDF. Without `root` there is no structure tree, nor any marked content."""
    objects = []

    def add(body=None):
        objects.append(body)
        return len(objects)

    catalog, info, tree = add(), add(), add()
    fonts = {}
    for key, name in FONTS.items():
        if key == "F3":
            data = _unicode_map(bullet)
            cmap = add(f"<< /Length {len(data)} >>\nstream\n{data}endstream")
            body = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /ToUnicode {cmap} 0 R >>"
        else:
            body = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
        fonts[key] = add(body)
    resources = add("<< /Font << " + " ".join(f"/{k} {n} 0 R" for k, n in fonts.items()) + " >> >>")
    numbers = {page: add() for page in pages}
    for page in pages:
        data = "\n".join(page.content) + "\n"
        stream = add(f"<< /Length {len(data)} >>\nstream\n{data}endstream")
        tagged = f" /StructParents {page.index} /Tabs /S" if root else ""
        objects[numbers[page] - 1] = (
            f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 595 842] /Resources {resources} 0 R "
            f"/Contents {stream} 0 R{tagged} >>"
        )
    kids = " ".join(f"{n} 0 R" for n in numbers.values())
    objects[tree - 1] = f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"
    objects[info - 1] = (
        f"<< /Title {string(title)} /Creator (Findings samples) /CreationDate (D:{created}090000Z) >>"
    )
    structure = ""
    if root:
        top = _structure(root, pages, numbers, add, objects)
        structure = f" /MarkInfo << /Marked true >> /StructTreeRoot {top} 0 R"
    objects[catalog - 1] = f"<< /Type /Catalog /Pages {tree} 0 R /Lang (en-GB){structure} >>"
    return _file(objects, catalog, info)


def _structure(root, pages, numbers, add, objects):
    top, ids = add(), {}

    def reserve(element):
        ids[element] = add()
        for child in element.children:
            if isinstance(child, Element):
                reserve(child)

    reserve(root)
    for element, place in ids.items():
        parent = ids[element.parent] if element.parent else top
        own = next((child[0] for child in element.children if not isinstance(child, Element)), None)
        kids = []
        for child in element.children:
            if isinstance(child, Element):
                kids.append(f"{ids[child]} 0 R")
            elif child[0] is own:
                kids.append(str(child[1]))
            else:
                kids.append(f"<< /Type /MCR /Pg {numbers[child[0]]} 0 R /MCID {child[1]} >>")
        page = f" /Pg {numbers[own]} 0 R" if own else ""
        objects[place - 1] = (
            f"<< /S /{element.tag} /P {parent} 0 R{page}{element.attributes} /K [{' '.join(kids)}] >>"
        )
    rows = " ".join(
        f"{page.index} [{' '.join(f'{ids[owner]} 0 R' for owner in page.owners)}]" for page in pages
    )
    parents = add(f"<< /Nums [{rows}] >>")
    objects[top - 1] = (
        f"<< /Type /StructTreeRoot /K [{ids[root]} 0 R] /ParentTree {parents} 0 R "
        f"/ParentTreeNextKey {len(pages)} >>"
    )
    return top


def _file(objects, catalog, info):
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for place, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{place} 0 obj\n{body}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root {catalog} 0 R /Info {info} 0 R >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
