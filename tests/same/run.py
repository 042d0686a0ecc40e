#!/usr/bin/env python3
"""Holds the answers of two builds of Findings against each other. A change of the code that is to leave all
answers as they are has to end here with 0:

    cargo build --release && cp target/release/findings ../before
    (change the code)
    cargo build --release && tests/same/run.py ../before target/release/findings

Each build makes its own index of real reports, and both are asked the same: the questions of queries.tsv beside
this script, the topics and questions of relevance/, and the phrases of gold/phrases.jsonl, each also with facets
and in groups.

Held equal is every field that the old answer has: totals, ids and their order, spans, facets, groups,
comparisons, timelines, exit codes; numbers with a point to one part in ten thousand. Left out is what changes
from run to run, what an index says of its own form, and commands that are suggested. Fields may be added, and
wording (notes, messages, sentences) may change: both are counted and listed at the end. An error has to stay an
error of the same code, or become an answer. Where reports would share an id and are told apart in another way
now, they are matched by the SHA-256 of their files, and ids are translated before they are compared.
"""

import argparse
import collections
import concurrent.futures
import csv
import hashlib
import io
import itertools
import json
import math
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = pathlib.Path(os.environ.get("FINDINGS_CORPUS") or HERE.parents[2] / "shared" / "corpus")

FACETS = "grade,overall,theme,section,authority,region,framework,kind,report,topic,year"
GROUPS = ("report", "authority", "region", "framework", "year", "grade", "overall", "theme", "kind")

# Fields that are never compared: when it was, what made it, what to type next.
LEFT_OUT = {"asked", "first_indexed", "changed", "indexed", "finished", "modified", "program_version", "index_version",
            "generation", "fingerprint", "reading", "command", "arguments", "look", "hints"}

# Fields that tell people in sentences what other fields hold.
WORDING = {"sentence", "counted", "notes", "rules", "quotes_rule", "message", "reason", "expected", "conditions",
           "said", "because", "repairs"}

# Objects whose keys are values: one more is no new field but another answer.
KEYED = {"held", "kinds"}

# Facets that one of the builds may lack.
PASSED_OVER = {"visit"}

CLOSE = 1e-4    # how far numbers with a point may be apart, as a part of the larger
PATIENCE = 120  # seconds for an answer
PROCESSES = 2


class Unusable(Exception):
    """Nothing can be compared."""


class Build:
    """One of the two programs, with its index."""

    def __init__(self, name, binary, work):
        self.name, self.binary = name, pathlib.Path(binary).resolve()
        self.folder, self.index, self.log = work / name, work / name / "index", work / name / "index.log"
        self.elsewhere = work / "elsewhere"
        if not (self.binary.is_file() and os.access(self.binary, os.X_OK)):
            raise Unusable(f"{binary} is no program")

    def start(self, corpus):
        """Begins to build the index, unless one that this program made of these files was kept."""
        files = sorted(path for path in corpus.rglob("*") if path.is_file())
        self.made_of = {
            "program": hashlib.sha256(self.binary.read_bytes()).hexdigest(),
            "files": [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files],
        }
        if self.stamp.exists() and json.loads(self.stamp.read_text("utf-8")) == self.made_of:
            return None
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        with open(self.log, "wb") as log:
            return subprocess.Popen([self.binary, "index", corpus, "--index", self.index], stdout=log, stderr=log,
                                    stdin=subprocess.DEVNULL, cwd=self.elsewhere, env=environment())

    def finish(self, building):
        """Waits for the index. Some file that is no report is no reason to stop."""
        if building is None:
            return
        code = building.wait()
        if not self.index.exists():
            raise Unusable(f"{self.name} made no index (exit code {code}):\n{self.log.read_text('utf-8')}")
        self.stamp.write_text(json.dumps(self.made_of), "utf-8")

    @property
    def stamp(self):
        return self.folder / "made-of.json"

    def ask(self, command, arguments):
        """What was answered, and the exit code: None where it took too long."""
        form = "jsonl" if command == "export" else "json"
        told = [] if has(arguments, "--format") else ["--format", form]
        typed = [self.binary, command, *told, "--index", self.index, *arguments]
        try:
            done = subprocess.run(typed, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                  cwd=self.elsewhere, env=environment(), timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return "", None
        return done.stdout.decode("utf-8", "replace"), done.returncode

    def reports(self):
        """The ids of the reports held, by the hashes of their files."""
        text, code = self.ask("reports", ["--format", "jsonl"])
        if code != 0:
            raise Unusable(f"{self.name} lists no reports (exit code {code})")
        return {report["sha256"]: report["id"] for report in map(json.loads, text.splitlines())}


def environment():
    """The user's own, without what would change answers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FINDINGS_")}
    return {**kept, "NO_COLOR": "1"}


def has(arguments, option):
    options = itertools.takewhile(lambda argument: argument != "--", arguments)
    return any(argument == option or argument.startswith(option + "=") for argument in options)


class Ids:
    """The ids of the old index as the new one has them."""

    def __init__(self, old, new):
        self.held = len(old)
        self.gone = sorted(old[sha256] for sha256 in old.keys() - new.keys())
        self.come = sorted(new[sha256] for sha256 in new.keys() - old.keys())
        self.of = {old[sha256]: new[sha256] for sha256 in old.keys() & new.keys() if old[sha256] != new[sha256]}
        self.renamed = set(self.of.values())
        # A longer id before one with which it begins.
        among = "|".join(map(re.escape, sorted(self.of, key=len, reverse=True)))
        self.pattern = re.compile(rf"(?<![\w-])(?:{among})(?![\w-])", re.IGNORECASE) if among else None

    def translated(self, text):
        if self.pattern is None:
            return text
        return self.pattern.sub(lambda found: self.of[found.group().lower()], text)

    def in_old_order(self, old, new):
        """The new list, where it differs from the old one only in the order of reports that have other ids now."""
        if not self.renamed or len(old) != len(new):
            return new
        olds, news = [key(item) for item in old], [key(item) for item in new]
        moved = [place for place, pair in enumerate(zip(olds, news)) if pair[0] != pair[1]]
        keys = {news[place]: place for place in moved}
        if len(keys) < len(moved) or keys.keys() != {olds[place] for place in moved}:
            return new
        if any(str(name).split("/")[0] not in self.renamed for name in keys):
            return new
        ordered = list(new)
        for place in moved:
            ordered[place] = new[keys[olds[place]]]
            if isinstance(ordered[place], dict) and "rank" in ordered[place]:
                ordered[place] = {**ordered[place], "rank": old[place].get("rank")}
        return ordered


def key(item):
    """By what an item of a list is known: its id, or its name."""
    if isinstance(item, str):
        return item
    if isinstance(item, dict):
        named = (item.get(name) for name in ("id", "report", "facet", "value", "key", "authority", "name", "path"))
        return next((name for name in named if isinstance(name, str)), None)
    return None


def needs(relevance):
    """Names and words of what people looked for: as a query, and as a whole question where there is one."""
    for file, columns in (("topics.tsv", {1: ""}), ("questions.tsv", {1: "", 3: " in full"})):
        with open(relevance / file, encoding="utf-8") as lines:
            for row in (line.rstrip("\n").split("\t") for line in lines):
                for column, said in columns.items():
                    yield row[0] + said, row[column]


def quoted(phrases):
    with open(phrases, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            yield f"phrase {number}", '"' + json.loads(line)["phrase"] + '"'


def questions(corpus, relevance, phrases):
    """Name, command and arguments of everything that is asked."""
    places = {"{here}": HERE, "{corpus}": corpus, "{relevance}": relevance}
    groups = itertools.cycle(GROUPS)
    with open(HERE / "queries.tsv", encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines][1:]
    for name, command, typed in rows:
        for placeholder, folder in places.items():
            typed = typed.replace(placeholder, shlex.quote(str(folder)))
        arguments = shlex.split(typed)
        yield name, command, arguments
        answers_all = not any(has(arguments, option) for option in ("--format", "--facets", "--group"))
        if command == "search" and answers_all and not name.startswith("error-"):
            yield f"{name}, with facets", command, ["--facets", FACETS, *arguments]
            yield f"{name}, in groups", command, ["--group", next(groups), *arguments]
    for name, words in itertools.chain(needs(relevance), quoted(phrases)):
        yield name, "search", ["--limit", "20", "--", words]
        yield f"{name}, with facets", "search", ["--limit", "20", "--facets", FACETS, "--", words]
        yield f"{name}, in groups", "search", ["--group", next(groups), "--per-group", "2", "--", words]


class Held:
    """One answer held against the other."""

    def __init__(self, ids):
        self.ids = ids
        self.differences = []               # place, old, new
        self.added = collections.Counter()  # fields that only the new answer has
        self.worded = {}                    # fields whose wording differs, with the last old and new
        self.words = collections.Counter()  # how often they do
        self.became_answer = False

    def differ(self, place, old, new):
        self.differences.append((place or "answer", old, new))

    def answers(self, old, new, form):
        """`old` and `new`: text and exit code; `form`: json, jsonl or csv."""
        (old_text, old_code), (new_text, new_code) = old, new
        if old_code not in (0, 1):
            if new_code in (0, 1):
                self.became_answer = True
            elif old_code != new_code:
                self.differ("exit code", old_code, new_code)
            elif fault(old_text) not in (None, fault(new_text)):
                self.differ("error.code", fault(old_text), fault(new_text))
            return
        if old_code != new_code:
            self.differ("exit code", old_code, new_code)
        if new_code not in (0, 1):
            return
        old_text = self.ids.translated(old_text)
        if old_text == new_text:
            return
        try:
            old_value, new_value = parsed(old_text, form), parsed(new_text, form)
        except ValueError:
            self.differ("answer", old_text[:80], new_text[:80])
            return
        self.values(old_value, new_value, "")

    def values(self, old, new, place):
        if isinstance(old, dict) and isinstance(new, dict):
            self.objects(old, new, place)
        elif isinstance(old, list) and isinstance(new, list):
            self.lists(old, new, place)
        elif not is_same(old, new):
            self.differ(place, old, new)

    def objects(self, old, new, place):
        for name, value in old.items():
            below = f"{place}.{name}" if place else name
            if name in LEFT_OUT:
                continue
            if name not in new:
                self.differ(below, value, "(not there)")
            elif name not in WORDING:
                self.values(value, new[name], below)
            elif value != new[name]:
                self.words[general(below)] += 1
                self.worded[general(below)] = (value, new[name])
        for name in new.keys() - old.keys() - LEFT_OUT:
            below = f"{place}.{name}" if place else name
            if re.split(r"\W+", place)[-1] in KEYED:
                self.differ(below, "(not there)", new[name])
            else:
                self.added[general(below)] += 1

    def lists(self, old, new, place):
        if place.split(".")[-1] == "facets":
            old, new = ([item for item in both if key(item) not in PASSED_OVER] for both in (old, new))
        new = self.ids.in_old_order(old, new)
        if len(old) != len(new):
            self.differ(place, f"{len(old)} items", f"{len(new)} items")
        for at, (one, other) in enumerate(zip(old, new)):
            below = f"{place}[{at}]"
            if key(one) != key(other):
                # What else is different of another paragraph is of no interest.
                self.differ(below, key(one), key(other))
            else:
                self.values(one, other, below)


def fault(text):
    """The code of an error, where it tells one."""
    try:
        return json.loads(text)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None


def parsed(text, form):
    if form == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(text)))
    return json.loads(text)


def is_same(old, new):
    if isinstance(old, str) and isinstance(new, str) and re.fullmatch(r"-?\d+\.\d+", old):
        # A cell of CSV.
        try:
            old, new = float(old), float(new)
        except ValueError:
            return False
    if isinstance(old, bool) or isinstance(new, bool) or not isinstance(old, (int, float)):
        return type(old) is type(new) and old == new
    if isinstance(old, int) and isinstance(new, int):
        return old == new
    return isinstance(new, (int, float)) and math.isclose(old, new, rel_tol=CLOSE, abs_tol=1e-12)


def general(place):
    """The place of a field, whichever item of a list it is of."""
    return re.sub(r"\[\d+\]", "[]", place)


def short(old, new, width=60):
    """Two values, cut about where they begin to differ."""
    old, new = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for value in (old, new))
    same = len(os.path.commonprefix([old, new]))
    start = max(0, same - width // 3) if max(len(old), len(new)) > width else 0

    def cut(text):
        shown = text[start:start + width]
        return ("…" if start else "") + shown + ("…" if start + width < len(text) else "")

    return f"{cut(old)}  ->  {cut(new)}"


def form_of(command, arguments):
    for at, argument in enumerate(arguments):
        if argument == "--format":
            return arguments[at + 1]
        if argument.startswith("--format="):
            return argument.partition("=")[2]
    return "jsonl" if command == "export" else "json"


def held(question, builds, ids, keep):
    """Asks both, and says in what the answers differ."""
    name, command, arguments = question
    old = builds[0].ask(command, arguments)
    new = builds[1].ask(command, [ids.translated(argument) for argument in arguments])
    result = Held(ids)
    result.answers(old, new, form_of(command, arguments))
    if result.differences and keep:
        folder = keep / "differing"
        folder.mkdir(exist_ok=True)
        for build, (text, _) in zip(builds, (old, new)):
            (folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.{build.name}").write_text(text, "utf-8")
    return result


def arguments_of_command_line():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Ends with 0 where all answers are the same, 1 where some differ, 2 where nothing could be compared.",
    )
    parser.add_argument("old", metavar="OLD", help="the program as it was")
    parser.add_argument("new", metavar="NEW", help="the program as it is now")
    parser.add_argument("--corpus", metavar="DIR", type=pathlib.Path, default=CORPUS,
                        help="folder of reports [default: $FINDINGS_CORPUS, else ../shared/corpus beside the clone]")
    parser.add_argument("--relevance", metavar="DIR", type=pathlib.Path,
                        help="folder of topics.tsv and questions.tsv [default: relevance beside the corpus]")
    parser.add_argument("--phrases", metavar="FILE", type=pathlib.Path,
                        help="lines of JSON, each with a `phrase` [default: gold/phrases.jsonl beside the corpus]")
    parser.add_argument("--keep", metavar="DIR", type=pathlib.Path,
                        help="keep the indexes in this folder, where the next run finds them if program and reports "
                             "are the same, and answers that differ in DIR/differing")
    parser.add_argument("--only", metavar="PATTERN", type=re.compile,
                        help="ask only what has a name in which this regular expression is found")
    parser.add_argument("--most", metavar="N", type=int, default=5,
                        help="most differences that are shown of one question [default: 5]")
    args = parser.parse_args()
    beside = args.corpus.resolve().parent
    args.corpus = args.corpus.resolve()
    args.relevance = (args.relevance or beside / "relevance").resolve()
    args.phrases = (args.phrases or beside / "gold" / "phrases.jsonl").resolve()
    return args


def main():
    args = arguments_of_command_line()
    if not args.keep:
        with tempfile.TemporaryDirectory(prefix="findings-same-") as work:
            return compare(args, pathlib.Path(work))
    args.keep = args.keep.resolve()
    args.keep.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(args.keep / "differing", ignore_errors=True)
    return compare(args, args.keep)


def compare(args, work):
    """Builds, asks and tells; gives the exit code."""
    if not args.corpus.is_dir():
        raise Unusable(f"there is no folder {args.corpus}: name the reports with --corpus DIR")
    asked = [question for question in questions(args.corpus, args.relevance, args.phrases)
             if not args.only or args.only.search(question[0])]
    if not asked:
        raise Unusable("no question has such a name")
    (work / "elsewhere").mkdir(exist_ok=True)
    builds = [Build("old", args.old, work), Build("new", args.new, work)]
    began = time.monotonic()
    say(f"building two indexes of {args.corpus.name}")
    building = [build.start(args.corpus) for build in builds]
    try:
        for build, process in zip(builds, building):
            build.finish(process)
    finally:
        for process in building:
            if process and process.poll() is None:
                process.kill()
    ids = Ids(*(build.reports() for build in builds))
    indexed = time.monotonic()
    say(f"asking {len(asked):,} times")
    with concurrent.futures.ThreadPoolExecutor(PROCESSES) as pool:
        results = pool.map(lambda question: held(question, builds, ids, args.keep), asked)
        told = [tell(question, result, args.most) for question, result in zip(asked, results)]
    summary(asked, told, ids)
    say(f"indexes {indexed - began:.0f} s, answers {time.monotonic() - indexed:.0f} s")
    return 1 if ids.gone or ids.come or any(result.differences for result in told) else 0


def tell(question, result, most):
    """Prints in what an answer differs."""
    name, command, arguments = question
    if result.differences:
        print(f"{name}: findings {command} {shlex.join(arguments)}")
        for place, old, new in result.differences[:most]:
            print(f"    {place}: {short(old, new)}")
        if len(result.differences) > most:
            print(f"    and {len(result.differences) - most:,} more")
        sys.stdout.flush()
    return result


def summary(asked, results, ids):
    added, words, worded = collections.Counter(), collections.Counter(), {}
    for result in results:
        added.update(result.added)
        words.update(result.words)
        worded.update(result.worded)
    differing = sum(bool(result.differences) for result in results)
    answered = [name for (name, *_), result in zip(asked, results) if result.became_answer]
    for said, gone in (("only OLD holds", ids.gone), ("only NEW holds", ids.come)):
        if gone:
            print(f"{len(gone):,} reports {said}: {', '.join(gone[:10])}{', …' if len(gone) > 10 else ''}")
    if ids.of:
        print(f"{len(ids.of):,} of {ids.held:,} reports have another id:")
        for old, new in sorted(ids.of.items())[:20]:
            print(f"    {old}  ->  {new}")
    if added:
        print("fields that are new (no fault):")
        for place, count in sorted(added.items()):
            print(f"    {place}  {count:,} times")
    if words:
        print("wording that differs (no fault):")
        for place, count in sorted(words.items()):
            print(f"    {place}  {count:,} times, as {short(*worded[place])}")
    if answered:
        print(f"became an answer (no fault): {', '.join(answered)}")
    same = len(asked) - differing
    print(f"{len(asked):,} answers over {ids.held:,} reports: {same:,} the same, {differing:,} differ")


def say(what):
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Unusable, OSError) as error:
        say(f"error: {error}")
        sys.exit(2)
