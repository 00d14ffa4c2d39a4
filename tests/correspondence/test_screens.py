"""What is typed wrong, pressed twice or out of order: said clearly, and kept."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from concerns.enums import Action
from correspondence.actions import letters, messages
from correspondence.models import Letter, Message
from tests.concerns.screens import client_of
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db
COUNCILS = ("weston",)
OTHER = "Choose one of the options on this page"


@pytest.fixture
def running(weston: Town) -> Any:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    return concern


def at(name: str, **kwargs: Any) -> str:
    return reverse(f"correspondence:{name}", kwargs=kwargs)


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [str(message) for message in found] for field, found in answer.context["form"].errors.items()}


def test_message_typed_wrong_is_said_and_kept(weston: Town, running: Any) -> None:
    raiser, url = client_of(weston["councillor1"]), at("message-new", concern=running.pk)
    clerk, manager, subject = (str(weston[name].pk) for name in ("clerk", "manager", "officer1"))
    wrong: list[tuple[dict[str, Any], dict[str, list[str]]]] = [
        ({}, {"to": ["Choose who the message is to"], "body": ["Write the message"], "marking": ["Choose a marking"]}),
        ({"to": [subject], "body": "x", "marking": "open"}, {"to": [OTHER]}),
        ({"to": ["nobody"], "body": "x", "marking": "open"}, {"to": [OTHER]}),
        ({"to": [clerk], "copied": [subject], "body": "x", "marking": "open"}, {"copied": ["Choose people from the list."]}),
        ({"to": [clerk], "body": "x", "marking": "exempt"}, {"marking": [OTHER]}),
        ({"to": [clerk], "body": "x", "marking": "confidential"}, {"covers": ["Say what is in confidence."]}),
        ({"to": [clerk], "body": "x", "marking": "confidential", "covers": "All"}, {"why": ["Say why it is."]}),
        ({"to": [clerk], "body": "   ", "marking": "open"}, {"body": ["Write the message"]}),
        ({"to": [clerk], "body": "x", "marking": "open", "once": "odd"}, {"once": ["Enter a valid UUID."]}),
    ]
    for answers, said in wrong:
        answer = raiser.post(url, answers)
        assert (answer.status_code, errors(answer)) == (422, said)
    nul = raiser.post(url, {"to": [clerk], "body": "kept\x00words", "marking": "open"})
    assert nul.status_code == 422
    assert "keptwords" in nul.content.decode()
    long = raiser.post(url, {"to": [clerk], "body": "y" * 20_001, "marking": "open"})
    assert long.status_code == 422
    assert "y" * 20_001 in long.content.decode()
    with by(weston["councillor1"]):
        assert not Message.objects.exists()
    sent = raiser.post(url, {"to": [clerk], "copied": [manager], "body": "Right", "marking": "open"})
    assert sent.status_code == 302


def test_message_is_not_written_where_nothing_can_be_sent(weston: Town, running: Any) -> None:
    with by(weston["councillor1"]):
        wrote = messages.send_message(concern_id=running.pk, by=weston["councillor1"], now=NOW, body="x", to=[weston["clerk"]])
    clerk = client_of(weston["clerk"])
    closed = clerk.get(at("message-unmark", message=wrote.pk))
    assert (closed.status_code, "This message carries no marking." in closed.content.decode()) == (409, True)
    twice = clerk.post(at("message-copy", message=wrote.pk), {"person": str(weston["councillor1"].pk), "reason": "x"})
    assert twice.status_code == 422
    other = lodge(weston, weston["councillor2"], weston["officer2"], chosen_token="role:proper_officer")
    do(Action.REDIRECT, other, weston["clerk"], reason_code="police")
    answer = client_of(weston["councillor2"]).get(at("message-new", concern=other.pk))
    assert (answer.status_code, "Nothing can be sent" in answer.content.decode()) == (409, True)


def test_letter_typed_wrong_is_said_and_kept(weston: Town, running: Any) -> None:
    clerk, url = client_of(weston["clerk"]), at("letter-new", concern=running.pk)
    someone = str(weston["councillor1"].pk)
    none = clerk.post(url, {"kind": "outcome"})
    assert (none.status_code, errors(none)) == (422, {"to_name": ["Choose who the letter is to, or give a name."]})
    both = clerk.post(url, {"kind": "outcome", "to_person": someone, "to_name": "Pat Outside"})
    assert errors(both) == {"to_name": ["A letter is to one person. Choose somebody, or give a name, not both."]}
    assert "Pat Outside" in both.content.decode()
    assert errors(clerk.post(url, {"kind": "odd", "to_name": "Pat"})) == {"kind": [OTHER]}
    made = clerk.post(url, {"kind": "outcome", "to_name": "Pat Outside"})
    assert made.status_code == 302
    with by(weston["clerk"]):
        letter = Letter.objects.get()
    edit, send = at("letter-edit", letter=letter.pk), at("letter-send", letter=letter.pk)
    stale = clerk.post(edit, {"body": "Mine", "to_name": "Pat", "marking": "open", "revision": "99"})
    assert stale.status_code == 422
    assert "Mine" in stale.content.decode()
    assert errors(clerk.post(send, {"revision": "1"}))["__all__"][0].startswith("Fill in what stands in braces first")
    assert clerk.post(edit, {"body": "Right", "to_name": "Pat", "marking": "open", "revision": "1"}).status_code == 302
    assert clerk.post(send, {"revision": "1"}).status_code == 422  # another tab changed it since
    assert clerk.post(send, {"revision": "2"}).status_code == 302
    assert clerk.post(send, {"revision": "2"}).status_code == 409
    assert clerk.get(edit).status_code == clerk.post(at("letter-discard", letter=letter.pk)).status_code == 409


def test_draft_thrown_away_is_gone(weston: Town, running: Any) -> None:
    with by(weston["clerk"]):
        letter = letters.draft_letter(concern=running, kind="outcome", by=weston["clerk"], now=NOW, to_name="Pat")
    clerk = client_of(weston["clerk"])
    assert clerk.post(at("letter-discard", letter=letter.pk), {"revision": str(letter.revision)}).status_code == 302
    assert clerk.get(at("letter", letter=letter.pk)).status_code == 404


@pytest.mark.parametrize("name", ["message", "message-reply", "message-copy", "message-unmark", "letter", "letter-edit", "letter-send", "letter-pdf"])
def test_address_of_nothing_is_not_found(weston: Town, name: str) -> None:
    kind = "message" if name.startswith("message") else "letter"
    assert client_of(weston["clerk"]).get(at(name, **{kind: uuid4()})).status_code == 404
