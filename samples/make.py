#!/usr/bin/env python3
"""Makes `reports/` and `expected/` out of `sources/`. Needs Python 3.9 or later and nothing else.

make.py [DIR]   writes into DIR, by default the folder of this script. The same sources give the same bytes.
"""

import pathlib
import sys

sys.dont_write_bytecode = True  # nothing but the samples is to be written here

from making import expected, plain
from making.layout import lay_out
from making.pdf import write
from making.source import Source

HERE = pathlib.Path(__file__).resolve().parent
PLAIN = {"text": plain.text, "markdown": plain.markdown, "html": plain.web_page}


def make(source):
    """The bytes of one sample. Laying a PDF out also tells its blocks their pages."""
    if source.fact("format") in PLAIN:
        return PLAIN[source.fact("format")](source).encode()
    layout = lay_out(source)
    return write(
        layout.pages,
        layout.root if layout.tagged else None,
        title=source.fact("title"),
        created=source.fact("created"),
        bullet=source.fact("bullet", "\uf06e"),
    )


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    sources = [
        Source(path.read_text(encoding="utf-8"), path.stem)
        for path in sorted((HERE / "sources").glob("*.txt"))
    ]
    (target / "expected").mkdir(parents=True, exist_ok=True)
    for source in sources:
        path = target / "reports" / source.fact("file")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make(source))
        table = expected.paragraphs(source)
        (target / "expected" / f"{source.name}.tsv").write_bytes(table.encode())
    (target / "expected" / "reports.tsv").write_bytes(expected.reports(sources).encode())


if __name__ == "__main__":
    main()
