"""Ask a running Prometheus everything that the dashboard, the alerts and the autoscaler ask, and print the answers.

    python -m benchmarks.dashboard http://127.0.0.1:9090

A query that Prometheus refuses, or that has no answer where one is due, shows here before an operator needs it. The
exit status is 1 where one was refused. No answer is right for an alert that does not fire.
"""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
DASHBOARD = DEPLOY / "grafana/dashboards/depeche.json"
ALERTS = DEPLOY / "prometheus/alerts.yml"
SCALER = DEPLOY / "kubernetes/components/keda/scaledobject.yaml"

#: What Grafana would choose for the last hours at a scrape interval of 15 s.
RATE_INTERVAL = "1m"


class Query(NamedTuple):
    """One PromQL expression, and what asks for it."""

    asker: str
    expression: str


def dashboard_queries(path: Path = DASHBOARD) -> Iterator[Query]:
    """Every query of the dashboard, its annotations included, with Grafana's variables filled in."""
    dashboard: dict[str, Any] = json.loads(path.read_text())
    for note in dashboard["annotations"]["list"]:
        yield Query(f"annotation: {note['name']}", note["expr"])
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            name = " ".join(filter(None, (panel["title"], target["legendFormat"])))
            yield Query(f"panel: {name}", target["expr"].replace("$__rate_interval", RATE_INTERVAL))


def alert_queries(path: Path = ALERTS) -> Iterator[Query]:
    """The expression of every alert."""
    for group in yaml.safe_load(path.read_text())["groups"]:
        for rule in group["rules"]:
            yield Query(f"alert: {rule['alert']}", " ".join(str(rule["expr"]).split()))


def scaler_queries(path: Path = SCALER) -> Iterator[Query]:
    """What the autoscaler asks."""
    for trigger in yaml.safe_load(path.read_text())["spec"]["triggers"]:
        yield Query("autoscaler", " ".join(trigger["metadata"]["query"].split()))


def all_queries() -> list[Query]:
    """All of these."""
    return [*dashboard_queries(), *alert_queries(), *scaler_queries()]


def ask(prometheus: str, expression: str) -> list[tuple[dict[str, str], str]]:
    """The present value of an expression: labels and value of each series.

    Raises:
        ValueError: Prometheus refuses the expression; says why.
        OSError: it does not answer.
    """
    url = f"{prometheus.rstrip('/')}/api/v1/query?{urllib.parse.urlencode({'query': expression})}"
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            data = json.load(response)["data"]
    except urllib.error.HTTPError as error:
        with error:
            if error.code not in {400, 422}:
                raise
            raise ValueError(json.load(error)["error"]) from None
    if data["resultType"] == "scalar":
        return [({}, data["result"][1])]
    return [(series["metric"], series["value"][1]) for series in data["result"]]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prometheus", help="its address, such as http://127.0.0.1:9090")
    parser.add_argument("--series", type=int, default=3, help="most series shown of each answer")
    arguments = parser.parse_args()
    refused = silent = 0
    queries = all_queries()
    for asker, expression in queries:
        try:
            answer = ask(arguments.prometheus, expression)
        except ValueError as error:
            refused += 1
            print(f"{asker}\n    {expression}\n    REFUSED: {error}")
            continue
        silent += not answer
        print(f"{asker}\n    {expression}")
        for labels, value in answer[: arguments.series]:
            shown = ", ".join(f"{name}={text}" for name, text in sorted(labels.items()) if name != "__name__")
            print(f"    → {value}  {shown}")
        if not answer:
            print("    → nothing")
        elif len(answer) > arguments.series:
            print(f"    → and {len(answer) - arguments.series} more")
    print(f"{len(queries)} queries: {refused} refused, {silent} without an answer")
    raise SystemExit(1 if refused else 0)


if __name__ == "__main__":
    main()
