"""docker-compose.yml and Dockerfile say what compose, our commands and our settings understand."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from config.settings import Settings, load_settings
from depeche.notify.relay import GRACE_S
from depeche.notify.settings import NotifySettings, load_notify_settings
from depeche.settings import PREFIX
from tests.deployed import assert_command_exists, environment_file
from worker.lifecycle import LAST_BATCH_S

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
WORKERS = ("worker", "worker-gpu")
#: What the services' commands read of the environment and of secrets.
FIELDS = {*Settings.model_fields, *NotifySettings.model_fields}


def seconds(duration: str) -> int:
    """Compose's durations, of which we use seconds."""
    return int(duration.removesuffix("s"))


def test_the_specification_takes_it() -> None:
    """The schema of the compose specification, as check-jsonschema brings it."""
    schema = files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json")
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


def test_the_image_gets_every_package() -> None:
    """The Dockerfile copies what the two distributions hold, and .dockerignore lets just that through."""
    copied = set(" ".join(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)).split())
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied == {line[1:] for line in ignored if line.startswith("!")}
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert {"client", *(name.partition(".")[0] for name in packages)} <= copied


def test_every_variable_of_ours_is_a_setting() -> None:
    """In the services, in secrets' names and in the Dockerfile."""
    known = {PREFIX + name.upper() for name in FIELDS}
    found = {name for service in SERVICES.values() for name in service.get("environment", {})}
    for service in SERVICES.values():
        found |= {s["target"].upper() for s in service.get("secrets", []) if isinstance(s, dict)}
    found |= set(re.findall(r"\b(DEPECHE_[A-Z_]+)=", DOCKERFILE))
    ours = {name for name in found if name.startswith(PREFIX)}
    assert len(ours) >= 5
    assert ours <= known


def test_every_value_is_one_that_settings_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the defaults of the file."""
    for name in ("models", *WORKERS):
        given = {variable: value for variable, value in SERVICES[name]["environment"].items() if value}
        for variable, value in given.items():
            monkeypatch.setenv(variable, re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", value))
        load_settings()


@pytest.mark.parametrize(
    "command",
    [
        *(
            service["command"]
            for service in SERVICES.values()
            if (service.get("command") or [""])[0].startswith("depeche")
        ),
        *(SERVICES[name]["healthcheck"]["test"][1:] for name in WORKERS),
        *(json.loads(found) for found in re.findall(r'CMD (\["depeche.*\])', DOCKERFILE)),
    ],
    ids=" ".join,
)
def test_every_command_exists(command: list[str]) -> None:
    """Found in the real command line, with nothing left over."""
    assert_command_exists(command)


@pytest.mark.parametrize("name", WORKERS)
def test_workers_have_time_to_drain(name: str) -> None:
    """Compose kills later than the worker ends by itself."""
    service = SERVICES[name]
    grace_s = int(service["environment"]["DEPECHE_GRACE_S"])
    assert seconds(service["stop_grace_period"]) >= grace_s + LAST_BATCH_S + 5


@pytest.mark.parametrize("name", WORKERS)
def test_workers_can_be_scaled(name: str) -> None:
    """No name and no port of this machine, of which there is but one."""
    assert {"container_name", "ports", "hostname"} & set(SERVICES[name]) == set()


def test_workers_reach_nothing_but_redis() -> None:
    """Their only network leads nowhere else."""
    for name in WORKERS:
        (network,) = SERVICES[name]["networks"]
        assert COMPOSE["networks"][network]["internal"] is True
        assert network in SERVICES["redis"]["networks"]


def test_the_relay_reaches_redis_and_the_world() -> None:
    """As a user of its own, which is no worker; with what it needs in the image, and nothing of a worker's at hand."""
    service = SERVICES["notify"]
    internal = {name: bool((COMPOSE["networks"][name] or {}).get("internal")) for name in service["networks"]}
    assert sorted(internal.values()) == [False, True]
    assert set(internal) & set(SERVICES["redis"]["networks"])
    assert {secret["source"] for secret in service["secrets"]} == {"notifier_url", "webhook_secret"}
    assert "volumes" not in service
    extra = service["build"]["args"]["EXTRA_REQUIREMENTS"]
    assert {"httpx2", "standardwebhooks"} <= set(re.findall(r"^([a-z0-9-]+)==", (ROOT / extra).read_text(), re.M))
    assert seconds(service["stop_grace_period"]) > GRACE_S
    # Without the profile nobody need name a URL, and with it the command says what it lacks.
    assert service["profiles"] == ["notify"]


def test_extra_requirements_fit_the_image() -> None:
    """No package is locked in two versions, as both files are installed into one environment."""
    image, extra = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / f"requirements/{name}.txt").read_text(), re.M))
        for name in ("image", "notify")
    )
    assert {name: extra[name] for name in image.keys() & extra.keys()} == {
        name: image[name] for name in image.keys() & extra.keys()
    }
    assert image.keys() & extra.keys()


def test_workers_look_for_the_models_that_were_prepared() -> None:
    """The settings that a prepared model's folder is named for are the same in both services, and no auto."""
    settings = SERVICES["models"]["environment"]
    prepared = {name: value for name, value in settings.items() if value and name.startswith(PREFIX)}
    for name in WORKERS:
        environment = SERVICES[name]["environment"]
        assert {key: environment[key] for key in prepared} == prepared
    assert "DEPECHE_COMPUTE_TYPE" in prepared
    assert ":-auto}" not in "".join(prepared.values())


def test_downloads_lie_on_the_volume() -> None:
    """Not in memory, where they would come on top of the conversion and be lost after a failed try; out of the list."""
    service = SERVICES["models"]
    home = Path(service["environment"]["HF_HOME"])
    (volume,) = service["volumes"]
    _, _, mounted = volume.partition(":")
    assert home.parent == Path(mounted)
    # What begins with a dot is not a prepared model.
    assert home.name.startswith(".")
    assert all("size=" in mount for mount in service["tmpfs"])


def test_prometheus_finds_all_workers_by_one_name() -> None:
    """Those with a graphics card too."""
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    (name,) = config["scrape_configs"][0]["dns_sd_configs"][0]["names"]
    for worker in WORKERS:
        networks = SERVICES[worker]["networks"]
        (network,) = networks
        aliases = networks[network]["aliases"] if isinstance(networks, dict) else []
        assert name in {worker, *aliases}
        assert network in SERVICES["prometheus"]["networks"]


def test_every_service_is_hardened_and_bounded() -> None:
    """Read-only, no capabilities, no way to more rights; bounded memory and logs; ports on loopback alone."""
    for name, service in SERVICES.items():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["logging"]["options"]["max-size"]
        assert "mem_limit" in service or name == "models"
        for port in service.get("ports", []):
            assert re.fullmatch(r"\$\{[A-Z]+_LISTEN:-127\.0\.0\.1:\d+\}:\d+", port)


def test_redis_keeps_what_it_accepts() -> None:
    """Append-only, nothing evicted, bounded; every user has a name and a password."""
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[::2], command[1::2], strict=True))
    # The entry points of both images know by the first that a server is wanted.
    assert all(name.startswith("--") for name in options)
    assert (options["--appendonly"], options["--maxmemory-policy"]) == ("yes", "noeviction")
    assert "--maxmemory" in options
    assert options["--aclfile"] == "/run/secrets/redis_users"
    # Larger than any message within the bounds of the default settings.
    assert int(options["--proto-max-bulk-len"]) > 16 * load_settings().max_article_chars


def test_the_example_has_every_variable_and_no_other() -> None:
    """With the value that the file takes by itself."""
    example = environment_file(ROOT / ".env.example")
    taken = dict(re.findall(r"(?<!\$)\$\{(\w+):?-([^}]*)\}", TEXT))
    assert example == taken


def test_what_is_mounted_and_copied_exists(tmp_path: Path) -> None:
    """Folders of the project, and secrets that the script makes."""
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_dir()
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
    made = (ROOT / "deploy/make-secrets").read_text(encoding="utf-8") + (ROOT / "deploy/redis/users.acl").read_text()
    for secret in COMPOSE["secrets"].values():
        name = Path(secret["file"]).name
        assert re.search(rf"\b{name.removesuffix('_url')}\b", made)


def test_images_are_pinned() -> None:
    """By a version's tag at least."""
    images = [service["image"] for service in SERVICES.values()] + re.findall(r"BASE_IMAGE=(\S+)", DOCKERFILE)
    for image in images:
        assert re.search(r":(v?\d+\.\d+|\$\{DEPECHE_VERSION:-\d|-[\w/]+:\d+\.\d+)", image), image


def test_secrets_are_made_once_and_for_compose_alone(tmp_path: Path) -> None:
    """Run twice, the script gives the same; the folder is closed, and no user lacks a password."""
    deploy = tmp_path / "deploy"
    subprocess.run(["cp", "-r", ROOT / "deploy", deploy], check=True)
    seen = []
    for _ in range(2):
        subprocess.run([deploy / "make-secrets"], check=True, capture_output=True)
        seen.append({path.name: path.read_text() for path in sorted((tmp_path / "secrets").iterdir())})
    assert seen[0] == seen[1]
    assert {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()} <= set(seen[0])
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    for user, host in (("worker", "redis"), ("notifier", "redis"), ("producer", "127.0.0.1")):
        assert seen[0][f"{user}_url"] == f"redis://{user}:{seen[0][user]}@{host}:6379/0"
    assert load_notify_settings(webhook_secret=seen[0]["webhook_secret"]).secrets == [seen[0]["webhook_secret"]]
    assert "PASSWORD" not in seen[0]["redis_users"]
    assert seen[0]["worker"] not in seen[0]["redis_users"]
