"""Messages: everybody who can read one is shown, nobody is copied unseen, and the database holds the same rules."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from concerns.enums import Action, WiderCircle
from concerns.models import Event, Notice
from correspondence import wording
from correspondence.actions import letters, messages
from correspondence.enums import AudienceRole, Mark
from correspondence.models import Audience, Message
from correspondence.queries import NotVisible
from councils.errors import Refusal
from tests.concerns.screens import client_of
from tests.councils.small_council import shipped
from tests.factories.concerns import NOW, by, do, lodge
from tests.factories.councils import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(weston: Town):
    """A councillor's concern about an officer, with the clerk, who may pass it on."""
    concern = lodge(
        weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer",
        sending={"wider_circle": WiderCircle.MAY_PASS_ON},
    )  # fmt: skip
    do(Action.ACCEPT, concern, weston["clerk"])
    return concern


def write(town: Town, concern, who: str, to: str, *, now=NOW, **more) -> Message:
    people = {"to": [town[name] for name in to.split()], "copied": [town[name] for name in more.pop("copied", "").split()]}
    with by(town[who]):
        return messages.send_message(concern_id=concern.pk, by=town[who], now=now, **{"body": "Can we talk?", **people, **more})


def copy(town: Town, message: Message, who: str, person: str, *, now=NOW, **more) -> Audience:
    with by(town[who]):
        return messages.copy_message(
            message_id=message.pk, by=town[who], now=now, person=town[person], **{"reason": "They keep the diary", **more}
        )


def readers(town: Town, message: Message) -> set[str]:
    found = set()
    for name, person in town.people.items():
        with by(person):
            if Message.objects.filter(pk=message.pk).exists():
                found.add(name)
    return found


def audience(town: Town, message: Message, who: str) -> dict[str, str]:
    names = {person.pk: name for name, person in town.people.items()}
    with by(town[who]):
        return {names[row.person_id]: row.role for row in Audience.objects.filter(message=message)}


def test_message_is_read_by_its_audience_and_each_sees_all_of_it(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk", copied="manager")
    assert readers(weston, message) == {"councillor1", "clerk", "manager"}
    for who in ("councillor1", "clerk", "manager"):
        assert audience(weston, message, who) == {"councillor1": "sender", "clerk": "to", "manager": "copied"}


def test_message_to_somebody_who_is_not_on_the_concern_shows_them_that_message_alone(weston: Town, running) -> None:
    first = write(weston, running, "councillor1", "clerk")
    second = write(weston, running, "clerk", "manager")
    with by(weston["manager"]):
        assert set(Message.objects.values_list("pk", flat=True)) == {second.pk}
        assert Event.objects.filter(concern_id=running.pk).count() == 0
        assert Audience.objects.filter(message=first).count() == 0
    row = Audience.objects.none()
    with by(weston["clerk"]):
        row = Audience.objects.get(message=second, person=weston["manager"])
    assert row.outside is True


def test_message_to_the_subject_or_an_excluded_person_is_refused(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer", witnesses=[weston["councillor4"]])
    do(Action.ACCEPT, concern, weston["clerk"])
    for who in ("officer1", "councillor4"):
        with pytest.raises(Refusal) as refused:
            write(weston, concern, "clerk", who)
        assert refused.value.field == "to"
        assert str(refused.value.message) == f"{weston[who].full_name} can't be written to about this concern."
    with by(weston["clerk"]):
        assert not Message.objects.exists()


def test_database_refuses_an_audience_with_the_subject_in_it(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    row = {"message": message, "concern": running, "role": "copied", "added_by": weston["clerk"], "added_at": NOW, "effective_at": NOW}
    with by(weston["clerk"]), pytest.raises(DatabaseError, match="excluded"), transaction.atomic():
        Audience.objects.create(person=weston["officer1"], **row)


def test_database_refuses_a_message_without_its_audience(weston: Town, running) -> None:
    def alone() -> None:
        with by(weston["clerk"]), transaction.atomic():
            Message.objects.create(concern=running, sender=weston["clerk"], body="to nobody", sent_at=NOW)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError, match="everybody who can read it"):
        alone()


def test_database_refuses_a_later_copy_that_nobody_is_told_of(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    later = {"message": message, "concern": running, "person": weston["manager"], "added_by": weston["clerk"]}
    later |= {"added_at": NOW + timedelta(hours=1), "effective_at": NOW + timedelta(hours=1)}
    for more in (
        {"role": "to", "reason": "x", "line": "CC", "disclosed_to_first": True},
        {"role": "copied", "reason": None, "line": None},
        {"role": "copied", "reason": "x", "line": "CC", "disclosed_to_first": False},
        {"role": "copied", "reason": None, "line": "CC", "disclosed_to_first": True},
        {"role": "copied", "reason": "x", "line": None, "disclosed_to_first": True},
        {"role": "hidden", "reason": "x", "line": "CC", "disclosed_to_first": True},
        {"role": "sender", "reason": "x", "line": "CC", "disclosed_to_first": True},
    ):
        with by(weston["clerk"]), pytest.raises(DatabaseError), transaction.atomic():
            Audience.objects.create(**later, **more)


@pytest.mark.parametrize("change", [{"role": "copied"}, {"reason": "other"}, {"disclosed_to_first": True}, {"outside": True}])
def test_audience_is_never_changed(weston: Town, running, change) -> None:
    message = write(weston, running, "councillor1", "clerk")
    with by(weston["clerk"]), pytest.raises(DatabaseError), transaction.atomic():
        Audience.objects.filter(message=message, person=weston["clerk"]).update(**change)
    for model in (Audience, Message):
        with by(weston["clerk"]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_message_has_no_field_for_a_hidden_reader() -> None:
    assert {field.name for field in Message._meta.get_fields()} == {
        "id", "concern", "sender", "body", "marking", "covers", "why", "unmarked_at", "unmarked_by", "in_reply_to", "replies",
        "sent_at", "recorded_at", "audience",
    }  # fmt: skip
    assert {role.value for role in AudienceRole} == {"sender", "to", "copied"}


def test_later_copy_names_who_why_and_waits_until_the_first_writer_has_seen_it(weston: Town, running) -> None:
    now = timezone.now()
    message = write(weston, running, "councillor1", "clerk", now=now)
    row = copy(weston, message, "clerk", "manager", now=now)
    assert (row.line, row.disclosed_to_first, row.effective_at) == (
        f"CC {weston['manager'].full_name}, because They keep the diary", True, now + timedelta(days=1),
    )  # fmt: skip
    assert readers(weston, message) == {"councillor1", "clerk"}
    assert audience(weston, message, "councillor1") == {"councillor1": "sender", "clerk": "to", "manager": "copied"}
    with by(weston["clerk"]):
        messages.record_opening(running, by=weston["clerk"], now=now)
    assert readers(weston, message) == {"councillor1", "clerk"}
    with by(weston["councillor1"]):
        messages.record_opening(running, by=weston["councillor1"], now=now)
    assert readers(weston, message) == {"councillor1", "clerk", "manager"}


def test_later_copy_tells_everybody_in_it(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    copy(weston, message, "clerk", "manager", now=NOW + timedelta(hours=1))
    with by(weston["clerk"]):
        told = list(Notice.objects.filter(concern=running, created_at=NOW + timedelta(hours=1)).values_list("person_id", "kind"))
        event = Event.objects.get(concern_id=running.pk, type="message_copied")
    assert told == [(weston["councillor1"].pk, "received")]
    assert event.facts == {"message": str(message.pk), "exception": "further_copy"}


def test_later_copy_needs_a_reason_and_a_person_who_has_it_not_yet(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    with pytest.raises(Refusal) as refused:
        copy(weston, message, "clerk", "manager", reason="  ")
    assert refused.value.field == "reason"
    with pytest.raises(Refusal, match="has this message already"):
        copy(weston, message, "clerk", "councillor1")


def test_somebody_outside_the_circle_needs_the_raisers_agreement(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    with pytest.raises(Refusal) as refused:
        write(weston, concern, "clerk", "manager")
    assert refused.value.field == "override_reason"
    assert write(weston, concern, "clerk", "manager", override_reason="A risk to staff").pk
    assert write(weston, concern, "councillor1", "manager").pk  # the raiser agrees by writing


def test_marked_message_says_what_and_why_and_is_not_copied(weston: Town, running) -> None:
    for missing in ("covers", "why"):
        answers = {"covers": "The dates", "why": "Illness", missing: " "}
        with pytest.raises(Refusal) as refused:
            write(weston, running, "councillor1", "clerk", marking=Mark.CONFIDENTIAL, **answers)
        assert refused.value.field == missing
    message = write(weston, running, "councillor1", "clerk", marking=Mark.CONFIDENTIAL, covers="The dates", why="Illness")
    with pytest.raises(Refusal) as refused:
        copy(weston, message, "clerk", "manager")
    assert str(refused.value.message) == "This message is marked, so it isn't copied to anybody else. The marking must be taken off first."
    with by(weston["clerk"]):
        messages.unmark_message(message_id=message.pk, by=weston["clerk"], now=NOW)  # the clerk may
    assert copy(weston, message, "clerk", "manager").exception == "further_copy"
    with by(weston["clerk"]):
        kept = Message.objects.get(pk=message.pk)
    assert (kept.marking, kept.mark, kept.covers, kept.unmarked_by_id) == ("confidential", Mark.OPEN, "The dates", weston["clerk"].pk)


def test_marking_is_taken_off_by_whoever_put_it_on_or_the_clerk(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk manager", marking=Mark.IN_CONFIDENCE, covers="All", why="Private")
    with by(weston["manager"]), pytest.raises(Http404):  # not on the concern: reads, changes nothing
        messages.unmark_message(message_id=message.pk, by=weston["manager"], now=NOW)
    with by(weston["chair"]), pytest.raises(NotVisible):
        messages.unmark_message(message_id=message.pk, by=weston["chair"], now=NOW)
    with by(weston["councillor1"]):
        messages.unmark_message(message_id=message.pk, by=weston["councillor1"], now=NOW)
        with pytest.raises(Refusal, match="carries no marking"):
            messages.unmark_message(message_id=message.pk, by=weston["councillor1"], now=NOW)


@pytest.mark.parametrize(("key", "offered"), [("weston", False), ("yateley", False), ("alsager", False), ("ilminster", False), ("auth5c", True)])
def test_exempt_is_offered_only_where_the_council_has_the_word(key: str, offered: bool) -> None:
    assert ("exempt" in {code for code, _label, _meaning in wording.marks(shipped(key))}) is offered


def test_exempt_is_refused_in_a_parish(weston: Town, running) -> None:
    with pytest.raises(Refusal) as refused:
        write(weston, running, "councillor1", "clerk", marking=Mark.EXEMPT, covers="All", why="Private")
    assert refused.value.field == "marking"


def test_stranger_finds_neither_concern_nor_message(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    with pytest.raises(Http404):
        write(weston, running, "chair", "clerk")
    with pytest.raises(NotVisible):
        copy(weston, message, "chair", "chair")
    with pytest.raises(Http404):
        write(weston, running, "officer1", "clerk")


def test_whoever_is_excluded_later_reads_it_no_more(weston: Town, running) -> None:
    message = write(weston, running, "councillor1", "clerk")
    assert readers(weston, message) == {"councillor1", "clerk"}
    do(Action.DECLARE_CONFLICT, running, weston["clerk"])
    assert readers(weston, message) == {"councillor1"}


def test_redirected_concern_keeps_no_messages(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    write(weston, concern, "councillor1", "clerk")
    do(Action.REDIRECT, concern, weston["clerk"], reason_code="police")
    with by(weston["councillor1"]):
        assert not Message.objects.exists()
        assert not Audience.objects.exists()


def test_raiser_who_writes_to_somebody_agrees_to_that_person_alone(weston: Town) -> None:
    concern = lodge(weston, weston["councillor1"], weston["officer1"], chosen_token="role:proper_officer")
    do(Action.ACCEPT, concern, weston["clerk"])
    first = write(weston, concern, "councillor1", "clerk", copied="manager")
    assert write(weston, concern, "clerk", "councillor1 manager", in_reply_to=first.pk).pk
    with pytest.raises(Refusal) as refused:
        write(weston, concern, "clerk", "councillor1 deputy", in_reply_to=first.pk, reason="They keep the diary")
    assert refused.value.field == "override_reason"


def test_reply_goes_on_to_somebody_else_only_where_the_first_writer_sees_it(weston: Town, running) -> None:
    first = write(weston, running, "councillor1", "clerk")
    with pytest.raises(Refusal) as refused:
        write(weston, running, "clerk", "manager", in_reply_to=first.pk, reason="They know the rota")
    assert (refused.value.field, str(refused.value.message)) == (
        "to", "Whoever wrote first must see that it goes to somebody else. Send it to them as well.",
    )  # fmt: skip
    second = write(weston, running, "clerk", "councillor1", copied="manager", in_reply_to=first.pk, reason="They know the rota")
    with by(weston["councillor1"]):
        assert Audience.objects.get(message=second, person=weston["manager"]).line == (
            f"CC {weston['manager'].full_name}, because They know the rota"
        )


def test_form_sent_twice_is_one_message(weston: Town, running) -> None:
    once = uuid4()
    first = write(weston, running, "councillor1", "clerk", once=once)
    assert write(weston, running, "councillor1", "clerk", once=once).pk == first.pk
    assert write(weston, running, "clerk", "councillor1", once=once).pk != first.pk  # another person's is another
    with by(weston["clerk"]):
        assert Message.objects.count() == 2


def test_page_of_the_concern_tells_of_messages_and_letters(weston: Town, running) -> None:
    write(weston, running, "councillor1", "clerk", copied="manager")
    with by(weston["clerk"]):
        letters.draft_letter(concern=running, kind="conciliation", by=weston["clerk"], now=NOW, to_name="Pat Outside")
        letter = letters.draft_letter(
            concern=running, kind="conciliation", by=weston["clerk"], now=NOW, to_person=weston["councillor1"], tokens={"summary": "x"}
        )
        letters.send_letter(letter_id=letter.pk, by=weston["clerk"], now=NOW)
    page = client_of(weston["clerk"]).get(reverse("concerns:page", kwargs={"concern": running.pk}))
    assert page.status_code == 200
    panel = " ".join(strip_tags(page.content.decode()).split())
    assert "1 message 1 new" in panel
    assert "2 letters 1 draft" in panel
    assert "A message was sent by Hugh Pemberton" in panel
    assert "A letter was sent by Margaret Holloway" in panel
    assert "Bringing in a conciliator" not in panel


def test_everybody_who_reads_the_concern_knows_who_else_was_written_to(weston: Town, running) -> None:
    write(weston, running, "clerk", "manager")
    told = f"Sent a message about it, without seeing the concern: {weston['manager'].full_name}"
    for who in ("councillor1", "clerk"):
        page = client_of(weston[who]).get(reverse("concerns:page", kwargs={"concern": running.pk}))
        assert told in " ".join(strip_tags(page.content.decode()).split())
    for who in ("manager", "chair", "officer1"):
        with by(weston[who]), connection.cursor() as cursor:
            cursor.execute("SELECT outside_readers(%s)", [running.pk])
            assert cursor.fetchone()[0] == []


def test_no_function_of_the_database_takes_its_own_day_for_the_councils(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc ~* 'current_date|now\\(\\)::date'"
        )
        assert cursor.fetchall() == []
