"""The alert rules as Prometheus's own tool reads them: each is silent in time and fires in time."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import yaml

from scripts.checks.sources import PROJECT

RULES = PROJECT / "deploy/prometheus/alerts.yml"
PLAYED = PROJECT / "deploy/prometheus/alerts_test.yml"


def _promtool(*words: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("no promtool (apt-get install prometheus): the alert rules were not tried by it")
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)


def test_promtool_takes_the_rules():
    done = _promtool("check", "rules", str(RULES))
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_rule_fires_when_it_must_and_not_before():
    done = _promtool("test", "rules", str(PLAYED))
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_rule_is_left_out_of_the_play():
    rules = [
        rule["alert"] for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
    ]
    played = [case for one in yaml.safe_load(PLAYED.read_text())["tests"] for case in one["alert_rule_test"]]
    assert [case["alertname"] for case in played if case.get("exp_alerts")] == rules
    assert [case["alertname"] for case in played if not case.get("exp_alerts")] == rules
