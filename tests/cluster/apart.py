"""What a node has to itself: a network, which can be cut, and a small disk.

Both are namespaces of the node's own process. So nothing of them is left once the process has ended,
however it ended. Linux only, and only root may make them.
"""
import os
import random
import shutil
import subprocess
import tempfile
import time

# Holds a node back until its network is there; if nobody says so, it does not start.
HOLD = """
read -r _ || exit 1
[ -z "$1" ] || mount -t tmpfs -o size="$1" node "$2" || exit 1
shift 2
exec "$@" </dev/null
"""
NOBODY = "02:00:00:00:00:00"  # an address of no network card: what is sent there is lost


class Missing(Exception):
    """What the machine lacks: nothing can be tested."""


def possible(net, disk):
    """Raises `Missing` if the machine does not allow what is asked for."""
    tries = []
    if net:
        tries.append((("ip", "nsenter"), ["--net", "ip", "link", "add", "one", "type", "veth", "peer", "name", "two"]))
    if disk:
        tries.append((("mount",), ["--mount", "mount", "-t", "tmpfs", "node", tempfile.gettempdir()]))
    for needed, command in tries:
        for tool in ("unshare", *needed):
            if not shutil.which(tool):
                raise Missing(f"`{tool}` is missing")
        tried = subprocess.run(["unshare", *command], capture_output=True, text=True)
        if tried.returncode:
            raise Missing(f"a node cannot have {'a network' if '--net' in command else 'a disk'} of its own "
                          f"here, which only root may make: {tried.stderr.strip()}")


def wrapped(command, net, disk, folder):
    """The command that starts a node in namespaces of its own, with a disk mounted on a folder."""
    kinds = (["--net"] if net else []) + (["--mount"] if disk else [])
    return ["unshare", *kinds, "sh", "-c", HOLD, "sh", disk or "", str(folder), *command]


# The network of a cluster: a line from this machine to each node, and one between any two nodes.

def network():
    """Three numbers at which every address of a cluster begins, from among those kept for tests of networks."""
    used = subprocess.run(["ip", "-4", "route", "show"], capture_output=True, text=True).stdout
    free = [f"198.18.{n}" for n in range(256) if f"198.18.{n}." not in used]
    return random.choice(free)


def address(net, number):
    return f"{net}.{number}"


def ip(*words, pid=None, may_fail=False):
    within = [] if pid is None else ["nsenter", "-t", str(pid), "-n"]
    ran = subprocess.run([*within, "ip", *map(str, words)], capture_output=True, text=True)
    if ran.returncode and not may_fail:
        raise OSError(f"ip {' '.join(map(str, words))}: {ran.stderr.strip()}")


def connect(net, number, pid, others):
    """Connects the network of a process to this machine, and to those of other nodes, by number."""
    until = time.monotonic() + 10
    while os.readlink(f"/proc/{pid}/ns/net") == os.readlink("/proc/self/ns/net"):
        if time.monotonic() > until:
            raise OSError(f"process {pid} has none")
        time.sleep(0.01)  # it was started just now
    ours = f"fi{net.split('.')[2]}-{number}"
    ip("link", "set", "lo", "up", pid=pid)
    lines = [(None, ours, 254, "home")] + [(other, f"to-{number}", n, f"to-{n}") for n, other in others.items()]
    for other, far, n, near in lines:
        # The line of a process that ended lately may still be there.
        ip("link", "del", far, pid=other, may_fail=True)
        ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", other or os.getpid(), pid=pid)
        for end, own, at, peer in ((other, far, n, number), (pid, near, number, n)):
            ip("addr", "add", address(net, at), "peer", address(net, peer), "dev", own, pid=end)
            ip("link", "set", own, "up", pid=end)


def cut(net, pid, other):
    """Loses what a process sends to another node, without a word, as a broken line does."""
    ip("neigh", "replace", address(net, other), "lladdr", NOBODY, "dev", f"to-{other}", "nud", "permanent", pid=pid)


def mend(net, pid, other):
    ip("neigh", "del", address(net, other), "dev", f"to-{other}", pid=pid, may_fail=True)
