"""Install torch without CUDA, wherever a build without it can be had.

    python requirements/install_torch.py torch==2.13.0 [--cuda]

Converting and training need torch, and nothing else does. For Linux, PyPI's torch is a build for CUDA that brings
several gigabytes. This asks pip what it would take: where that is a build without CUDA (macOS, Windows, a folder of
wheels named in PIP_FIND_LINKS), pip takes it. Else uv fetches the CPU build from PyTorch's own index. Where that index
is out of reach nothing is installed, and the message says what to do. With --cuda pip takes what it finds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main(requirement: str, *, cuda: bool) -> None:
    """Install what the requirement names, unless that very version is there."""
    wanted = requirement.partition("==")[2]
    if wanted and _installed().split("+")[0] == wanted:
        return
    if cuda or not _brings_cuda(requirement):
        subprocess.run([*PIP, "install", "--quiet", requirement], check=True)
        return
    subprocess.run([*PIP, "install", "--quiet", "uv"], check=True)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    if subprocess.run([*uv, "--torch-backend", "cpu", requirement]).returncode:
        sys.exit(
            f"{requirement}: for this machine PyPI has only a CUDA build of several gigabytes, and PyTorch's own index "
            "of CPU builds gave none. Name a wheel that you have (make TORCH=torch-….whl …), or take the "
            "CUDA build (make CUDA=1 …)."
        )


def _installed() -> str:
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


def _brings_cuda(requirement: str) -> bool:
    """Whether the build that pip would choose needs NVIDIA's libraries; only its metadata are fetched."""
    dry_run = [*PIP, "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps", "--report", "-", requirement]
    found = json.loads(subprocess.run(dry_run, check=True, stdout=subprocess.PIPE).stdout)["install"]
    needs = [need for item in found for need in item["metadata"].get("requires_dist", [])]
    return any(need.name.startswith(("nvidia-", "cuda-")) for need in map(Requirement, needs) if _holds_here(need))


def _holds_here(need: Requirement) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": ""})


if __name__ == "__main__":
    main(sys.argv[1], cuda="--cuda" in sys.argv[2:])
