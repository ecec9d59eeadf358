"""Downloads through whatever mirrors, proxies and networks do: they come, or it is said what is so, within a bound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import huggingface_hub
import pytest

from depeche.errors import ModelUnavailable
from tests import fake_hub
from tests.fake_hub import FakeHub
from tests.hub_answers import Answer, Instead, login_page, proxy_page, too_many_requests, unavailable
from tests.unit.test_hub import FILES, NAME
from worker.models import hub as checkpoints
from worker.models.download import MOST_WAIT_S
from worker.models.hub_faults import explain

WEIGHTS = "model.safetensors"
FETCHED = ["config.json", WEIGHTS, "source.spm", "vocab.json"]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A hub with one model, and a cache with nothing in it."""
    with fake_hub.running_hub() as server:
        server.add(NAME, FILES)
        fake_hub.use(server.url, tmp_path, monkeypatch)
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, in seconds: nobody waits in fact."""
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)
    return waited


def assert_fetched(said: list[str] | None = None) -> None:
    """All of the model comes, and no more."""
    found = checkpoints.fetch(NAME, (said if said is not None else []).append)
    assert sorted(path.name for path in (*found.small_files, *found.weights)) == FETCHED
    assert all(path.read_bytes() == FILES[path.name] for path in (*found.small_files, *found.weights))


def refused(said: list[str] | None = None) -> str:
    """The message with which it is refused."""
    with pytest.raises(ModelUnavailable) as caught:
        checkpoints.fetch(NAME, (said if said is not None else []).append)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("status", [404, 500, 503])
def test_a_hub_without_xets_token_route(hub: FakeHub, status: int, waits: list[float]) -> None:
    """As mirrors are: the files come by plain HTTP in the same run, at once, and the variable is named."""
    hub.xet.add(WEIGHTS)
    hub.instead.append(Instead("xet-read-token", Answer(status, {}, b"")))
    said: list[str] = []
    assert_fetched(said)
    assert waits == []
    assert len(said) == 1
    assert "fetched by plain HTTP. HF_HUB_DISABLE_XET=1" in said[0]


def test_xets_storage_out_of_reach(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a proxy that knows the hub alone; hf_xet gives up in seconds, and what the user has set stays."""
    monkeypatch.setenv("HF_XET_CLIENT_READ_TIMEOUT", "77s")
    monkeypatch.delenv("HF_XET_CLIENT_RETRY_MAX_ATTEMPTS", raising=False)
    hub.xet.add(WEIGHTS)
    said: list[str] = []
    assert_fetched(said)
    assert len(said) == 1
    assert os.environ["HF_XET_CLIENT_READ_TIMEOUT"] == "77s"
    assert os.environ["HF_XET_CLIENT_RETRY_MAX_ATTEMPTS"] == "1"


def test_a_transfer_by_xet(hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Xet's storage answers, the weights come from there, and nothing is said of plain HTTP."""
    monkeypatch.setenv("HF_XET_CACHE", str(tmp_path / "xet"))
    hub.store_in_xet(WEIGHTS, FILES[WEIGHTS], tmp_path / "storage")
    said: list[str] = []
    assert_fetched(said)
    assert said == []
    assert WEIGHTS not in hub.downloaded()


def test_another_host_for_the_large_files(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A content delivery network gets no token of ours; small files may come compressed, without a length."""
    monkeypatch.setenv("HF_TOKEN", "hf_ours")
    hub.cdn.add(WEIGHTS)
    hub.zipped.add("vocab.json")
    assert_fetched()
    elsewhere = [request for request in hub.requests if request.path.startswith("/cdn/")]
    assert {request.token for request in elsewhere} == {""}
    assert {request.token for request in hub.requests if request.path.startswith("/api/models")} == {"hf_ours"}


@pytest.mark.parametrize(
    ("path", "answer", "waited"),
    [
        ("/api/models", too_many_requests("7"), [7, 7]),
        (f"/resolve/.*{WEIGHTS}", too_many_requests("7"), [7, 7]),
        ("/api/models", unavailable(), [5, 10]),
        ("/api/models", unavailable("Wed, 21 Oct 2026 07:28:00 GMT"), [5, 10]),
        (f"/resolve/.*{WEIGHTS}", Answer(502, {}, b""), [5, 10]),
    ],
)
def test_a_busy_hub_is_waited_for(
    hub: FakeHub, path: str, answer: Answer, waited: list[float], waits: list[float]
) -> None:
    """As long as it says, or longer each time; and every wait is reported."""
    hub.instead.append(Instead(path, answer, times=2))
    said: list[str] = []
    assert_fetched(said)
    assert waits == waited
    assert [f"waiting {seconds} s" in line for seconds, line in zip(waited, said, strict=True)] == [True, True]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (too_many_requests("3600"), "answers 429 (too many requests): wait some minutes, or set HF_TOKEN"),
        (too_many_requests("0"), "answers 429 (too many requests): wait some minutes, or set HF_TOKEN"),
        (unavailable(), "answers 503 (it is overloaded or down): run it again later"),
    ],
)
def test_a_hub_that_stays_busy(hub: FakeHub, answer: Answer, message: str, waits: list[float]) -> None:
    """Is waited for no longer than the bound; one that asks for longer, not at all."""
    hub.instead.append(Instead("/api/models", answer))
    assert message in refused()
    assert sum(waits) <= MOST_WAIT_S
    assert len(hub.requests) <= MOST_WAIT_S + 2


def test_a_busy_hub_and_a_whole_copy(hub: FakeHub, waits: list[float]) -> None:
    """What lies in the cache is taken without waiting."""
    assert_fetched()
    hub.instead.append(Instead("", too_many_requests("60")))
    assert_fetched()
    assert waits == []


@pytest.mark.parametrize("path", ["", "/resolve/"])
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (proxy_page(), "a proxy or firewall on the way to http://127.0.0.1:"),
        (login_page(), "does not answer as a model hub does. Perhaps the network's login page answers in its place"),
    ],
)
def test_somebody_answers_in_the_hubs_place(hub: FakeHub, path: str, answer: Answer, message: str) -> None:
    """A company's proxy, or a hotel's login page: for all requests, or for the files alone."""
    hub.instead.append(Instead(path, answer))
    said = refused()
    assert message in said
    assert "DEPECHE_TRANSLATION_MODEL" in said


def test_what_the_proxy_says_is_told(hub: FakeHub) -> None:
    """The title of its page, on one line."""
    hub.instead.append(Instead("", proxy_page()))
    assert "(403: Access to this site is blocked): ask for access to that address, set HTTPS_PROXY" in refused()


def test_a_fault_of_the_hubs_own(hub: FakeHub) -> None:
    """It is reported as such, and not as a network that is down."""
    hub.instead.append(Instead("/api/models", Answer(500, {}, b"")))
    assert "has a fault of its own (500): run it again later" in refused()


def test_a_hub_that_says_nothing(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection stands and stays silent: it is given up after a while, as huggingface_hub would never do."""
    monkeypatch.setattr("worker.models.download._TIMEOUT_S", 0.3)
    hub.instead.append(Instead("/api/models", None))
    assert "the hub is out of reach" in refused()


def test_a_download_that_stays_away_in_the_middle(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for again where it stopped."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DOWNLOAD_TIMEOUT", 0.3)
    hub.stalls.add(WEIGHTS)
    assert_fetched()
    assert hub.downloaded().count(WEIGHTS) == 2


def test_an_address_without_its_beginning(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, with the variable."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "hub.example")
    assert refused() == "HF_ENDPOINT=hub.example is not an address: it must begin with https://"


@pytest.mark.skipif(find_spec("socksio") is not None, reason="the package is installed here")
def test_a_socks_proxy(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package that it needs is named."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    huggingface_hub.close_session()
    try:
        assert "is a SOCKS proxy, for which the package socksio is missing: pip install socksio" in refused()
    finally:
        huggingface_hub.close_session()


def test_files_in_folders_are_not_fetched(hub: FakeHub) -> None:
    """They are the model in other forms, or code; a star in a pattern takes in slashes."""
    others = {"onnx/config.json": b"{}", "onnx/model.safetensors": b"", "1_Pooling/config.json": b"{}"}
    hub.add(NAME, FILES | others | {"tf_model.h5": b"", "flax_model.msgpack": b"", "rust_model.ot": b""})
    assert_fetched()
    assert sorted(hub.downloaded()) == FETCHED


def raised(error: Exception, cause: Exception) -> Exception:
    """The error as it is raised from a cause."""
    error.__cause__ = cause
    return error


class ReadTimeout(Exception):
    """The same of a connection that stays away."""


class ProxyError(Exception):
    """Named as the one of huggingface_hub's HTTP library, whose name changes."""


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            ProxyError("407 Proxy Authentication Required"),
            "refused it (407 Proxy Authentication Required): check",
        ),
        (
            raised(OSError("no"), OSError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate in chain")),
            "the certificate of https://hub.example is not trusted. A proxy that looks into connections",
        ),
        (
            ReadTimeout("timed out"),
            "the connection to https://hub.example breaks off or is too slow (timed out): run it",
        ),
        (ConnectionResetError("reset"), "the hub is out of reach"),
        (ValueError("something else\nin two lines"), "could not be prepared: something else; run it again"),
    ],
)
def test_what_stands_in_the_way(error: Exception, message: str) -> None:
    """Each cause has its own way out, wherever in the chain of exceptions it stands."""
    said = explain(error, NAME, "https://hub.example")
    assert message in said
    assert "\n" not in said
