"""Turns a source into plain text, Markdown or a web page, each with the habits of its kind."""

import html
import re
import textwrap

from .source import MARK

PAGE = re.compile(r"\s*<<page>>\s*")


def _bare(text):
    return text.replace("<<line>>", "")


def text(source):
    """Plain text as it comes out of a report: a line for a paragraph, blank lines where a page ended."""
    out, bullets = [], []

    def flush():
        if bullets:
            out.append("\n".join(bullets))
            bullets.clear()

    for block in source.blocks:
        body = PAGE.sub("\n\n", MARK.sub(r"\1", _bare(block.text)))
        if block.what == "bullet":
            bullets.append(" " * (1 + 2 * (block.level - 1)) + "- " + body)
            continue
        flush()
        if block.what == "heading":
            out.append(body + block.run_in)
        elif block.what == "table":
            out.append("\n".join("\t".join(cell.text for cell in row) for row in block.rows))
        elif block.what == "note":
            out.append(f"{block.note} {body}")
        elif block.what == "line" and out and body.endswith(tuple("0123456789")) and "\t" in body:
            joined = out[-1] + "\n" + body if "\t" in out[-1] else body
            out[-1:] = [joined] if "\t" in out[-1] else [out[-1], joined]
        elif block.number:
            out.append(f"{block.number}. {body}")
        else:
            out.append(body)
    flush()
    return "\n\n".join(out) + "\n"


def markdown(source):
    """Markdown wrapped at 78 columns."""

    def fill(body, first="", rest=""):
        lines = []
        for part in body.split("<<line>>"):
            lines += textwrap.wrap(
                " ".join(part.split()), 78, initial_indent=rest if lines else first,
                subsequent_indent=rest, break_on_hyphens=False, break_long_words=False,
            )
        return "\n".join(lines)

    out = ["<!-- Invented sample: no authority, person or child in it exists. -->"]
    before = None
    for block in source.blocks:
        body = PAGE.sub(" ", block.text)
        piece = None
        if block.what == "title":
            piece = f"# {body}"
        elif block.what == "heading":
            piece = f"{'#' * (block.level + 1)} {body}{block.run_in}"
        elif block.what in ("subtitle", "grade", "timescale"):
            piece = f"**{body}**"
        elif block.what == "bullet":
            indent = "  " * (block.level - 1)
            piece = fill(body, f"{indent}- ", f"{indent}  ")
        elif block.what == "table":
            rows = [" | ".join(cell.text for cell in row) for row in block.rows]
            rule = " | ".join("---" for _ in block.rows[0])
            piece = "\n".join(f"| {row} |" for row in [rows[0], rule, *rows[1:]])
        elif block.what == "note":
            piece = f"[^{block.note}]: {body}"
        elif block.number:
            indent = " " * (len(block.number) + 2)
            piece = fill(body, f"{block.number}. ", indent)
        elif block.what in ("line", "paragraph"):
            piece = fill(body)
        if piece is None:
            continue
        joins = block.what == "bullet" and before == "bullet" or block.what == "line" and before == "line"
        if joins and block.what == "line":
            out[-1] += "  \n" + piece
        elif joins:
            out[-1] += "\n" + piece
        else:
            out.append(piece)
        before = block.what
    return "\n\n".join(out) + "\n"


def _inline(body):
    body = html.escape(_bare(PAGE.sub(" ", body)), quote=False)
    body = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", body)
    body = MARK.sub(r'<sup id="ref\1"><a href="#note\1">\1</a></sup>', body)
    return body.replace("’", "&rsquo;").replace("multi-agency", "multi&#8209;agency", 1)


def web_page(source):
    """A page of a web site: navigation, a cookie banner and a footer around the report."""
    out, open_lists = [], 0

    def close(to=0):
        nonlocal open_lists
        while open_lists > to:
            out.append("</li></ul>")
            open_lists -= 1

    for block in source.blocks:
        body = _inline(block.text)
        if block.what == "bullet":
            if open_lists >= block.level:
                close(block.level)
                out.append("</li>")
            else:
                out.append("<ul>")
                open_lists += 1
            out.append(f"<li>{body}")
            continue
        close()
        if block.what == "title":
            out.append(f"<h1>{body}</h1>")
        elif block.what == "heading":
            out.append(f'<h{block.level + 1} id="s{len(out)}">{body}{_inline(block.run_in)}</h{block.level + 1}>')
        elif block.what in ("subtitle", "grade", "timescale"):
            out.append(f"<p><strong>{body}</strong></p>")
        elif block.what == "table":
            out.append("<table>")
            for row, cells in enumerate(block.rows):
                tag = "th" if row == 0 else "td"
                out.append("<tr>" + "".join(f"<{tag}>{_inline(c.text)}</{tag}>" for c in cells) + "</tr>")
            out.append("</table>")
        elif block.what == "note":
            out.append(f'<div class="footnote" id="note{block.note}"><p>{block.note}. {body}</p></div>')
        elif block.number:
            out.append(f"<p>{block.number}.&nbsp;{body}</p>")
        elif block.what in ("line", "paragraph"):
            out.append(f"<p>{body}</p>")
    close()
    title = html.escape(source.fact("title"))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title} - Inspection letters</title>
<style>body {{ font-family: sans-serif }} .banner {{ background: #eee }}</style>
<script>window.pageType = "return interview tracking, not part of the report";</script>
</head>
<body>
<div class="banner" role="region" aria-label="Cookies"><p>We use cookies to remember your settings.</p>
<button>Accept</button> <button>Reject</button></div>
<header><a href="/">Inspection letters</a>
<nav aria-label="Main"><ul><li><a href="/find">Find a report</a></li><li><a href="/missing">Missing children</a></li></ul></nav>
</header>
<main>
{chr(10).join(out)}
</main>
<aside><h2>Related pages</h2><ul><li><a href="/other">Other visits to this authority</a></li></ul></aside>
<footer><p>Invented sample: no authority, person or child in it exists.</p>
<p><a href="/contact">Contact</a> <a href="/terms">Terms</a></p></footer>
</body>
</html>
"""
