"""Agreements on direct contact and groups' requests: who asks, who agrees, and what neither screen nor SQL lets anybody do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from councils.errors import Refusal
from information.domain import arrangements
from information.enums import ArrangementAction as A
from information.enums import ArrangementKind
from information.models import Arrangement
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by
from tests.factories.councils import Town
from tests.information.steps import answer, arrange, finds
from tests.matrix.rows_information import ROUTES

pytestmark = pytest.mark.django_db
COUNCILS = ("weston", "yateley", "auth5c")


def contact(weston: Town, **more: Any) -> Arrangement:
    given = {"officer": weston["officer1"], "matter": f"{CANARY} carnival", "until_on": date(2026, 2, 15), "decider": weston["clerk"], **more}
    return arrange(weston, "councillor3", "contact", **given)


def test_machine_and_model_have_the_same_steps() -> None:
    steps = Arrangement._meta.get_field("state").get_all_transitions(Arrangement)
    assert sorted({(str(step.source), str(step.target)) for step in steps}) == arrangements.pairs()


@pytest.mark.parametrize(("change", "field"), [
    ({"decider": None}, "decider"), ({"matter": " "}, "matter"), ({"until_on": None}, "until_on"), ({"until_on": date(2026, 1, 1)}, "until_on"),
    ({"officer": None}, "officer"),
])  # fmt: skip
def test_answer_that_is_missing_or_doesnt_fit_is_refused_on_its_field(weston: Town, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        contact(weston, **change)
    assert refused.value.field == field


def test_nothing_is_asked_where_the_protocol_needs_none_or_allows_none(weston: Town, yateley: Town) -> None:
    with pytest.raises(Refusal, match="keeps officers away from meetings of party groups"):
        arrange(weston, "councillor3", "attendance", group="G", matter="x", decider=weston["clerk"])
    with pytest.raises(Refusal, match="asks for no agreement"):
        arrange(yateley, "councillor3", "contact", officer=yateley["officer1"], matter="x", until_on=date(2026, 2, 1), decider=yateley["clerk"])


def test_only_whom_it_was_put_to_answers_and_only_once(weston: Town) -> None:
    row = contact(weston)
    for who in ("officer1", "chair", "deputy"):
        with pytest.raises(Http404):
            answer(A.AGREE, row, weston[who])
    with pytest.raises(Refusal, match="for somebody else"):
        answer(A.AGREE, row, weston["councillor3"])
    answer(A.DECLINE, row, weston["clerk"])
    with pytest.raises(Refusal, match="stands at: Declined"):
        answer(A.AGREE, row, weston["clerk"])
    assert not finds(row, weston["officer1"])


def test_whoever_asked_takes_it_back_and_a_stale_page_is_told(weston: Town) -> None:
    row = contact(weston)
    assert answer(A.END, row, weston["councillor3"], revision=0).state == "ENDED"
    with pytest.raises(Refusal):
        answer(A.AGREE, row, weston["clerk"], revision=0)


@pytest.mark.parametrize("change", [{"state": "AGREED"}, {"matter": "x"}, {"until_on": date(2030, 1, 1)}, {"decider_id": None}])
def test_no_statement_agrees_or_changes_what_was_asked(weston: Town, change: dict[str, Any]) -> None:
    row = contact(weston)
    for who in ("councillor3", "clerk"):
        with by(weston[who]), pytest.raises(DatabaseError), transaction.atomic():
            Arrangement.objects.filter(pk=row.pk).update(**change)


def test_nobody_writes_one_for_somebody_else_or_put_to_themselves(weston: Town) -> None:
    row = {"council": weston.council, "protocol_version": weston.version, "kind": "contact", "asked_as": "councillor", "from_on": NOW.date(), "asked_at": NOW}
    member, clerk = weston["councillor3"], weston["clerk"]
    for asked_by, decider in ((clerk, member), (member, member)):
        with by(member), pytest.raises(DatabaseError), transaction.atomic():
            Arrangement.objects.create(asked_by=asked_by, decider=decider, **row)


def test_every_step_is_done_on_screen_and_bad_answers_are_given_back(weston: Town) -> None:
    member, clerk = client_of(weston["councillor3"]), client_of(weston["clerk"])
    url = reverse("information:arrangement-new-in", args=[ArrangementKind.CONTACT, weston.council.key])
    wrong = member.post(url, {"matter": "The carnival"})
    assert wrong.status_code == 422 and "Choose the officer" in wrong.content.decode() and "The carnival" in wrong.content.decode()
    days = {f"{name}_{part}": value for name in ("from_on", "until_on") for part, value in (("day", "20"), ("month", "1"), ("year", str(timezone.localdate().year + 1)))}
    sent = member.post(url, {"matter": "The carnival", "officer": weston["officer1"].pk, "decider": weston["clerk"].pk, **days})
    assert sent.status_code == 302, sent.content.decode()
    page = clerk.get(sent.url).content.decode()
    assert 'data-action="arrangement_agree"' in page and "The carnival" in page
    step = reverse("information:arrangement-do", args=[sent.url.rstrip("/").rsplit("/", 1)[1], "agree"])
    assert clerk.post(step, {}).status_code == 422  # without the version of the page nothing is done
    assert clerk.post(step, {"revision": "0"}).status_code == 302
    assert clerk.get(step).status_code == 409
    assert client_of(weston["councillor5"]).get(sent.url).status_code == 404
    listed = client_of(weston["officer1"]).get(reverse("information:arrangements")).content.decode()
    assert "Agreed" in listed


def test_every_address_answers_each_person_as_in_the_table(weston: Town) -> None:
    row = contact(weston)
    kinds = {"councillor3": "asker", "clerk": "decider", "officer1": "stranger", "councillor5": "stranger", "admin": "stranger", "visitor": "visitor"}
    page = reverse("information:arrangement", args=[row.pk])
    step = reverse("information:arrangement-do", args=[row.pk, "agree"])
    for who, kind in kinds.items():
        client = Client() if who == "visitor" else client_of(weston[who])
        for route, url in (("information:arrangement", page), ("information:arrangement-do", step)):
            for method, wanted in zip(("get", "head", "post"), ROUTES[route][kind].split(), strict=True):
                answer_ = getattr(client, method)(url)
                shown = "login" if answer_.status_code == 302 and "/login/" in answer_["Location"] else str(answer_.status_code)
                assert shown == wanted, (who, method, url)
                assert (CANARY in answer_.content.decode()) == (kind in ("asker", "decider") and route.endswith("arrangement") and method == "get")
