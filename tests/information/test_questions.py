"""Questions about what the protocol means: who answers, what is published, and that nothing of a concern shows through."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from concerns.enums import Action
from councils.errors import Refusal
from councils.models import Appointment
from information.enums import QuestionAction, QuestionState
from information.models import GuidanceQuestion, PublishedAnswer
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, by, do, draft, lodge
from tests.factories.councils import Town
from tests.information import steps
from tests.information.steps import TODAY, question, those_who_see, trail

Q, S = QuestionAction, QuestionState
COUNCILS = ("weston", "alsager", "auth5c")
pytestmark = pytest.mark.django_db


def answered(town: Town, who: str = "clerk", **more: str) -> GuidanceQuestion:
    return steps.do(Q.ANSWER, question(town, **more), town[who], answer=f"{CANARY} it means this")


def publish(town: Town, row: GuidanceQuestion, *, asked: str = "What does it mean?", said: str = "It means this.", who: str = "clerk") -> GuidanceQuestion:
    return steps.do(Q.PUBLISH, row, town[who], public_question=asked, public_answer=said)


def test_question_is_between_the_asker_and_the_clerk(weston: Town) -> None:
    row = question(weston, clause="11.4")
    assert (row.state, those_who_see(weston, row)) == (S.ASKED, {"councillor1", "clerk"})
    assert CANARY in steps.page(row, weston["clerk"])


def test_officer_asks_too_and_the_monitoring_officer_answers_where_the_protocol_says_so(auth5c: Town) -> None:
    assert those_who_see(auth5c, question(auth5c, "officer1")) == {"officer1", "mo"}


@pytest.mark.parametrize("state", ["draft", "lodged"])
def test_clerk_whom_the_askers_concern_is_about_doesnt_answer_and_nobody_learns_why(weston: Town, state: str) -> None:
    raise_it = lodge if state == "lodged" else draft
    concern = raise_it(weston, weston["councillor1"], weston["clerk"], chosen_token="role:chair_of_council")
    row = question(weston, clause="11.4")
    assert those_who_see(weston, row) == {"councillor1", "deputy"}
    seen_by_deputy = steps.page(row, weston["deputy"])
    plain = question(weston, "councillor2", clause="11.4")
    seen_by_clerk = steps.page(plain, weston["clerk"])
    for text in (seen_by_deputy, seen_by_clerk):
        assert concern.reference not in text
        assert "concern" not in text.partition('<main')[2].partition("</main>")[0].lower()
    assert those_who_see(weston, plain) == {"councillor2", "clerk"}  # another asker's question isn't touched


def test_once_the_concern_is_over_the_clerk_answers_again(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["clerk"], chosen_token="role:chair_of_council")
    do(Action.WITHDRAW, concern, weston["councillor1"], reason="It is settled")
    assert those_who_see(weston, question(weston)) == {"councillor1", "clerk"}


def test_where_only_somebody_outside_is_named_instead_it_is_said(alsager: Town) -> None:
    draft(alsager, alsager["councillor6"], alsager["clerk"])
    row = question(alsager, "councillor6")
    assert those_who_see(alsager, row) == {"councillor6"}
    assert "Nobody here is free to answer it. Ask outside" in steps.page(row, alsager["councillor6"])


def test_who_asks_never_answers(weston: Town) -> None:
    row = question(weston, "clerk")
    assert those_who_see(weston, row) == {"clerk", "deputy"}
    with pytest.raises(Refusal, match="for somebody else"):
        steps.do(Q.ANSWER, row, weston["clerk"], answer="I say so")
    with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
        GuidanceQuestion.objects.filter(pk=row.pk).update(answered_by=weston["clerk"], answer="I say so")


def test_passed_on_goes_to_who_is_named_instead(weston: Town) -> None:
    row = question(weston)
    steps.do(Q.PASS_ON, row, weston["clerk"])
    assert those_who_see(weston, row) == {"councillor1", "deputy"}
    steps.do(Q.PASS_ON, row, weston["deputy"])
    assert those_who_see(weston, row) == {"councillor1"}
    assert "Ask outside" in steps.page(row, weston["councillor1"])


@pytest.mark.parametrize("who", ["clerk", "councillor3", "former"])
def test_answer_that_names_somebody_is_refused_with_the_word(weston: Town, who: str) -> None:
    row = answered(weston)
    surname = weston[who].full_name.split()[-1]
    for field in ("asked", "said"):
        with pytest.raises(Refusal, match=surname):
            publish(weston, row, **{field: f"Ask {weston[who].full_name} about it"})
    with by(weston["councillor2"]):
        assert PublishedAnswer.objects.count() == 0


def test_published_answer_is_for_everybody_of_the_council_beside_the_clause(weston: Town) -> None:
    row = publish(weston, answered(weston, clause="11.4"), said="PUBLISHED WORDS")
    assert row.state == S.PUBLISHED_ANONYMISED
    with frozen():
        for who in ("councillor5", "officer2", "admin"):
            client = client_of(weston[who])
            reading = html.unescape(client.get(reverse("councils:protocol", kwargs={"key": "weston"})).content.decode())
            clause = reading.partition('id="clause-11.4"')[2].partition('<div class="portal-clause')[0]
            assert "PUBLISHED WORDS" in clause
            listed = html.unescape(client.get(reverse("information:published", kwargs={"key": "weston"})).content.decode())
            assert "PUBLISHED WORDS" in listed
            for text in (reading, listed):
                assert CANARY not in text
                assert row.reference not in text
        assert client_of(weston["former"]).get(reverse("information:published", kwargs={"key": "weston"})).status_code == 404
    assert row.published is not None
    with by(weston["councillor5"]):
        kept = PublishedAnswer.objects.get()
        assert {field.name for field in kept._meta.fields} == {"id", "council", "protocol_version", "clause", "question", "answer", "published_on"}


def test_published_answer_of_another_council_is_not_found(weston: Town, alsager: Town) -> None:
    publish(weston, answered(weston))
    with by(alsager["clerk"]):
        assert PublishedAnswer.objects.count() == 0


def test_published_words_stay(weston: Town) -> None:
    publish(weston, answered(weston))
    with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
        PublishedAnswer.objects.update(answer="Other words")
    with pytest.raises(DatabaseError), transaction.atomic(), by(weston["clerk"]):
        PublishedAnswer.objects.all().delete()


def test_question_has_its_trail_and_ends(weston: Town) -> None:
    row = publish(weston, answered(weston))
    row = steps.do(Q.CLOSE, row, weston["councillor1"])
    assert row.state == S.CLOSED
    assert sorted(trail(row, weston["clerk"])) == ["question_answered", "question_asked", "question_closed", "question_published"]
    with pytest.raises(Refusal, match="can't be done any more"):
        steps.do(Q.CLOSE, row, weston["councillor1"])


def test_answerer_who_left_sees_nothing(weston: Town) -> None:
    row = question(weston)
    Appointment.objects.filter(council=weston.council, person=weston["clerk"]).update(ends_on=TODAY - timedelta(days=1))
    assert those_who_see(weston, row) == {"councillor1"}


@pytest.mark.parametrize(("who", "clause", "words", "error"), [
    ("admin", "", "x", "Only councillors and officers"), ("former", "", "x", "Only councillors and officers"),
    ("councillor1", "99.99", "x", "Choose a clause"), ("councillor1", "", " \n", "Write your question"),
])  # fmt: skip
def test_bad_question_is_refused_with_a_reason(weston: Town, who: str, clause: str, words: str, error: str) -> None:
    with pytest.raises(Refusal, match=error):
        question(weston, who, words=words, clause=clause)


def test_bad_answer_keeps_what_was_typed_and_a_stale_tab_is_told(weston: Town) -> None:
    row = answered(weston)
    url = reverse("information:question-do", kwargs={"question_id": row.pk, "action": "publish"})
    typed = {"public_question": "My own question", "public_answer": f"As {weston['clerk'].full_name} says", "revision": row.revision}
    with frozen():
        client = client_of(weston["clerk"])
        refused = client.post(url, typed)
        assert refused.status_code == 422
        assert "My own question" in refused.content.decode()
        late = client.post(url, {**typed, "public_answer": "As it says", "revision": row.revision - 1})
        assert late.status_code == 422
        assert "Somebody changed this after you opened the page" in html.unescape(late.content.decode())
        assert client.post(url, {**typed, "public_answer": "As it says"}).status_code == 302
        assert client.post(url, {**typed, "public_answer": "As it says"}).status_code == 409
