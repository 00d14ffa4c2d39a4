"""Drafts that nobody sent, files that nobody searched, and references in requests that are long over."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from concerns.actions import intake
from concerns.enums import Action
from concerns.models import Concern, Notice
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from information.enums import RequestKind
from information.models import AccessRequest
from rights import tasks
from rights.actions import access, keeping, retiring
from rights.domain import retention
from rights.models import DraftWarning, ExportItem, Line
from tests.concerns.screens import client_of
from tests.factories.concerns import CANARY, NOW, by, do, draft, lodge
from tests.factories.councils import Town
from tests.rights.conftest import COUNCILS, act, keepers

assert COUNCILS
pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def refused(person: Person, action: Any, /, **answers: Any) -> str:
    with pytest.raises(Refusal) as caught:
        act(person, action, **answers)
    return str(caught.value.message)


def sweep(when: Any) -> None:
    """The usual sweep, at that moment."""
    with time_machine.travel(when, tick=False), system_work():
        retiring.look_at_all(now=when)


def warned(concern: Concern) -> list[date]:
    with system_work():
        return list(DraftWarning.objects.filter(case_id=concern.pk).values_list("goes_on", flat=True))


def there(concern: Concern) -> bool:
    with system_work():
        return Concern.objects.filter(pk=concern.pk).exists()


@pytest.mark.parametrize(("touched", "months", "told", "day"), [
    (date(2025, 1, 31), 1, date(2025, 1, 31), date(2025, 3, 2)), (date(2025, 3, 10), 12, date(2026, 2, 7), None),
    (date(2025, 3, 10), 12, date(2026, 2, 8), date(2026, 3, 10)), (date(2020, 3, 10), 12, date(2026, 2, 8), date(2026, 3, 10)),
    (date(2024, 2, 29), 12, date(2025, 2, 1), date(2025, 3, 3)),
])  # fmt: skip
def test_day_a_draft_goes_is_never_sooner_than_thirty_days_after_its_writer_is_told(touched: date, months: int, told: date, day: date | None) -> None:
    assert retention.draft_goes_on(touched, months, told) == day


def test_draft_nobody_touched_goes_after_its_writer_was_told_and_another_stays(town: Town) -> None:
    left, kept = (draft(town, town["officer1"], town["councillor6"]) for _number in range(2))
    sweep(NOW + YEAR - timedelta(days=40))
    assert (warned(left), warned(kept)) == ([], [])
    day = NOW + YEAR - timedelta(days=20)
    sweep(day)
    goes = day.date() + timedelta(days=30)
    assert (warned(left), warned(kept)) == ([goes], [goes])
    sweep(day + timedelta(days=1))  # told once
    with system_work():
        assert Notice.objects.filter(concern__isnull=True, person=town["officer1"]).count() == 2
    with time_machine.travel(day, tick=False):
        home = client_of(town["officer1"]).get("/").content.decode()
        assert f"A draft of yours will be deleted on {goes.day} {goes:%B %Y} unless you go on with it" in home
        assert reverse("concerns:draft-who", kwargs={"concern": left.pk}) in home and CANARY not in home
        assert "will be deleted" not in client_of(town["councillor6"]).get("/").content.decode()
    with by(town["clerk"]):
        assert DraftWarning.objects.count() == 0
    act(town["officer1"], intake.save_draft, concern_id=kept.pk, what_happened="more", now=day + timedelta(days=2))
    sweep(day + timedelta(days=29))
    assert (there(left), warned(kept)) == (True, [])
    with system_work():  # PostgreSQL's own clock counts as well as the portal's
        DraftWarning.objects.filter(case_id=left.pk).update(goes_on=date(2026, 1, 2))
    sweep(day + timedelta(days=31))
    assert (there(left), there(kept), warned(left)) == (False, True, [])


def test_draft_stays_on_hold_and_while_its_writer_waits_for_their_data(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    held = draft(town, town["officer1"], town["councillor6"])
    asked = act(town["officer1"], access.ask_access, council=town.council)
    sweep(NOW + 2 * YEAR)
    assert (there(held), warned(held)) == (True, [])
    act(town["officer1"], access.withdraw_access, row_id=asked.pk)
    act(town["clerk"], keeping.hold_council, council=town.council, reason="inquiry", review_on=NOW.date() + timedelta(days=9))
    sweep(NOW + 2 * YEAR)
    assert (there(held), warned(held)) == (True, [])


def test_time_for_drafts_is_the_councils_and_in_its_public_register(town: Town) -> None:
    assert refused(town["admin"], keeping.set_retention, council=town.council, outcome_class="draft", months=2) == (
        "Enter a whole number of months from 3 to 1200."
    )
    assert refused(town["admin"], keeping.set_retention, council=town.council, outcome_class="resolved", months=3).startswith("Enter a whole number")
    page = f"/public/{town.council.key}/register/"
    assert "Begun and never sent, counted from its last change: 1 year" in client_of(town["admin"]).get(page).content.decode()
    act(town["admin"], keeping.set_retention, council=town.council, outcome_class="draft", months=3)
    assert "counted from its last change: 3 months" in client_of(town["admin"]).get(page).content.decode()
    form = client_of(town["admin"]).get(f"/c/{town.council.key}/records/kept/draft/").content.decode()
    assert "after it was last changed?" in form and "tribunal" not in form
    mine = draft(town, town["officer1"], town["councillor6"])
    sweep(NOW + timedelta(days=70))
    assert len(warned(mine)) == 1


def test_file_is_given_only_when_whoever_releases_it_has_opened_and_read_it(town: Town) -> None:
    keepers(town, "clerk", "deputy")
    concern = lodge(town, town["officer1"], town["councillor6"])
    do(Action.ADD_DOCUMENT, concern, town["officer1"], name="notes.txt", content=f"{CANARY} {town['councillor6'].full_name}".encode())
    asked = act(town["officer1"], access.ask_access, council=town.council)
    act(town["clerk"], access.gather, row_id=asked.pk)
    tasks.look()
    with by(town["clerk"]):
        found = list(ExportItem.objects.filter(request=asked, verdict=""))
    for item in found:
        act(town["clerk"], access.decide_item, row_id=asked.pk, item=item, verdict="give")
    (file,) = [item for item in found if item.content is not None]
    with by(town["clerk"]):
        asked = type(asked).objects.get(pk=asked.pk)
    act(town["clerk"], access.open_file, row=asked, item=file)  # by whoever prepares it: that doesn't count for the other
    act(town["clerk"], access.prepare, row_id=asked.pk)
    assert refused(town["deputy"], access.release, row_id=asked.pk, sure=True).startswith("Files aren’t searched for names.")
    assert refused(town["deputy"], access.release, row_id=asked.pk, sure=True, files_read=[file.number]) == f"You haven’t opened these files yet: {file.number}."
    mark = "UPDATE rights_exportitem SET checked_by_id = %s WHERE id = %s"
    done = "UPDATE rights_subjectrequest SET state = 'RELEASED', released_by_id = %s, package = 'x' WHERE id = %s"
    for statement, values, match in (
        (mark, [town["clerk"].pk, file.pk], "for somebody else"), (done, [town["deputy"].pk, asked.pk], "has read each file"),
    ):  # fmt: skip
        with by(town["deputy"]), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.action', 'x', true)")
            with pytest.raises(DatabaseError, match=match), transaction.atomic():
                cursor.execute(statement, values)
    client = client_of(town["deputy"])
    step = reverse("rights:access-do", kwargs={"row": asked.pk, "action": "release"})
    shown = client.get(step)
    assert f"Item {file.number}: I have read it, and nobody else is in it" in shown.content.decode()
    got = client.get(reverse("rights:access-item-file", kwargs={"row": asked.pk, "item": file.pk}))
    assert (got.content.decode(), got["Content-Type"]) == (f"{CANARY} {town['councillor6'].full_name}", "application/octet-stream")
    assert "notes" not in got["Content-Disposition"] and got["X-Content-Type-Options"] == "nosniff"
    answers = {"revision": shown.context["matter"].revision, "sure": "on"}
    unread = client.post(step, answers)
    assert (unread.status_code, "say that you have read it" in unread.content.decode()) == (422, True)
    assert client.post(step, {**answers, "files_read": [file.number]}).status_code == 302
    with by(town["officer1"]):
        (row,) = type(asked).objects.filter(pk=asked.pk)
    names = zipfile.ZipFile(io.BytesIO(act(town["officer1"], access.fetch, row=row))).namelist()
    assert len([name for name in names if name.startswith("files/") and name.endswith(".txt")]) == 1
    with by(town["clerk"]):
        opened = Line.objects.filter(about_id=asked.pk, type="file_opened").values_list("by_id", flat=True)
        assert sorted(opened) == sorted([town["clerk"].pk, town["deputy"].pk])


def test_reference_in_a_request_for_papers_goes_long_after_it_is_over_whether_there_is_such_a_concern_or_not(town: Town) -> None:
    who, real = town["councillor2"], lodge(town, town["officer1"], town["councillor6"])
    pks = {}
    for name, reference, over in (("real", real.reference, 300), ("invented", "K7QF-2M9X", 300), ("young", real.reference, 100)):
        with by(who):
            row = AccessRequest.objects.create(
                council=town.council, requester=who, kind=RequestKind.CONCERN, concern_reference=reference, created_at=NOW, updated_at=NOW
            )
        with system_work(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.action', 'x', true)")
            asked = {"state": "ASKED", "asked_at": NOW, "protocol_version": town.version}
            AccessRequest.objects.filter(pk=row.pk).update(**asked)
            AccessRequest.objects.filter(pk=row.pk).update(state="CLOSED", closed_at=NOW - timedelta(days=over))
        pks[name] = row.pk
    sweep(NOW)
    with by(who):
        left = {name: AccessRequest.objects.get(pk=pk).concern_reference for name, pk in pks.items()}
    assert {name: str(value or "") for name, value in left.items()} == {"real": "", "invented": "", "young": real.reference}
