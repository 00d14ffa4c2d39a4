"""Letters: drafted from a template, sent once, kept as sent, read by whom they are to and nobody else."""

from __future__ import annotations

from io import BytesIO, StringIO

import pikepdf
import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from concerns.enums import Action
from concerns.models import Event, Notice
from concerns.models.encrypted import decrypt
from correspondence.actions import letters, messages
from correspondence.enums import LetterKind, LetterState, Mark
from correspondence.models import Letter, Message
from correspondence.queries import NotVisible
from correspondence.reports.letters import checksum
from councils.errors import Refusal
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(weston: Town):
    """A councillor's concern about an officer; the clerk deals with it."""
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    return concern


def drafted(town: Town, concern, *, who: str = "clerk", kind: str = LetterKind.ACKNOWLEDGEMENT, **more) -> Letter:
    with by(town[who]):
        return letters.draft_letter(concern=concern, kind=kind, by=town[who], now=NOW, **more)


def sent(town: Town, concern, **more) -> Letter:
    letter = drafted(town, concern, **{"to_person": town["councillor1"], "tokens": {"next_step": "We talk."}, **more})
    with by(town["clerk"]):
        return letters.send_letter(letter_id=letter.pk, by=town["clerk"], now=NOW)


def found(town: Town, who: str) -> set:
    with by(town[who]):
        return set(Letter.objects.values_list("pk", flat=True))


def test_letter_is_filled_in_with_the_councils_words(weston: Town, running) -> None:
    letter = drafted(weston, running, to_person=weston["councillor1"], tokens={"next_step": "We talk on Monday."})
    assert letter.body == (
        f"Dear {weston['councillor1'].full_name},\n\nYour concern {running.reference} has arrived. It is dealt with under the "
        f"{weston.version.label}.\n\nWhat happens next: We talk on Monday.\n\nOnly the people named on the concern's page can see it. "
        "You find there who they are, and when each of them opened it.\n\nYours sincerely,\n"
        f"{weston['clerk'].full_name}\nTown Clerk"
    )
    assert (letter.state, letter.sha256) == (LetterState.DRAFT, "")


def test_letter_with_a_word_still_in_braces_is_not_sent(weston: Town, running) -> None:
    letter = drafted(weston, running, to_person=weston["councillor1"], kind=LetterKind.REPORT)
    with by(weston["clerk"]), pytest.raises(Refusal) as refused:
        letters.send_letter(letter_id=letter.pk, by=weston["clerk"], now=NOW)
    assert (refused.value.field, str(refused.value.message)) == (
        "body", "Fill in what stands in braces first, or take it out: {meeting_date}, {agenda_item}",
    )  # fmt: skip


def test_acknowledgement_says_what_happens_next_in_the_councils_words(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    waiting = drafted(weston, concern, to_person=weston["councillor1"])
    assert "What happens next: It is with the Town Clerk, who says whether they take it up." in waiting.body
    concern = do(Action.ACCEPT, concern, weston["clerk"])
    taken = drafted(weston, concern, to_person=weston["councillor1"])
    assert "What happens next: Someone is trying to settle it by talking." in taken.body
    assert "{" not in taken.body


def test_letter_about_the_matter_says_whose_it_is_to_its_raiser_alone(weston: Town, running) -> None:
    own = drafted(weston, running, kind=LetterKind.INVITATION, to_person=weston["councillor1"])
    assert f"It is about: the concern you raised, {running.reference}" in own.body
    other = drafted(weston, running, kind=LetterKind.INVITATION, to_person=weston["officer1"])
    assert f"It is about: the matter with the reference {running.reference}" in other.body


def test_letter_with_a_token_nobody_knows_is_a_mistake_of_the_program(weston: Town, running) -> None:
    with pytest.raises(ValueError, match=r"No letter knows raiser\.email"):
        drafted(weston, running, to_person=weston["councillor1"], tokens={"raiser.email": "x"})


def test_letter_sent_is_kept_with_its_checksum_and_told(weston: Town, running) -> None:
    letter = sent(weston, running)
    with by(weston["councillor1"]):
        kept = Letter.objects.get(pk=letter.pk)
        assert (kept.state, kept.sha256) == (LetterState.SENT, checksum(bytes(kept.pdf)))
        event = Event.objects.get(concern_id=running.pk, type="letter_sent")
        assert event.facts == {"letter_kind": "acknowledgement", "letter": str(letter.pk), "means": "portal"}
        assert Notice.objects.filter(concern=running, person=weston["councillor1"], created_at=NOW, kind="received").count() == 1


@pytest.mark.parametrize("change", [{"body": "other"}, {"sha256": "0" * 64}, {"to_name": "Somebody"}, {"state": "DRAFT"}, {"sent_at": None}])
def test_letter_sent_never_changes(weston: Town, running, change) -> None:
    letter = sent(weston, running)
    for who in ("clerk", "councillor1"):
        with by(weston[who]), pytest.raises(DatabaseError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**change)
    with by(weston["clerk"]):
        assert Letter.objects.filter(pk=letter.pk).delete()[0] == 0
    for run in (letters.send_letter, letters.discard_letter):
        with by(weston["clerk"]), pytest.raises(Refusal, match="was sent"):
            run(letter_id=letter.pk, by=weston["clerk"], now=NOW)


def test_letter_to_the_subject_is_found_by_its_own_row_and_nothing_else_is(weston: Town, running) -> None:
    letter = sent(weston, running, to_person=weston["officer1"])
    assert found(weston, "officer1") == {letter.pk}
    with by(weston["officer1"]):
        assert Notice.objects.count() == 0  # a notice is the outbox's
        letters.record_opening(Letter.objects.get(pk=letter.pk), by=weston["officer1"], now=NOW)
    with by(weston["clerk"]):
        assert Letter.objects.get(pk=letter.pk).opened_at == NOW


NOT_BY_LETTER = "{} isn't told of this concern by a letter. Choose somebody from the list, or write a message: the person who raised it is asked first."


@pytest.mark.parametrize("who", ["councillor4", "councillor7", "deputy"])  # shut out; with no part in it
def test_letter_to_somebody_who_is_not_in_the_matter_is_refused(weston: Town, who: str) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer", connected=[weston["councillor4"]])
    do(Action.ACCEPT, concern, weston["clerk"])
    with pytest.raises(Refusal) as refused:
        drafted(weston, concern, to_person=weston[who])
    assert (refused.value.field, str(refused.value.message)) == ("to_person", NOT_BY_LETTER.format(weston[who].full_name))
    with by(weston["clerk"]):
        assert Letter.objects.count() == 0
        assert letters.recipients(concern) == {weston[name].pk for name in ("clerk", "councillor1", "officer1")}


def test_letter_to_the_subject_is_refused_while_nobody_has_taken_it_up(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    assert concern.state == "LODGED"
    with pytest.raises(Refusal, match="isn't told of this concern by a letter"):
        drafted(weston, concern, to_person=weston["officer1"])


def test_letter_is_read_by_nobody_but_its_writer_those_dealing_with_it_and_whom_it_is_to(weston: Town, running) -> None:
    draft = drafted(weston, running, to_person=weston["councillor1"])
    assert {name for name in weston.people if draft.pk in found(weston, name)} == {"clerk"}
    letter = sent(weston, running)
    assert {name for name in weston.people if letter.pk in found(weston, name)} == {"clerk", "councillor1"}
    with by(weston["chair"]), pytest.raises(NotVisible):
        letters.send_letter(letter_id=draft.pk, by=weston["chair"], now=NOW)
    with by(weston["councillor1"]), pytest.raises(Refusal, match="was sent"):
        letters.edit_letter(letter_id=letter.pk, by=weston["councillor1"], now=NOW, body="mine")


def test_letter_without_an_account_is_printed(weston: Town, running) -> None:
    letter = sent(weston, running, to_person=None, to_name="Pat Outside", to_address="1 High Street\nTown", marking=Mark.CONFIDENTIAL)
    with by(weston["clerk"]):
        event = Event.objects.get(concern_id=running.pk, type="letter_sent")
        stored = Letter.objects.get(pk=letter.pk)
    assert event.facts["means"] == "printed"
    assert (stored.to_name, stored.to_address) == ("Pat Outside", "1 High Street\nTown")


def test_letter_is_encrypted_at_rest(weston: Town, running) -> None:
    letter = sent(weston, running, to_person=None, to_name="Pat Outside")
    with by(weston["clerk"]), connection.cursor() as cursor:
        cursor.execute("SELECT body, pdf, to_name FROM correspondence_letter WHERE id = %s", [letter.pk])
        for value in cursor.fetchone():
            assert b"Pat Outside" not in bytes(value)
            assert decrypt(bytes(value))


def test_letter_as_pdf_is_tagged_titled_and_in_english(weston: Town, running) -> None:
    letter = sent(weston, running)
    with pikepdf.open(BytesIO(bytes(letter.pdf))) as document:
        assert bool(document.Root.MarkInfo.Marked) is True
        assert str(document.Root.Lang) == "en-GB"
        assert str(document.docinfo.Title) == "Your concern has arrived"
        assert "/StructTreeRoot" in document.Root
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle) is True
        assert document.open_metadata()["pdfuaid:part"] == "1"
        assert weston["councillor1"].full_name not in str(dict(document.docinfo))


def test_letter_begun_by_one_is_thrown_away_by_nobody_else(weston: Town, running) -> None:
    letter = drafted(weston, running, to_person=weston["councillor1"])
    with by(weston["clerk"]):
        letters.discard_letter(letter_id=letter.pk, by=weston["clerk"], now=NOW)
        assert not Letter.objects.exists()


def test_letter_edited_in_two_tabs_keeps_the_first(weston: Town, running) -> None:
    letter = drafted(weston, running, to_person=weston["councillor1"])
    with by(weston["clerk"]):
        letters.edit_letter(letter_id=letter.pk, by=weston["clerk"], now=NOW, body="First", revision=1)
        with pytest.raises(Refusal):
            letters.edit_letter(letter_id=letter.pk, by=weston["clerk"], now=NOW, body="Second", revision=1)
        assert Letter.objects.get(pk=letter.pk).body == "First"


def test_keys_are_rotated_in_what_was_sent(weston: Town, running, settings) -> None:
    letter = sent(weston, running)
    drafted(weston, running, to_person=None, to_name="Pat Outside")
    new = Fernet.generate_key().decode()
    settings.PORTAL_FIELD_KEYS = [new, *settings.PORTAL_FIELD_KEYS]
    with by(weston["councillor1"]):
        wrote = messages.send_message(
            concern_id=running.pk, by=weston["councillor1"], now=NOW, body="Words", to=[weston["clerk"]], marking=Mark.CONFIDENTIAL,
            covers="All", why="Private",
        )  # fmt: skip
    call_command("rotate_field_keys", stdout=StringIO())
    settings.PORTAL_FIELD_KEYS = [new]
    with by(weston["clerk"]):
        kept = Letter.objects.get(pk=letter.pk)
        assert checksum(bytes(kept.pdf)) == kept.sha256
        message = Message.objects.get(pk=wrote.pk)
        assert (message.body, message.covers, message.why) == ("Words", "All", "Private")
