"""A rehearsal with people finds who would have nobody to go to, and answers as the engine answers when it is asked for real."""

import random
from datetime import date

import pytest

from concerns.domain.rehearsing import AWAY, CONFLICTED, VACANT, rehearse_people, without
from concerns.domain.rehearsing import _Case as Case
from concerns.domain.rehearsing import _Play as Play
from concerns.domain.routing import matching_rule, resolve_people
from councils.cast import BodyCast, Cast, Holder
from tests.councils.small_council import KEYS, law, protocol, rule, shipped
from tests.factories.casts import people_cast

CLERK, CHAIR, PANEL, OUTSIDE = "role:proper_officer", "role:chair_of_council", "body:hr_panel", "ext:principal_mo"
SOUND = (
    rule("R1", "councillor", "officer", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
    rule("R2", "councillor", "proper_officer", [CHAIR], if_conflicted=[PANEL, OUTSIDE]),
    rule("R3", "officer", "councillor", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
)
ROLES = {"clerk": "proper_officer", "ann": "officer", "ben": "officer", "chair": "chair_of_council", "cara": "councillor", "dev": "councillor", "eve": "councillor"}


def cast(**changes):
    values = {
        "roles": {role: (Holder(person, role),) for person, role in ROLES.items() if role in ("proper_officer", "chair_of_council")}
        | {role: tuple(Holder(person, role) for person, held in ROLES.items() if held == role) for role in ("officer", "councillor")},
        "line_managers": {"ann": "clerk", "ben": "clerk"},
        "bodies": {"hr_panel": BodyCast("hr_panel", ("cara", "dev", "eve"), 2)},
        "externals": {"principal_mo": "Monitoring Officer"},
        "sides": {person: "officer" if role in ("proper_officer", "officer") else "councillor" for person, role in ROLES.items()},
    }
    return Cast(council_key="smallton", on=date(2026, 11, 22), **{**values, **changes})


def play(*rules, people=None, **more):
    return rehearse_people(protocol(*(rules or SOUND), **more), people or cast(), roles=ROLES)


def kinds(report):
    return {(item.kind, item.rule, item.out) for item in report.found}


def test_sound_protocol_with_everybody_there_is_safe():
    report = play()
    assert (report.ok, report.found) == (True, ())
    assert report.played > 100


def test_people_nothing_tells_apart_are_played_once():
    one = Play(protocol(*SOUND), cast(), ROLES, ())
    assert sorted(one._one_of_each()) == ["ann", "cara", "chair", "clerk"]


def test_concern_about_the_only_recipient_is_a_self_referral():
    report = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[2])
    assert {(item.kind, item.rule, item.raiser, item.subject, item.count) for item in report.found if item.unsafe} == {
        ("self_referral", "R1", "councillor", "proper_officer", 3), ("self_referral", "R1", "chair_of_council", "proper_officer", 1),
    }  # fmt: skip


def test_post_nobody_holds_leaves_a_dead_end_or_somebody_who_must_find_one():
    empty = {role: holders for role, holders in cast().roles.items() if role != "proper_officer"}
    nobody = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[2], people=cast(roles=empty), exception_route={"to": [CLERK], "basis": "stated"})
    hit = {(item.kind, item.subject) for item in nobody.found if item.rule == "R1" and not item.out}
    assert hit == {("dead_end", "officer"), ("self_referral", "proper_officer")}
    found = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[2], people=cast(roles=empty), exception_route={"to": [CHAIR], "basis": "stated"})
    assert {item.kind for item in found.found if item.rule == "R1" and not item.out and item.raiser == "councillor" and item.subject == "officer"} == {"no_handler"}
    assert ("missing", CLERK) in {(item.kind, item.what) for item in found.found}


def test_person_nobody_can_replace_is_a_single_point_of_failure():
    report = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[1], SOUND[2])
    assert ("no_handler", "R1", ((AWAY, "clerk"),)) in kinds(report)
    assert ("no_handler", "R1", ((CONFLICTED, "clerk"),)) in kinds(report)
    (single,) = report.of("single_point")
    assert (single.what, single.unsafe, single.count) == ("clerk", False, 16)
    assert report.ok is True


def test_single_person_out_with_nobody_to_find_a_handler_is_unsafe():
    report = play(rule("R1", "councillor", "officer", [CLERK]), SOUND[1], SOUND[2], exception_route={"to": [CLERK], "basis": "stated"})
    assert ("dead_end", "R1", ((AWAY, "clerk"),)) in kinds(report)
    assert report.ok is False


def test_two_out_at_once_are_told_and_are_no_failure():
    rules = (rule("R1", "councillor", "officer", [CLERK, CHAIR]), *SOUND[1:])
    report = play(*rules)
    assert ("no_handler", "R1", ((AWAY, "clerk"), (AWAY, "chair"))) in kinds(report)
    assert {len(item.out) for item in report.found if item.rule == "R1"} == {1, 2}
    assert report.ok is True


def test_deputy_takes_an_absence_and_no_conflict():
    deputy = {**cast().roles, "deputy_proper_officer": (Holder("ann", "deputy_proper_officer"),)}
    more = {"deputies": [{"principal": "proper_officer", "deputy": "deputy_proper_officer"}]}
    report = play(rule("R1", "councillor", "officer", [CLERK]), *SOUND[1:], people=cast(roles=deputy, line_managers={}), **more)
    about_ben = [item for item in report.found if item.rule == "R1" and len(item.out) == 1]
    assert {item.out for item in about_ben} >= {((CONFLICTED, "clerk"),)}
    assert [item.pairs for item in about_ben if item.out == ((AWAY, "clerk"),)] == [[("cara", "ann"), ("chair", "ann")]]


@pytest.mark.parametrize(("members", "kind", "unsafe"), [(("cara",), "quorum", True), (("cara", "dev"), "tight", False)])
def test_body_with_too_few_members_is_told(members, kind, unsafe):
    report = play(people=cast(bodies={"hr_panel": BodyCast("hr_panel", members, 2)}))
    (item,) = [item for item in report.found if item.what == "hr_panel"]
    assert (item.kind, item.unsafe, item.count) == (kind, unsafe, len(members))


def test_relationship_takes_a_recipient_out():
    tied = cast(relationships=frozenset({frozenset({"clerk", "ann"})}), line_managers={})
    report = play(rule("R1", "councillor", "officer", [CLERK]), *SOUND[1:], people=tied)
    unsafe = [(item.kind, item.subject, item.pairs) for item in report.found if item.unsafe and item.raiser == "councillor"]
    assert unsafe == [("no_handler", "officer", [("cara", "ann")])]


def test_loops_of_the_rules_are_told_too():
    report = play(rule("R1", "councillor", "officer", [PANEL], if_conflicted=[PANEL]), *SOUND[1:])
    assert [item.rule for item in report.of("loop")] == ["R1"]


def test_keys_stay_the_same_in_another_run():
    rules = (rule("R1", "councillor", "officer", [CLERK]), *SOUND[1:])
    keys = [item.key for item in play(*rules).found]
    assert keys == [item.key for item in play(*rules).found]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", KEYS)
def test_answers_are_the_engines_own(key):
    """Any case with anybody out is what ``resolve_people`` says of the council without them."""
    chance = random.Random(f"rehearsal {key}")
    here, items = shipped(key), law().in_force("England", date(2026, 11, 22))
    people, roles = people_cast(key, here)
    play = Play(here, people, roles, items)
    names = sorted(roles)
    told = 0
    for _round in range(400):
        raiser, subject, stage = chance.choice(names), chance.choice(names), chance.choice(("informal", "complaint", "deciding"))
        topic = chance.choice((None, "bullying", "undue_pressure", "breach_of_confidence", "political_neutrality"))
        rule, _ties = matching_rule(here, raiser=roles[raiser], subject=roles[subject], stage=stage, topic=topic)
        if rule is None or here.side(roles[raiser]) == here.side(roles[subject]):
            continue
        case = Case(play, rule, raiser, subject, stage, topic)
        out = chance.choice([(), *case.troubles()])
        lost = {how: [who for kind, who in out if kind == how] for how in (CONFLICTED, AWAY, VACANT)}
        asked = resolve_people(
            here, without(people, away=lost[AWAY], vacant=lost[VACANT]), raiser_id=raiser, raiser_role=roles[raiser],
            subjects=((subject, roles[subject]),), stage=stage, topic=topic, connected=lost[CONFLICTED], law=items,
        )  # fmt: skip
        assert case.play(out)[0] == (asked.needs_handler and asked.resolution.redirect is None), (raiser, subject, stage, topic, out)
        told += 1
    assert told > 60


@pytest.mark.parametrize("key", KEYS)
def test_absence_is_what_the_council_would_look_like(key):
    here = shipped(key)
    whole, roles = people_cast(key, here)
    for person in roles:
        expected, _roles = people_cast(key, here, away=(person,))
        assert without(whole, away=[person]) == expected


@pytest.mark.parametrize("key", ["auth5c", "yateley"])  # all five are in the benchmark
def test_demonstration_councils_are_safe(key):
    here = shipped(key)
    people, roles = people_cast(key, here)
    report = rehearse_people(here, people, roles=roles, law=law().in_force("England", date(2026, 11, 22)))
    assert [item.key for item in report.found if item.unsafe] == []
    assert report.as_json()["unsafe"] == 0
