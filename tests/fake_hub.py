"""A Hugging Face hub on a free local port, as far as downloads of models go, and what networks make of one.

No accounts. Xet's storage is a folder that hf_xet reads by itself, so that its own protocol over HTTP is not seen.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import constants, hf_api

from tests.hub_answers import Answer, Instead, json_answer, refusal

#: Where nothing listens: the port is privileged, and nobody's.
NOWHERE = "http://127.0.0.1:1"
#: When a token of Xet's ends, in seconds since 1970.
_FAR_AWAY = 99_999_999_999


_QUESTION = re.compile(
    r"(?:/api/models|/cdn)?/(?P<name>[\w.-]+/[\w.-]+)"
    r"(?:/(?P<kind>revision|tree|resolve|xet-read-token)/(?P<revision>[^/]+)(?:/(?P<file>.+))?)?"
)


class Request(NamedTuple):
    """One request that the hub got; ``start`` is the first byte asked for, ``token`` the caller's."""

    method: str
    path: str
    start: int
    token: str


class FakeHub:
    """What the hub has, what it refuses, and what it was asked.

    Attributes:
        instead: wrong answers; the first that fits is given.
        xet: names of files that lie in Xet's storage at ``xet_storage``; it is out of reach but for what
            :meth:`store_in_xet` has put there.
        cdn: names of files for which the hub sends callers to another host.
        zipped: names of files that are sent compressed, without saying how long they are.
        stalls: names of files that stay away in the middle once.
        models: the files of each model by name, under its id.
        gated: ids whose files nobody gets.
        breaks: names of files that break off in the middle once.
        dead: names of files that are answered with an error; where one is in both sets, only after the break.
        refused_token: this one is an expired one.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.models: dict[str, dict[str, bytes]] = {}
        self.commits: dict[str, str] = {}
        self.gated: set[str] = set()
        self.breaks: set[str] = set()
        self.dead: set[str] = set()
        self.refused_token = ""
        self.instead: list[Instead] = []
        self.xet: set[str] = set()
        self.xet_storage = NOWHERE
        self.xet_hashes: dict[str, str] = {}
        self.cdn: set[str] = set()
        self.zipped: set[str] = set()
        self.stalls: set[str] = set()
        self.closing = Event()
        self.requests: list[Request] = []

    def add(self, name: str, files: Path | Mapping[str, bytes]) -> str:
        """Publish a model; returns its commit, which ``main`` and the tag ``v1`` mean."""
        if isinstance(files, Path):
            files = {path.name: path.read_bytes() for path in files.iterdir()}
        self.models[name] = dict(files)
        digest = hashlib.sha1(name.encode())
        for file, content in sorted(self.models[name].items()):
            digest.update(f"{file} {_etag(content)}".encode())
        self.commits[name] = digest.hexdigest()
        return self.commits[name]

    def store_in_xet(self, file: str, content: bytes, folder: Path) -> None:
        """Put a file into a storage of Xet's own format in a folder, in chunks that hf_xet puts together again."""
        hf_xet = pytest.importorskip("hf_xet", reason="there is no hf_xet for this machine")
        storage = f"local://{folder}"
        with hf_xet.XetSession().new_upload_commit(storage, "xet", _FAR_AWAY) as commit:
            upload = commit.start_upload_bytes(content)
        self.xet.add(file)
        self.xet_storage, self.xet_hashes[file] = storage, upload.result().xet_info.hash

    def commit(self, name: str) -> str:
        """40 hexadecimal digits that change with the files."""
        return self.commits[name]

    def found_instead(self, path: str) -> Instead | None:
        """The wrong answer for a path, counted down."""
        for instead in self.instead:
            if instead.times and re.search(instead.path, path):
                instead.times -= 1
                return instead
        return None

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
        hub.closing.set()
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
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self._hub.requests.append(Request(self.command, path, start, token))
        instead = self._hub.found_instead(path)
        if instead and instead.answer is None:
            self._hub.closing.wait()
            return
        status, headers, body = (instead and instead.answer) or self._found(_QUESTION.fullmatch(path), start)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
            if path.rpartition("/")[2] in self._hub.stalls:
                self._hub.stalls.discard(path.rpartition("/")[2])
                self.wfile.flush()
                self._hub.closing.wait()

    def _found(self, question: re.Match[str] | None, start: int) -> Answer:
        if not question:
            return refusal(404, "")
        if self._hub.refused_token and self.headers.get("Authorization") == f"Bearer {self._hub.refused_token}":
            return refusal(401, "", "Invalid credentials in Authorization header")
        name = question["name"]
        if name not in self._hub.models:
            return refusal(404, "RepoNotFound")
        if (question["revision"] or "main") not in {"main", "v1", self._hub.commit(name)}:
            return refusal(404, "RevisionNotFound")
        files = self._hub.models[name]
        match question["kind"]:
            case "resolve":
                return self._file(name, question["file"], start)
            case "tree":
                return json_answer([self._entry(file, content) for file, content in files.items()])
            case "xet-read-token":
                return Answer(
                    200,
                    {
                        "X-Xet-Cas-Url": self._hub.xet_storage,
                        "X-Xet-Access-Token": "xet",
                        "X-Xet-Token-Expiration": str(_FAR_AWAY),
                    },
                    b"{}",
                )
            case _:
                siblings = [{"rfilename": file} for file in files]
                return json_answer({"id": name, "sha": self._hub.commit(name), "siblings": siblings})

    def _entry(self, file: str, content: bytes) -> dict[str, Any]:
        entry: dict[str, Any] = {"type": "file", "path": file, "size": len(content), "oid": _etag(content)}
        if file in self._hub.xet:
            entry["lfs"] = {"oid": _sha256(content), "size": len(content), "pointerSize": 134}
            entry["xetHash"] = self._xet_hash(file, content)
        return entry

    def _file(self, name: str, file: str, start: int) -> Answer:
        if name in self._hub.gated:
            return refusal(403, "GatedRepo")
        if file not in self._hub.models[name]:
            return refusal(404, "EntryNotFound")
        content = self._hub.models[name][file]
        is_elsewhere = file in self._hub.cdn | self._hub.xet
        if is_elsewhere and not self.path.startswith("/cdn/"):
            return self._elsewhere(name, file, content)
        body = content[start:]
        headers = {
            "X-Repo-Commit": self._hub.commit(name),
            "ETag": f'"{_etag(content)}"',
            "Content-Length": str(len(body)),
        }
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        if self.command == "GET":
            if file in self._hub.zipped:
                # Without a length the connection's end is the body's.
                return Answer(200, headers | {"Content-Encoding": "gzip", "Content-Length": ""}, gzip.compress(content))
            if file in self._hub.stalls:
                body = body[: len(body) // 2]
            if file in self._hub.breaks:
                self._hub.breaks.discard(file)
                body = body[: len(body) // 2]
            elif file in self._hub.dead:
                return refusal(503, "ServiceUnavailable")
        return Answer(206 if start else 200, headers, body)

    def _xet_hash(self, file: str, content: bytes) -> str:
        """By what the storage knows a file; of one that is not there, any digest of the right form."""
        return self._hub.xet_hashes.get(file) or _sha256(content)

    def _elsewhere(self, name: str, file: str, content: bytes) -> Answer:
        """The way to another host, with what is asked of the file told on the spot."""
        commit = self._hub.commit(name)
        other_host = self._hub.url.replace("127.0.0.1", "localhost")
        headers = {
            "Location": f"{other_host}/cdn/{name}/resolve/{commit}/{file}",
            "X-Repo-Commit": commit,
            "X-Linked-Size": str(len(content)),
            "X-Linked-ETag": f'"{_sha256(content)}"',
        }
        if file in self._hub.xet:
            headers["X-Xet-Hash"] = self._xet_hash(file, content)
            headers["Link"] = f'<{self._hub.url}/api/models/{name}/xet-read-token/{commit}>; rel="xet-auth"'
        return Answer(302, headers, b"")


# Weights of true size are digested once, and not at each request.
@cache
def _etag(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


@cache
def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def use(hub: str, home: Path, monkeypatch: pytest.MonkeyPatch, *, offline: bool = False) -> None:
    """Make the library in this process, which reads the environment at its import, use a hub and an empty cache."""
    monkeypatch.setattr(constants, "ENDPOINT", hub)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub + "/{repo_id}/resolve/{revision}/{filename}")
    monkeypatch.setattr(hf_api.api, "endpoint", hub)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(home / "hub"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(home / "token"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)
    # A download that falls back from Xet changes it.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", False)
    monkeypatch.delenv("HF_TOKEN", raising=False)


def environment(hub: str, home: Path) -> dict[str, str]:
    """The same for another process."""
    return {
        "HF_ENDPOINT": hub,
        "HF_HOME": str(home),
        "HF_HUB_OFFLINE": "0",
        "HF_TOKEN": "",
        "NO_PROXY": "127.0.0.1,localhost",
    }
