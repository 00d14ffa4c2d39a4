"""Two at once, on real connections: one wins, the other is told; and what the database refuses once a transaction is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from concerns.enums import Action, WiderCircle
from correspondence.actions import letters, messages
from correspondence.models import Audience, Letter, Message
from councils.rls import as_person, system_work
from tests.factories.concerns import do, lodge
from tests.factories.councils import Town, town
from tests.faults.test_faults_races import at_once, trail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Town:
    return town("weston")


def doing(verb: Callable[..., Any], person: Any, /, **answers: Any) -> Callable[[], Any]:
    def call() -> Any:
        with as_person(person):
            return verb(by=person, now=timezone.now(), **answers)

    return call


def test_two_at_once(place: Town) -> None:
    """One council for all of them: it takes longer to load than they do."""
    now = timezone.now()
    clerk, raiser = place["clerk"], place["councillor1"]
    concern = lodge(
        place, raiser, place["officer1"], chosen_token="role:proper_officer", now=now, sending={"wider_circle": WiderCircle.MAY_PASS_ON}
    )
    do(Action.ACCEPT, concern, clerk, now=now)
    here = {"concern_id": concern.pk, "body": "Monday?", "to": [clerk]}

    once = doing(messages.send_message, raiser, **here, once=uuid4())
    assert at_once(once, once) == ["ok", "ok"]  # a button pressed twice is one message
    assert trail(concern).count("message_sent") == 1
    with system_work():
        message = Message.objects.get(concern=concern)

    copy = doing(messages.copy_message, clerk, message_id=message.pk, person=place["manager"], reason="They keep the diary")
    assert sorted(at_once(copy, copy)) == ["Refusal", "ok"]
    assert trail(concern).count("message_copied") == 1

    # a later row is later by the database's own clock, whatever it says of itself
    backdated = {"added_at": message.sent_at, "effective_at": message.sent_at, "role": "to", "reason": None, "line": None}
    with as_person(clerk), pytest.raises(DatabaseError, match="a later copy is disclosed"), transaction.atomic():
        Audience.objects.create(message=message, concern=concern, person=place["chair"], added_by=clerk, **backdated)
    # a copy that waits can be let in earlier, never later
    with as_person(clerk), pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Audience.objects.filter(message=message, person=clerk).update(effective_at=timezone.now() + timedelta(days=9))

    with as_person(clerk):
        letter = letters.draft_letter(
            concern=concern, kind="acknowledgement", by=clerk, now=now, to_person=raiser, tokens={"next_step": "We talk."}
        )
    send = doing(letters.send_letter, clerk, letter_id=letter.pk)
    assert sorted(at_once(send, send)) == ["Refusal", "ok"]
    assert trail(concern).count("letter_sent") == 1
    edit = doing(letters.edit_letter, clerk, letter_id=letter.pk, body="Too late")
    assert at_once(edit, edit) == ["Refusal", "Refusal"]
    with system_work():
        assert "Too late" not in Letter.objects.get(pk=letter.pk).body
