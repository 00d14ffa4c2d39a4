"""Every step from every state: done, refused with words, or not found; and what is refused leaves nothing behind."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from councils.errors import Refusal
from disclosures.enums import DisclosureAction as A
from disclosures.enums import DisclosureState as S
from disclosures.models import Disclosure
from tests.concerns.casework import types
from tests.disclosures.telling import ANSWER, TOLD, act, drafted, running
from tests.factories.concerns import NOW, by
from tests.factories.councils import Town

COUNCILS = ("weston",)
LATER = NOW + timedelta(days=30)  # past the date an answer was asked for by
STEPS = [A.DRAFT_DISCLOSURE, A.DISCARD_DISCLOSURE, A.DISCLOSE, A.CLOSE_DISCLOSURE, A.OPEN_DISCLOSURE, A.ANSWER_DISCLOSURE, A.NAME_COMPANION, A.ADD_SUBJECT_PAPER]
# state → what each of these steps comes to: the state after it, "no" for a refusal, 404, "gone"
TABLE = {
    S.DRAFTED: "DRAFTED gone DISCLOSED no 404 404 404 404",
    S.DISCLOSED: "no no no CLOSED OPENED no DISCLOSED no",
    S.OPENED: "no no no CLOSED OPENED ANSWERED OPENED OPENED",
    S.ANSWERED: "no no no CLOSED ANSWERED no ANSWERED ANSWERED",
    S.CLOSED: "no no no no CLOSED no no no",
}


def brought_to(state: S, town: Town) -> tuple[Any, Disclosure]:
    """A disclosure in that state."""
    concern = running(town)
    row = drafted(concern, town["clerk"], town["officer1"])
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    way = [
        (A.DISCLOSE, "clerk", known), (A.OPEN_DISCLOSURE, "officer1", {"disclosure_id": row.pk}),
        (A.ANSWER_DISCLOSURE, "officer1", {"disclosure_id": row.pk, "answer": ANSWER}), (A.CLOSE_DISCLOSURE, "clerk", known),
    ]  # fmt: skip
    for action, who, answers in way[: list(S).index(state)]:
        act(action, town[who], **answers)
    return concern, row


@pytest.mark.parametrize("state", list(S))
def test_each_step_from_each_state(weston: Town, state: S) -> None:
    concern, row = brought_to(state, weston)
    known = {"concern_id": concern.pk, "disclosure_id": row.pk}
    mine = {"disclosure_id": row.pk}
    with by(weston["clerk"]):
        revision = Disclosure.objects.get(pk=row.pk).revision
    answers: dict[A, tuple[str, dict[str, Any]]] = {
        A.DRAFT_DISCLOSURE: ("clerk", {"concern_id": concern.pk, "person": weston["officer1"], "kind": "allegations", "text": TOLD,
                                       "answer_by": date(2026, 3, 1), "basis": "agreed", "revision": revision}),
        A.DISCARD_DISCLOSURE: ("clerk", known), A.DISCLOSE: ("clerk", known), A.CLOSE_DISCLOSURE: ("clerk", known),
        A.OPEN_DISCLOSURE: ("officer1", mine), A.ANSWER_DISCLOSURE: ("officer1", {**mine, "answer": ANSWER}),
        A.NAME_COMPANION: ("officer1", {**mine, "name": "Una", "kind": "colleague"}),
        A.ADD_SUBJECT_PAPER: ("officer1", {**mine, "name": "a.txt", "content": b"x"}),
    }  # fmt: skip
    before, found = types(concern), []
    said: list[str] = []
    left: list[list[str]] = []
    for step in STEPS:
        who, given = answers[step]
        now = LATER if step == A.CLOSE_DISCLOSURE else NOW
        with transaction.atomic():
            try:
                act(step, weston[who], now=now, **given)
                with by(weston["clerk"]):
                    after = Disclosure.objects.filter(pk=row.pk).values_list("state", flat=True).first()
                found.append(after or "gone")
            except Refusal as refusal:
                said.append(str(refusal))
                left.append(types(concern))
                found.append("no")
            except Http404:
                found.append("404")
            transaction.set_rollback(True)
    assert " ".join(found) == TABLE[state]
    assert [words for words in said if not words.endswith(".")] == []
    assert [trail for trail in left if trail != before] == []
