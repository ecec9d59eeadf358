"""A Hugging Face hub on a free local port, as far as downloads of models go: no accounts, no xet."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants, hf_api

#: Where nothing listens: the port is privileged, and nobody's.
NOWHERE = "http://127.0.0.1:1"


_QUESTION = re.compile(
    r"(?:/api/models)?/(?P<name>[\w.-]+/[\w.-]+)(?:/(?P<kind>revision|tree|resolve)/(?P<revision>[^/]+)(?:/(?P<file>.+))?)?"
)


class Request(NamedTuple):
    """One request that the hub got; ``start`` is the first byte asked for."""

    method: str
    path: str
    start: int


class Answer(NamedTuple):
    """One answer; a ``Content-Length`` beyond the body is a connection that broke off."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class FakeHub:
    """What the hub has, what it refuses, and what it was asked.

    Attributes:
        models: the files of each model by name, under its id.
        gated: ids whose files nobody gets.
        breaks: names of files that break off in the middle once.
        dead: names of files that are answered with an error; where one is in both sets, only after the break.
        refused_token: this one is an expired one.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.models: dict[str, dict[str, bytes]] = {}
        self.gated: set[str] = set()
        self.breaks: set[str] = set()
        self.dead: set[str] = set()
        self.refused_token = ""
        self.requests: list[Request] = []

    def add(self, name: str, files: Path | Mapping[str, bytes]) -> str:
        """Publish a model; returns its commit, which ``main`` and the tag ``v1`` mean."""
        if isinstance(files, Path):
            files = {path.name: path.read_bytes() for path in files.iterdir()}
        self.models[name] = dict(files)
        return self.commit(name)

    def commit(self, name: str) -> str:
        """40 hexadecimal digits that change with the files."""
        digest = hashlib.sha1(name.encode())
        for file, content in sorted(self.models[name].items()):
            digest.update(file.encode() + content)
        return digest.hexdigest()

    def downloaded(self) -> list[str]:
        """Names of the files whose contents were asked for, in order."""
        return [request.path.rpartition("/")[2] for request in self.requests if _is_download(request)]


def _is_download(request: Request) -> bool:
    return request.method == "GET" and "/resolve/" in request.path


@contextmanager
def running_hub() -> Iterator[FakeHub]:
    """A hub that answers until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    hub = FakeHub(f"http://127.0.0.1:{server.server_address[1]}")
    server.hub = hub  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """The four kinds of requests that a download makes."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Not to standard error."""

    @property
    def _hub(self) -> FakeHub:
        return self.server.hub  # type: ignore[attr-defined,no-any-return]

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        start = int((re.match(r"bytes=(\d+)-", self.headers.get("Range", "")) or [0, 0])[1])
        self._hub.requests.append(Request(self.command, path, start))
        status, headers, body = self._found(_QUESTION.fullmatch(path), start)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _found(self, question: re.Match[str] | None, start: int) -> Answer:
        if not question:
            return _refusal(404, "")
        if self._hub.refused_token and self.headers.get("Authorization") == f"Bearer {self._hub.refused_token}":
            return _refusal(401, "", "Invalid credentials in Authorization header")
        name = question["name"]
        if name not in self._hub.models:
            return _refusal(404, "RepoNotFound")
        if (question["revision"] or "main") not in {"main", "v1", self._hub.commit(name)}:
            return _refusal(404, "RevisionNotFound")
        files = self._hub.models[name]
        match question["kind"]:
            case "resolve":
                return self._file(name, question["file"], start)
            case "tree":
                return _json(
                    [{"type": "file", "path": f, "size": len(files[f]), "oid": _etag(files[f])} for f in files]
                )
            case _:
                siblings = [{"rfilename": file} for file in files]
                return _json({"id": name, "sha": self._hub.commit(name), "siblings": siblings})

    def _file(self, name: str, file: str, start: int) -> Answer:
        if name in self._hub.gated:
            return _refusal(403, "GatedRepo")
        if file not in self._hub.models[name]:
            return _refusal(404, "EntryNotFound")
        content = self._hub.models[name][file]
        body = content[start:]
        headers = {
            "X-Repo-Commit": self._hub.commit(name),
            "ETag": f'"{_etag(content)}"',
            "Content-Length": str(len(body)),
        }
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        if self.command == "GET":
            if file in self._hub.breaks:
                self._hub.breaks.discard(file)
                body = body[: len(body) // 2]
            elif file in self._hub.dead:
                return _refusal(503, "ServiceUnavailable")
        return Answer(206 if start else 200, headers, body)


def _json(content: Any) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(content).encode())


def _refusal(status: int, code: str, message: str = "") -> Answer:
    return Answer(status, {"X-Error-Code": code, "X-Error-Message": message}, b"")


def _etag(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


def use(hub: str, home: Path, monkeypatch: pytest.MonkeyPatch, *, offline: bool = False) -> None:
    """Make the library in this process, which reads the environment at its import, use a hub and an empty cache."""
    monkeypatch.setattr(constants, "ENDPOINT", hub)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(hf_api.api, "endpoint", hub)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
    monkeypatch.delenv("HF_TOKEN", raising=False)


def environment(hub: str, home: Path) -> dict[str, str]:
    """The same for another process."""
    return {"HF_ENDPOINT": hub, "HF_HOME": str(home), "HF_HUB_OFFLINE": "0", "HF_TOKEN": "", "NO_PROXY": "127.0.0.1"}
