"""What is due and why, more time by agreement, and a council's targets, on their screens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from clocks import settling
from clocks.actions import targets
from clocks.models import Obligation, Unsettled
from concerns.enums import Action
from concerns.models import Concern, Event
from councils.errors import Refusal
from councils.models import Council, CouncilEvent, Person
from councils.rls import as_person, system_work
from tests.concerns.screens import at, client_of, frozen
from tests.councils.views_cast import parts
from tests.factories.concerns import NOW, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
DAY = timedelta(days=1)


@pytest.fixture
def concern(weston: Town) -> Concern:
    found = lodge(weston, weston["councillor3"], weston["officer1"], chosen_token="role:chair_of_council")
    do(Action.ACCEPT, found, weston["chair"])
    return found


def get(person: Person, address: str) -> Any:
    with frozen():
        return client_of(person).get(address)


def post(person: Person, address: str, data: dict[str, Any]) -> Any:
    with frozen():
        return client_of(person).post(address, data)


def row_of(concern: Concern, person: Person, kind: str = "informal_review") -> Obligation:
    with as_person(person):
        return Obligation.objects.get(concern=concern, kind=kind)


def day(field: str, value: date | None) -> dict[str, str]:
    return parts(field, value) if value else {}


def more_time(concern: Concern, row: Obligation) -> str:
    return reverse("clocks:extend", kwargs={"concern": concern.pk, "obligation": row.pk})


def target(town: Town, name: str = "targets", **more: str) -> str:
    return reverse(f"clocks:{name}", kwargs={"key": town.council.key, **more})


def test_concerns_page_says_what_is_due_and_leads_to_every_line(weston: Town, concern: Concern) -> None:
    page = get(weston["chair"], at("page", concern)).content.decode()
    assert 'data-due="informal_review" data-on="2026-01-29"' in page
    why = get(weston["councillor3"], reverse("clocks:concern", kwargs={"concern": concern.pk})).content.decode()
    for words in (
        "Counted from Thursday 15 January 2026, which isn’t counted itself.", "Saturdays, Sundays and bank holidays aren’t working days.",
        "10 working days after it: Thursday 29 January 2026.", "Due by the end of Thursday 29 January 2026.", "Done on",
        "this service’s usual time, not set by the protocol",
    ):  # fmt: skip
        assert words in why, words
    assert "Record more time" not in why


def test_strangers_find_no_dates(weston: Town, concern: Concern) -> None:
    for name in ("officer1", "councillor4", "admin"):
        assert get(weston[name], reverse("clocks:concern", kwargs={"concern": concern.pk})).status_code == 404
        assert "data-due" not in get(weston[name], reverse("clocks:due") + "?all=1").content.decode()


def test_own_list_has_what_waits_for_one_and_marks_what_is_late(weston: Town, concern: Concern) -> None:
    mine = get(weston["chair"], reverse("clocks:due")).content.decode()
    assert mine.count('data-due="informal_review"') == 1
    assert "data-due" not in get(weston["councillor3"], reverse("clocks:due")).content.decode()
    assert 'data-due="informal_review"' in get(weston["councillor3"], reverse("clocks:due") + "?all=1").content.decode()
    with time_machine.travel(NOW + 20 * DAY, tick=False):
        late = client_of(weston["chair"]).get(reverse("clocks:due"), {"page": "x"}).content.decode()
    assert "Overdue" in late


def test_more_time_is_recorded_with_both_sides_agreement(weston: Town, concern: Concern) -> None:
    row = row_of(concern, weston["chair"])
    data = {**day("to", date(2026, 2, 12)), **day("raiser_agreed_on", date(2026, 1, 14)), "reason": "Both are away", "revision": row.revision}
    assert post(weston["chair"], more_time(concern, row), data).status_code == 302
    row = row_of(concern, weston["chair"])
    assert (row.due_on, row.extended_to) == (date(2026, 2, 12), date(2026, 2, 12))
    assert row.moves == [{"on": "2026-01-15", "from": "2026-01-29", "to": "2026-02-12", "why": "agreed"}]
    with as_person(weston["chair"]):
        event = Event.objects.get(concern_id=concern.pk, type="clock_extended")
    assert (event.facts["to"], event.facts["raiser_agreed_on"], event.reason) == ("2026-02-12", "2026-01-14", "Both are away")
    again = post(weston["chair"], more_time(concern, row), {**data, "revision": "0"})
    assert again.status_code == 422
    assert "Somebody changed this after you opened the page." in again.content.decode()
    # what is agreed stands when the council changes its target
    Council.objects.filter(pk=weston.council.pk).update(targets={"informal_review": 2})
    do(Action.ADD_NOTE, concern, weston["chair"], now=NOW + DAY, text="On")
    assert row_of(concern, weston["chair"]).due_on == date(2026, 2, 12)
    # and a hold comes on top: from Monday 19 to Wednesday 21
    do(Action.HOLD, concern, weston["chair"], now=NOW + 4 * DAY, until=date(2026, 1, 21), reason="Away")
    assert row_of(concern, weston["chair"]).due_on == date(2026, 2, 16)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to": None}, "Give the new date."),
        ({"to": date(2026, 1, 29)}, "The new date must be after today and after the date it is due now."),
        ({"to": date(2026, 2, 14)}, "That isn’t a working day here. Choose another."),
        ({"to": date(2027, 2, 15)}, "The new date can be a year away at most."),
        ({"raiser_agreed_on": None}, "Give the date on which they agreed."),
        ({"raiser_agreed_on": date(2026, 1, 16)}, "The date must be today or in the past."),
        ({"reason": " "}, "Say why more time is needed."),
    ],
)
def test_more_time_that_cannot_be_is_refused_in_words(weston: Town, concern: Concern, changed: dict[str, Any], words: str) -> None:
    row = row_of(concern, weston["chair"])
    given = {"to": date(2026, 2, 12), "raiser_agreed_on": date(2026, 1, 14), "reason": "Both are away", **changed}
    data = {"reason": given["reason"], **day("to", given["to"]), **day("raiser_agreed_on", given["raiser_agreed_on"])}
    answer = post(weston["chair"], more_time(concern, row), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert row_of(concern, weston["chair"]).extended_to is None


def test_more_time_is_for_those_who_deal_with_it(weston: Town, concern: Concern) -> None:
    row = row_of(concern, weston["chair"])
    assert post(weston["councillor3"], more_time(concern, row), {}).status_code == 409
    assert post(weston["councillor4"], more_time(concern, row), {}).status_code == 404
    unknown = reverse("clocks:extend", kwargs={"concern": concern.pk, "obligation": uuid4()})
    assert get(weston["chair"], unknown).status_code == 404
    over = row_of(concern, weston["chair"], "acknowledge")
    assert "Nothing is due here any more." in get(weston["chair"], more_time(concern, over)).content.decode()


def test_other_side_is_asked_once_they_were_told(weston: Town, concern: Concern) -> None:
    do(Action.TELL_SUBJECT, concern, weston["chair"], told_on=NOW.date(), how="In person")
    row = row_of(concern, weston["chair"])
    data = {**day("to", date(2026, 2, 12)), **day("raiser_agreed_on", date(2026, 1, 14)), "reason": "Both are away"}
    assert post(weston["chair"], more_time(concern, row), data).status_code == 422
    assert post(weston["chair"], more_time(concern, row), {**data, **day("other_agreed_on", date(2026, 1, 15))}).status_code == 302


def test_target_is_set_by_the_administrator_and_moves_what_is_open(weston: Town, concern: Concern) -> None:
    assert 'data-target="informal_review"' in get(weston["councillor3"], target(weston)).content.decode()
    assert get(weston["councillor3"], target(weston, "target", code="informal_review")).status_code == 404
    assert get(weston["admin"], target(weston, "target", code="nonsense")).status_code == 404
    assert post(weston["admin"], target(weston, "target", code="informal_review"), {"days": "15"}).status_code == 302
    assert Council.objects.get(pk=weston.council.pk).targets == {"informal_review": 15}
    event = CouncilEvent.objects.filter(council=weston.council.pk, kind="council_changed").latest("at")
    assert {key: event.detail[key] for key in ("target", "before", "after")} == {"target": "informal_review", "before": None, "after": 15}
    with system_work():
        assert [settling.settle_marked(now=NOW + DAY) for _turn in range(3)] == [1, 1, 0]  # the council's mark, then the concern's
        assert not Unsettled.objects.exists()
    row = row_of(concern, weston["chair"])
    assert (row.due_on, row.basis) == (date(2026, 2, 5), "council")
    page = get(weston["chair"], reverse("clocks:concern", kwargs={"concern": concern.pk})).content.decode()
    assert "On Friday 16 January 2026 it moved from Thursday 29 January 2026 to Thursday 5 February 2026" in page
    assert "A date moved" in get(weston["chair"], at("page", concern)).content.decode()
    assert post(weston["admin"], target(weston, "target", code="informal_review"), {"days": ""}).status_code == 302
    assert Council.objects.get(pk=weston.council.pk).targets == {}


@pytest.mark.parametrize("days", ["0", "-1", "10000", "366", "1.5", "ten", "٣٠٠٠", "1e3", "9" * 400])
def test_target_that_cannot_be_is_refused_and_what_was_typed_stays(weston: Town, days: str) -> None:
    answer = post(weston["admin"], target(weston, "target", code="informal_review"), {"days": days})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a whole number from 1 to 365." in page
    assert f'value="{days}"' in page
    assert Council.objects.get(pk=weston.council.pk).targets == {}


def test_target_that_the_law_sets_is_only_lengthened(weston: Town) -> None:
    page = get(weston["councillor3"], target(weston)).content.decode()
    assert ("said by law (Postponement for a companion)" in page, "A4" in page) == (True, False)
    with pytest.raises(Refusal, match="The law gives at least 5 working days here."):
        targets.set_target(council=weston.council, code="companion_postponement", days=4, by=None, now=NOW)
    assert targets.set_target(council=weston.council, code="companion_postponement", days=7, by=None, now=NOW).targets == {"companion_postponement": 7}


@pytest.mark.parametrize("wrong", [{"x": 0}, {"x": 366}, {"x": "5"}, {"x": 1.5}, {"x": None}, [5]])
def test_database_keeps_no_target_that_cannot_be(weston: Town, wrong: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Council.objects.filter(pk=weston.council.pk).update(targets=wrong)


def test_night_finds_what_changed_without_anybody(weston: Town, concern: Concern) -> None:
    do(Action.HOLD, concern, weston["chair"], now=NOW, until=date(2026, 1, 21), reason="Away")
    with system_work():
        assert settling.mark_changed(now=NOW + DAY) == 0
        assert settling.mark_changed(now=NOW + 8 * DAY) == 1  # the hold ran out
        settling.settle_marked(now=NOW + 8 * DAY)
        assert settling.mark_changed(now=NOW + 8 * DAY) == 0
    assert row_of(concern, weston["chair"]).paused_days == 4
    assert row_of(concern, weston["chair"], "hold_review").met_at == NOW + 8 * DAY
