"""Two at once, on real connections: one wins, the other is told, and the trail shows one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from concerns.enums import Action
from councils.rls import as_person, system_work
from disclosures.actions.step import verb
from disclosures.enums import DisclosureAction as A
from disclosures.models import Disclosure
from tests.disclosures.telling import disclosed, drafted, opened, running
from tests.factories.concerns import NOW, do
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once, trail
from tests.faults.test_faults_races import doing as case_doing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Town:
    return town("weston")


def doing(action: A, person: Any, /, **answers: Any) -> Callable[[], Any]:
    def call() -> Any:
        with as_person(person):
            return verb.actions[action](by=person, now=NOW, **answers)

    return call


def kept(row: Disclosure) -> Disclosure:
    with system_work():
        return Disclosure.objects.get(pk=row.pk)


def test_two_at_once(place: Town) -> None:
    """One council for all of them: it takes longer to load than they do."""
    clerk, subject = place["clerk"], place["officer1"]
    concern = running(place)

    row = drafted(concern, clerk, subject, kind="told", answer_by=None)
    twice = doing(A.DISCLOSE, clerk, concern_id=concern.pk, disclosure_id=row.pk)
    assert sorted(at_once(twice, twice)) == ["Refusal", "ok"]
    assert trail(concern).count("disclosed") == 1

    opening = doing(A.OPEN_DISCLOSURE, subject, disclosure_id=row.pk)
    assert at_once(opening, opening) == ["ok", "ok"]
    assert trail(concern).count("disclosure_opened") == 1

    tabs = [doing(A.ANSWER_DISCLOSURE, subject, disclosure_id=row.pk, answer=words) for words in ("first", "second")]
    told = at_once(*tabs)
    assert sorted(told) == ["Refusal", "ok"]
    assert kept(row).answer == ("first" if told[0] == "ok" else "second")
    assert trail(concern).count("disclosure_answered") == 1

    for number in range(12):  # closed while the answer comes in: either it was read and closed after, or it came too late
        row = opened(disclosed(concern, clerk, subject, kind="told", answer_by=None), subject)
        known = {"concern_id": concern.pk, "disclosure_id": row.pk, "revision": row.revision}
        told = at_once(
            doing(A.ANSWER_DISCLOSURE, subject, disclosure_id=row.pk, answer=f"answer {number}"), doing(A.CLOSE_DISCLOSURE, clerk, **known)
        )
        assert sorted(told) == ["Refusal", "ok"]
        assert kept(row).state == ("ANSWERED" if told[0] == "ok" else "CLOSED")
        assert kept(row).answer == (f"answer {number}" if told[0] == "ok" else "")

    for number in range(6):  # sent to another channel while the answer comes in: both wait in the same order
        gone = running(place, "councillor4", "officer3", witnesses=None, sending={"wider_circle": "may_pass_on"})
        row = opened(disclosed(gone, clerk, place["officer3"], kind="told", answer_by=None), place["officer3"])
        do(Action.PASS_ON, gone, clerk, token="role:chair_of_council")
        answering = doing(A.ANSWER_DISCLOSURE, place["officer3"], disclosure_id=row.pk, answer=f"answer {number}")
        told = at_once(answering, case_doing(Action.REDIRECT, gone, place["chair"], reason_code="police"))
        assert (told[0] in ("ok", "Http404"), told[1]) == (True, "ok")
        with system_work():
            assert not Disclosure.objects.filter(pk=row.pk).exists()

    drafts = [doing(A.DRAFT_DISCLOSURE, clerk, concern_id=concern.pk, person=subject, kind="told", text=words) for words in "ab"]
    assert sorted(at_once(*drafts)) == ["Refusal", "ok"]
    with system_work():
        assert Disclosure.objects.filter(concern=concern, state="DRAFTED").count() == 1
