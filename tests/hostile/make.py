#!/usr/bin/env python3
"""Makes the small hostile files of this folder. Needs Python 3.9 or later and nothing else.

make.py [DIR]   writes into DIR, by default `files/` beside this script

The files are committed, so that the tests need no Python. What is too large to commit, and what some
systems cannot name, is described in README.md and made by the tests themselves.
"""

import hashlib
import pathlib
import struct
import sys
import zlib

REPORT = """Inspection of Wexcombe local authority children's services
Inspection dates: 3 to 7 June 2019
Lead inspector: Hester Vane, Her Majesty's Inspector
The experiences and progress of children who need help and protection: good
1. Children who go missing are offered a return home interview by a worker whom they know.
2. The council\u2019s thresholds are understood, and strategy discussions are prompt. It costs \u00a34 a visit.
The impact of leaders on social work practice with children and families: good
3. Leaders know their services well.
"""


def text_content(lines):
    """The operators that show lines one below the other."""
    shown = []
    for line in lines:
        data = "".join(
            "\\" + c if c in "()\\" else c if ord(c) < 127 else f"\\{c.encode('cp1252')[0]:03o}" for c in line
        )
        shown.append(f"({data}) Tj T*")
    return ("BT /F1 12 Tf 14 TL 71 760 Td\n" + "\n".join(shown) + "\nET\n").encode()


def stream(data, extra=""):
    return f"<< /Length {len(data)}{extra} >>\nstream\n".encode() + data + b"\nendstream"


def pdf(objects, trailer="", prev=None):
    """A PDF of the given objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + (body.encode() if isinstance(body, str) else body) + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    if prev == "itself":
        trailer += f" /Prev {start}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PAGES = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def page(extra="", resources=""):
    return (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >>{resources} >>{extra} >>"
    )


def one_page(content, *more, **changes):
    return pdf(
        [
            changes.get("catalog", CATALOG),
            changes.get("pages", PAGES),
            page(changes.get("page", ""), changes.get("resources", "")),
            content if content.startswith(b"<<") else stream(content),
            FONT,
            *more,
        ],
        changes.get("trailer", ""),
        changes.get("prev"),
    )


def plain():
    return one_page(text_content(REPORT.splitlines()))


# Encryption: the standard security handler of PDF 1.7, section 7.6.3

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def rc4(key, data):
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def rounds(key, data, revision):
    data = rc4(key, data)
    if revision >= 3:
        for n in range(1, 20):
            data = rc4(bytes(b ^ n for b in key), data)
    return data


def encrypted(user, owner, revision):
    """The plain report, encrypted with RC4: revision 2 has a key of 40 bits, revision 3 one of 128."""
    length = 5 if revision == 2 else 16
    padded = [(word + PADDING)[:32] for word in (user, owner or user)]
    digest = hashlib.md5(padded[1]).digest()
    for _ in range(50 if revision == 3 else 0):
        digest = hashlib.md5(digest).digest()
    o = rounds(digest[:length], padded[0], revision)
    permissions, identity = struct.pack("<i", -44), b"findings-hostile"
    key = hashlib.md5(padded[0] + o + permissions + identity).digest()
    for _ in range(50 if revision == 3 else 0):
        key = hashlib.md5(key[:length]).digest()
    key = key[:length]
    if revision == 2:
        u = rc4(key, PADDING)
    else:
        u = rounds(key, hashlib.md5(PADDING + identity).digest(), 3) + bytes(16)
    own = hashlib.md5(key + struct.pack("<I", 4)[:3] + bytes(2)).digest()[: min(length + 5, 16)]
    content = rc4(own, text_content(REPORT.splitlines()))
    handler = (
        f"<< /Filter /Standard /V {revision - 1} /R {revision} /Length {length * 8} /P -44 "
        f"/O <{o.hex()}> /U <{u.hex()}> >>"
    )
    return one_page(
        stream(content), handler, trailer=f" /Encrypt 6 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
    )


def squeezed(piece, times):
    """`piece` repeated, deflated twice: a few kilobytes that stand for many megabytes."""
    packer, out = zlib.compressobj(9), bytearray()
    many = max(1, 1_000_000 // len(piece))
    for _ in range(times // many):
        out += packer.compress(piece * many)
    out += packer.flush()
    return stream(zlib.compress(bytes(out), 9), " /Filter [/FlateDecode /FlateDecode]")


def laughs(levels, times):
    """Forms that each draw the next one `times` times over."""
    forms = []
    for level in range(levels):
        last = level == levels - 1
        inner = text_content(["ha"]) if last else b"/X Do\n" * times
        next_form = "" if last else f" /XObject << /X {7 + level} 0 R >>"
        forms.append(
            stream(
                inner,
                " /Type /XObject /Subtype /Form /BBox [0 0 595 842] "
                f"/Resources << /Font << /F1 5 0 R >>{next_form} >>",
            )
        )
    return one_page(b"/X Do\n", *forms, resources=" /XObject << /X 6 0 R >>")


def structure_loop():
    """A structure tree whose element is its own grandchild."""
    content = b"/P <</MCID 0>> BDC\n" + text_content(REPORT.splitlines()) + b"EMC\n"
    return one_page(
        content,
        "<< /Type /StructTreeRoot /K [7 0 R] /ParentTree << /Nums [0 [8 0 R]] >> >>",
        "<< /S /Document /P 6 0 R /K [8 0 R] >>",
        "<< /S /P /P 7 0 R /Pg 3 0 R /K [0 7 0 R 8 0 R] >>",
        catalog="<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R >>",
        page=" /StructParents 0",
    )


def deep_structure(depth):
    """A structure tree of one element within another, `depth` times."""
    content = b"/P <</MCID 0>> BDC\n" + text_content(REPORT.splitlines()) + b"EMC\n"
    elements = [
        f"<</S/Div/P {6 + n} 0 R/K {8 + n} 0 R>>" if n < depth - 1 else f"<</S/P/P {6 + n} 0 R/Pg 3 0 R/K 0>>"
        for n in range(depth)
    ]
    return one_page(
        content,
        f"<< /Type /StructTreeRoot /K 7 0 R /ParentTree << /Nums [0 [{6 + depth} 0 R]] >> >>",
        *elements,
        catalog="<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /StructTreeRoot 6 0 R >>",
        page=" /StructParents 0",
    )


def many_pages(count):
    """Pages in a compressed object stream, all with the same content, under a cross-reference stream."""
    first = 6
    bodies = ["<</Type/Page/Parent 2 0 R/Contents 4 0 R>>" for _ in range(count)]
    index, offset = [], 0
    for n, body in enumerate(bodies):
        index.append(f"{first + n} {offset}")
        offset += len(body) + 1
    head = " ".join(index) + " "
    packed = zlib.compress((head + " ".join(bodies)).encode(), 9)
    kids = " ".join(f"{first + n} 0 R" for n in range(count))
    place_of_stream, place_of_table = first + count, first + count + 1
    objects = {
        1: CATALOG.encode(),
        2: (
            f"<< /Type /Pages /Count {count} /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 5 0 R >> >> /Kids [{kids}] >>"
        ).encode(),
        4: stream(text_content(["One page of very many"])),
        5: FONT.encode(),
        place_of_stream: stream(packed, f" /Type /ObjStm /N {count} /First {len(head)} /Filter /FlateDecode"),
    }
    out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    rows = []
    for number in range(place_of_table + 1):
        if number in places:
            rows.append(struct.pack(">BIH", 1, places[number], 0))
        elif first <= number < first + count:
            rows.append(struct.pack(">BIH", 2, place_of_stream, number - first))
        elif number == place_of_table:
            rows.append(struct.pack(">BIH", 1, start, 0))
        else:
            rows.append(struct.pack(">BIH", 0, 0, 65535))
    table = stream(
        zlib.compress(b"".join(rows), 9),
        f" /Type /XRef /Size {place_of_table + 1} /W [1 4 2] /Root 1 0 R /Filter /FlateDecode",
    )
    out += f"{place_of_table} 0 obj\n".encode() + table + f"\nendobj\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def picture():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(range(0, 256, 32)) for _ in range(8))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


NOT_FOUND = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Report not found</title></head>
<body>
<header><a href="/">Find an inspection report</a></header>
<main><h1>Report not found</h1>
<p>There is no report at this address. It may have been moved, or the link may be out of date.</p>
<p><a href="/search">Search for the report by the name of the authority</a></p></main>
</body>
</html>
"""

SAFE_NESTING = 40_000


def files():
    whole = plain()
    noise = bytes((n * 7919 + n // 251 * 31) % 256 for n in range(4096))
    yield "plain.pdf", whole
    yield "truncated.pdf", whole[: len(whole) * 2 // 5]
    yield "without-its-end.pdf", whole[: whole.rindex(b"xref\n0")]
    yield "wrong-places.pdf", whole.replace(b"%\xe2\xe3\xcf\xd3\n", b"%\n", 1)
    yield "noise-before.pdf", b"\r\n\r\n" + noise[:500].replace(b"%", b"") + whole
    yield "noise-within.pdf", whole[:400] + noise[:600] + whole[400:]
    yield "only-a-header.pdf", b"%PDF-1.7\n"
    yield "empty.pdf", b""
    yield "no-words.pdf", one_page(b"0.5 g 71 71 400 600 re f\n")
    yield "encrypted-user-40.pdf", encrypted(b"open sesame", b"warden", 2)
    yield "encrypted-user-128.pdf", encrypted(b"open sesame", b"warden", 3)
    yield "encrypted-owner-only.pdf", encrypted(b"", b"warden", 3)
    yield "nested-arrays.pdf", one_page(
        text_content(["deep"]), "[" * SAFE_NESTING + "]" * SAFE_NESTING, trailer=" /Info 6 0 R"
    )
    yield "nested-dictionaries.pdf", one_page(
        text_content(["deep"]), "<</A" * 12_000 + " 1" + ">>" * 12_000, trailer=" /Info 6 0 R"
    )
    yield "nested-in-content.pdf", one_page(b"[" * SAFE_NESTING + b"]" * SAFE_NESTING + b" TJ\n")
    yield "nested-states.pdf", one_page(b"q " * SAFE_NESTING + text_content(["deep"]))
    yield "forms-within-forms.pdf", laughs(30, 10)
    yield "form-draws-itself.pdf", one_page(
        b"/X Do\n",
        stream(
            b"/X Do\n",
            " /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /X 6 0 R >> >>",
        ),
        resources=" /XObject << /X 6 0 R >>",
    )
    yield "flate-bomb.pdf", one_page(squeezed(b" ", 300_000_000))
    yield "endless-text.pdf", one_page(squeezed(b"BT /F1 12 Tf 71 700 Td (again and again) Tj ET\n", 4_000_000))
    yield "structure-loop.pdf", structure_loop()
    yield "deep-structure.pdf", deep_structure(1_300)
    yield "page-tree-loop.pdf", one_page(b"\n", pages="<< /Type /Pages /Count 2 /Kids [2 0 R 3 0 R] >>")
    yield "reference-loop.pdf", one_page(
        b"<< /Length 6 0 R >>\nstream\n" + text_content(["loop"]) + b"\nendstream", "7 0 R", "6 0 R"
    )
    yield "previous-table-loop.pdf", one_page(text_content(REPORT.splitlines()), prev="itself")
    yield "five-thousand-pages.pdf", many_pages(5_000)
    yield "count-lies.pdf", one_page(
        text_content(REPORT.splitlines()), pages="<< /Type /Pages /Count 2000000000 /Kids [3 0 R] >>"
    )
    yield "not-found.pdf", NOT_FOUND.encode()
    yield "picture.pdf", picture()
    yield "really-a-pdf.txt", whole
    yield "really-a-pdf.html", whole
    yield "noise.md", noise
    yield "noise.txt", noise[::-1]
    yield "utf-16-little.txt", b"\xff\xfe" + REPORT.encode("utf-16-le")
    yield "utf-16-big.txt", b"\xfe\xff" + REPORT.encode("utf-16-be")
    yield "utf-8-mark.txt", b"\xef\xbb\xbf" + REPORT.encode()
    yield "windows-1252.txt", REPORT.encode("cp1252")
    yield "old-line-ends.txt", REPORT.replace("\n", "\r").encode()
    yield "shopping.txt", b"Bread\nMilk\nA return ticket for the interview\n"
    yield "nested.html", b"<!DOCTYPE html><html><body>" + b"<b>" * 30_000 + b"deep"
    yield "nested-lists.md", b"".join(b" " * (2 * n) + b"- deeper\n" for n in range(250))
    yield "nested-quotes.md", b">" * 30_000 + b" deep\n"


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent / "files"
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files():
        (target / name).write_bytes(data)


if __name__ == "__main__":
    main()
