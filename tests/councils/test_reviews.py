"""The review of the protocol: what makes one due, opening and concluding one, and that it is told, once each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from concerns import tasks
from concerns.models import Notice
from concerns.views._reviews import waiting
from councils import actions, reviews
from councils.errors import Refusal
from councils.models import Council, CouncilEvent, Person, ProtocolReview, ReviewAlert, ReviewOccasion
from councils.rls import system_work
from tests.factories.councils import AppointmentFactory, CouncilFactory, PersonFactory, ProtocolVersionFactory, in_force

pytestmark = pytest.mark.django_db
DUE = date(2027, 6, 30)
DAY = date(2026, 1, 15)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


@pytest.fixture
def council() -> Council:
    """Due on 30 June 2027 by a fixed date, on 14 October 2028 by its interval."""
    found = CouncilFactory(key="anytown")
    in_force(ProtocolVersionFactory(council=found))
    return found


@pytest.fixture
def people(council: Council) -> dict[str, Person]:
    made = {}
    for name, role in (("admin", "protocol_admin"), ("clerk", "proper_officer"), ("member", "councillor"), ("chair", "chair_of_council")):
        made[name] = PersonFactory(full_name=name.title())
        AppointmentFactory(council=council, person=made[name], role=role)
    return made


def due_of(council: Council, day: date = DAY) -> date | None:
    due = reviews.standing(council, on=day).due
    return due.on if due else None


def refused(call, **kwargs: object) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as caught:
        call(**kwargs)
    return caught.value.field, caught.value.message


def hold(council: Council, *, day: date, due_on: date | None = None, **more: object) -> ProtocolReview:
    review = actions.open_review(council=council, opened_on=day, due_on=due_on, by=None, now=at(day))
    words = {"result": "unchanged", "body": "Full Council", "minute_ref": "2027/44", "concluded_on": day}
    return actions.conclude_review(**{"review": review, "by": None, "now": at(day), **words, **more})


def tick(day: date) -> list[tuple[str, str]]:
    """The clock's tick on that day; returns who is told now, with which kind."""
    with system_work():
        before = set(Notice.objects.values_list("pk", flat=True))
    with time_machine.travel(at(day), tick=False):
        tasks.tell_of_reviews()
    with system_work():
        rows = Notice.objects.exclude(pk__in=before).select_related("person")
        return sorted((row.person.full_name, row.kind) for row in rows)


# --- what makes one due ---------------------------------------------------------------------------------------------
def test_event_recorded_makes_a_review_due_that_day_and_taken_back_it_does_not(council, people):
    assert due_of(council) == DUE
    row = actions.record_occasion(council=council, kind="new_administration", happened_on=date(2026, 1, 9), by=people["admin"], now=at(DAY))
    assert due_of(council) == date(2026, 1, 9)
    assert [found.on for found in reviews.standing(council, on=DAY).competing] == [date(2026, 1, 9), DUE, date(2028, 10, 14)]
    twice = {"council": council, "kind": "new_administration", "happened_on": date(2026, 1, 9), "by": None, "now": at(DAY)}
    assert refused(actions.record_occasion, **twice) == (None, "This is recorded for that day already.")
    actions.withdraw_occasion(occasion=row, by=people["admin"], now=at(DAY))
    assert due_of(council) == DUE
    gone = {"occasion": row, "by": None, "now": at(DAY)}
    assert refused(actions.withdraw_occasion, **gone) == (None, "This was answered by a review or taken back already.")
    events = CouncilEvent.objects.filter(council=council.pk, kind="review_occasion").order_by("detail__withdrawn")
    assert [(event.by_name, event.detail["on"]) for event in events] == [("Admin", "2026-01-09")] * 2


def test_day_the_council_sets_replaces_the_one_before_and_stands_beside_the_rest(council):
    for day in (date(2026, 9, 1), date(2026, 11, 2)):
        actions.set_review_date(council=council, review_on=day, minute_ref="2026/7", by=None, now=at(DAY))
    assert due_of(council) == date(2026, 11, 2)
    assert list(reviews.open_occasions([council]).values_list("kind", "on", "reason")) == [("council_date", date(2026, 11, 2), "2026/7")]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"happened_on": date(2026, 1, 16)}, "happened_on", "This day is still to come. Record it when it has happened, or set a date for the review."),
        ({"happened_on": None}, "happened_on", "Enter the day it happened."),
        ({"happened_on": date(1066, 1, 1)}, "happened_on", "Enter a date between 1900 and 2200."),
        ({"kind": "council_date"}, "kind", "Choose what happened from the list."),
        ({"kind": "an eclipse"}, "kind", "Choose what happened from the list."),
        ({"kind": "sooner_if_required"}, "reason", "Enter the reason."),
    ],
)
def test_occasion_that_cannot_be_is_refused_in_words(council, change, field, words):
    good = {"council": council, "kind": "new_administration", "happened_on": DAY, "by": None, "now": at(DAY)}
    assert refused(actions.record_occasion, **{**good, **change}) == (field, words)


@pytest.mark.parametrize("day", [DAY, DAY - timedelta(days=1)])
def test_day_the_council_sets_is_still_to_come(council, day):
    given = {"council": council, "review_on": day, "minute_ref": "1", "by": None, "now": at(DAY)}
    assert refused(actions.set_review_date, **given) == ("review_on", "The next review is on a day that is still to come.")


def test_nothing_is_reviewed_where_no_protocol_is_in_force():
    bare = CouncilFactory()
    words = "No protocol is in force, so there is nothing to review."
    assert refused(actions.open_review, council=bare, opened_on=DAY, by=None, now=at(DAY)) == (None, words)
    assert due_of(bare) is None


def test_only_the_councils_own_administrator_records_opens_and_concludes(council, people):
    words = (None, "Only this council's protocol administrator can change this.")
    other = AppointmentFactory(role="protocol_admin").person
    review = actions.open_review(council=council, opened_on=DAY, by=people["admin"], now=at(DAY))
    for who in (people["clerk"], people["member"], other):
        by = {"council": council, "by": who, "now": at(DAY)}
        assert refused(actions.open_review, **by, opened_on=DAY) == words
        assert refused(actions.record_occasion, **by, kind="new_administration", happened_on=DAY) == words
        assert refused(actions.set_review_date, **by, review_on=DUE, minute_ref="1") == words
        fields = {"concluded_on": DAY, "result": "unchanged", "body": "Council", "minute_ref": "1"}
        assert refused(actions.conclude_review, review=review, by=who, now=at(DAY), **fields) == words


def test_new_text_answers_what_was_recorded_before_it_came_into_force(council):
    actions.record_occasion(council=council, kind="new_administration", happened_on=DAY, by=None, now=at(DAY))
    actions.set_review_date(council=council, review_on=date(2026, 12, 1), minute_ref="3", by=None, now=at(DAY))
    version = ProtocolVersionFactory(council=council, content_hash="x" * 64)
    later = DAY + timedelta(days=30)
    actions.approve_protocol(version=version, approving_body="Council", approved_on=later, minute_ref="1", by=None, now=at(later))
    actions.bring_into_force(version=version, in_force_from=later, by=None, now=at(later))
    assert due_of(council, later) == date(2026, 12, 1)


# --- opened and concluded -------------------------------------------------------------------------------------------
def test_review_without_change_answers_its_date_and_the_interval_runs_anew(council, people):
    day = date(2027, 6, 1)
    review = actions.open_review(council=council, opened_on=day, due_on=DUE, by=people["admin"], now=at(day))
    assert reviews.standing(council, on=day).open == review
    again = {"council": council, "opened_on": day, "by": None, "now": at(day)}
    assert refused(actions.open_review, **again) == (None, "A review is open already. Conclude it first.")
    actions.conclude_review(
        review=review, concluded_on=day, result="unchanged", body="Full Council", minute_ref="2027/44", by=people["admin"], now=at(day)
    )
    assert (due_of(council, day), reviews.standing(council, on=day).open) == (date(2031, 6, 1), None)
    kept = ProtocolReview.objects.get()
    assert (kept.minute_ref, kept.result, kept.concluded_by, kept.due_on) == ("2027/44", "unchanged", people["admin"], DUE)
    kinds = CouncilEvent.objects.filter(council=council.pk, kind__in=("review_opened", "review_concluded")).order_by("at", "kind")
    assert [event.kind for event in kinds] == ["review_concluded", "review_opened"]


def test_review_with_change_keeps_what_the_amendment_record_asks_for(council):
    wanted = {"author": "The clerk", "origin": "New Code", "changed_by": "Full Council"}
    for missing, words in (("author", "Enter the author."), ("origin", "Enter the origin of the change."), ("changed_by", "Enter who changed it.")):
        with pytest.raises(Refusal, match=words), transaction.atomic():
            hold(council, day=DAY, result="changed", **{**wanted, missing: " "})
    version = ProtocolVersionFactory(council=council, content_hash="y" * 64)
    row = hold(council, day=DAY, result="changed", **wanted, new_version=version)
    assert (row.author, row.origin, row.changed_by, row.new_version) == ("The clerk", "New Code", "Full Council", version)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"result": ""}, "result", "Choose whether the protocol stays as it is."),
        ({"minute_ref": ""}, "minute_ref", "Enter the minute."),
        ({"body": ""}, "body", "Enter the body that reviewed it."),
        ({"concluded_on": date(2026, 1, 16)}, "concluded_on", "The review was concluded between the day it was opened and today."),
        ({"concluded_on": date(2026, 1, 14)}, "concluded_on", "The review was concluded between the day it was opened and today."),
        ({"concluded_on": None}, "concluded_on", "Enter the day the review was concluded."),
        ({"next_on": DAY}, "next_on", "The next review is on a day that is still to come."),
    ],
)
def test_conclusion_that_cannot_be_is_refused_in_words(council, change, field, words):
    review = actions.open_review(council=council, opened_on=DAY, by=None, now=at(DAY))
    good = {"concluded_on": DAY, "result": "unchanged", "body": "Council", "minute_ref": "1"}
    assert refused(actions.conclude_review, **{"review": review, "by": None, "now": at(DAY), **good, **change}) == (field, words)


def test_version_of_another_council_or_the_reviewed_one_is_no_new_version(council):
    other = ProtocolVersionFactory()
    for version in (other, reviews.standing(council, on=DAY).version):
        with pytest.raises(Refusal, match="Choose the version that came from this review"), transaction.atomic():
            hold(council, day=DAY, result="changed", author="A", origin="B", changed_by="C", new_version=version)
    with pytest.raises(Refusal, match="A protocol that stays as it is has no new version"), transaction.atomic():
        hold(council, day=DAY, new_version=other)


def test_conclusion_answers_what_was_recorded_up_to_its_day_and_sets_the_next(council):
    actions.record_occasion(council=council, kind="new_administration", happened_on=DAY, by=None, now=at(DAY))
    row = hold(council, day=DAY + timedelta(days=20), due_on=DAY, next_on=date(2026, 10, 1))
    assert list(ReviewOccasion.objects.filter(settled_by=row).values_list("kind", flat=True)) == ["new_administration"]
    assert due_of(council, DAY + timedelta(days=20)) == date(2026, 10, 1)


def test_concluded_review_is_kept_by_the_database(council):
    row = hold(council, day=DAY)
    for statement in ("UPDATE councils_protocolreview SET minute_ref = 'x' WHERE id = %s", "DELETE FROM councils_protocolreview WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row.pk])
    again = {"review": row, "concluded_on": DAY, "result": "changed", "body": "x", "minute_ref": "x", "by": None, "now": at(DAY)}
    assert refused(actions.conclude_review, **again) == (None, "This review is concluded already.")


def test_date_that_no_longer_is_due_opens_no_review(council):
    given = {"council": council, "opened_on": DAY, "due_on": date(2030, 1, 1), "by": None, "now": at(DAY)}
    assert refused(actions.open_review, **given) == ("due_on", "This date is no longer due. Choose one from the list.")
    assert refused(actions.open_review, **{**given, "due_on": None, "opened_on": DAY + timedelta(days=1)})[0] == "opened_on"


# --- told -----------------------------------------------------------------------------------------------------------
def test_administrator_and_clerk_are_told_of_each_alert_once(council, people):
    both = [("Admin", "protocol_review"), ("Clerk", "protocol_review")]
    for left in (181, 180, 179, 90, 89, 30, 29, 7, 6, 0, -1, -2, -400):
        wanted = both if left in (180, 90, 30, 7, 0, -1) else []
        assert tick(DUE - timedelta(days=left)) == wanted, left
        assert tick(DUE - timedelta(days=left)) == [], left
    assert list(ReviewAlert.objects.order_by("-step").values_list("step", "was_sent")) == [(step, True) for step in (180, 90, 30, 7, 0, -1)]


def test_after_missed_ticks_the_most_urgent_alert_is_told_and_the_others_never(council, people):
    assert len(tick(DUE - timedelta(days=25))) == 2
    assert list(ReviewAlert.objects.order_by("-step").values_list("step", "was_sent")) == [(180, False), (90, False), (30, True)]
    assert tick(DUE - timedelta(days=24)) == []
    assert len(tick(DUE - timedelta(days=3))) == 2


def test_alerts_follow_the_date_that_counts(council, people):
    tick(DUE - timedelta(days=100))
    day = DUE - timedelta(days=95)
    assert [row.due for row in waiting(people["clerk"], day)] == [DUE]
    row = actions.record_occasion(council=council, kind="new_administration", happened_on=day, by=None, now=at(day))
    assert waiting(people["clerk"], day) == []  # until the tick says it of the new day
    assert len(tick(day)) == 2
    assert [row.due for row in waiting(people["clerk"], day)] == [day]
    actions.withdraw_occasion(occasion=row, by=None, now=at(day))
    assert tick(day) == []  # the 180 days of the first date were told
    assert [row.due for row in waiting(people["clerk"], day)] == [DUE]
    assert len(tick(DUE - timedelta(days=90))) == 2


def test_concluded_review_ends_its_alerts_and_what_waits(council, people):
    tick(DUE + timedelta(days=1))
    day = DUE + timedelta(days=2)
    assert [(row.label, row.place, row.due) for row in waiting(people["admin"], day)] == [("The review of the protocol", council.name, DUE)]
    assert waiting(people["member"], day) == waiting(people["chair"], day) == []
    hold(council, day=day, due_on=DUE)
    assert waiting(people["admin"], day) == []
    assert tick(day) == []


def test_those_in_post_that_day_are_told_and_whoever_acts_for_the_clerk(council, people):
    post = people["clerk"].appointments.get()
    deputy = PersonFactory(full_name="Deputy")
    AppointmentFactory(council=council, person=deputy, role="proper_officer", kind="deputy_acting", acting_for=post)
    gone = PersonFactory(full_name="Gone")
    AppointmentFactory(council=council, person=gone, role="protocol_admin", ends_on=DAY)
    shut = PersonFactory(full_name="Shut", is_active=False)
    AppointmentFactory(council=council, person=shut, role="protocol_admin")
    assert [name for name, _kind in tick(DUE)] == ["Admin", "Clerk", "Deputy"]


def test_council_without_a_date_or_a_protocol_is_told_nothing(people):
    silent = CouncilFactory()
    in_force(ProtocolVersionFactory(council=silent, source="auth5c"))
    AppointmentFactory(council=silent, role="protocol_admin")
    AppointmentFactory(council=CouncilFactory(), role="protocol_admin")
    assert [name for name, _kind in tick(date(2026, 2, 1))] == []


def test_tick_asks_a_fixed_number_of_questions_for_any_number_of_councils(council, people, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert reviews.to_alert(on=DAY) == []
    for _number in range(5):
        in_force(ProtocolVersionFactory())
    with django_assert_num_queries(5):
        assert reviews.to_alert(on=DAY) == []


def test_calendar_of_a_person_orders_their_councils_by_what_is_due(council, people):
    first = CouncilFactory(name="Zeta")
    in_force(ProtocolVersionFactory(council=first, source="yateley"))
    silent = CouncilFactory(name="Alpha")
    for place in (first, silent):
        AppointmentFactory(council=place, person=people["member"])
    AppointmentFactory(council=first, person=people["clerk"], role="protocol_admin")
    found = reviews.calendar(people["member"], on=DAY)
    assert [(row.council.pk, row.due.on if row.due else None) for row in found] == [
        (first.pk, date(2025, 2, 15)), (council.pk, DUE), (silent.pk, None),
    ]  # fmt: skip
    assert sorted(reviews.dates(people["clerk"], DAY)) == sorted([(f"review {council.pk}", DUE), (f"review {first.pk}", date(2025, 2, 15))])
    assert reviews.dates(people["member"], DAY) == []
