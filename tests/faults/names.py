#!/usr/bin/env python3
"""Faults in names and headers, found on the pages by another reader.

names.py REPORTS.jsonl FOLDER [--show N] [--tables FILE ...]

REPORTS.jsonl comes from `findings reports --format jsonl`, FOLDER is what was indexed. Each PDF's first
pages are read with pdftotext, and by rules of this script's own:

  framework   the first page is headed as a visit, or as a joint inspection, and the record says otherwise
  authority   none, one that no table has, one whose name is not on the first two pages, or one that is
              not that of the folder, where folders are called NUMBER_NAME as the publisher calls them
  dates       none, or days that are not those printed after "inspection dates", "took place from" and so on
  published   a letter's date at its head differs
  inspector   none though one is printed, or a name that is not printed after such a label
  theme       a joint inspection without one, or with the authority's name in it

Prints a count for each, and the first N cases. Needs pdftotext. Always ends with 0.
"""
import argparse, collections, csv, datetime, json, os, re, subprocess, sys

MONTHS = "january february march april may june july august september october november december".split()
MONTH = "(?:%s)" % "|".join("%s(?:%s)?" % (m[:3], m[3:]) if m != "may" else "may" for m in MONTHS).replace("sep(?:tember)?", "sept?(?:ember)?")
TITLES = {"council", "borough", "city", "county", "metropolitan", "district", "the", "of", "london", "royal",
          "and", "unitary", "corporation", "upon"}


def words(text):
    return re.findall(r"[a-z0-9]+", (text or "").lower().replace("’", "").replace("'", ""))


def own(name):
    return {w for w in words(name) if w not in TITLES} or set(words(name))


def flat(text):
    text = re.sub("[‐‑‒–—―−]", "-", text.replace("’", "'").replace("‘", "'").replace("\u00a0", " "))
    return re.sub(r"\s+", " ", text)


def pages(path, last):
    done = subprocess.run(["pdftotext", "-l", str(last), path, "-"], capture_output=True)
    return done.stdout.decode("utf-8", "replace").split("\f")


def days(text, year):
    """All days printed in a stretch of text, those without a month or year taking the next one's."""
    found = []
    for m in re.finditer(r"\b(\d{1,2})/(\d{1,2})/(\d{4})|\b(\d{1,2})(?:st|nd|rd|th)?(?! ?%%)(?: of)?(?: (%s))?\.?,?(?: (20\d\d))?(?![\d])" % MONTH, text, re.I):
        if m.group(1):
            found.append([int(m.group(1)), int(m.group(2)), int(m.group(3))])
        else:
            month = m.group(5) and [i for i, name in enumerate(MONTHS, 1) if name[:3] == m.group(5).lower()[:3]][0]
            found.append([int(m.group(4)), month, m.group(6) and int(m.group(6))])
    while found and found[-1][1] is None:
        found.pop()
    month = None
    for day in reversed(found):
        day[1] = month = day[1] or month
        day[2] = year = day[2] or year
    try:
        return [datetime.date(y, m, d) for d, m, y in found]
    except (ValueError, TypeError):
        return []


RANGE = (r"(\d{1,2}(?:(?:st|nd|rd|th)|[\d/ ,&-]|\b(?:to|and|from|between|of)\b|\b20\d\d\b|\b%s\b\.?)*)" % MONTH)
DATED = [r"inspection dates?:? ?" + RANGE, r"inspection took place (?:from|between|on) " + RANGE,
         r"between " + RANGE + r",? ?(?:ofsted|her majesty|his majesty|inspectors)",
         r"visit (?:of|to) .{3,160}? (?:on|from|between) " + RANGE]
PERSON = r"([A-Z][\w'’-]+(?: \(?[A-Z][\w'’.-]*\)?| de| van| von)+)"
NAMED = [r"(?:Lead|lead|Reporting|reporting) inspectors?(?: on site)?:? ?" + PERSON,
         r"[Ii]nspectors? (?:for|on) (?:this|the) visit (?:was|were) " + PERSON,
         r"[Tt]he inspectors? (?:was|were) " + PERSON,
         r"Yours (?:sincerely|faithfully),? " + PERSON + r",? (?:Her|His) Majesty's Inspector(?! of)",
         PERSON + r",? (?:Ofsted )?HMI,? (?:Ofsted )?[Ll]ead [Ii]nspector",
         PERSON + r",? Ofsted [Ll]ead [Ii]nspector"]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("reports")
    ap.add_argument("folder")
    ap.add_argument("--show", type=int, default=5)
    ap.add_argument("--tables", nargs="*", default=[])
    args = ap.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    tables = [os.path.join(here, "../../src/knowledge/authorities.csv")] + args.tables
    known = {row["name"] for table in tables for row in csv.DictReader(open(table, encoding="utf-8-sig"))}
    cases, checked = collections.defaultdict(list), collections.Counter()

    def judge(what, ok, report, *said):
        checked[what] += 1
        if not ok:
            cases[what].append((report["path"], " | ".join(str(s) for s in said)))

    for line in open(args.reports, encoding="utf-8"):
        report = json.loads(line)
        path = os.path.join(args.folder, report["path"])
        if not os.path.exists(path):
            path = os.path.join(os.path.dirname(os.path.abspath(args.folder)), report["path"])
        if not path.endswith(".pdf") or not os.path.exists(path):
            continue
        all_pages = pages(path, 200)
        first, front = all_pages[0], flat(" ".join(all_pages[:3]))
        head = [l.strip() for l in first.splitlines()]

        visit = next((m.group(1).lower() for l in head for m in [re.match(r"(?:ILACS )?(Focused|Monitoring) visit (?:to|of)", l, re.I)] if m), None)
        judge("framework: visit", report["visit"] == visit or visit is None and report["framework"].startswith("send"), report, visit, report["framework"], report["visit"])
        joint = any(re.match(r"Joint targeted area inspection of", l, re.I) for l in head)
        judge("framework: joint", joint == (report["framework"] == "jtai"), report, joint, report["framework"])

        name, folder = report["authority"], re.match(r"\d+_(.*)", os.path.basename(os.path.dirname(path)))
        near = set(words(" ".join(all_pages[:2])))
        # A table may have a name that reports never print in full.
        judge("authority", name in known and bool(own(name) & near) and (not folder or own(folder.group(1)) <= own(name) or own(name) <= own(folder.group(1))),
              report, name, report.get("authority_printed"))

        year = int(report["published"][:4]) if report["published"] else None
        printed = []
        for pattern in DATED:
            m = re.search(pattern, front, re.I)
            printed = days(m.group(1), year) if m else []
            if printed:
                break
        if printed:
            judge("dates", (report["inspection_start"], report["inspection_end"]) == (str(min(printed)), str(max(printed))),
                  report, report["inspection_start"], report["inspection_end"], min(printed), max(printed))
        else:
            judge("dates", report["inspection_start"], report, "none read by either")

        dated = next((days(l, None) for l in head[:12] if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)? %s 20\d\d" % MONTH, l, re.I)), None)
        if dated and "Dear" in first:
            judge("published", report["published"] == str(dated[0]), report, report["published"], dated[0])

        whole = flat(" ".join(all_pages))
        inspectors = [m.group(1) for pattern in NAMED for m in re.finditer(pattern, whole)]
        lead = report["lead_inspector"]
        if inspectors and report["framework"] != "jtai":
            judge("inspector", lead and any(set(words(lead)) <= set(words(i)) for i in inspectors), report, lead, inspectors[:2])
        else:
            judge("inspector", not lead, report, lead, "no label seen")

        if report["framework"] == "jtai":
            theme = report.get("inspection_theme")
            judge("theme", theme and not own(report["authority"]) <= set(words(theme)), report, theme)

    for what in sorted(checked):
        print(f"{what:20s} {len(cases[what]):4d} of {checked[what]:4d}")
    for what in sorted(cases):
        for path, said in cases[what][: args.show]:
            print(f"{what}: {path}\n    {said}")


if __name__ == "__main__":
    sys.exit(main())
