"""The subject's own steps: what they leave in a trail they never see, and who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from concerns.enums import Action
from concerns.models import Event, Notice
from councils import actions as council_actions
from councils.errors import Refusal
from disclosures.enums import DisclosureAction as A
from disclosures.models import Disclosure, SubjectPaper
from tests.concerns.casework import event, told, types
from tests.disclosures.telling import ANSWER, act, answered, as_kept, disclosed, opened, running
from tests.factories.concerns import NOW, by, do, sees
from tests.factories.councils import Town

COUNCILS = ("weston",)


def test_opening_is_one_event_however_often_it_is_read(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    first = opened(row, weston["officer1"])
    assert (first.state, first.opened_at) == ("OPENED", NOW)
    again = act(A.OPEN_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, now=NOW + timedelta(hours=1))
    assert again.opened_at == NOW
    kept = event(concern, "disclosure_opened")
    assert (kept.by_id, kept.by_name, kept.hat, kept.at) == (weston["officer1"].pk, weston["officer1"].full_name, "officer", NOW)
    assert kept.facts == {"disclosure": str(row.pk)}
    assert kept.protocol_label == concern.protocol_version.label


def test_answering_is_one_event_and_tells_whoever_deals_with_it(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    before = told(weston, concern)
    done = answered(row, weston["officer1"])
    assert (done.state, done.answer, done.answered_at) == ("ANSWERED", ANSWER, NOW)
    kept = event(concern, "disclosure_answered")
    assert (kept.by_id, kept.reason, kept.facts) == (weston["officer1"].pk, "", {"disclosure": str(row.pk)})
    assert [item for item in told(weston, concern) if item not in before] == [("clerk", "needs_you")]
    assert as_kept(row, weston["clerk"]).answer == ANSWER
    assert not sees(weston["officer1"], concern)


def test_an_answer_is_given_once_and_not_unread_or_empty(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    with pytest.raises(Refusal, match="Read what was disclosed"):
        act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer=ANSWER)
    opened(row, weston["officer1"])
    with pytest.raises(Refusal, match="Write your answer") as refused:
        act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer="  ")
    assert refused.value.field == "answer"
    act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer=ANSWER)
    with pytest.raises(Refusal, match="You answered on 15 January 2026"):
        act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer="Another")
    assert as_kept(row, weston["officer1"]).answer == ANSWER
    assert types(concern).count("disclosure_answered") == 1


def test_an_answer_after_the_date_is_taken(weston: Town) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    opened(row, weston["officer1"])
    late = act(A.ANSWER_DISCLOSURE, weston["officer1"], disclosure_id=row.pk, answer=ANSWER, now=NOW + timedelta(days=60))
    assert late.state == "ANSWERED"


@pytest.mark.parametrize("who", ["officer3", "councillor3", "clerk", "officer2", "chair", "admin", "former"])
def test_nobody_answers_for_another(weston: Town, who: str) -> None:
    concern = running(weston)
    row = disclosed(concern, weston["clerk"], weston["officer1"])
    opened(row, weston["officer1"])
    for action, answers in STEPS.items():
        with pytest.raises(Http404):
            act(action, weston[who], disclosure_id=row.pk, **answers)
    assert types(concern).count("disclosure_answered") == 0


STEPS: dict[A, dict[str, Any]] = {
    A.OPEN_DISCLOSURE: {},
    A.ANSWER_DISCLOSURE: {"answer": "Not mine"},
    A.NAME_COMPANION: {"name": "Una Union", "kind": "trade_union_official"},
    A.ADD_SUBJECT_PAPER: {"name": "a.txt", "content": b"words"},
}


def test_a_companion_is_named_and_named_anew(weston: Town) -> None:
    concern = running(weston)
    row = opened(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    first = act(A.NAME_COMPANION, weston["officer1"], disclosure_id=row.pk, name=" Una Union ", kind="trade_union_official")
    assert (first.companion, first.companion_kind, first.companion_at) == ("Una Union", "trade_union_official", NOW)
    assert event(concern, "companion_named").facts == {"disclosure": str(row.pk), "companion": "trade_union_official"}
    act(A.NAME_COMPANION, weston["officer1"], disclosure_id=row.pk, name="Colin Colleague", kind="colleague")
    assert types(concern).count("companion_named") == 2
    assert as_kept(row, weston["clerk"]).companion == "Colin Colleague"
    for wrong, field in (({"name": " ", "kind": "colleague"}, "name"), ({"name": "X", "kind": "barrister"}, "kind")):
        with pytest.raises(Refusal) as refused:
            act(A.NAME_COMPANION, weston["officer1"], disclosure_id=row.pk, **wrong)
        assert refused.value.field == field


def test_papers_are_looked_at_as_every_file_and_kept_sealed(weston: Town) -> None:
    concern = running(weston)
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    paper = act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="../minutes.txt", content=b"the minutes")
    assert (paper.name, paper.media_type, paper.size) == ("minutes.txt", "text/plain", 11)
    assert event(concern, "subject_paper_added").facts == {"disclosure": str(row.pk), "paper": str(paper.pk)}
    with by(weston["clerk"]):
        assert bytes(SubjectPaper.objects.get(pk=paper.pk).content) == b"the minutes"
    for name, content in (("a.exe", b"MZ"), ("a.pdf", b"not one"), ("a.txt", b"")):
        with pytest.raises(Refusal) as refused:
            act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name=name, content=content)
        assert refused.value.field == "file"
    for _more in range(9):
        act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="a.txt", content=b"x")
    with pytest.raises(Refusal, match="ten files already"):
        act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="a.txt", content=b"x")


def test_once_closed_it_is_read_and_nothing_is_added(weston: Town) -> None:
    concern = running(weston)
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    act(A.CLOSE_DISCLOSURE, weston["clerk"], concern_id=concern.pk, disclosure_id=row.pk, reply="Thank you.")
    for action in (A.ANSWER_DISCLOSURE, A.NAME_COMPANION, A.ADD_SUBJECT_PAPER):
        with pytest.raises(Refusal, match="It was closed on 15 January 2026"):
            act(action, weston["officer1"], disclosure_id=row.pk, **STEPS[action])
    assert as_kept(row, weston["officer1"]).reply == "Thank you."


def test_with_several_subjects_each_has_their_own_alone(weston: Town) -> None:
    concern = running(weston, "councillor3", "officer1", "officer3", witnesses=None)
    one = disclosed(concern, weston["clerk"], weston["officer1"])
    other = disclosed(concern, weston["clerk"], weston["officer3"], text="Something else.")
    for name, mine, theirs in (("officer1", one, other), ("officer3", other, one)):
        with by(weston[name]):
            assert list(Disclosure.objects.values_list("pk", flat=True)) == [mine.pk]
        with pytest.raises(Http404):
            act(A.OPEN_DISCLOSURE, weston[name], disclosure_id=theirs.pk)


def test_whoever_left_still_reads_answers_and_brings_a_companion(weston: Town) -> None:
    concern = running(weston, "officer1", "councillor8", witnesses=None)
    row = disclosed(concern, weston["clerk"], weston["councillor8"])
    _leave(weston, "councillor8")
    later = NOW + timedelta(days=40)
    opened(row, weston["councillor8"])
    act(A.NAME_COMPANION, weston["councillor8"], disclosure_id=row.pk, name="Una", kind="other", now=later)
    done = act(A.ANSWER_DISCLOSURE, weston["councillor8"], disclosure_id=row.pk, answer=ANSWER, now=later)
    assert done.state == "ANSWERED"
    assert {"disclosure_opened", "companion_named", "disclosure_answered"} <= set(types(concern))


def test_a_raiser_who_left_still_reads_their_concern(weston: Town) -> None:
    concern = running(weston)
    _leave(weston, "councillor3")
    assert sees(weston["councillor3"], concern)
    assert do(Action.ADD_NOTE, concern, weston["councillor3"], text="Still here.", now=NOW + timedelta(days=40)).pk == concern.pk


def _leave(town: Town, name: str) -> None:
    from councils.models import Appointment

    for post in Appointment.objects.filter(person=town[name], ends_on__isnull=True):
        council_actions.end_appointment(appointment=post, ends_on=(NOW + timedelta(days=1)).date(), by=None, now=NOW)


def test_a_redirected_concern_keeps_nothing_disclosed(weston: Town, as_owner: Any) -> None:
    concern = running(weston, sending={"wider_circle": "may_pass_on"})
    row = answered(disclosed(concern, weston["clerk"], weston["officer1"]), weston["officer1"])
    act(A.ADD_SUBJECT_PAPER, weston["officer1"], disclosure_id=row.pk, name="a.txt", content=b"x")
    do(Action.PASS_ON, concern, weston["clerk"], token="role:chair_of_council")
    do(Action.REDIRECT, concern, weston["chair"], reason_code="police")
    with as_owner():
        assert not Disclosure.objects.filter(pk=row.pk).exists()
        assert not SubjectPaper.objects.filter(disclosure_id=row.pk).exists()
        assert Event.objects.filter(concern_id=concern.pk, type="disclosure_answered").count() == 1
        assert Notice.objects.filter(person=weston["officer1"]).exists()
