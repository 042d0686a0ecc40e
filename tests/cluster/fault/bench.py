"""What every scenario of faults needs: the cluster, indexes to put there, servers, and questions."""
import contextlib
import itertools
import json
import os
import pathlib
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter

CLUSTER = pathlib.Path(__file__).resolve().parent.parent / "cluster"
LIMIT = 30  # seconds that a server may take for an answer
LATE = 5  # seconds more, for the way there and back on a busy machine
SHOWN = 30  # of all that is wrong in a scenario
NOTICED = 3  # seconds after which a server must have noticed what became of its corpus
SMALL = 16  # of this many reports, the small corpus has one
NOTHING = urllib.request.build_opener(urllib.request.ProxyHandler({}))

WORDS = (
    "children supervision assessment missing interview leadership neglect health school plan visits "
    "adoption foster permanence risk exploitation thresholds partners decisions recording".split()
)
SHAPES = [
    "{a}",
    "{a} {b}",
    '"{a} {b}"',
    "{a} OR {b}",
    "{a} NOT {b}",
    "{a} NEAR/8 {b}",
    "{a} NEAR/6 {b} NEAR/6 {c}",
    "{a}* {b}",
    "grade:inadequate {a}",
    "({a} OR {b}) {c} kind:recommendation",
]


def questions(count):
    """Queries of every sort, over and over."""
    asked = []
    for number in range(count):
        a, b, c = (WORDS[(number * step + step) % len(WORDS)] for step in (1, 7, 11))
        asked.append(SHAPES[number % len(SHAPES)].format(a=a, b=b, c=c))
    return asked


def shown(text, most=600):
    text = " ".join(text.split())
    return text if len(text) <= most else text[:most] + " ..."


class Stopped(Exception):
    """A scenario cannot go on."""


class Ran:
    """A command that has ended."""

    def __init__(self, command, code, out, err, seconds):
        self.command, self.code, self.out, self.err, self.seconds = command, code, out, err, seconds

    def __str__(self):
        return f"`findings {' '.join(self.command)}` ended with {self.code} after {self.seconds:.1f} s: " \
               f"{self.said()}"

    def said(self):
        """The error, without what was said before."""
        return shown(self.err[max(self.err.find("error:"), 0):] or self.out)


class Bench:
    def __init__(self, scenario):
        self.scenario = scenario
        self.program = os.environ["FINDINGS_PROGRAM"]
        self.folder = os.environ["FINDINGS_CLUSTER_DIR"]
        self.nodes = os.environ["FINDINGS_CLUSTER"].split(",")
        self.prepared = pathlib.Path(os.environ["FINDINGS_FAULTS"])
        self.work = self.prepared / f"work-{os.getpid()}"
        self.work.mkdir(exist_ok=True)
        self.problems = []

    # What is found wrong does not end a scenario: more may be wrong.

    def must(self, holds, otherwise):
        if not holds:
            self.wrong(otherwise)
        return bool(holds)

    def wrong(self, what):
        self.problems.append(str(what))
        if len(self.problems) <= SHOWN:
            print(f"  {self.scenario}: {what}", flush=True)

    # The cluster.

    def cluster(self, *words):
        ran = subprocess.run([CLUSTER, words[0], self.folder, *map(str, words[1:])], capture_output=True, text=True)
        if ran.returncode:
            raise Stopped(f"`cluster {' '.join(map(str, words))}` ended with {ran.returncode}: {shown(ran.stderr)}")
        return ran.stdout

    def pid(self, number):
        return json.loads(self.cluster("status"))["nodes"][number - 1]["pid"]

    def ask(self, method, path, body=None, node=0, timeout=60):
        """Asks the cluster itself; returns the status and the answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.nodes[node] + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with NOTHING.open(request, timeout=timeout) as response:
                return response.status, json.loads(response.read() or "null")
        except urllib.error.HTTPError as e:
            with e:
                return e.code, json.loads(e.read() or "null")

    def order(self, method, path, body=None, seconds=60):
        """Asks whichever node answers, until the cluster has a manager again."""
        begun = time.monotonic()
        for turn in itertools.count():
            try:
                status, answer = self.ask(method, path, body, node=turn % len(self.nodes), timeout=30)
            except (OSError, ValueError) as e:
                status, answer = 503, str(e)
            if status < 300:
                return answer
            if status != 503 or time.monotonic() > begun + seconds:
                raise Stopped(f"{method} {path}: {status}: {shown(json.dumps(answer))}")
            time.sleep(0.5)

    def settings(self, **settings):
        """Settings of the whole cluster; `None` takes one back."""
        named = {name.replace("__", "."): value for name, value in settings.items()}
        self.order("PUT", "/_cluster/settings", {"persistent": named})

    def green(self, seconds=120):
        """Waits until every copy is there again; returns how long it took."""
        begun = time.monotonic()
        while time.monotonic() < begun + seconds:
            with contextlib.suppress(Stopped):
                health = self.order("GET", "/_cluster/health", seconds=5)
                if health.get("status") == "green" and health.get("number_of_nodes") == len(self.nodes):
                    return time.monotonic() - begun
            time.sleep(0.5)
        raise Stopped(f"the cluster is not green after {seconds} s")

    def indexes(self, name):
        return sorted(self.order("GET", f"/{name}.*?expand_wildcards=all"))

    def delete(self, name):
        """Deletes a corpus as the documentation says."""
        self.order("DELETE", f"/{name}.*")

    # The program.

    def place(self, name):
        return ["--engine", ",".join(f"{node}/{name}" for node in self.nodes)]

    def held(self, which):
        """The folder of an index that was made before; see `faults`."""
        return str(self.prepared / which)

    def start(self, *words, **more):
        return subprocess.Popen([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, cwd=self.work, **more)

    def end(self, process, timeout=400):
        """Waits for what `start` started."""
        begun = time.monotonic()
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err = f"did not end within {timeout} s. {err}"
        return Ran(process.args[1:], process.returncode, out, err, time.monotonic() - begun)

    def run(self, *words, timeout=400):
        return self.end(self.start(*words), timeout)

    def copy(self, which, name, *more, timeout=400):
        return self.run(*self.place(name), "index", "--from-index", self.held(which), *more, timeout=timeout)

    def put(self, which, name):
        """Copies an index to the cluster, where that must succeed."""
        ran = self.copy(which, name)
        if ran.code:
            raise Stopped(str(ran))
        return ran

    def agrees(self, which, name):
        """The corpus in the cluster must hold and answer what an index in a folder does."""
        ran = self.run("--index", self.held(which), "check", "--against", self.place(name)[1], "--questions", "40")
        return self.must(ran.code == 0, f"is not as before: {ran}; {shown(ran.out)}")

    def is_clear(self, ran, *wanted, within=None):
        """A command failed, and says why and what to do."""
        said = ran.err.lower()
        self.must(ran.code == 2, f"no error: {ran}")
        self.must("error:" in said and "panicked" not in said, f"no plain error: {ran}")
        self.must("hint:" in said, f"no advice: {ran}")
        for words in wanted:
            self.must(any(word in said for word in words.split("|")), f"nothing of `{words}`: {ran}")
        if within:
            self.must(ran.seconds <= within, f"took more than {within} s: {ran}")

    @contextlib.contextmanager
    def serving(self, *place):
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        with open(self.work / f"serve-{port}.log", "w+", encoding="utf-8") as log:
            process = subprocess.Popen(
                [self.program, *place, "--time-limit", str(LIMIT), "serve", "--listen", f"127.0.0.1:{port}",
                 "--at-once", "16"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.work)
            try:
                server = Server(f"http://127.0.0.1:{port}", process, log)
                until = time.monotonic() + 60
                while server.get("/api/v1/health").status != 200:
                    if process.poll() is not None or time.monotonic() > until:
                        raise Stopped(f"the server does not run: {server.log()}")
                    time.sleep(0.1)
                yield server
            finally:
                process.kill()
                process.wait()

    def expected(self, which, asked):
        """What an index in a folder answers."""
        with self.serving("--index", self.held(which)) as server:
            answers = {query: server.search(query) for query in set(asked)}
        failed = [query for query, answer in answers.items() if answer.content is None]
        if failed:
            raise Stopped(f"the folder does not answer {failed[0]!r}")
        return {query: answer.content for query, answer in answers.items()}

    def same(self, server, expected, when):
        """A server must answer every question as expected."""
        for query, content in expected.items():
            answer = server.search(query)
            if not self.must(answer.content == content, f"{when}: {query!r}: {answer}"):
                break


class Answer:
    """What a server answered: `content` is what must be equal, None for an error."""

    def __init__(self, status, body, seconds):
        self.status, self.body, self.seconds = status, body, seconds
        self.content = None
        if status == 200 and isinstance(body, dict):
            self.content = {key: value for key, value in body.items() if key not in ("generation", "next")}

    def __str__(self):
        body = self.body if self.content is None else {"total": self.body.get("total")}
        return f"status {self.status} after {self.seconds:.1f} s: {shown(json.dumps(body))}"

    def error(self):
        """An error in few words."""
        if not isinstance(self.body, dict):
            return f"{self.status} {self.body}"
        return f"{self.status} {self.body.get('code')}"

    def advises(self):
        return isinstance(self.body, dict) and bool(self.body.get("hints"))


class Server:
    def __init__(self, base, process, log):
        self.base, self.process, self.file = base, process, log

    def log(self):
        self.file.flush()
        with open(self.file.name, encoding="utf-8") as log:
            return shown(log.read()[-1500:], 1500)

    def get(self, path, timeout=LIMIT + 4 * LATE, **parameters):
        address = self.base + path + ("?" + urllib.parse.urlencode(parameters) if parameters else "")
        begun = time.monotonic()
        try:
            with NOTHING.open(address, timeout=timeout) as response:
                status, body = response.status, response.read()
        except urllib.error.HTTPError as e:
            with e:
                status, body = e.code, e.read()
        except (OSError, TimeoutError) as e:
            return Answer(0, str(e), time.monotonic() - begun)
        try:
            body = json.loads(body)
        except ValueError:
            body = body.decode(errors="replace")
        return Answer(status, body, time.monotonic() - begun)

    def search(self, query, **more):
        return self.get("/api/v1/search", q=query, **more)


class Load:
    """Clients that ask a server one question after the other, while something is done to the cluster."""

    def __init__(self, server, asked, expected, clients=8):
        self.server, self.asked, self.expected = server, asked, expected
        self.left = list(reversed(asked))
        self.lock = threading.Lock()
        self.phase = None
        self.phases = {}
        self.wrong, self.errors, self.silent, self.late = [], Counter(), [], []
        self.threads = [threading.Thread(target=self.client, daemon=True) for _ in range(clients)]

    def client(self):
        while True:
            with self.lock:
                if not self.left:
                    return
                query = self.left.pop()
                phase = self.phases.setdefault(self.phase, [])
            answer = self.server.search(query)
            with self.lock:
                phase.append(answer)
                if answer.content is None:
                    self.errors[answer.error()] += 1
                    if not answer.advises():
                        self.silent.append(f"{query!r}: {answer}")
                elif answer.content != self.expected[query]:
                    self.wrong.append(f"{query!r}: {answer}")
                if answer.seconds > LIMIT + LATE:
                    self.late.append(f"{query!r}: {answer}")

    def done(self):
        return len(self.asked) - len(self.left)

    def until(self, share):
        """Waits until this share of the questions was asked."""
        while any(thread.is_alive() for thread in self.threads) and self.done() < len(self.asked) * share:
            time.sleep(0.05)

    def enter(self, phase):
        with self.lock:
            self.phase = phase

    def run(self, steps):
        """Steps are a share of the questions, the name of what happens then, and what does it."""
        begun = time.monotonic()
        self.phase = "before"
        for thread in self.threads:
            thread.start()
        try:
            for share, phase, act in steps:
                self.until(share)
                self.enter(phase)
                act()
            for thread in self.threads:
                thread.join()
        finally:
            with self.lock:
                self.left.clear()
        self.seconds = time.monotonic() - begun

    def judge(self, bench):
        """What was wrong, without advice or late; and in words how it went, phase by phase."""
        for what, cases in (("wrong", self.wrong), ("no advice", self.silent), ("late", self.late)):
            bench.must(not cases, f"{len(cases)} answers {what}, such as {cases[0] if cases else ''}")
        said = []
        for phase, answers in self.phases.items():
            if not answers:
                continue
            times = sorted(answer.seconds for answer in answers)
            errors = sum(answer.content is None for answer in answers)
            said.append(f"{phase}: {len(answers)} asked, {errors} errors, half within {times[len(times) // 2]:.2f} s, "
                        f"99 % within {times[min(len(times) - 1, len(times) * 99 // 100)]:.1f} s, "
                        f"slowest {times[-1]:.1f} s")
        errors = ", ".join(f"{count} times {error}" for error, count in self.errors.most_common(5)) or "no errors"
        return f"{self.done()} questions in {self.seconds:.0f} s, {len(self.wrong)} wrong, {errors}; " + "; ".join(said)
