#!/usr/bin/env python3
"""Reads the feeds of a server over the samples with feedparser, as readers of feeds do.

    tests/feeds/read.py PROGRAM

Ids, titles, texts, dates, links, authors, topics and rights of every entry, over all pages of a feed, are
held to what the API says of the same paragraphs. feedparser reads Atom; JSON Feed, which no release of it
reads yet, is read as it is, and held to the same. Needs `feedparser` (PyPI).
"""
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import feedparser

ROOT = Path(__file__).resolve().parents[2]
# What the entries of a feed say of paragraphs that an API answers in the same order.
SEARCHES = [
    "q=children", "q=neglect", "q=%22return+interview%22&grade=inadequate", "authority=Stonewick",
    "topic=missing_rhi", "q=plans&new_since=2020-01-01", "q=%3Cb%3E+%26+plans&any=1",
]


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def seconds(text):
    """A moment as RFC 3339 writes it, to the second, as feedparser has it."""
    return time.strptime(re.sub(r"\.\d+Z$", "Z", text), "%Y-%m-%dT%H:%M:%SZ")[:6]


def atom(url):
    """All entries of a feed, whose pages are followed, as plain values; and the rights of its pages."""
    entries, rights = [], []
    while url:
        read = feedparser.parse(get(url), response_headers={"content-type": "application/atom+xml"})
        assert not read.bozo, read.bozo_exception
        assert read.version == "atom10", read.version
        rights.append(read.feed.get("rights", ""))
        for entry in read.entries:
            links = {link.rel: link.href for link in entry.links}
            entries.append({
                "id": entry.id, "title": entry.title, "text": entry.content[0].value,
                "published": entry.get("published_parsed") and entry.published_parsed[:6],
                "updated": entry.updated_parsed[:6], "link": links["alternate"],
                "original": links["related"], "author": entry.author,
                "labels": [tag.label for tag in entry.get("tags", [])],
                "topics": [tag.term for tag in entry.get("tags", []) if tag.scheme.endswith(":topic")],
            })
        url = next((link.href for link in read.feed.links if link.rel == "next"), None)
    return entries, rights


def json_feed(url):
    """The same of a JSON Feed, which names its labels alone."""
    entries, rights = [], []
    while url:
        read = json.loads(get(url))
        rights.append(read["_findings"].get("rights", ""))
        for item in read["items"]:
            published = item.get("date_published")
            entries.append({
                "id": item["id"], "title": item["title"], "text": item["content_text"],
                "published": published and seconds(published), "updated": seconds(item["date_modified"]),
                "link": item["url"], "original": item["external_url"],
                "author": item["authors"][0]["name"], "labels": item.get("tags", []),
            })
        url = read.get("next_url")
    return entries, rights


def hits(base, asked):
    """The paragraphs that the API finds, in the order of a feed."""
    found, after = [], ""
    while True:
        answer = json.loads(get(f"{base}/api/v1/search?{asked}&sort=changed&limit=50{after}"))
        found += answer["hits"]
        if not answer["next"]:
            assert len(found) == answer["total"]
            return found
        after = f"&cursor={answer['next']}"


def check(base, asked):
    found = hits(base, asked)
    entries, rights = atom(f"{base}/search.atom?{asked}&limit=20")
    same, same_rights = json_feed(f"{base}/search.json-feed?{asked}&limit=20")
    own = [{key: value for key, value in entry.items() if key != "topics"} for entry in entries]
    assert own == same and rights == same_rights, f"{asked}: the formats differ"
    assert [entry["id"] for entry in entries] == [f"urn:findings:{hit['id']}" for hit in found], asked
    terms = json.loads(get(f"{base}/search.json?{asked}"))["attribution"].split(" · ")
    assert {one for page in rights for one in page.split(" · ") if one} <= set(terms), rights
    for entry, hit in zip(entries, found):
        report = hit["report"]
        assert entry["text"] == hit["text"]
        assert entry["updated"] == seconds(hit["changed"])
        date = report["published"] or report["inspection_end"]
        assert entry["published"] == (date and seconds(f"{date}T00:00:00Z"))
        assert entry["topics"] == hit["topics"]
        assert entry["title"].startswith(report["authority"])
        assert any(entry["author"] in one for one in terms), entry["author"]
        if hit["grade"]:
            assert f"section judged {hit['grade']['label']}" in entry["labels"]
        assert entry["link"].startswith(f"{base}/paragraphs/{hit['id']}")
        assert entry["original"].startswith(f"{base}/originals/{report['id']}")
    for entry in entries[:3]:
        assert get(entry["link"]) and get(entry["original"])
    return len(entries)


def main():
    program = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as work:
        shutil.copy(ROOT / "findings.toml", work)
        shutil.copytree(ROOT / "samples", Path(work) / "samples")
        subprocess.run([program, "index", "samples/reports"], cwd=work, check=True, capture_output=True)
        server = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0"], cwd=work, stderr=subprocess.PIPE, text=True
        )
        try:
            line = next(line for line in server.stderr if "listening at" in line)
            base = re.search(r"http://[^/]*", line)[0]
            for asked in SEARCHES:
                print(f"{check(base, asked)} entries: {asked}")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


if __name__ == "__main__":
    main()
