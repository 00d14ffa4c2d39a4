"""Days on which a council's office is closed: recorded by its administrator, counted by nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from councils import actions, queries
from councils.errors import Refusal
from councils.models import Council, CouncilClosure, CouncilEvent
from tests.councils.views_cast import parts, place, today  # noqa: F401
from tests.factories.councils import NOW, AppointmentFactory, CouncilFactory

pytestmark = pytest.mark.django_db
CHRISTMAS = [date(2026, 12, day) for day in (28, 29, 30, 31)]


@pytest.fixture
def council() -> Council:
    return CouncilFactory()


def close(council: Council, first: date, last: date | None = None, **more: object) -> CouncilClosure:
    return actions.add_closure(**{"council": council, "starts_on": first, "ends_on": last, "reason": "Christmas", "by": None, "now": NOW, **more})


def closed(council: Council) -> frozenset[date]:
    return queries.closures(Council.objects.get(pk=council.pk))


def test_closure_comes_with_its_council_and_goes_when_removed(council):
    assert closed(council) == frozenset()
    row = close(council, CHRISTMAS[0], CHRISTMAS[-1])
    close(council, date(2027, 5, 4), reason="Local holiday")
    assert closed(council) == {*CHRISTMAS, date(2027, 5, 4)}
    assert closed(CouncilFactory()) == frozenset()
    actions.remove_closure(closure=row, by=None, now=NOW)
    assert closed(council) == {date(2027, 5, 4)}
    events = CouncilEvent.objects.filter(council=council.pk, kind__startswith="closure").order_by("kind", "detail__starts_on")
    assert [(event.kind, event.detail["starts_on"]) for event in events] == [
        ("closure_added", "2026-12-28"), ("closure_added", "2027-05-04"), ("closure_removed", "2026-12-28"),
    ]  # fmt: skip
    with pytest.raises(Refusal, match="This closure was removed already."):
        actions.remove_closure(closure=row, by=None, now=NOW)


@pytest.mark.parametrize(
    ("first", "last", "reason", "field", "words"),
    [
        (date(2027, 1, 5), date(2027, 1, 4), "Works", "ends_on", "The last day must be the same as or after the first day."),
        (date(2027, 1, 1), date(2027, 2, 1), "Works", "ends_on", "A closure lasts 31 days at most. Check the last day."),
        (date(1066, 10, 14), None, "Works", "starts_on", "Enter a date between 1900 and 2200."),
        (None, None, "Works", "starts_on", "Enter the first day."),
        (date(2027, 1, 4), None, " ", "reason", "Enter what for."),
        (date(2026, 12, 31), date(2027, 1, 4), "Works", "starts_on",
         "The office is already closed on some of these days. Change the dates, or remove the other closure."),
    ],
)  # fmt: skip
def test_closure_that_cannot_be_is_refused_in_words(council, first, last, reason, field, words):
    close(council, CHRISTMAS[0], CHRISTMAS[-1])
    with pytest.raises(Refusal) as caught:
        close(council, first, last, reason=reason)
    assert (caught.value.field, caught.value.message) == (field, words)


def test_closure_of_a_month_stands_and_one_day_more_is_refused_by_the_database_too(council):
    close(council, date(2027, 1, 1), date(2027, 1, 31))
    assert len(closed(council)) == 31
    with pytest.raises(IntegrityError), transaction.atomic():
        CouncilClosure.objects.create(council=council, starts_on=date(2028, 1, 1), ends_on=date(2028, 2, 1), reason="x")


def test_closure_is_recorded_by_the_councils_own_administrator_alone(council):
    admin = AppointmentFactory(council=council, role="protocol_admin").person
    clerk = AppointmentFactory(council=council, role="proper_officer").person
    close(council, CHRISTMAS[0], by=admin)
    for stranger in (clerk, AppointmentFactory(role="protocol_admin").person):
        with pytest.raises(Refusal, match="Only this council's protocol administrator can change this."):
            close(council, CHRISTMAS[1], by=stranger)
    assert closed(council) == {CHRISTMAS[0]}


def test_closures_page_is_read_by_everybody_and_changed_by_the_administrator(place):  # noqa: F811
    data = {**parts("starts_on", date(2026, 12, 28)), **parts("ends_on", date(2026, 12, 31)), "reason": "Christmas week"}
    assert place.post(place.admin, "closure-add", data)["Location"] == place.url("closures")
    again = place.post(place.admin, "closure-add", data)
    assert again.status_code == 422
    assert 'value="Christmas week"' in again.content.decode()
    page = place.get(place.member, "closures").content.decode()
    assert "28 Dec 2026 to 31 Dec 2026" in page
    assert place.url("closure-add") not in page
    row = CouncilClosure.objects.get()
    assert place.post(place.member, "closure-remove", {}, closure=row.pk).status_code == 404
    assert place.post(place.outsider, "closure-remove", {}, closure=row.pk).status_code == 404
    assert "Remove the closure of 28 December 2026 to 31 December 2026?" in place.get(place.admin, "closure-remove", closure=row.pk).content.decode()
    assert place.post(place.admin, "closure-remove", {}, closure=row.pk).status_code == 302
    assert CouncilClosure.objects.count() == 0
    assert "No days of closure are recorded." in place.get(place.member, "closures").content.decode()


def test_closure_over_already_stands_under_earlier_ones(place):  # noqa: F811
    first = date(2025, 12, 29)
    CouncilClosure.objects.create(council=place.council, starts_on=first, ends_on=first + timedelta(days=2), reason="Christmas week")
    page = place.get(place.member, "closures").content.decode()
    assert page.index("Earlier closures") < page.index("29 Dec 2025 to 31 Dec 2025")
