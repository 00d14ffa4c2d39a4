"""The pages about the review of the protocol: read by everybody at the council, changed by its administrator."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from councils import reviews
from councils.models import ProtocolReview, ReviewOccasion
from tests.councils.views_cast import DAY, client, parts, place, today  # noqa: F401
from tests.factories.councils import AppointmentFactory, CouncilFactory, ProtocolVersionFactory, in_force


def text(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_review_page_shows_every_date_the_earliest_first_and_says_which_counts(place):  # noqa: F811
    page = text(place.get(place.member, "review"))
    assert "The next review is due on <strong>30 June 2027</strong>." in page
    assert "More than one date is given. The earliest counts; all of them are listed below." in page
    order = [page.index(words) for words in ("A fixed date, printed as “June 2027”.", "14 October 2028", "Due after a change of administration.")]
    assert order == sorted(order)
    assert "Every 4 years, counted from its adoption." in page
    assert place.url("review-open") not in page
    assert place.url("review-occasion") not in page
    assert f"{place.url('protocol')}#" in page  # a citation leads to its clause


def test_administrator_records_an_event_opens_a_review_and_concludes_it(place):  # noqa: F811
    said = place.post(place.admin, "review-occasion", {"kind": "new_administration", **parts("happened_on", DAY)})
    assert (said.status_code, said["Location"]) == (302, place.url("review"))
    assert "Due today" in text(place.get(place.admin, "review"))
    form = text(place.get(place.admin, "review-open"))
    assert "15 January 2026: There was a change of administration. A review is due on the day it happened." in form
    assert "30 June 2027: A fixed date, printed as “June 2027”." in form
    opened = place.post(place.admin, "review-open", {"due_on": "2026-01-15", **parts("opened_on", DAY)})
    assert opened.status_code == 302
    assert "A review was opened on 15 January 2026." in text(place.get(place.member, "review"))
    data = {"result": "unchanged", "body": "Full Council", "minute_ref": "2026/3", **parts("concluded_on", DAY)}
    assert place.post(place.admin, "review-conclude", data).status_code == 302
    page = text(place.get(place.member, "review"))
    assert "15 January 2026: The protocol stays as it is" in page
    assert "Full Council, minute 2026/3" in page
    assert "Every 4 years, counted from the last review on 15 January 2026." in page
    assert place.get(place.admin, "review-conclude").status_code == 404  # none is open


def test_refused_conclusion_keeps_what_was_typed(place):  # noqa: F811
    place.post(place.admin, "review-open", {"due_on": "none", **parts("opened_on", DAY)})
    data = {"result": "changed", "body": "Full Council", "minute_ref": "2026/3", "origin": "New Code", **parts("concluded_on", DAY)}
    answer = place.post(place.admin, "review-conclude", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"author": ["Enter the author."], "changed_by": ["Enter who changed it."]}
    assert 'value="New Code"' in answer.content.decode()
    assert ProtocolReview.objects.get().concluded_on is None


def test_sooner_without_a_reason_is_refused_beside_it(place):  # noqa: F811
    answer = place.post(place.admin, "review-occasion", {"kind": "sooner_if_required", **parts("happened_on", DAY)})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"reason": ["Enter the reason."]})
    empty = place.post(place.admin, "review-occasion", {"kind": ""})
    assert set(empty.context["form"].errors) == {"kind", "happened_on"}
    crooked = place.post(place.admin, "review-open", {"due_on": "2026-13-45", **parts("opened_on", DAY)})
    assert (crooked.status_code, set(crooked.context["form"].errors)) == (422, {"due_on"})


def test_event_recorded_by_mistake_is_taken_back(place):  # noqa: F811
    place.post(place.admin, "review-date", {"minute_ref": "2026/1", **parts("review_on", date(2026, 9, 1))})
    row = ReviewOccasion.objects.get()
    assert "set by your council" in text(place.get(place.member, "review"))
    assert place.post(place.member, "occasion-withdraw", {}, occasion=row.pk).status_code == 404
    assert "Take back “A day the council set” of 1 September 2026?" in text(place.get(place.admin, "occasion-withdraw", occasion=row.pk))
    assert place.post(place.admin, "occasion-withdraw", {}, occasion=row.pk).status_code == 302
    assert reviews.standing(place.council, on=DAY).due.on == date(2027, 6, 30)
    assert place.get(place.admin, "occasion-withdraw", occasion=row.pk).status_code == 404


def test_page_of_a_council_without_a_date_or_a_protocol_says_so(place):  # noqa: F811
    silent, bare = CouncilFactory(key="silent"), CouncilFactory(key="bare")
    in_force(ProtocolVersionFactory(council=silent, source="auth5c"))
    for where in (silent, bare):
        AppointmentFactory(council=where, person=place.admin, role="protocol_admin")
    page = text(client(place.admin).get(reverse("councils:review", kwargs={"key": "silent"})))
    assert "No date is set for a review: the council should set one." in page
    assert "An interval whose length isn’t set." in page
    page = text(client(place.admin).get(reverse("councils:review", kwargs={"key": "bare"})))
    assert "No protocol is in force, so no review is due." in page
    assert "review/open" not in page


def test_calendar_lists_the_councils_of_the_person_and_no_other(place):  # noqa: F811
    other = CouncilFactory(name="Otherplace Council")
    in_force(ProtocolVersionFactory(council=other, source="yateley"))
    page = text(client(place.member).get(reverse("councils:reviews")))
    assert "30 June 2027" in page
    assert "Otherplace Council" not in page
    AppointmentFactory(council=other, person=place.member)
    page = text(client(place.member).get(reverse("councils:reviews")))
    assert page.index("Otherplace Council") < page.index("30 June 2027")  # overdue comes first
    assert "Overdue" in page
    assert "You have no appointment in a council today." in text(client(place.former).get(reverse("councils:reviews")))
    assert client(None).get(reverse("councils:reviews")).status_code == 302
