"""Rehearsing finds what would leave somebody with nobody to go to, and lets a sound protocol pass."""

import pytest

from concerns.domain.routing import resolve
from councils.rehearsal import rehearse
from tests.councils.small_council import KEYS, law, protocol, rule, shipped

CLERK, CHAIR, PANEL, OUTSIDE = "role:proper_officer", "role:chair_of_council", "body:hr_panel", "ext:principal_mo"
SOUND = (
    rule("R1", "councillor", "officer", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
    rule("R2", "councillor", "proper_officer", [CHAIR], if_conflicted=[PANEL, OUTSIDE]),
    rule("R3", "officer", "councillor", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
)


def play(*rules, **more):
    return rehearse(protocol(*rules, **more), resolve=resolve)


def kinds(report):
    return sorted({(finding.kind, finding.rule) for finding in report.findings})


def test_sound_protocol_passes():
    report = play(*SOUND)
    assert (report.ok, report.findings) == (True, ())
    assert report.played > 50


@pytest.mark.parametrize("key", KEYS)
def test_shipped_protocols_pass(key):
    assert rehearse(shipped(key), resolve=resolve, law=law().items).ok is True


def test_recipient_without_a_fallback_is_a_dead_end():
    report = play(rule("R1", "councillor", "officer", [CLERK, PANEL], mode="first_available"), rule("R3", "officer", "councillor", [PANEL]))
    assert report.ok is False
    assert ("dead_end", "R3") in kinds(report)
    (example, *_rest) = [finding for finding in report.of("dead_end") if finding.rule == "R3"]
    assert (example.raiser, example.subject, example.conflicted) == ("officer", "councillor", (PANEL,))


def test_exception_route_that_ends_outside_is_no_dead_end():
    rules = (rule("R1", "councillor", "officer", [PANEL]), rule("R3", "officer", "councillor", [PANEL]))
    report = play(*rules, exception_route={"to": [CHAIR, OUTSIDE], "basis": "stated"})
    assert report.ok is True
    assert {kind for kind, _rule in kinds(report)} == {"exception"}


def test_exception_route_inside_runs_out_too():
    rules = (rule("R1", "councillor", "officer", [PANEL]), rule("R3", "officer", "councillor", [PANEL]))
    assert play(*rules, exception_route={"to": [PANEL], "basis": "stated"}).ok is False


def test_general_rule_that_lands_on_the_subject_is_self_referral():
    report = play(rule("R1", "councillor", "officer", [CLERK]), rule("R2", "councillor", "proper_officer", [CLERK]), SOUND[2])
    assert report.ok is False
    assert ("self_referral", "R2") in kinds(report)


def test_subject_nobody_thought_of_is_found():
    report = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[2])
    assert [(f.raiser, f.subject) for f in report.of("self_referral")] == [("councillor", "proper_officer")]


def test_concern_with_nowhere_to_begin_is_a_dead_end():
    report = play(SOUND[0], SOUND[1])
    assert ("officer", "councillor") in [(finding.raiser, finding.subject) for finding in report.of("dead_end")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"routes": [rule("R1", "councillor", "officer", [PANEL], if_conflicted=[PANEL])]},
        {"routes": [rule("R1", "councillor", "officer", [PANEL, OUTSIDE], then_if_unresolved=[PANEL])]},
        {"routes": [rule("R1", "councillor", "officer", [PANEL, CLERK, PANEL], mode="sequence")]},
        {
            "routes": [
                rule("R1", "councillor", "officer", [PANEL, OUTSIDE], may_become="R9"),
                rule("R9", "leader", "officer", [PANEL, OUTSIDE], may_become="R1"),
            ]
        },
        {
            "deputies": [
                {"principal": "proper_officer", "deputy": "deputy_proper_officer"},
                {"principal": "deputy_proper_officer", "deputy": "proper_officer"},
            ]
        },
    ],
)
def test_circle_is_a_loop(wrong):
    routes = wrong.pop("routes", [SOUND[0]])
    report = play(*routes, *SOUND[1:], **wrong)
    assert report.ok is False
    assert len(report.of("loop")) >= 1


def test_report_as_json_groups_what_was_found():
    report = play(SOUND[0], SOUND[1]).as_json()
    assert (report["ok"], report["loops"], report["self_referrals"]) == (False, [], [])
    assert report["dead_ends"][0]["kind"] == "dead_end"
