"""Every address of the room × every kind of person × method; and a grievance with a secret in every field, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from concerns import policy
from concerns.enums import Action, Capacity
from concerns.models import Concern
from grievances.enums import Step
from grievances.forms.steps import FORMS
from grievances.models import Grievance, TieFlag
from tests.factories.concerns import NOW, by, do
from tests.factories.councils import DisclosedRelationshipFactory
from tests.grievances.course import AFTER, HEARING, pk_of, points, take, told
from tests.matrix.cells import ask, canaries, check_title, clean, everything, same
from tests.matrix.conftest import world  # noqa: F401 - a fixture
from tests.matrix.rows_grievances import ROUTES
from tests.matrix.world import CANARY, World, canary

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post")
CASE = "grievance"
# what each person of the world is to the case "grievance": the rows' columns
KINDS = {"clerk": "convener", "manager": "reads", "officer2": "raiser", "councillor2": "candidate", "councillor3": "candidate", "visitor": "visitor"}


@pytest.fixture
def case(world: World) -> Iterator[Concern]:  # noqa: F811
    return world.cases[CASE].concern


def kind(who: str) -> str:
    return KINDS.get(who, "stranger")


def judged(world: World, who: str, url: str, method: str, wanted: str, answer: Any, absent: Any) -> None:  # noqa: F811
    """The status of the table, and nothing of any case that this person may not read."""
    where = f"{who} {method} {url}: {answer.status_code}, not {wanted}"
    if wanted == "any":
        assert answer.status_code in (200, 302, 409, 422), where
    elif wanted == "login":
        assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/"), where
    else:
        assert answer.status_code == int(wanted), where
    if wanted == "404":
        same(answer, absent)
    if kind(who) in ("stranger", "visitor"):
        clean(world, answer)
    if kind(who) == "candidate":
        assert not canaries(answer), where
    assert canaries(answer) <= {CASE}, where
    if answer.status_code not in (404, 405):
        assert answer["Cache-Control"] == "no-store, private", where
    check_title(world, answer)


def test_every_address_answers_each_person_as_the_table_says(world: World, case: Concern) -> None:  # noqa: F811
    pk = pk_of(case)
    addresses = {
        "grievances:page": (reverse("grievances:page", args=[pk]), reverse("grievances:page", args=[uuid4()])),
        "grievances:support": (reverse("grievances:support", args=[case.pk]), reverse("grievances:support", args=[uuid4()])),
    }
    cells = 0
    for route, (url, none) in addresses.items():
        for method in METHODS:
            absent = ask(world, "outsider", method, none)
            for who in world.people:
                wanted = ROUTES[route][kind(who)].split()[METHODS.index(method)]
                judged(world, who, url, method, wanted, ask(world, who, method, url), absent)
                cells += 1
    assert cells == 2 * 3 * len(world.people)


# open to the people of the case at "panel being formed", nobody declared; everything else is closed (409)
OPEN = {"clerk": {"form_panel", "ask_outside"}, "councillor2": {"declare"}, "councillor3": {"declare"}}


def test_every_step_answers_each_person_as_their_part_says(world: World, case: Concern) -> None:  # noqa: F811
    pk = pk_of(case)
    assert set(FORMS) == set(Step)
    for turn, step in enumerate([*(step.value for step in Step), "no-such-step"]):
        url = reverse("grievances:do", args=[pk, step])
        absent = {method: ask(world, "outsider", method, reverse("grievances:do", args=[uuid4(), step])) for method in METHODS}
        for number, who in enumerate(world.people):
            if kind(who) == "stranger" and (number + turn) % 5:
                continue  # strangers take turns: each meets every fifth step, each step a fifth of them
            for method in METHODS if kind(who) != "stranger" else ("get", "post"):
                wanted = ROUTES["grievances:do"][kind(who)].split()[METHODS.index(method)]
                if kind(who) not in ("stranger", "visitor"):
                    is_open = step in OPEN.get(who, set())
                    wanted = "404" if step == "no-such-step" else "409" if not is_open else "any" if method == "post" else "200"
                judged(world, who, url, method, wanted, ask(world, who, method, url), absent[method])


def test_a_flag_is_seen_by_whoever_was_told(world: World, case: Concern, as_owner: Any) -> None:  # noqa: F811
    with transaction.atomic():
        with as_owner():
            tie = DisclosedRelationshipFactory(council=world.town.council, person_a=world.town["chair"], person_b=world.town["officer3"])
            flag = TieFlag.objects.create(concern=case, relationship=tie, person=world.town["chair"], told=world.town["vice"], raised_at=NOW)
            policy.grant(case, world.town["vice"], Capacity.CONVENER, reason="tie_flagged", by=None, now=NOW)
        url = reverse("grievances:flag", args=[flag.pk])
        for method in METHODS:
            absent = ask(world, "outsider", method, reverse("grievances:flag", args=[uuid4()]))
            for who in world.people:
                wanted = ROUTES["grievances:flag"]["told" if who == "vice" else kind(who)].split()[METHODS.index(method)]
                answer = ask(world, who, method, url)
                if who == "vice":
                    assert answer.status_code == int(wanted) and not canaries(answer)
                else:
                    judged(world, who, url, method, wanted, answer, absent)
        transaction.set_rollback(True)


def test_no_other_method_is_answered(world: World, case: Concern) -> None:  # noqa: F811
    pk = pk_of(case)
    urls = [reverse("grievances:page", args=[pk]), reverse("grievances:do", args=[pk, "declare"]), reverse("grievances:support", args=[case.pk])]
    for url in urls:
        for method in ("put", "patch", "delete", "options", "trace"):
            answer = ask(world, "clerk", method, url)
            assert (answer.status_code, answer.content) == (405, b""), (url, method)


# --- stage by stage -----------------------------------------------------------------------------------------------
SECRETS = ("point", "report", "place", "companion", "reasons", "recommendations", "grounds", "support", "leaving")


def say(name: str) -> str:
    return canary(CASE, name)


def who_reads(world: World, pk: UUID, names: tuple[str, ...]) -> dict[str, set[str]]:  # noqa: F811
    """Which of the room's own secrets each of these finds on the page of the grievance."""
    found = {}
    for who in names:
        answer = ask(world, who, "get", reverse("grievances:page", args=[pk]))
        found[who] = {name for _case, name in CANARY.findall(everything(answer)) if name in SECRETS} if answer.status_code == 200 else {"404"}
    return found


def test_each_secret_is_shown_to_those_it_is_for(world: World, case: Concern) -> None:  # noqa: F811
    """A support-only grievance about a councillor, from declaring to the decision."""
    t, pk = world.town, pk_of(case)
    with transaction.atomic():
        for name in ("councillor2", "councillor3"):
            take(Step.DECLARE, case, t[name], free=True)
        assert who_reads(world, pk, ("councillor2",)) == {"councillor2": set()}  # declared, not seated
        take(Step.SEAT_PANEL, case, t["clerk"], people=[t["councillor2"], t["councillor3"]], reason=say("seat"))
        take(Step.CHOOSE_CHAIR, case, t["councillor2"], person=t["councillor3"])
        take(Step.INVESTIGATE, case, t["councillor2"], person=t["officer3"], reason=say("look"))
        take(Step.FILE_REPORT, case, t["officer3"], text=say("report"))
        told(case, t["councillor2"])
        take(Step.SET_HEARING, case, t["clerk"], held_on=HEARING, at=time(10, 0), place=say("place"))
        take(Step.NAME_COMPANION, case, t["officer2"], kind="colleague", name=say("companion"))
        answers = {"outcome": "resolved", "reasons": say("reasons"), "recommendations": say("recommendations")}
        take(Step.DRAFT_DECISION, case, t["councillor2"], now=AFTER, **answers)
        names = ("councillor2", "councillor3", "clerk", "officer2", "councillor1", "officer3", "councillor8")
        dates = {"place", "companion"}
        assert who_reads(world, pk, names) == {
            "councillor2": {"report", "reasons", "recommendations"} | dates, "councillor3": {"report", "reasons", "recommendations"} | dates,
            "clerk": dates, "officer2": dates, "councillor1": {"404"}, "officer3": {"404"}, "councillor8": {"404"},
        }  # fmt: skip
        take(Step.RELEASE_DECISION, case, t["councillor3"], now=AFTER)
        decision = {"reasons", "recommendations"} | dates
        assert who_reads(world, pk, names) == {
            "councillor2": {"404"}, "councillor3": {"404"}, "clerk": decision, "officer2": decision, "councillor1": {"404"},
            "officer3": {"404"}, "councillor8": {"404"},
        }  # fmt: skip
        take(Step.APPEAL, case, t["officer2"], now=AFTER, grounds=say("grounds"))
        for name in ("councillor6", "councillor7"):  # asked for the appeal: nothing is shown before they declare
            assert who_reads(world, pk, (name,)) == {name: set()}
            assert not canaries(ask(world, name, "get", reverse("concerns:page", args=[case.pk])))
        transaction.set_rollback(True)


def test_postgresql_shows_a_draft_and_a_report_to_the_panel_alone(world: World, case: Concern) -> None:  # noqa: F811
    from grievances.models import Decision, Finding, Report

    t = world.town
    with transaction.atomic():
        for name in ("councillor2", "councillor3"):
            take(Step.DECLARE, case, t[name], free=True)
        take(Step.SEAT_PANEL, case, t["clerk"], people=[t["councillor2"], t["councillor3"]], reason="x")
        take(Step.CHOOSE_CHAIR, case, t["councillor2"], person=t["councillor3"])
        take(Step.INVESTIGATE, case, t["clerk"], person=t["officer3"])
        take(Step.FILE_REPORT, case, t["officer3"], text="x")
        told(case, t["councillor2"])
        take(Step.SET_HEARING, case, t["clerk"], held_on=HEARING, at=time(10, 0), place="x")
        take(Step.DRAFT_DECISION, case, t["councillor2"], now=AFTER, outcome="resolved", reasons="x")
        seen = {}
        for name, person in t.people.items():
            with by(person):
                counts = (Decision.objects.count(), Report.objects.count(), Finding.objects.count(), Grievance.objects.count())
            seen[name] = counts
        members = {"councillor2": (1, 1, 0, 1), "councillor3": (1, 1, 0, 1)}
        others = {"clerk": (0, 0, 0, 1), "manager": (0, 0, 0, 1), "officer2": (0, 0, 0, 1)}
        assert {name: counts for name, counts in seen.items() if any(counts)} == members | others
        transaction.set_rollback(True)


def test_waiting_lines_name_nobody(world: World, case: Concern) -> None:  # noqa: F811
    for who in ("clerk", "councillor2", "officer2"):
        answer = ask(world, who, "get", "/")
        assert answer.status_code == 200 and not canaries(answer)
    assert "Say whether you have a connection" in ask(world, "councillor2", "get", "/").content.decode()




def test_leaving_with_a_connection_shuts_out_at_once(world: World, case: Concern) -> None:  # noqa: F811
    t, pk = world.town, pk_of(case)
    with transaction.atomic():
        for name in ("councillor2", "councillor3"):
            take(Step.DECLARE, case, t[name], free=True)
        take(Step.SEAT_PANEL, case, t["clerk"], people=[t["councillor2"], t["councillor3"]], reason="x")
        take(Step.LEAVE_PANEL, case, t["councillor2"], connected=True, reason=say("leaving"))
        assert ask(world, "councillor2", "get", reverse("grievances:page", args=[pk])).status_code == 404
        do(Action.WITHDRAW, case, t["officer2"])
        assert ask(world, "councillor3", "get", reverse("grievances:page", args=[pk])).status_code == 404
        assert points(case, t["officer2"]) == []
        transaction.set_rollback(True)
