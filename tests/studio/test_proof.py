"""Proof of a protocol: stored rehearsals that go stale and tell once, and the pages of the linter, the rehearsal and "what if"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from concerns import plan
from concerns.models import Concern, Notice
from councils import actions as council_actions
from councils.errors import Refusal
from councils.models import BodyMembership, CouncilEvent
from councils.queries import standing
from councils.rls import system_work
from studio.actions import proof as actions
from studio.models import ProtocolDraft, RehearsalRun
from studio.queries import proof as queries
from studio.tasks import rehearse_again
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, NOW, lodge
from tests.factories.councils import CouncilFactory, PersonFactory, Town, protocol_file
from tests.factories.kept import towns
from tests.matrix.rows_proof import ROUTES

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PAGES = ("check", "rehearsal", "what-if")


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """One council, rehearsed once, with a concern that no page here may know of, and a draft with a fault."""
    with django_db_blocker.unblock(), frozen():
        try:
            with transaction.atomic():
                where = towns(("yateley",))["yateley"]
                lodge(where, where["councillor3"], where["officer1"])
                config = protocol_file("yateley")
                config["routes"][0]["steps"] = [{"to": "role:deputy_proper_officer"}]
                config["routes"][0] |= {"if_unavailable": [], "if_conflicted": []}
                ProtocolDraft.objects.create(
                    council=where.council, label="Draft 2027", source="file", config=config, created_at=NOW, changed_at=NOW
                )
                actions.rehearse(council=where.council, by=None, now=NOW)
                yield where
                raise _Undo
        except _Undo:
            pass


@pytest.fixture
def town(world: Town, db: None) -> Iterator[Town]:
    with frozen():
        yield world


def url(name: str, town: Town, **more: Any) -> str:
    return reverse(f"studio:{name}", kwargs={"key": town.council.key, **more})


def draft_of(town: Town) -> ProtocolDraft:
    return ProtocolDraft.objects.get(council=town.council)


def empty_the_panel(town: Town, *, keep: int = 1) -> list[BodyMembership]:
    """All but some leave the group for staff matters."""
    seats = list(BodyMembership.objects.filter(body__council=town.council, body__code="hr_panel", is_substitute=False).order_by("person__email"))
    for seat in seats[keep:]:
        council_actions.set_body_member(
            body=seat.body, person=seat.person, starts_on=seat.starts_on, ends_on=TODAY - timedelta(days=1), is_chair=seat.is_chair,
            by=town["admin"], now=NOW,
        )  # fmt: skip
    return seats[keep:]


def test_rehearsal_that_finds_nothing_new_is_the_same_run(town):
    (run,) = RehearsalRun.objects.all()
    assert (run.unsafe, run.is_told, run.fresh, run.version) == (0, True, [], town.version)
    assert run.played > 10_000
    assert actions.rehearse(council=town.council, by=town["admin"], now=NOW) == run
    assert RehearsalRun.objects.count() == 1


def test_nobody_but_the_administrator_rehearses(town):
    with pytest.raises(Refusal):
        actions.rehearse(council=town.council, by=town["clerk"], now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda town: council_actions.book_absence(
            council=town.council, person=town["clerk"], starts_on=TODAY, ends_on=TODAY, by=town["admin"], now=NOW
        ),
        lambda town: council_actions.disclose_relationship(
            council=town.council, person_a=town["clerk"], person_b=town["councillor1"], kind="family", starts_on=TODAY, by=town["admin"], now=NOW
        ),
        lambda town: empty_the_panel(town, keep=2),
        lambda town: council_actions.appoint(council=town.council, person=town["officer1"], role="senior_officer", starts_on=TODAY, by=town["admin"], now=NOW),
    ],
)
def test_change_of_people_makes_it_stale_in_the_same_transaction(town, change):
    run = queries.latest(town.council)
    assert (queries.is_stale(run, on=TODAY), queries.wanted(on=TODAY)) == (False, [])
    change(town)
    assert (queries.is_stale(run, on=TODAY), queries.wanted(on=TODAY)) == (True, [town.council])


def test_new_day_is_looked_at_and_kept_as_still_so(town):
    tomorrow = NOW + timedelta(days=1)
    assert queries.wanted(on=tomorrow.date()) == [town.council]
    actions.rehearse(council=town.council, by=None, now=tomorrow)
    (run,) = RehearsalRun.objects.all()
    assert (run.checked_on, run.at) == (tomorrow.date(), NOW)
    assert queries.wanted(on=tomorrow.date()) == []


def test_what_became_unsafe_is_told_once_and_shown_until_it_is_mended(town):
    def card(name):
        page = client_of(town[name]).get(reverse("concerns:home")).content.decode()
        return [line for line in page.splitlines() if "where nobody could hear a concern" in line]

    def told():
        with system_work():
            return list(Notice.objects.filter(kind="protocol_unsafe").values_list("person", "concern"))

    assert (card("admin"), told()) == ([], [])
    gone = empty_the_panel(town)
    for _tick in range(2):
        rehearse_again()
    run = queries.latest(town.council)
    assert run.unsafe == len(run.fresh) > 1
    assert [(item["what"], item["count"], item["unsafe"]) for item in run.findings if item["kind"] == "quorum"] == [("hr_panel", 1, True)]
    assert told() == [(town["admin"].pk, None)]
    (line,) = card("admin")
    assert f"Your protocol has {run.unsafe} places where nobody could hear a concern" in line
    assert card("clerk") == []
    for seat in gone:
        council_actions.set_body_member(body=seat.body, person=seat.person, starts_on=TODAY, by=town["admin"], now=NOW)
    rehearse_again()
    assert (queries.latest(town.council).unsafe, queries.latest(town.council).fresh, card("admin")) == (0, [], [])
    assert told() == [(town["admin"].pk, None)]


@pytest.mark.parametrize("who", ["admin", "member", "stranger", "visitor"])
def test_pages_answer_as_the_matrix_says(town, who):
    people = {"admin": town["admin"], "member": town["clerk"], "stranger": PersonFactory(), "visitor": None}
    browser = client_of(people[who]) if people[who] else Client()
    for route, row in ROUTES.items():
        more = {"draft": draft_of(town).pk} if route.endswith("-draft") else {}
        address = url(route.partition(":")[2], town, **more)
        got = []
        for ask in (browser.get, browser.head, browser.post):
            answer = ask(address)
            to_login = answer.status_code == 302 and "/login/" in answer["Location"]
            got.append("login" if to_login else str(answer.status_code))
        assert (route, " ".join(got)) == (route, row[who])


def test_draft_of_another_council_is_not_found(town):
    other = ProtocolDraft.objects.create(
        council=CouncilFactory(), label="Theirs", source="file", config=protocol_file("weston"), created_at=NOW, changed_at=NOW
    )
    for page in PAGES:
        assert client_of(town["admin"]).get(url(f"{page}-draft", town, draft=other.pk)).status_code == 404


def test_rehearsal_page_says_who_is_missed_and_nothing_of_a_concern(town):
    empty_the_panel(town)
    browser = client_of(town["admin"])
    page = browser.get(url("rehearsal", town)).content.decode()
    assert 'data-testid="stale"' in page
    assert 'data-testid="safe"' in page
    after = browser.post(url("rehearsal", town), follow=True).content.decode()
    assert 'data-testid="stale"' not in after
    assert 'data-testid="unsafe"' in after
    assert "The HR Panel: 1 member is there" in after
    assert "Too few members are there for a quorum" in after
    assert "A concern of" in after
    assert '<strong class="govuk-tag govuk-tag--red">New</strong>' in after
    assert CANARY not in page + after


def test_draft_is_played_and_nothing_of_it_is_kept(town):
    page = client_of(town["admin"]).get(url("rehearsal-draft", town, draft=draft_of(town).pk)).content.decode()
    assert 'data-testid="alone"' in page
    assert f'<th scope="row" class="govuk-table__header">{town["deputy"].full_name}</th>' in page
    assert "Nothing of it is kept." in page
    assert RehearsalRun.objects.count() == 1


def test_check_page_lists_faults_with_the_clause(town):
    page = client_of(town["admin"]).get(url("check", town)).content.decode()
    assert "Read in so many words, clause 9.3 sends a concern about the Town Clerk to the Town Clerk." in page
    assert 'data-code="sent_to_its_subject"' in page
    assert page.count("data-code=") == 7


def test_check_page_of_a_draft_names_its_errors(town):
    draft = draft_of(town)
    draft.config["routes"][0]["cites"] = ["99.9"]
    draft.save(update_fields=("config",))
    page = client_of(town["admin"]).get(url("check-draft", town, draft=draft.pk)).content.decode()
    assert "1 error" in page
    assert "There is no clause 99.9." in page
    asked = client_of(town["admin"]).get(url("what-if-draft", town, draft=draft.pk))
    assert (asked.status_code, "can’t be asked while it has errors" in asked.content.decode()) == (200, True)


def ask(town, **answers):
    return client_of(town["admin"]).post(url("what-if", town), {"topic": "", "stage": "", **answers})


def test_what_if_is_answered_as_a_real_concern_would_be_and_kept_nowhere(town):
    asked = {"raiser": town["councillor1"].pk, "subjects": [town["officer1"].pk], "topic": "conduct"}
    kept = Concern.objects.count(), CouncilEvent.objects.count(), Notice.objects.count(), RehearsalRun.objects.count()
    answer = ask(town, **asked)
    whole = standing(town.council, on=TODAY)
    made = plan.make(
        council=town.council, version=town.version, raiser=town["councillor1"], raiser_role="councillor",
        subjects=((town["officer1"], "officer"),), topic="conduct", on=TODAY, standing=whole,
    )  # fmt: skip
    assert answer.status_code == 200
    assert answer.context["answered"] == made.resolution
    assert [way.token for way in answer.context["shown"].ways] == ["role:proper_officer"]
    page = answer.content.decode()
    assert f"{town['clerk'].full_name}, as Town Clerk" in page
    assert "9.3" in page
    assert (Concern.objects.count(), CouncilEvent.objects.count(), Notice.objects.count(), RehearsalRun.objects.count()) == kept


def test_what_if_with_a_connection_and_an_absence_shows_who_comes_in_and_why(town):
    asked = {"raiser": town["councillor1"].pk, "subjects": [town["officer1"].pk]}
    away = ask(town, **asked, away=[town["clerk"].pk])
    assert [way.token for way in away.context["shown"].ways] == ["role:deputy_proper_officer"]
    tied = ask(town, **asked, conflicted=[town["clerk"].pk])
    assert [way.token for way in tied.context["shown"].ways] == ["body:hr_panel"]
    assert (town["clerk"].full_name, "you said they have a connection") in tied.context["out"]
    assert (town["officer1"].full_name, "the concern is about them") in tied.context["out"]


def test_what_if_refuses_in_words_and_keeps_what_was_chosen(town):
    same = town["councillor1"].pk
    answer = ask(town, raiser=same, subjects=[same])
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nobody raises a concern about themselves." in page
    assert f'value="{same}" selected' in page
    assert ask(town).status_code == 422
    assert ask(town, raiser="nobody", subjects=["x"], stage="moon", topic="weather").status_code == 422


def test_command_rehearses_with_the_people_of_a_loaded_council(town, capsys):
    call_command("protocol", "rehearse", "--council", "yateley", "--people", "--on", TODAY.isoformat(), "--json")
    report = json.loads(capsys.readouterr().out)
    assert (report["ok"], report["unsafe"], report["council"]) == (True, 0, "yateley")
    empty_the_panel(town)
    with pytest.raises(SystemExit) as left:
        call_command("protocol", "rehearse", "--council", "yateley", "--people", "--on", TODAY.isoformat())
    assert left.value.code == 1
    assert "! quorum: hr_panel (1)" in capsys.readouterr().out
    with pytest.raises(CommandError, match="a file holds no people"):
        call_command("protocol", "rehearse", "--file", "fixtures/protocols/yateley.yaml", "--people")
