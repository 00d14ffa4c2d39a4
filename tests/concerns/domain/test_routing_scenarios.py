"""Every acceptance scenario that names a route, asked of the shipped configurations."""

from datetime import date
from typing import Any

import pytest
import yaml

from concerns.domain.routing import resolve
from tests.councils.small_council import ROOT, law, shipped

DAY = date(2026, 11, 22)
SCENARIOS = yaml.safe_load((ROOT / "tests" / "data" / "scenarios.yaml").read_text(encoding="utf-8"))["scenarios"]
TROUBLED = yaml.safe_load((ROOT / "tests" / "data" / "scenarios_troubled.yaml").read_text(encoding="utf-8"))["scenarios"]
CHECKED = [scenario for scenario in SCENARIOS if "check" in scenario]


def ask(key: str, raiser: str, subject: str, stage: str = "informal", **more: Any) -> Any:
    protocol = shipped(key)
    return resolve(protocol, raiser=raiser, subject=subject, stage=stage, law=law().in_force(protocol.jurisdiction, DAY), **more)


def test_scenarios_are_all_there():
    assert len(CHECKED) >= 24


@pytest.mark.parametrize("scenario", CHECKED, ids=lambda scenario: scenario["id"])
def test_scenario_answers_as_written(scenario: dict[str, Any]):
    check = scenario["check"]
    answer = ask(scenario["council"], check["raiser"], check["subject"], check["stage"], topic=check.get("topic"))
    assert (answer.rule, answer.mode, list(answer.tokens)) == (check["route"], check["mode"], check["to"])
    assert answer.needs_handler is False


def test_troubled_scenarios_are_all_there_and_cite_clauses_there_are():
    assert len({scenario["id"] for scenario in TROUBLED}) == len(TROUBLED) >= 100
    assert [s["id"] for s in TROUBLED if not set(s["cites"]) <= set(shipped(s["council"]).clauses)] == []


@pytest.mark.parametrize("scenario", TROUBLED, ids=lambda scenario: scenario["id"])
def test_troubled_scenario_answers_as_the_document_has_it(scenario: dict[str, Any]):
    asked = scenario["ask"]
    more = {{"fact": "facts"}.get(name, name): frozenset(asked[name]) for name in ("conflicted", "vacant", "fact") if name in asked}
    answer = ask(scenario["council"], asked["raiser"], asked["subject"], asked["stage"], topic=asked.get("topic"), **more)
    assert (answer.rule, answer.mode, list(answer.tokens)) == (scenario["route"], scenario["mode"], scenario["to"])
    assert answer.needs_handler is (not scenario["to"])


def test_code_route_the_law_adds_is_not_said_to_be_missing_from_a_protocol_that_has_it():
    named = ask("ilminster", "officer", "chair_of_council", "deciding", topic="employment")
    assert named.tokens == ("proc:grievance", "proc:code_of_conduct")
    assert "A complaint under the Code of Conduct is open beside this rule (L1)." in named.warnings


def test_deputy_of_the_subject_is_never_offered_weston():
    answer = ask("weston", "councillor", "proper_officer", conflicted={"role:chair_of_council", "party:subject"})
    assert answer.tokens == ("role:vice_chair_of_council", "body:hr_panel", "ext:principal_mo")
    assert answer.fallback_used is True
    assert ("role:deputy_proper_officer", "deputy_of_subject") not in [
        (b.token, b.code) for b in answer.blocked if b.token in answer.tokens
    ]


def test_chair_married_to_the_officer_is_replaced_in_place():
    answer = ask("ilminster", "councillor", "officer", conflicted={"role:chair_of_council"})
    assert answer.tokens == ("role:vice_chair_of_council", "role:proper_officer")
    assert answer.fallback_used is True
    assert [r.intake_only for r in answer.to] == [True, False]
    assert answer.to[0].instead_of == "role:chair_of_council"


def test_chair_is_never_the_only_handler_where_forbidden():
    answer = ask("ilminster", "councillor", "officer", conflicted={"role:proper_officer"})
    assert answer.tokens == ("role:chair_of_council", "body:hr_panel")


def test_no_director_in_charge_goes_to_the_chief_executive():
    answer = ask("auth5c", "councillor", "officer", "complaint", vacant={"rel:director_of_subject"})
    assert (answer.tokens, answer.fallback_used) == (("role:chief_executive",), True)


def test_code_breach_alleged_adds_the_monitoring_officer():
    plain = ask("auth5c", "officer", "councillor", "complaint")
    alleged = ask("auth5c", "officer", "councillor", "complaint", facts={"code_breach_alleged"})
    assert plain.tokens == ("role:chief_executive",)
    assert alleged.tokens == ("role:chief_executive", "role:monitoring_officer")


@pytest.mark.parametrize("topic", ["bullying", "discrimination"])
def test_private_talk_is_skipped_for_topics_the_council_names(topic: str):
    answer = ask("yateley", "councillor", "proper_officer", topic=topic)
    assert (answer.rule, answer.tokens) == ("Y-R02", ("body:hr_panel",))


def test_appointed_officer_is_hidden_until_named():
    assert "role:appointed_officer" not in ask("weston", "councillor", "officer").tokens
    assert ask("weston", "councillor", "officer", filled={"role:appointed_officer"}).tokens[-1] == "role:appointed_officer"


def test_own_employment_is_redirected_with_its_clause():
    answer = ask("alsager", "officer", "councillor", topic="employment")
    assert (answer.rule, answer.tokens, answer.needs_handler) == (None, (), False)
    assert answer.cites == ("35",)
    assert "grievance procedure" in answer.redirect


def test_grievance_about_a_councillor_carries_the_limit_of_law():
    answer = ask("weston", "officer", "councillor", "deciding")
    assert any("(L2)" in warning for warning in answer.warnings)
    assert answer.recipient("proc:grievance").limit == "L2"


def test_councillor_is_not_offered_a_grievance():
    answer = ask("weston", "councillor", "councillor", "deciding")
    assert answer.tokens == ("proc:code_of_conduct",)
    assert ("proc:grievance", "employee_only") in [(item.token, item.code) for item in answer.blocked]


def test_reporting_a_minor_matter_is_for_councillors_only():
    assert "body:full_council" in ask("alsager", "officer", "councillor", "deciding").tokens
    assert "body:full_council" not in ask("alsager", "councillor", "officer", "deciding").tokens


def test_decider_is_never_the_subject():
    answer = ask("yateley", "councillor", "proper_officer", "deciding")
    assert (answer.rule, answer.tokens, answer.decided_by) == ("Y-R08", ("proc:disciplinary",), ("body:hr_panel",))


def test_investigation_of_the_clerk_goes_to_the_panel():
    answer = ask("yateley", "councillor", "proper_officer", topic="breach_of_confidence")
    assert (answer.rule, answer.tokens[0], answer.kind) == ("Y-R09", "body:hr_panel", "investigation")
