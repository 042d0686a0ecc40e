"""Faults of machines, disks and the network between them."""
import contextlib
import os
import pathlib
import signal
import threading
import time

from .bench import LATE, LIMIT, Load, Stopped, questions

ASKED = int(os.environ.get("FINDINGS_QUESTIONS", "1000"))
CHECKS = 10  # seconds between two looks at the disks, the least that OpenSearch takes
FILLED = 97  # per cent of a disk: above the last watermark, 95


def nodes(bench):
    asked = questions(ASKED)
    expected = bench.expected("all", asked)
    bench.put("all", "nodes")
    with bench.serving(*bench.place("nodes")) as server:
        load = Load(server, asked, expected)
        load.run([
            (0.1, "node 1 killed", lambda: bench.cluster("kill", 1)),
            (0.35, "node 1 started again", lambda: bench.cluster("restart", 1)),
            (0.5, "node 2 frozen", lambda: bench.cluster("freeze", 2)),
            (0.8, "node 2 thawed", lambda: bench.cluster("thaw", 2)),
        ])
        said = load.judge(bench)
        healed = bench.green()
        bench.same(server, {query: expected[query] for query in asked[:40]}, "all nodes are there again")
    bench.delete("nodes")
    return f"{said}; green {healed:.0f} s later"


@contextlib.contextmanager
def working(pid, share, period=1.0):
    """Lets a process work for a share of each period only."""
    over = threading.Event()

    def pace():
        while not over.is_set():
            os.kill(pid, signal.SIGSTOP)
            over.wait(period * (1 - share))
            os.kill(pid, signal.SIGCONT)
            over.wait(period * share)
    thread = threading.Thread(target=pace, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def slow(bench):
    asked = questions(200)
    expected = bench.expected("first", asked)
    bench.put("first", "slow")
    with bench.serving(*bench.place("slow")) as server:
        load = Load(server, asked, expected)
        with contextlib.ExitStack() as stack:
            load.run([(0.25, "node 3 slow", lambda: stack.enter_context(working(bench.pid(3), 0.1)))])
            built = bench.copy("second", "slow", timeout=200)
            bench.must(built.code == 0, f"a slow node is no reason not to build: {built}")
        said = load.judge(bench)
        bench.must(not load.errors, "errors, though every node answers in time")
    bench.agrees("second", "slow")
    bench.delete("slow")
    return f"{said}; a build took {built.seconds:.0f} s"


def cut(bench):
    """Node 1 hears and is heard by its clients, but by no other node: it does not know at first that it is
    alone, and later cannot answer what it knows no more."""
    asked = questions(600)
    expected = bench.expected("first", asked)
    bench.put("first", "cut")
    builds = []
    with bench.serving(*bench.place("cut")) as server:
        load = Load(server, asked, expected)
        load.run([
            (0.1, "node 1 cut off", lambda: bench.cluster("cut", 1)),
            (0.4, "node 1 cut off, and a build",
             lambda: builds.append(bench.start(*bench.place("cut"), "index", "--from-index", bench.held("first")))),
            (0.8, "mended", lambda: bench.cluster("mend", 1)),
        ])
        said = load.judge(bench)
        built = bench.end(builds[0])
        if built.code:
            bench.is_clear(built)
        healed = bench.green()
        bench.same(server, dict(list(expected.items())[:40]), "the network is whole again")
        # Whoever reaches the cut node alone must be told, and soon.
        bench.cluster("cut", 1)
        alone = ["--engine", f"{bench.nodes[0]}/cut"]
        begun, ran = time.monotonic(), None
        while time.monotonic() < begun + 60:
            ran = bench.run(*alone, "search", "children", "--time-limit", str(LIMIT))
            if ran.code == 2:
                bench.is_clear(ran, within=LIMIT + LATE)
                break
        lonely = bench.run(*alone, "index", "--from-index", bench.held("second"))
        bench.is_clear(lonely)
        bench.cluster("mend", 1)
        bench.green()
    bench.agrees("first", "cut")
    bench.put("second", "cut")
    bench.agrees("second", "cut")
    return (f"{said}; the build during the cut ended with {built.code} after {built.seconds:.0f} s; green "
            f"{healed:.0f} s after it was mended; asked alone, the node said after {ran.seconds:.1f} s "
            f"{ran.said()!r}; told to build alone, after {lonely.seconds:.0f} s {lonely.said()!r}")


def full(bench):
    """The others may not take over what the full node holds, as if they had no room either: they would, and
    nobody would notice."""
    bench.put("first", "full")
    bench.settings(cluster__info__update__interval=f"{CHECKS}s", cluster__routing__allocation__enable="none")
    asked = questions(40)
    expected = bench.expected("first", asked)
    disk = pathlib.Path(f"/proc/{bench.pid(1)}/root{bench.folder}/node-1/data")
    filler = disk / "filler"

    def is_blocked():
        settings = bench.order("GET", "/full.*/_settings?flat_settings=true")
        return any("index.blocks.read_only_allow_delete" in index["settings"] for index in settings.values())

    def wait(blocked):
        begun = time.monotonic()
        while is_blocked() != blocked:
            if time.monotonic() > begun + 120:
                raise Stopped(f"the disk is {'full' if blocked else 'free'} and the cluster does not notice")
            time.sleep(0.5)

    with bench.serving(*bench.place("full")) as server:
        room = os.statvfs(disk)
        size = (room.f_bavail - room.f_blocks * (100 - FILLED) // 100) * room.f_frsize
        with open(filler, "wb") as file:
            while size > 0:
                size -= file.write(b"\1" * min(size, 1 << 20))
        wait(True)
        built = bench.copy("second", "full", timeout=600)
        bench.is_clear(built, "disk", "room|space|full", within=120)
        bench.same(server, expected, "the disk of a node is full")
        bench.agrees("first", "full")
        filler.unlink()
        wait(False)
        bench.same(server, expected, "there is room again")
        again = bench.copy("second", "full", "--wait=60")
        bench.must(again.code == 0, f"there is room again: {again}")
        bench.agrees("second", "full")
        # Really full, and without a warning: the node cannot write at all.
        with open(filler, "wb") as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\1" * (1 << 16))
                file.flush()
        packed = bench.copy("first", "full", "--wait=60", timeout=600)
        if packed.code:
            bench.is_clear(packed)
        bench.agrees("second" if packed.code else "first", "full")
        filler.unlink()
        bench.settings(cluster__routing__allocation__enable=None)
        wait(False)
        bench.order("POST", "/_cluster/reroute?retry_failed=true")
        healed = bench.green()
        last = bench.copy("first", "full", "--wait=60")
        bench.must(last.code == 0, f"all is well again: {last}")
        bench.agrees("first", "full")
    bench.settings(cluster__info__update__interval=None)
    return (f"above the watermark a build ended with {built.code} after {built.seconds:.0f} s: {built.said()!r}; "
            f"with room again it took {again.seconds:.0f} s; on a disk without a byte left it ended with {packed.code} "
            f"after {packed.seconds:.0f} s: {packed.said()!r}; green {healed:.0f} s after there was room")
