"""Who is away and who acts: booked, refused in words, ended; chains of deputies end; terms end together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from councils import actions, queries
from councils.errors import Refusal
from councils.models import Absence, Appointment, CouncilEvent
from tests.councils.views_cast import DAY, MOMENT, client, parts, place, today  # noqa: F401
from tests.factories.councils import AppointmentFactory

WEEK = DAY + timedelta(days=6)
NEXT = DAY + timedelta(days=7)


def refused(**more) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        actions.book_absence(**{"now": MOMENT, **more})
    return str(caught.value.message), caught.value.field


def book(place, who, deputy=None, **more) -> Absence:  # noqa: F811
    fields = {"starts_on": DAY, "ends_on": WEEK, "by": place.admin, "now": MOMENT, **more}
    return actions.book_absence(council=place.council, person=who, deputy=deputy, **fields)


def holders(place, role: str, on: date) -> list:  # noqa: F811
    return [(h.person_id, h.acting_for) for h in queries.cast(place.council, on=on).holders(role)]


def test_absence_passes_the_office_to_the_deputy_and_back(place):  # noqa: F811
    book(place, place.clerk, place.deputy)
    assert holders(place, "proper_officer", DAY) == [(place.deputy.pk, "proper_officer")]
    assert holders(place, "proper_officer", WEEK) == [(place.deputy.pk, "proper_officer")]
    assert holders(place, "proper_officer", NEXT) == [(place.clerk.pk, None)]
    cast = queries.cast(place.council, on=DAY)
    assert place.deputy.pk in cast.delegates[place.clerk.pk]
    assert cast.is_absent(place.clerk.pk)
    assert CouncilEvent.objects.filter(council=place.council.pk, kind="absence_booked").count() == 1


def test_absence_without_a_deputy_leaves_the_office_empty(place):  # noqa: F811
    book(place, place.clerk)
    assert holders(place, "proper_officer", DAY) == []
    assert holders(place, "proper_officer", NEXT) == [(place.clerk.pk, None)]


def test_chain_of_deputies_ends_at_the_third(place):  # noqa: F811
    second, third, fourth = (AppointmentFactory(council=place.council, role="officer").person for _ in range(3))
    book(place, place.clerk, place.deputy)
    book(place, place.deputy, second)
    book(place, second, third)
    assert holders(place, "proper_officer", DAY) == [(third.pk, "proper_officer")]
    assert queries.cast(place.council, on=DAY).delegates[place.clerk.pk] == {place.deputy.pk, second.pk, third.pk}
    words = "This would be a deputy of a deputy of a deputy of a deputy. Choose somebody who is there, or appoint a new holder."
    assert refused(council=place.council, person=third, deputy=fourth, starts_on=DAY, by=place.admin) == (words, "deputy")
    assert Absence.objects.filter(person=third).count() == 0


def test_deputy_who_would_deputise_for_their_deputy_is_refused(place):  # noqa: F811
    book(place, place.clerk, place.deputy, starts_on=DAY, ends_on=NEXT)
    away = {"council": place.council, "by": place.admin, "starts_on": WEEK, "ends_on": NEXT}
    words, field = refused(person=place.deputy, deputy=place.clerk, **away)
    assert (words, field) == ("They are away on some of these days themselves. Choose somebody else.", "deputy")
    principal = Appointment.objects.get(person=place.deputy, role="deputy_proper_officer")
    AppointmentFactory(council=place.council, person=place.officer, role="deputy_proper_officer", kind="deputy_acting", acting_for=principal, starts_on=DAY)
    held = Appointment.objects.get(person=place.officer, role="officer")
    with pytest.raises(Refusal) as caught:
        actions.appoint(
            council=place.council, person=place.deputy, role="officer", kind="deputy_acting", acting_for=held, starts_on=DAY, by=None, now=MOMENT
        )
    assert str(caught.value.message) == "These people would be standing in for each other, or for themselves. Choose another deputy."
    assert refused(person=place.officer, deputy=place.officer, council=place.council, by=None, starts_on=DAY)[0].startswith("Nobody can deputise for")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"starts_on": DAY - timedelta(days=9), "ends_on": DAY - timedelta(days=1)}, "ends_on", "These days are over. Enter days that are still to come, today included."),
        ({"starts_on": WEEK, "ends_on": DAY}, "ends_on", "The last day must be the same as or after the first day."),
        ({"starts_on": None}, "starts_on", "Enter the first day."),
        ({"starts_on": date(2600, 1, 1)}, "starts_on", "Enter a date between 1900 and 2200."),
    ],
)  # fmt: skip
def test_absence_with_bad_days_says_what_to_do(place, fields, field, words):  # noqa: F811
    assert refused(council=place.council, person=place.clerk, by=place.admin, **fields) == (words, field)


def test_absence_of_somebody_whose_appointment_ended_is_refused(place):  # noqa: F811
    words = f"{place.former.full_name} has no appointment in this council on that day. Appoint them first."
    assert refused(council=place.council, person=place.former, by=place.admin, starts_on=DAY) == (words, "person")
    assert refused(council=place.council, person=place.clerk, deputy=place.former, by=place.admin, starts_on=DAY) == (words, "deputy")


def test_absence_twice_on_one_day_is_refused(place):  # noqa: F811
    book(place, place.clerk)
    words = "They are away on some of these days already. Change that absence, or choose other days."
    assert refused(council=place.council, person=place.clerk, by=place.admin, starts_on=WEEK) == (words, "starts_on")


def test_absence_of_somebody_else_is_the_administrators_to_book(place):  # noqa: F811
    words = "Only this council's protocol administrator can change this."
    assert refused(council=place.council, person=place.clerk, by=place.officer, starts_on=DAY) == (words, None)
    assert book(place, place.officer, by=place.officer).booked_by == place.officer


def test_councillor_has_no_deputy_for_their_seat(place):  # noqa: F811
    words = "They hold no office somebody could act in. Leave the deputy empty."
    assert refused(council=place.council, person=place.member, deputy=place.officer, by=place.admin, starts_on=DAY) == (words, "deputy")


def test_absence_ended_early_ends_whoever_acts_in_the_chain(place):  # noqa: F811
    absence = book(place, place.clerk, place.deputy)
    book(place, place.deputy, place.officer, starts_on=DAY + timedelta(days=3))
    actions.end_absence(absence=absence, ends_on=DAY + timedelta(days=1), by=place.admin, now=MOMENT)
    assert list(Appointment.objects.filter(acting_for__isnull=False, role="proper_officer").values_list("person", "ends_on")) == [
        (place.deputy.pk, DAY + timedelta(days=1))
    ]
    assert holders(place, "proper_officer", DAY + timedelta(days=4)) == [(place.clerk.pk, None)]


def test_end_of_an_appointment_ends_the_chain_that_acts_for_it(place):  # noqa: F811
    book(place, place.clerk, place.deputy)
    book(place, place.deputy, place.officer, starts_on=DAY + timedelta(days=3))
    post = Appointment.objects.get(person=place.clerk, role="proper_officer")
    actions.end_appointment(appointment=post, ends_on=DAY, by=place.admin, now=MOMENT)
    assert holders(place, "proper_officer", DAY + timedelta(days=1)) == []
    assert Appointment.objects.filter(role="proper_officer", ends_on=None).count() == 0


def test_pages_book_show_end_and_cancel(place):  # noqa: F811
    data = {"deputy": place.deputy.pk, **parts("starts_on", DAY), **parts("ends_on", WEEK)}
    answer = client(place.clerk).post(place.url("absence-book"), data, follow=True)
    page = answer.content.decode()
    assert "The absence is booked." in page
    assert place.deputy.full_name in page
    absence = Absence.objects.get(person=place.clerk)
    assert place.get(place.officer, "absences").status_code == 200
    assert place.get(place.officer, "absence-end", absence=absence.pk).status_code == 404
    answer = place.post(place.clerk, "absence-end", parts("ends_on", DAY), absence=absence.pk)
    assert answer.status_code == 302
    absence.refresh_from_db()
    assert absence.ends_on == DAY
    later = book(place, place.clerk, place.deputy, starts_on=NEXT, ends_on=None)
    assert place.post(place.clerk, "absence-cancel", {}, absence=later.pk).status_code == 302
    assert Absence.objects.filter(pk=later.pk).count() == 0
    assert Appointment.objects.filter(absence=later.pk).count() == 0


def test_absence_with_the_wrong_deputy_is_taken_back_on_its_first_day_and_not_later(place):  # noqa: F811
    absence = book(place, place.clerk, place.deputy)
    book(place, place.deputy, place.officer)
    assert place.url("absence-cancel", absence=absence.pk) in place.get(place.clerk, "absences").content.decode()
    actions.cancel_absence(absence=absence, by=place.admin, now=MOMENT)
    assert holders(place, "proper_officer", DAY) == [(place.clerk.pk, None)]
    assert Appointment.objects.filter(role="proper_officer", acting_for__isnull=False).count() == 0
    again = book(place, place.clerk, place.officer)
    with pytest.raises(Refusal) as caught:
        actions.cancel_absence(absence=again, by=place.admin, now=MOMENT + timedelta(days=1))
    assert str(caught.value.message) == "It began before today. Give it a last day instead."
    assert holders(place, "proper_officer", DAY) == [(place.officer.pk, "proper_officer")]


def test_page_with_bad_days_keeps_what_was_typed(place):  # noqa: F811
    answer = place.post(place.admin, "absence-book", {"person": place.clerk.pk, "starts_on_day": "31", "starts_on_month": "2", "starts_on_year": "2026"})
    assert answer.status_code == 422
    assert 'value="31"' in answer.content.decode()


def test_election_ends_the_terms_of_those_chosen(place):  # noqa: F811
    answer = place.post(place.admin, "election", {"people": [place.member.pk], **parts("ends_on", DAY)})
    assert (answer.status_code, answer["Location"]) == (302, place.url("people"))
    assert set(Appointment.objects.filter(person=place.member).values_list("ends_on", flat=True)) == {DAY}
    assert Appointment.objects.get(person=place.clerk, role="proper_officer").ends_on is None
    none = place.post(place.admin, "election", parts("ends_on", DAY))
    assert (none.status_code, none.context["form"].errors["people"]) == (422, ["Choose at least one councillor"])
    assert place.get(place.clerk, "election").status_code == 404
