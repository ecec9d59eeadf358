"""A Docker engine to test on, and stand-ins for the images of others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: What the stand-ins are made of: Debian's packages, by the beginning of the image's name.
PACKAGES = {
    "python": "python3,python3-venv,python3-pip,ca-certificates",
    "redis": "redis-server,redis-tools",
    "valkey": "valkey-server,valkey-tools",
}
#: What a container needs to reach the package index as this machine does.
HOST_FILES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pip.conf")


def sh(*command: str | Path, timeout: float = 600, check: bool = True, **environment: str) -> str:
    """Standard output of a command; its errors are shown where it fails.

    Raises:
        subprocess.CalledProcessError, subprocess.TimeoutExpired: it failed, or took too long.
    """
    done = subprocess.run(
        command, env=os.environ | environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
    )
    if check and done.returncode:
        print(done.stdout[-3000:], done.stderr[-3000:])
        done.check_returncode()
    return done.stdout.strip()


@contextmanager
def engine() -> Iterator[None]:
    """The engine that answers, or one of our own that ends with this."""
    if subprocess.run(["docker", "info"], capture_output=True, timeout=60, check=False).returncode == 0:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="depeche-docker-"))
    socket = f"unix://{folder}/docker.sock"
    # Of the network that the containers' packets leave by.
    mtu = min(int(path.read_text()) for path in Path("/sys/class/net").glob("*/mtu") if path.parent.name != "lo")
    options = [f"--mtu={mtu}", "--storage-driver=overlay2", f"--data-root={folder}/data", f"--exec-root={folder}/exec"]
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            ["dockerd", *options, f"--pidfile={folder}/pid", "-H", socket], stdout=log, stderr=log
        )
    before = os.environ.get("DOCKER_HOST")
    os.environ["DOCKER_HOST"] = socket
    try:
        deadline = time.monotonic() + 60
        while subprocess.run(["docker", "info"], capture_output=True, check=False).returncode:
            if daemon.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"dockerd did not start: see {folder}/log")
            time.sleep(0.5)
        print(f"started an engine of our own in {folder}")
        yield
    finally:
        daemon.terminate()
        daemon.wait(60)
        os.environ.pop("DOCKER_HOST")
        if before is not None:
            os.environ["DOCKER_HOST"] = before
        shutil.rmtree(folder, ignore_errors=True)


def provide(image: str, *, pull: bool) -> None:
    """Have an image: there already, pulled, or a stand-in of the same name made by debootstrap."""
    if sh("docker", "image", "ls", "--quiet", image):
        return
    if pull:
        sh("docker", "pull", "--quiet", image)
        print(f"pulled {image}")
        return
    (packages,) = (of for name, of in PACKAGES.items() if image.startswith(name))
    # As the real ones have it, whose commands are options for the server.
    server = re.search(r"(?:redis|valkey)-server", packages)
    start = ["--change", f'ENTRYPOINT ["{server[0]}"]'] if server else []
    release = re.search(r"bookworm|trixie", image)
    with tempfile.TemporaryDirectory(prefix="depeche-stand-in-") as temporary:
        folder = Path(temporary) / "root"
        suite = release[0] if release else "bookworm"
        try:
            sh("debootstrap", "--variant=minbase", f"--include={packages}", suite, folder, timeout=1800)
        finally:
            # If it was cut short, /proc is still mounted there, and the folder could not be removed.
            sh("umount", "--lazy", folder / "proc", check=False)
        for name in HOST_FILES:
            if Path(name).exists():
                (folder / name[1:]).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(name, folder / name[1:])
        for rest in ("var/cache/apt", "var/lib/apt/lists"):
            shutil.rmtree(folder / rest, ignore_errors=True)
        # As the real one has it.
        data = folder / "data"
        data.mkdir()
        os.chown(data, 999, 999)
        archive = Path(temporary) / "root.tar"
        sh("tar", "--create", "--file", archive, "--directory", folder, ".")
        sh("docker", "import", *start, archive, image)
    print(f"made a stand-in for {image}")


def project(folder: Path) -> Path:
    """A copy of this project as git has it and would have it, so that nothing of the working tree is changed."""
    names = sh("git", "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder
