"""Alerts and dashboard ask for what workers export, and say what to do."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.dashboard import ALERTS, DASHBOARD, DEPLOY, Query, alert_queries, dashboard_queries
from config.settings import load_settings
from tests.promql import TARGET_LABELS, exported, groupings, labels, names

PROMETHEUS = DEPLOY / "prometheus"
OPERATIONS = DEPLOY.parent / "docs/operations.md"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
]
BOARD: dict[str, Any] = json.loads(DASHBOARD.read_text())
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it in the folder of the rules."""
    return subprocess.run(["promtool", *arguments], cwd=PROMETHEUS, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("expression", "metrics", "chosen", "grouped"),
    [
        (
            'sum by (le, stage) (rate(a_bucket{stage!="x", b=~"c|d"}[5m]))',
            {"a_bucket"},
            {"stage", "b"},
            {"le", "stage"},
        ),
        ("a and on (job) b unless on () max(c offset 1h) == 0", {"a", "b", "c"}, set(), {"job"}),
        ("predict_linear(sum(a)[1h:1m], 4 * 3600) > 1e5", {"a"}, set(), set()),
        ('a{b="and {c} or d"} / on (e) group_left (f) g', {"a", "g"}, {"b"}, {"e", "f"}),
    ],
)
def test_expressions_are_read_right(expression: str, metrics: set[str], chosen: set[str], grouped: set[str]) -> None:
    """Names, labels and groupings are distinguished from functions, words and strings: the tests below rest on it."""
    assert names(expression) == metrics
    assert {label for _, label in labels(expression)} == chosen
    assert groupings(expression) == grouped


@pytest.mark.parametrize("query", [*alert_queries(), *dashboard_queries()], ids=lambda query: query.asker)
def test_every_query_asks_for_what_is_exported(query: Query) -> None:
    """A metric or label that no worker has would be an alert that never fires, or a panel that is always empty."""
    known = exported(load_settings(profile="echo"))
    asked = names(query.expression)
    assert asked, "no metric in it"
    assert asked <= set(known)
    assert [(name, label) for name, label in labels(query.expression) if label not in known[name] | TARGET_LABELS] == []
    assert groupings(query.expression) <= TARGET_LABELS.union(*(known[name] for name in asked))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_to_do(rule: dict[str, Any]) -> None:
    """Severity, summary, description, and a heading of its own in the operator's page, with something below it."""
    name = rule["alert"]
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "description", "runbook"}
    assert all(len(text) > 20 for text in rule["annotations"].values())
    assert rule["annotations"]["runbook"] == f"docs/operations.md#{name.lower()}"
    section = re.search(rf"^### {name}\n(.*?)(?=^##|\Z)", OPERATIONS.read_text(), re.MULTILINE | re.DOTALL)
    assert section is not None
    assert len(section[1].split()) > 15


def test_the_operators_page_knows_no_other_alerts() -> None:
    """A heading of an alert that is gone would be looked up in vain."""
    headings = re.findall(r"^### (Depeche\w+)$", OPERATIONS.read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(rule["alert"] for rule in RULES)


def test_the_queues_bounds_are_the_settings() -> None:
    """Nearly full and filling up follow the default of DEPECHE_MAX_QUEUE_LENGTH, which no metric exports."""
    limit = load_settings().max_queue_length
    expressions = {rule["alert"]: rule["expr"] for rule in RULES}
    assert expressions["DepecheQueueNearlyFull"].endswith(f"> {limit * 8 // 10}")
    assert f"> {limit}\n" in expressions["DepecheQueueFillsUp"]


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    """What promtool runs covers all rules; that it is right, promtool tells."""
    firing: set[str] = set()
    silent: set[str] = set()
    for case in yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text())["tests"]:
        for test in case["promql_expr_test"]:
            (alertnames,) = re.findall(r'alertname=~?"([^"]+)"', test["expr"])
            series = [sample["labels"] for sample in test["exp_samples"]]
            (firing if series else silent).update(alertnames.split("|"))
            # Other series of the same case did not fire: the labels say which did.
            if series and series != ["{}"]:
                silent.add(alertnames)
    everything = {rule["alert"] for rule in RULES}
    assert (firing, silent) == (everything, everything)


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [("check", "config", "prometheus.yml"), ("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")],
)
def test_prometheus_itself_agrees(arguments: tuple[str, ...]) -> None:
    """The configuration and the rules are valid, and each alert fires when it should and only then."""
    done = promtool(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
@pytest.mark.parametrize("change", ["vector(1)", "vector(1) == 0"], ids=["always", "never"])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_the_cases_see_an_alert_that_always_or_never_fires(rule: dict[str, Any], change: str, tmp_path: Path) -> None:
    """So promtool's success means something."""
    others = [{**one, "expr": change} if one is rule else one for one in RULES]
    cases = yaml.safe_load((PROMETHEUS / "alerts_test.yml").read_text())
    cases["tests"] = [case for case in cases["tests"] if rule["alert"] in str(case["promql_expr_test"])]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump({"groups": [{"name": "changed", "rules": others}]}))
    (tmp_path / "cases.yml").write_text(yaml.safe_dump(cases))
    assert promtool("test", "rules", str(tmp_path / "cases.yml")).returncode != 0


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    """Grafana would show one above the other."""
    panels = BOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["title"], panel["gridPos"]) for panel in panels]
    assert [title for title, place in places if place["x"] + place["w"] > 24] == []
    assert [
        (one, other)
        for (one, a), (other, b) in combinations(places, 2)
        if a["x"] < b["x"] + b["w"]
        and b["x"] < a["x"] + a["w"]
        and a["y"] < b["y"] + b["h"]
        and b["y"] < a["y"] + a["h"]
    ] == []


def test_the_dashboard_asks_the_provisioned_datasource() -> None:
    """Each panel and each query names the uid that provisioning gives to Prometheus, and has something to show."""
    (source,) = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"]
    expected = {"type": source["type"], "uid": source["uid"]}
    panels = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
    assert all(panel["targets"] and panel["datasource"] == expected for panel in panels)
    asked = [target["datasource"] for panel in panels for target in panel["targets"]]
    assert [
        found for found in [*asked, *(note["datasource"] for note in BOARD["annotations"]["list"])] if found != expected
    ] == []


def test_rates_are_over_the_interval_that_grafana_chooses() -> None:
    """A fixed short window is empty where scrapes are rare: only windows of minutes and more are fixed."""
    expressions = [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", [])]
    windows = {window for expression in expressions for window in re.findall(r"\[([^\]]+)\]", expression)}
    assert windows <= {"$__rate_interval", "5m", "1h"}
