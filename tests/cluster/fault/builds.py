"""What happens to builds, and to those who read meanwhile."""
import signal
import threading
import time
from collections import Counter

from .bench import LATE, NOTICED, Stopped, questions

LEASE = 30  # seconds after which a build that was killed may be followed by another
READERS = 8
BUILDS = 4
PAGE = 50  # results
PAGED = ["supervision OR neglect", "leadership", "plan", "assessment"]


def switch(bench):
    """Half of the readers page by cursor, which must go on in the generation in which it began, and half by
    number, each of whose pages may be of another generation. No page may be of two: two are known, and each
    page is as in one of them, the one of which its generation is."""
    bench.put("first", "switch")
    wanted = {query: [whole(bench, which, query) for which in ("first", "second")] for query in PAGED}
    for query, (first, second) in wanted.items():
        bench.must(first != second, f"{query!r} finds the same in both generations, which shows nothing")
    over = threading.Event()
    lock = threading.Lock()
    outcomes, of_generation, wrong = Counter(), {}, []

    def look(query, way, page, at, began):
        """Whether a page is as in a generation that is known, the same as other pages of its generation."""
        name = page["generation"]
        known = [n for n, found in enumerate(wanted[query]) if as_in(found, page, at)]
        with lock:
            if len(known) == 1:
                known = [known[0]] if of_generation.setdefault(name, known[0]) == known[0] else []
            if not known or (way == "cursor" and name != began):
                wrong.append(f"{query!r} from {at} by {way} in generation {name}, begun in {began}: "
                             f"total {page['total']}, not {[found['total'] for found in wanted[query]]}")

    def read(server, query, way):
        while not over.is_set():
            at, began, more = 0, None, {}
            while not over.is_set():
                answer = server.search(query, limit=PAGE, sort="date", facets="authority", **more)
                if answer.status != 200:
                    with lock:
                        outcomes[f"{way}: {answer.error()}"] += 1
                    bench.must(answer.advises(), f"{query!r}: no advice: {answer}")
                    break
                page = answer.body
                began = began or page["generation"]
                look(query, way, page, at, began)
                at += len(page["hits"])
                if page["next"] is None or not page["hits"]:
                    with lock:
                        outcomes[f"{way}: read to the end"] += 1
                    break
                more = {"cursor": page["next"]} if way == "cursor" else {"offset": at}

    with bench.serving(*bench.place("switch")) as server:
        readers = [threading.Thread(target=read, args=(server, PAGED[n // 2 % len(PAGED)], ("cursor", "offset")[n % 2]))
                   for n in range(READERS)]
        for reader in readers:
            reader.start()
        took = []
        try:
            for number in range(BUILDS):
                ran = bench.copy(("second", "first")[number % 2], "switch", "--wait=60")
                bench.must(ran.code == 0, str(ran))
                took.append(ran.seconds)
                time.sleep(3)
        finally:
            over.set()
            for reader in readers:
                reader.join()
    bench.must(not wrong, f"{len(wrong)} pages mix generations: {wrong[:3]}")
    bench.must(set(of_generation.values()) == {0, 1}, f"not both were read: {of_generation}")
    for way in ("cursor", "offset"):
        bench.must(outcomes[f"{way}: read to the end"], f"nobody came to the end by {way}: {dict(outcomes)}")
    allowed = ("read to the end", "410 expired_cursor", "503 timed_out")
    others = [what for what in outcomes if not what.endswith(allowed)]
    bench.must(not others, f"errors, though nothing but builds happened: {dict(outcomes)}")
    bench.agrees("first", "switch")
    bench.delete("switch")
    passes = ", ".join(f"{count} by {what}" for what, count in sorted(outcomes.items()))
    return (f"{BUILDS} builds of {min(took):.0f} to {max(took):.0f} s under {READERS} readers: {passes}; "
            f"{len(of_generation)} generations were seen, {len(wrong)} pages were mixed")


def whole(bench, which, query):
    """All that an index in a folder finds."""
    with bench.serving("--index", bench.held(which)) as server:
        hits = []
        while True:
            answer = server.search(query, limit=200, sort="date", facets="authority", offset=len(hits))
            if answer.content is None:
                raise Stopped(f"the folder does not answer {query!r}: {answer}")
            hits += [brief(hit) for hit in answer.body["hits"]]
            if answer.body["next"] is None or not answer.body["hits"]:
                return {"total": answer.body["total"], "facets": answer.body["facets"], "hits": hits}


def brief(hit):
    return hit["id"], hit["text"]


def as_in(found, page, at):
    return (page["total"] == found["total"] and page["facets"] == found["facets"]
            and [brief(hit) for hit in page["hits"]] == found["hits"][at:at + PAGE])


def killed(bench):
    asked = questions(40)
    expected = bench.expected("first", asked)
    bench.put("first", "killed")
    full = timed(bench)
    building = [*bench.place("killed"), "index", "--from-index", bench.held("second"), "--wait=60"]
    moments = []
    with bench.serving(*bench.place("killed")) as server:
        for share in (0.1, 0.3, 0.6):
            build = bench.start(*building)
            waits = time.monotonic()
            while not holder(bench, build):
                # The one before keeps the right to build until its lease has run out.
                bench.must(time.monotonic() < waits + LEASE + LATE, "the right to build does not run out")
                if build.poll() is not None or time.monotonic() > waits + 2 * LEASE:
                    break
                time.sleep(0.02)
            time.sleep(full * share)
            has_ended = build.poll() is not None
            build.send_signal(signal.SIGKILL)
            build.communicate()
            moments.append(f"{share:.0%}{' (too late)' if has_ended else ''}")
            if has_ended:
                bench.put("first", "killed")
                time.sleep(NOTICED)
            bench.same(server, expected, f"a build was killed at {share:.0%}")
        bench.agrees("first", "killed")
        begun = time.monotonic()
        refused = bench.copy("second", "killed")
        if refused.code:
            bench.is_clear(refused, "written by process")
        again = bench.copy("second", "killed", "--wait=60")
        bench.must(again.code == 0, f"nobody builds any more: {again}")
        waited = time.monotonic() - begun
        bench.must(waited < LEASE + full * 3 + LATE, f"after a build that was killed the next took {waited:.0f} s")
        bench.agrees("second", "killed")

        # One is frozen while it has the right to build, a second one takes over, and the first wakes up.
        frozen = bench.start(*bench.place("killed"), "index", "--from-index", bench.held("first"))
        while not holder(bench, frozen) and frozen.poll() is None:
            time.sleep(0.01)
        time.sleep(1)  # it must know that it has the right: else it may rightly ask for it again
        frozen.send_signal(signal.SIGSTOP)
        try:
            told = bench.copy("second", "killed")
            bench.is_clear(told, f"written by process {frozen.pid}", "--wait", within=20)
            bench.agrees("second", "killed")
            over = bench.copy("second", "killed", "--wait=60")
            bench.must(over.code == 0, f"the first does not renew its right: {over}")
        finally:
            frozen.send_signal(signal.SIGCONT)
        woken = bench.end(frozen, 120)
        bench.is_clear(woken, "another build")
        bench.agrees("second", "killed")
        after = bench.expected("second", asked)
        bench.same(server, after, "the frozen build woke up")
    bench.delete("killed")
    return (f"killed at {', '.join(moments)} of {full:.1f} s; the next build was done {waited:.0f} s after the last; "
            f"a second one was told {told.said()!r}; the one that woke up {woken.said()!r}")


def timed(bench):
    """How long a build takes, at first."""
    ran = bench.put("second", "timed")
    bench.delete("timed")
    return ran.seconds


def holder(bench, process):
    """Whether a process has the right to build."""
    state = next(index for index in bench.indexes("killed") if ".state-" in index)
    lease = bench.order("GET", f"/{state}/_doc/current")["_source"]["state"]["lease"]
    return bool(lease) and f"process {process.pid} " in lease["holder"] + " "
