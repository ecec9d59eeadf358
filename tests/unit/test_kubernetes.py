"""The Kubernetes manifests are valid, agree with each other, and set what the worker reads."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from benchmarks.dashboard import DEPLOY
from config.settings import Settings, load_settings
from depeche.notify.relay import GRACE_S
from depeche.notify.settings import NotifySettings
from depeche.settings import PREFIX
from tests.deployed import assert_command_exists, environment_file
from tests.promql import exported, groupings, labels, names
from worker.lifecycle import LAST_BATCH_S

FOLDER = DEPLOY / "kubernetes"
KUBERNETES = ("1.30", "1.37")
#: Not Kubernetes' own: what they need is checked below.
EXTENSIONS = {"ScaledObject", "PodMonitor"}
MARGIN_S = 10
#: What sends webhooks.
RELAY = "depeche-notify"

Manifest = dict[str, Any]


def manifests(folder: Path = FOLDER) -> list[Manifest]:
    """All objects of all files but the kustomizations."""
    files = sorted(path for path in folder.rglob("*.yaml") if path.name != "kustomization.yaml")
    return [manifest for path in files for manifest in yaml.safe_load_all(path.read_text())]


def the(kind: str, name: str | None = None) -> Manifest:
    """The one object of a kind, or of this name."""
    (found,) = [one for one in manifests() if one["kind"] == kind and name in {None, one["metadata"]["name"]}]
    return found


def pods() -> dict[str, Manifest]:
    """The templates of all pods, by the name of what makes them."""
    return {
        one["metadata"]["name"]: one["spec"]["template"] for one in manifests() if one["kind"] in {"Deployment", "Job"}
    }


def settings_file() -> dict[str, str]:
    """What the ConfigMap will hold."""
    return environment_file(FOLDER / "base/settings.env")


def images() -> list[dict[str, str]]:
    """Which images the kustomizations name, with their tags."""
    files = sorted(FOLDER.rglob("kustomization.yaml"))
    return [image for path in files for image in yaml.safe_load(path.read_text()).get("images", [])]


def chosen(selector: dict[str, str]) -> set[str]:
    """Which pods a selector chooses."""
    return {name for name, pod in pods().items() if selector.items() <= pod["metadata"]["labels"].items()}


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("manifest", manifests(), ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_every_manifest_is_valid(manifest: Manifest, version: str) -> None:
    """By Kubernetes' own schemas, unknown fields refused."""
    if manifest["kind"] not in EXTENSIONS:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_the_schemas_refuse_a_misspelt_field() -> None:
    """So their silence above means something."""
    wrong = the("Deployment", "depeche-worker")
    wrong["spec"]["template"]["spec"]["terminationGracePeriod"] = 45
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES[0], strict=True)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("kustomization.yaml")), ids=lambda path: path.parent.name)
def test_kustomizations_name_what_is_there(path: Path) -> None:
    """Every resource, component, settings file and patched object exists, and no manifest is left out."""
    kustomization = yaml.safe_load(path.read_text())
    listed = kustomization.get("resources", []) + kustomization.get("components", [])
    listed += [env for generator in kustomization.get("configMapGenerator", []) for env in generator["envs"]]
    assert [name for name in listed if not (path.parent / name).exists()] == []
    files = {file.name for file in path.parent.iterdir() if file.suffix in {".yaml", ".env"}}
    assert files - {"kustomization.yaml"} <= set(listed)
    for patch in kustomization.get("patches", []):
        target: Any = the(patch["target"]["kind"], patch["target"]["name"])
        for step in yaml.safe_load(patch["patch"]):
            *parents, last = step["path"].strip("/").split("/")
            place = target
            for part in parents:
                place = place[int(part)] if isinstance(place, list) else place[part]
            assert last == "-" if step["op"] == "add" else last in place


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
@pytest.mark.parametrize("folder", ["base", "overlays/production"])
def test_kustomize_builds_what_can_be_applied(folder: str) -> None:
    """Valid objects, in one namespace, with the settings' digest, pinned images and no secret."""
    done = subprocess.run(["kubectl", "kustomize", str(FOLDER / folder)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    built = {(one["kind"], one["metadata"]["name"]): one for one in yaml.safe_load_all(done.stdout)}
    for (kind, _), one in built.items():
        if kind not in EXTENSIONS:
            kubernetes_validate.validate(one, KUBERNETES[1], strict=True)
        assert kind == "Namespace" or one["metadata"]["namespace"] == "depeche"
    assert "Secret" not in {kind for kind, _ in built}
    (settings,) = [name for kind, name in built if kind == "ConfigMap"]
    deployment = built["Deployment", "depeche-worker"]["spec"]
    (container,) = deployment["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": settings}}]
    assert container["image"] == f"depeche:{version()}"
    ports = {
        port["port"] for rule in built["NetworkPolicy", "depeche-worker"]["spec"]["egress"] for port in rule["ports"]
    }
    if folder == "base":
        assert (deployment["replicas"], ports) == (2, {53, 6379})
    else:
        assert "replicas" not in deployment
        assert ports == {53, 6379, 26379}
        assert {"ScaledObject", "PodMonitor"} <= {kind for kind, _ in built}


def version() -> str:
    """The project's."""
    return str(tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text())["project"]["version"])


def test_images_are_pinned_to_this_version() -> None:
    """Every image that a pod names has its tag in a kustomization, and it is the project's version."""
    named = {container["image"] for pod in pods().values() for container in pod["spec"]["containers"]}
    assert {one["name"]: one["newTag"] for one in images()} == dict.fromkeys(named, version())


def test_every_variable_is_a_setting() -> None:
    """A misspelt one would be ignored; together they are settings that a worker accepts."""
    fields = {PREFIX + name.upper() for name in Settings.model_fields}
    variables = settings_file()
    for name, pod in pods().items():
        for container in pod["spec"]["containers"]:
            # HF_HOME is huggingface_hub's, and WEBHOOK_URL stands in the command.
            names = {one["name"] for one in container.get("env", [])} - {"HF_HOME", "WEBHOOK_URL"}
            if name == RELAY:
                assert names <= {PREFIX + field.upper() for field in NotifySettings.model_fields}
                continue
            variables |= dict.fromkeys(names, "redis://localhost")
    assert set(variables) <= fields
    load_settings(**{name.removeprefix(PREFIX).lower(): value for name, value in variables.items()})
    assert "DEPECHE_REDIS_URL" in variables
    assert "DEPECHE_REDIS_URL" not in settings_file()


def test_the_secret_has_the_key_that_the_worker_takes_it_by() -> None:
    """And the example holds no password."""
    (container,) = pods()["depeche-worker"]["spec"]["containers"]
    (reference,) = [one["valueFrom"]["secretKeyRef"] for one in container["env"]]
    example = the("Secret")
    assert reference == {"name": example["metadata"]["name"], "key": "url"}
    assert list(example["stringData"]) == ["url"]
    assert ":PASSWORD@" in example["stringData"]["url"]


@pytest.mark.parametrize("name", sorted(pods()))
def test_commands_exist(name: str) -> None:
    """Each container runs a command that there is: the relay one of depeche, all others one of depeche-worker."""
    for container in pods()[name]["spec"]["containers"]:
        assert container["args"][0] == ("depeche" if name == RELAY else "depeche-worker")
        assert_command_exists(container["args"])


@pytest.mark.parametrize("name", sorted(pods()))
def test_pods_have_no_more_rights_than_they_need(name: str) -> None:
    """No root, no capabilities, nothing written but volumes, no token for the API, and a bound on memory."""
    spec = pods()[name]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert (spec["securityContext"]["runAsNonRoot"], spec["securityContext"]["runAsUser"]) == (True, 10001)
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in spec["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]
        mounts = {mount["mountPath"] for mount in container.get("volumeMounts", [])}
        assert mounts == (set() if name == RELAY else {settings_file()["DEPECHE_MODEL_DIR"], "/tmp"})
    assert all("hostPath" not in volume for volume in spec.get("volumes", []))


def test_workers_have_the_time_to_drain() -> None:
    """The kill comes after the grace time, the last batch and a margin; nothing else holds the drain up."""
    spec = pods()["depeche-worker"]["spec"]
    needed_s = int(settings_file()["DEPECHE_GRACE_S"]) + LAST_BATCH_S + MARGIN_S
    assert spec["terminationGracePeriodSeconds"] >= needed_s
    assert all("lifecycle" not in container for container in spec["containers"])


def test_probes_ask_what_the_worker_serves() -> None:
    """Alive and ready, at the port of DEPECHE_METRICS_ADDR, which listens on the pod's address."""
    (container,) = pods()["depeche-worker"]["spec"]["containers"]
    host, port = settings_file()["DEPECHE_METRICS_ADDR"].split(":")
    assert host == "0.0.0.0"
    assert container["ports"] == [{"name": "metrics", "containerPort": int(port)}]
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert {probe["port"] for probe in probes.values()} == {"metrics"}
    paths = {name: probe["path"] for name, probe in probes.items()}
    assert paths == {"startup": "/healthz", "liveness": "/healthz", "readiness": "/readyz"}


def test_every_selector_chooses_its_pods_and_no_others() -> None:
    """Deployment, budget, monitor and spread choose the workers; each pod has the one network policy of its name."""
    deployment = the("Deployment", "depeche-worker")
    selectors = [the(kind, "depeche-worker")["spec"]["selector"] for kind in ("Deployment", "PodMonitor")]
    selectors += [the("PodDisruptionBudget")["spec"]["selector"]]
    spread = deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]
    selectors += [constraint["labelSelector"] for constraint in spread]
    assert [chosen(selector["matchLabels"]) for selector in selectors] == [{"depeche-worker"}] * len(selectors)
    for name in pods():
        policy = the("NetworkPolicy", name)["spec"]
        assert chosen(policy["podSelector"]["matchLabels"]) == {name}
        assert policy["policyTypes"] == ["Ingress", "Egress"]
    (endpoint,) = the("PodMonitor")["spec"]["podMetricsEndpoints"]
    ((incoming,),) = [rule["ports"] for rule in the("NetworkPolicy", "depeche-worker")["spec"]["ingress"]]
    assert endpoint["port"] == incoming["port"] == "metrics"
    assert endpoint["path"] == "/metrics"


def test_workers_reach_names_and_redis_alone() -> None:
    """Their policy lets nothing out to everywhere, and models are not fetched from inside the cluster."""
    egress = the("NetworkPolicy", "depeche-worker")["spec"]["egress"]
    assert [[port["port"] for port in rule["ports"]] for rule in egress] == [[53, 53], [6379]]
    assert all(peer["namespaceSelector"]["matchLabels"] for rule in egress for peer in rule["to"])
    assert "ingress" not in the("NetworkPolicy", "depeche-models")["spec"]


def test_there_is_one_relay_and_it_reaches_redis_and_the_world() -> None:
    """The old one ends first, with time for its requests; nobody reaches it, and it reaches no other pod."""
    deployment = the("Deployment", RELAY)["spec"]
    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    assert deployment["template"]["spec"]["terminationGracePeriodSeconds"] > GRACE_S
    assert chosen(deployment["selector"]["matchLabels"]) == {RELAY}
    policy = the("NetworkPolicy", RELAY)["spec"]
    assert "ingress" not in policy
    assert [[port["port"] for port in rule["ports"]] for rule in policy["egress"]] == [[53, 53], [6379], [443]]
    assert policy["egress"][2] == the("NetworkPolicy", "depeche-models")["spec"]["egress"][-1]


def test_the_relays_secrets_are_in_the_example_and_the_docs() -> None:
    """Whoever makes the Secret finds the names of its keys."""
    (container,) = pods()[RELAY]["spec"]["containers"]
    references = [one["valueFrom"]["secretKeyRef"] for one in container["env"]]
    assert {reference["name"] for reference in references} == {RELAY}
    events = (DEPLOY.parent / "docs/events.md").read_text()
    assert all(f"--from-file={reference['key']}=" in events for reference in references)


def test_the_autoscaler_is_as_keda_wants_it() -> None:
    """The fields that KEDA's reference requires, the target, and a behaviour that Kubernetes' own schema accepts."""
    spec = the("ScaledObject")["spec"]
    assert the("ScaledObject")["apiVersion"] == "keda.sh/v1alpha1"
    assert spec["scaleTargetRef"] == {"name": the("Deployment", "depeche-worker")["metadata"]["name"]}
    assert 1 <= spec["minReplicaCount"] <= spec["fallback"]["replicas"] <= spec["maxReplicaCount"]
    assert set(spec["fallback"]) == {"failureThreshold", "replicas", "behavior"}
    assert spec["fallback"]["behavior"] == "currentReplicasIfHigher"
    (trigger,) = spec["triggers"]
    assert trigger["type"] == "prometheus"
    assert set(trigger["metadata"]) == {"serverAddress", "query", "threshold", "ignoreNullValues"}
    assert all(isinstance(value, str) for value in trigger["metadata"].values()), "KEDA takes strings alone"
    metric = {
        "metric": {"name": "x"},
        "target": {"type": "AverageValue", "averageValue": trigger["metadata"]["threshold"]},
    }
    scaler = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "x"},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", **spec["scaleTargetRef"]},
            "maxReplicas": spec["maxReplicaCount"],
            "metrics": [{"type": "External", "external": metric}],
            "behavior": spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"],
        },
    }
    kubernetes_validate.validate(scaler, KUBERNETES[1], strict=True)


def test_the_autoscaler_asks_for_what_is_exported_and_for_no_fewer_workers_than_are_busy() -> None:
    """Its query has known metrics, this namespace alone, and one worker for as many articles as one has in work."""
    metadata = the("ScaledObject")["spec"]["triggers"][0]["metadata"]
    known = exported(load_settings(profile="echo"))
    assert names(metadata["query"]) == {"depeche_queue_length", "depeche_unacknowledged_messages"}
    assert names(metadata["query"]) <= set(known)
    assert {label for _, label in labels(metadata["query"])} == {"namespace"}
    assert groupings(metadata["query"]) <= known["depeche_queue_length"]
    assert metadata["query"].count(f'namespace="{the("Namespace")["metadata"]["name"]}"') == 2
    assert int(metadata["threshold"]) == int(settings_file()["DEPECHE_CONCURRENCY"])


def test_scaling_down_waits_longer_than_a_drain() -> None:
    """One worker at a time, and what it hands back is taken up before the next one goes."""
    down = the("ScaledObject")["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"]
    grace_s = pods()["depeche-worker"]["spec"]["terminationGracePeriodSeconds"]
    assert down["stabilizationWindowSeconds"] > grace_s
    assert [policy["value"] for policy in down["policies"]] == [1]
    assert all(policy["periodSeconds"] > grace_s for policy in down["policies"])
