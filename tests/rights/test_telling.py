"""Complaints about data and breaches: acknowledged in thirty days, told in seventy-two hours, never seen by whom they are about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from rights import dues
from rights.actions import telling
from rights.models import Breach, DataComplaint
from studio.actions import publication
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by
from tests.factories.councils import Town
from tests.rights.conftest import COUNCILS, act, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db


def refused(person: Person | None, action: Any, /, **answers: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(person, action, **answers)
    return str(caught.value.message)


def test_complaint_is_never_seen_by_whom_it_is_about(town: Town) -> None:
    keepers(town, "clerk", "deputy", "officer1")
    made = act(town["councillor2"], telling.complain, council=town.council, text=f"{CANARY} sent round", against=town["clerk"])
    seen = {}
    for name in ("clerk", "deputy", "officer1", "admin", "councillor2", "councillor3"):
        with by(town[name]):
            seen[name] = DataComplaint.objects.filter(pk=made.pk).count()
    assert seen == {"clerk": 0, "deputy": 1, "officer1": 1, "admin": 0, "councillor2": 1, "councillor3": 0}
    assert dues.complaint_due(made) == date(2026, 2, 16)  # thirty days are the 14th, a Saturday
    act(town["deputy"], telling.acknowledge, row_id=made.pk, told=False)
    done = act(town["officer1"], telling.answer_complaint, row_id=made.pk, outcome=f"{CANARY} sorry")
    assert (done.state, done.acknowledged_by_id, done.answered_by_id) == ("ANSWERED", town["deputy"].pk, town["officer1"].pk)
    with by(town["councillor2"]):
        assert str(DataComplaint.objects.get(pk=made.pk).outcome) == f"{CANARY} sorry"


def test_anybody_complains_without_an_account(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    page = f"/public/{town.council.key}/data-complaint/"
    client = Client()
    assert client.get(page).status_code == 200
    empty = client.post(page, {"text": f"{CANARY} said"})
    assert (empty.status_code, b"Enter your name." in empty.content, CANARY.encode() in empty.content) == (422, True, True)
    sent = client.post(page, {"text": f"{CANARY} said", "name": "A Resident", "contact": "resident@x.example"})
    assert (sent.status_code, b"Complaint sent" in sent.content) == (200, True)
    with by(town["clerk"]):
        (row,) = DataComplaint.objects.all()
    assert (row.complainant_id, str(row.name), row.state) == (None, "A Resident", "RECEIVED")
    assert row.reference.encode() in sent.content
    assert refused(town["clerk"], telling.acknowledge, row_id=row.pk, told=False).startswith("They have no account")
    act(town["clerk"], telling.acknowledge, row_id=row.pk, told=True)
    assert client.get("/public/nowhere/data-complaint/").status_code == 404


def test_one_address_may_send_so_many_and_keeps_nobody_else_from_complaining(town: Town) -> None:
    page, body = f"/public/{town.council.key}/data-complaint/", {"text": f"{CANARY} kept", "name": "A Resident", "contact": "resident@x.example"}
    act(town["admin"], publication.choose_publication, council=town.council, is_public=True, named_roles=[], contact="The Clerk, Town Hall")
    client = Client()
    assert [client.post(page, body).status_code for _number in range(10)] == [200] * 10
    many = client.post(page, body)
    assert (many.status_code, CANARY in many.content.decode()) == (422, True)
    assert "Write to the council instead: The Clerk, Town Hall." in many.content.decode()
    assert client.post(page, {**body, "text": ""}).status_code == 422
    assert Client(REMOTE_ADDR="192.0.2.7").post(page, body).status_code == 200
    signed_in = client_of(town["councillor2"])
    assert signed_in.post(page, {"text": "mine"}).status_code == 302


def test_council_is_sent_no_more_than_three_hundred_in_an_hour(town: Town) -> None:
    body = {"text": "again", "name": "A Resident", "contact": "resident@x.example"}
    one = act(None, telling.complain, council=town.council, **body)
    with system_work():
        fields = {"council_id": town.council.pk, "received_on": one.received_on, "opened_at": one.opened_at, "updated_at": one.updated_at}
        for _number in range(299):
            DataComplaint(**fields).save(force_insert=True)
    assert refused(None, telling.complain, council=town.council, **body).startswith("Too many complaints were sent in the last hour")
    assert act(None, telling.complain, council=town.council, now=NOW + timedelta(minutes=61), **body).state == "RECEIVED"
    assert act(town["councillor2"], telling.complain, council=town.council, text="mine").state == "RECEIVED"


def test_breach_counts_seventy_two_hours_and_closes_only_when_everybody_was_told(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    friday = datetime(2026, 1, 16, 16, 30, tzinfo=UTC)
    made = act(town["councillor1"], telling.report_breach, council=town.council, what=f"{CANARY} letter", aware_at=friday, now=friday)
    assert dues.breach_due(made) == datetime(2026, 1, 19, 16, 30, tzinfo=UTC)
    answers = {"row_id": made.pk, "measures": "called back", "now": friday + timedelta(hours=2)}
    assert refused(town["clerk"], telling.assess_breach, **{**answers, "risk": ""}) == "Say how it may touch people."
    act(town["clerk"], telling.assess_breach, **answers, risk="high")
    assert "within 72 hours" in refused(town["clerk"], telling.close_breach, row_id=made.pk)
    with by(town["clerk"]), pytest.raises(DatabaseError, match="a state changes only inside an action|rights_breach_office"), transaction.atomic():
        Breach.objects.filter(pk=made.pk).update(state="CLOSED")
    act(town["clerk"], telling.assess_breach, **answers, risk="high", office_told_on=friday.date(), office_reference="IC-1")
    assert "have to be told" in refused(town["clerk"], telling.close_breach, row_id=made.pk)
    with system_work():
        (due,) = dues.dues(made.pk, friday.date())[1]  # type: ignore[index]
        assert (due.kind, due.due_on, due.met) == ("data_breach", date(2026, 1, 19), True)
    act(town["deputy"], telling.assess_breach, **answers, risk="high", office_told_on=friday.date(), people_told_on=friday.date())
    assert act(town["clerk"], telling.close_breach, row_id=made.pk).state == "CLOSED"
    # told late: it says why
    late = act(town["councillor1"], telling.report_breach, council=town.council, what="again", aware_at=NOW - timedelta(days=5))
    late_answers = {"row_id": late.pk, "risk": "risk", "measures": "x", "office_told_on": NOW.date()}
    act(town["clerk"], telling.assess_breach, **late_answers)
    assert "why late" in refused(town["clerk"], telling.close_breach, row_id=late.pk)
    act(town["clerk"], telling.assess_breach, **late_answers, why_not="nobody was there")
    assert act(town["clerk"], telling.close_breach, row_id=late.pk).state == "CLOSED"
