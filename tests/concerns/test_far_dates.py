"""Days nobody means are refused in words: a hold that would never end, a meeting in the year 9999."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from concerns.enums import Action
from councils.errors import Refusal
from tests.clocks.ticking import due
from tests.concerns.casework import TODAY, fresh
from tests.concerns.screens import client_of
from tests.concerns.test_sweep import with_clerk
from tests.factories.concerns import NOW, do
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
TOO_LATE = "It can wait for a year at most. Hold it again then, if it still has to."


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(9999, 12, 31), "must be the same as or before 31 December 2200"),
        (date(2200, 1, 1), TOO_LATE),
        (TODAY + timedelta(days=366), TOO_LATE),
    ],
)
def test_hold_that_would_never_end_is_refused_and_kept_as_typed(weston: Town, day: date, words: str) -> None:
    concern = with_clerk(weston)
    page = reverse("concerns:do", kwargs={"concern": concern.pk, "action": "hold"})
    typed = {"until_day": day.day, "until_month": day.month, "until_year": day.year, "reason": "Away", "revision": fresh(concern).revision}
    with time_machine.travel(NOW, tick=False):
        answer = client_of(weston["clerk"]).post(page, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{day.year}"' in answer.content.decode()
    assert fresh(concern).on_hold_until is None
    assert due(concern, "informal_review").paused_on is None


def test_hold_of_a_year_is_kept_and_a_longer_one_refused(weston: Town) -> None:
    concern = with_clerk(weston)
    with pytest.raises(Refusal) as caught:
        do(Action.HOLD, concern, weston["clerk"], until=date.max, reason="Away")
    assert (str(caught.value.message), caught.value.field) == (TOO_LATE, "until")
    do(Action.HOLD, concern, weston["clerk"], until=TODAY + timedelta(days=365), reason="Away")
    assert due(concern, "hold_review").due_on == TODAY + timedelta(days=365)
