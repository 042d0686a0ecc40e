"""What other programs and people do to a cluster."""
import json
import time

from .bench import NOTICED, questions

# What commands of every sort ask for.
ASKING = [
    ["search", "children"],
    ["reports"],
    ["compare", "children", "--by", "authority"],
    ["coverage"],
    ["export"],
]


def read_only(bench):
    asked = questions(40)
    expected = bench.expected("first", asked)
    bench.put("first", "closed")
    paragraphs = next(index for index in bench.indexes("closed") if ".paragraphs-" in index)

    def of_index(value):
        bench.order("PUT", f"/{paragraphs}/_settings", {"index.blocks.write": value})
    ways = {
        "cluster.blocks.read_only": lambda on: bench.settings(cluster__blocks__read_only=on),
        "cluster.blocks.read_only_allow_delete":
            lambda on: bench.settings(cluster__blocks__read_only_allow_delete=on),
        "index.blocks.write": of_index,
    }
    said = []
    for way, block in ways.items():
        block(True)
        try:
            with bench.serving(*bench.place("closed")) as server:
                bench.same(server, expected, way)
            searched = bench.run(*bench.place("closed"), "search", "children")
            bench.must(searched.code == 0, f"{way}: {searched}")
            built = bench.copy("second", "closed", "--wait=40", timeout=600)
            bench.is_clear(built, "read-only|read_only|blocks.write|block", within=90)
            bench.must("_password" not in built.err.lower(), f"{way}: advice that does not help: {built}")
            fresh = bench.copy("second", "closed-new", timeout=600)
            if way.startswith("cluster"):
                bench.is_clear(fresh, "read-only|read_only|block", within=90)
            said.append(f"{way}: {built.seconds:.0f} s: {built.said()!r}")
        finally:
            block(None)
        bench.agrees("first", "closed")
    again = bench.copy("second", "closed", "--wait=40")
    bench.must(again.code == 0, f"writing is allowed again: {again}")
    bench.agrees("second", "closed")
    bench.delete("closed")
    bench.delete("closed-new")
    return "; ".join(said)


def foreign(bench):
    """Each name of a corpus's parts is taken by another program: as an index, as one more name of an index, and
    where the other parts are ours."""
    bench.put("first", "own")
    parts = [index[len("own."):] for index in bench.indexes("own")]
    bench.delete("own")
    paragraphs = next(part for part in parts if part.startswith("paragraphs-"))
    cases = [(part, "index") for part in parts] + [(paragraphs, "alias"), (paragraphs, "the rest is ours")]
    said = []
    for case, (part, way) in enumerate(cases):
        corpus = f"theirs{case}"
        taken = f"{corpus}.{part}"
        index = f"library{case}" if way == "alias" else taken
        if way == "the rest is ours":
            bench.put("first", corpus)
            bench.order("DELETE", f"/{taken}")
        mappings = {"properties": {"title": {"type": "text"}, "state": {"type": "object", "enabled": False}}}
        bench.order("PUT", f"/{index}", {"mappings": mappings})
        if way == "alias":
            bench.order("PUT", f"/{index}/_alias/{taken}")
        # The last has the name under which a corpus keeps what it knows.
        for name in ("1", "2", "current"):
            document = {"title": f"Book {name}", "state": {"open": True}}
            bench.order("PUT", f"/{index}/_doc/{name}?refresh=true", document)
        before, beside = everything(bench, index), bench.indexes(corpus)
        count = len(bench.problems)
        # The second is refused before any file is read.
        for command in (["index", "--from-index", bench.held("first")], ["index", bench.held("first")]):
            ran = bench.run(*bench.place(corpus), *command, timeout=120)
            bench.is_clear(ran, "not made by this program", within=30)
            if len(bench.problems) > count:
                break
        said.append(f"{part}, {way}: {ran.said()!r}")
        count = len(bench.problems)
        for command in [*ASKING, ["check", "--against", bench.held("first")]]:
            ran = bench.run(*bench.place(corpus), *command, timeout=120)
            bench.is_clear(ran, f"no corpus `{corpus}`|not made by this program", within=30)
            if len(bench.problems) > count:
                break
        bench.must(everything(bench, index) == before, f"{index} was changed")
        bench.must(bench.indexes(corpus) == beside, f"a build that was refused leaves {bench.indexes(corpus)}, where "
                   f"{beside} was")
        if way == "alias":
            bench.order("DELETE", f"/{index}")
        bench.delete(corpus)
    return f"{len(cases)} cases; builds: " + "; ".join(said)


def everything(bench, index):
    """All that an index holds, and how often it was changed."""
    made = bench.order("GET", f"/{index}")
    documents = bench.order("GET", f"/{index}/_search?version=true&seq_no_primary_term=true&sort=_doc")
    return json.dumps([made, documents["hits"]], sort_keys=True)


def copied(bench, index):
    """What an index is made with, to make another."""
    made = bench.order("GET", f"/{index}")[index]
    settings = {key: value for key, value in made["settings"]["index"].items()
                if key not in ("creation_date", "provided_name", "uuid", "version", "replication")}
    return {"settings": {"index": settings}, "mappings": made["mappings"]}


def mapping(bench):
    asked = questions(40)
    expected = bench.expected("first", asked)
    said = []

    def made_again(change):
        """The index of paragraphs is deleted, and made again with something changed, or not at all."""
        def act(paragraphs):
            made = copied(bench, paragraphs)
            bench.order("DELETE", f"/{paragraphs}")
            if change:
                change(made)
                bench.order("PUT", f"/{paragraphs}", made)
        return act

    def analyser(made):
        made["mappings"]["properties"]["stem"]["analyzer"] = "standard"

    def analysed_otherwise(paragraphs):
        """The analyser has the same name, and cuts words short from now on."""
        bench.order("POST", f"/{paragraphs}/_close")
        bench.order("PUT", f"/{paragraphs}/_settings", {"analysis": {
            "filter": {"short": {"type": "truncate", "length": 3}},
            "analyzer": {"positions": {"type": "custom", "tokenizer": "positions", "filter": ["holes", "short"]}},
        }})
        bench.order("POST", f"/{paragraphs}/_open")
        bench.green()

    def mapped(change):
        return lambda paragraphs: bench.order("PUT", f"/{paragraphs}/_mapping", change)
    cases = {
        "a field more": mapped({"properties": {"note": {"type": "keyword"}}}),
        "fields welcome": mapped({"dynamic": True}),
        "another analyser": made_again(analyser),
        "another analyser of the same name": analysed_otherwise,
        "nothing in it": made_again(lambda made: None),
        "a field less": made_again(lambda made: made["mappings"]["properties"].pop("page")),
        "nothing there": made_again(None),
    }
    for number, (case, change) in enumerate(cases.items()):
        name = f"mapping{number}"
        bench.put("first", name)
        paragraphs = next(index for index in bench.indexes(name) if ".paragraphs-" in index)
        with bench.serving(*bench.place(name)) as server:
            change(paragraphs)
            time.sleep(NOTICED)
            # Those who have opened the corpus, and those who open it now.
            right_or_told(bench, server, expected, f"{case}, changed under a server")
        asks = bench.run(*bench.place(name), "search", "children", "--format", "json")
        if asks.code == 2:
            bench.is_clear(asks)
            outcome = f"refused: {asks.said()!r}"
        else:
            with bench.serving(*bench.place(name)) as server:
                right_or_told(bench, server, expected, f"{case}, changed before the server began")
            outcome = "answers"
        # The next build: repaired, or refused with advice that can be followed.
        built = bench.copy("second", name)
        if built.code:
            bench.is_clear(built)
            outcome += f", a build is refused: {built.said()!r}"
            bench.delete(name)
            bench.put("second", name)
        else:
            outcome += ", a build repairs it"
        bench.agrees("second", name)
        bench.delete(name)
        said.append(f"{case}: {outcome}")
    return "; ".join(said)


def right_or_told(bench, server, expected, when):
    """Each answer is right or an error."""
    told = 0
    for query, content in list(expected.items())[:20]:
        answer = server.search(query)
        if answer.content is None:
            told += 1
            if not bench.must(answer.advises(), f"{when}: {query!r}: no advice: {answer}"):
                return told
        elif not bench.must(answer.content == content, f"{when}: {query!r}: WRONG: {answer}"):
            return told
    return told
