"""Writes down what a reader should make of each source: the golden tables."""

PARAGRAPH_COLUMNS = (
    "section", "grade", "number", "kind", "page", "page_end", "first_words", "last_words", "timescale",
)
REPORT_COLUMNS = (
    "file", "framework", "visit", "authority", "inspection_start", "inspection_end", "published",
    "published_from", "lead_inspector", "overall", "judgements",
)


def paragraphs(source):
    lines = ["\t".join(PARAGRAPH_COLUMNS)]
    for block in source.paragraphs():
        words = block.plain().split()
        lines.append(
            "\t".join(
                (
                    " > ".join(name.rstrip(":") for name in block.section) or "-",
                    "-" if block.kind in ("boilerplate", "context") else block.grade or "-",
                    block.number or "-",
                    block.kind,
                    str(block.page or "-"),
                    str(block.page_end or "-"),
                    " ".join(words[:5]),
                    " ".join(words[-5:]),
                    block.timescale or "-",
                )
            )
        )
    return "\n".join(lines) + "\n"


def reports(sources):
    lines = ["\t".join(REPORT_COLUMNS)]
    lines += ["\t".join(source.fact(column, "-") for column in REPORT_COLUMNS) for source in sources]
    return "\n".join(lines) + "\n"
