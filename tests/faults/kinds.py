#!/usr/bin/env python3
"""Counts paragraphs whose kind the page contradicts, without the program's own code or data.

kinds.py --reports REPORTS.jsonl --paragraphs PARAGRAPHS.jsonl --folder FOLDER [--show N]

REPORTS.jsonl is from `findings reports --format jsonl`, PARAGRAPHS.jsonl from `findings export`, FOLDER
what was indexed. Needs pdftotext. Prints a count for each fault, then up to N cases of each:

area            facts below a heading about the area, or about earlier inspections, that count as
                findings, bullets, summaries or recommendations
facts           the same by their words, wherever they are: numbers at 31 March, who has been in post
                since when, what an earlier inspection judged (whole bullets of SIF reports)
introduction    text between "Dear ..." and the first heading of a letter about a visit
opening         the sentences of a joint inspection's letter on when, by whom and of what
signature       text after "Yours sincerely"
addressee       a recommendation that is only the name of a body
observation     recommendations under "Areas for improvement" of joint inspections, 2016-20, with no
                word that demands anything
prose           recommendations under a heading of their own below "What needs to improve?"
none            recommendations that say that there is none
cross-reference the note on how areas for improvement were cross-referenced, if it is no footnote
"""
import argparse, collections, json, os, re, subprocess

COUNTED = {"finding", "bullet", "summary", "recommendation"}
AREA = re.compile(
    r"^(annex \w:? ?)?information about (this|the) .*\b(area|partnership)\b|^service information$"
    r"|^(previous|other|earlier) (ofsted )?inspections?$|^local leadership$|^local authority context$"
    r"|^(children|child protection|young people)\b.* in (this|the) area$|^other information about\b", re.I)
ENDS = re.compile(r"^(summary|executive summary|recommendations|the experiences and progress|inspection findings"
                  r"|leadership, management|what (is|does|are)\b|inspection judgement)", re.I)
FACTS = re.compile(
    r"^(at|as at|on) 3[01] (march|december|january|september|july|june|august|may|october|november|february|april) 20\d\d,? "
    r"|\bhas been in post since\b|^(the )?(previous|last) (ofsted )?inspection of the (local authority|council)[’']s "
    r"|^approximately [\d,.]+%? (children|of the local authority)|^the proportion of children and young people with english"
    r"|^children and young people from minority ethnic groups account", re.I)
OPENING = re.compile(r"^(between \d|from \d|this letter\b|this inspection took place|th(e|is) joint targeted area inspection)", re.I)
HEADING = re.compile(r"^\s*(overview|headline findings\.?|(main |key |summary of )?findings|what needs to improve.*|areas? (for|covered).*)\s*$", re.I)
DEMAND = re.compile(r"\b(should|must|needs? to|are to|is to)\b", re.I)
BODY = re.compile(r"\b(council|board|icb|nhs|trust|authority|partnership)\b", re.I)
SMALL = {"and", "of", "the", "for", "in", "to", "with", "upon", "&"}


def words(text):
    text = text.lower().replace("’", "").replace("‘", "").replace("'", "")
    return re.findall(r"[a-z0-9]+", text)


def page_text(path, first, last):
    args = ["pdftotext", "-layout", "-f", str(first), "-l", str(last), path, "-"]
    return subprocess.run(args, capture_output=True, text=True, check=False).stdout


def span_words(text):
    return " " + " ".join(words(text)) + " "


def begins_in(paragraph, span):
    opening = " ".join(words(paragraph["text"])[:6])
    return bool(opening) and f" {opening} " in span


def is_name(text):
    tokens = text.strip().split()
    if not 1 <= len(tokens) <= 30 or not BODY.search(text):
        return False
    return all(t[0].isupper() or t.strip("(),.").lower() in SMALL or t[0] == "(" for t in tokens)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--reports", required=True)
    ap.add_argument("--paragraphs", required=True)
    ap.add_argument("--folder", required=True)
    ap.add_argument("--show", type=int, default=3)
    args = ap.parse_args()
    reports = {r["id"]: r for r in map(json.loads, open(args.reports, encoding="utf-8"))}
    held = collections.defaultdict(list)
    for p in map(json.loads, open(args.paragraphs, encoding="utf-8")):
        held[p["report"]].append(p)
    faults = collections.defaultdict(list)
    for rid, paragraphs in held.items():
        report = reports[rid]
        framework = report["framework"]
        path = os.path.join(args.folder, report["path"])
        is_pdf = path.lower().endswith(".pdf") and os.path.exists(path)
        letter = bool(report["visit"]) or framework in ("jtai", "send-2016")
        front = closing = ""
        pages = report["pages"] or 0
        if letter and is_pdf:
            lines = page_text(path, 1, 2).split("\n")
            dear = next((i for i, l in enumerate(lines) if re.match(r"\s*dear\b", l, re.I)), None)
            if dear is not None:
                end = next((i for i in range(dear, len(lines)) if HEADING.match(lines[i])), dear)
                front = span_words("\n".join(lines[dear + 1:end]))
            last = page_text(path, max(1, pages - 2), pages)
            cut = [m.start() for m in re.finditer(r"yours?\s+(sincerely|faithfully)", last, re.I)]
            if cut:
                closing = span_words(last[cut[-1]:])
        for p in paragraphs:
            text, kind, section = p["text"], p["kind"], p["section"]
            counted = kind in COUNTED
            at = next((i for i in reversed(range(len(section))) if AREA.match(section[i])), None)
            if counted and at is not None and not any(ENDS.match(h) for h in section[at + 1:]):
                faults["area"].append(p)
            if counted and framework.startswith(("sif", "lscb")) and kind == "bullet" and FACTS.search(text):
                faults["facts"].append(p)
            if counted and report["visit"] and p["page"] in (1, 2) and begins_in(p, front) and "findings" not in section[-1].lower():
                faults["introduction"].append(p)
            if counted and framework == "jtai" and p["page"] == 1 and OPENING.match(text):
                faults["opening"].append(p)
            if closing and kind not in ("boilerplate", "footnote") and p["page"] is not None and p["page"] >= pages - 2 \
                    and begins_in(p, closing):
                faults["signature"].append(p)
            if kind == "recommendation":
                if is_name(text):
                    faults["addressee"].append(p)
                year = (report["inspection_start"] or "9999")[:4]
                if framework == "jtai" and year <= "2020" and section[0].lower().startswith("areas for improvement") and not DEMAND.search(text):
                    faults["observation"].append(p)
                if framework == "jtai" and year > "2020" and len(section) > 1 and not DEMAND.search(text):
                    faults["prose"].append(p)
                if re.match(r"^(there (are|were) no|the inspection did not find any|no areas?)\b", text, re.I):
                    faults["none"].append(p)
            if re.match(r"^\W*\d? ?the areas for improvement have been cross-? ?referenced", text, re.I) and kind != "footnote":
                faults["cross-reference"].append(p)
    for name in ("area", "facts", "introduction", "opening", "signature", "addressee", "observation", "prose", "none", "cross-reference"):
        cases = faults[name]
        print(f"{name:16s} {len(cases):6d} paragraphs in {len({p['report'] for p in cases})} reports")
    for name, cases in faults.items():
        for p in cases[:args.show]:
            print(f"\n{name}: {p['id']} ({p['kind']}, {' › '.join(p['section'])})\n    {p['text'][:120]}")


if __name__ == "__main__":
    main()
