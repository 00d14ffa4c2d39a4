"""Reads of the room. Row security decides what comes; nothing here looks past it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns import queries as concerns
from concerns.enums import State
from concerns.models import Concern
from concerns.wording import STALE, STATES
from correspondence.enums import LetterKind
from correspondence.models import Audience, CouncilReport, Letter, Message
from councils import queries as councils
from councils import wording as council_words
from councils.errors import Refusal
from councils.models import Person
from councils.protocol import Protocol


class NotVisible(Http404):
    """Absent or somebody else's: nobody can tell which."""


def _audience() -> Prefetch:
    return Prefetch("audience", Audience.objects.select_related("person", "added_by").order_by("added_at", "role", "person__full_name"))


def messages_of(concern: Concern) -> list[Message]:
    """The messages on ``concern`` that the reader is in the audience of, oldest first, each with its whole audience."""
    return list(Message.objects.filter(concern=concern).select_related("sender", "unmarked_by").prefetch_related(_audience()))


def message(message_id: UUID) -> Message:
    """One message the reader is in the audience of. Raises NotVisible."""
    found = Message.objects.filter(pk=message_id).select_related("sender", "unmarked_by").prefetch_related(_audience()).first()
    if found is None:
        raise NotVisible
    return found


WAITING = """
SELECT 'letter', l.id, l.sent_at AS since FROM correspondence_letter l
WHERE l.to_person_id = %s AND l.state = 'SENT' AND l.opened_at IS NULL
UNION ALL
SELECT 'message', a.message_id, a.added_at FROM correspondence_audience a
WHERE a.person_id = %s AND a.role <> 'sender' AND a.opened_at IS NULL
ORDER BY since
"""
COUNTS = """
SELECT (SELECT count(*) FROM correspondence_audience a WHERE a.concern_id = %s AND a.person_id = %s),
    (SELECT count(*) FROM correspondence_audience a WHERE a.concern_id = %s AND a.person_id = %s AND a.role <> 'sender'
        AND a.opened_at IS NULL),
    (SELECT count(*) FROM correspondence_letter l WHERE l.concern_id = %s),
    (SELECT count(*) FROM correspondence_letter l WHERE l.concern_id = %s AND l.state = 'DRAFT'),
    (SELECT r.state FROM correspondence_councilreport r WHERE r.concern_id = %s ORDER BY r.made_at DESC LIMIT 1),
    outside_readers(%s)
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What there is on a concern for one person."""

    messages: int = 0
    unread: int = 0
    letters: int = 0
    drafts: int = 0
    report: str | None = None
    outside: Sequence[str] = ()  # names of those who were sent a message and aren't on the concern


def waiting(person: Person) -> list[tuple[str, UUID]]:
    """("letter" or "message", its id) of what was sent to ``person`` and they haven't opened yet, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [person.pk, person.pk])
        return [(kind, pk) for kind, pk, _since in cursor.fetchall()]


def counts(concern: Concern, person: Person) -> Counts:
    """How many messages and letters on ``concern`` are there for ``person``, in one query."""
    here = concern.pk
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [here, person.pk, here, person.pk, here, here, here, here])
        return Counts(*cursor.fetchone())


def first_writer(message: Message) -> Message:
    """The message that ``message`` and those before it answer: whoever wrote it is told of every later copy."""
    seen = {message.pk}
    while message.in_reply_to_id and message.in_reply_to_id not in seen:
        before = Message.objects.filter(pk=message.in_reply_to_id).select_related("sender").first()
        if before is None:
            break
        seen.add(before.pk)
        message = before
    return message


def letter(letter_id: UUID) -> Letter:
    """One letter the reader may read. Raises NotVisible."""
    found = Letter.objects.filter(pk=letter_id).select_related("to_person", "made_by", "sent_by").first()
    if found is None:
        raise NotVisible
    return found


def lock_letter(letter_id: UUID, *, revision: int | None = None) -> Letter:
    """Like ``letter``, with its row locked. Raises Refusal when somebody changed it since ``revision``."""
    if not isinstance(letter_id, UUID) or Letter.objects.filter(pk=letter_id).select_for_update(of=("self",)).first() is None:
        raise NotVisible
    found = letter(letter_id)
    if revision is not None and revision != found.revision:
        raise Refusal(str(STALE))
    return found


def letters_of(concern: Concern) -> QuerySet[Letter]:
    """The letters on ``concern`` that the reader may read, without their files."""
    return Letter.objects.filter(concern=concern).defer("pdf", "body").select_related("to_person", "made_by", "sent_by")


def report_of(concern: Concern) -> CouncilReport | None:
    """The report to council that is being prepared, or the last one."""
    found = CouncilReport.objects.filter(concern=concern).select_related("proceeding", "made_by", "sealed_by")
    return found.defer("pdf").order_by("made_at").last()


def protocol_of(concern: Concern, *, on: date) -> Protocol | None:
    """The protocol whose words are used: the one it was lodged under, else the one in force."""
    version = concern.protocol_version or councils.protocol_in_force(concern.council, on=on)
    return version.protocol if version else None


def day(moment: datetime | date) -> str:
    """A day as letters write it."""
    on = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return date_format(on, "j F Y")


def post_of(person: Person, concern: Concern, protocol: Protocol | None, *, on: date) -> str:
    """The council's word for what ``person`` is today; "" when they hold nothing."""
    role = councils.primary_role(person, concern.council, on=on)
    return council_words.role_label(role, protocol) if role else ""


def tokens_for(concern: Concern, *, by: Person, name: str, now: datetime) -> dict[str, str]:
    """What is known of every letter on ``concern``, in the council's words."""
    today = timezone.localdate(now)
    protocol = protocol_of(concern, on=today)
    subjects = sorted(concern.subjects.select_related("person"), key=lambda row: row.person.full_name)
    version = concern.protocol_version
    return {
        "name": name,
        "council": concern.council.name,
        "reference": concern.reference,
        "protocol": version.label if version else "",
        "today": day(now),
        "sender": by.full_name,
        "sender_role": post_of(by, concern, protocol, on=today),
        "raiser": concern.raiser.full_name,
        "raiser_role": council_words.role_label(concern.raiser_role, protocol),
        "subject": ", ".join(row.person.full_name for row in subjects),
        "subject_role": ", ".join(dict.fromkeys(council_words.role_label(row.role, protocol) for row in subjects)),
        "proper_officer": council_words.role_label("proper_officer", protocol),
        "monitoring_officer": council_words.role_label("monitoring_officer", protocol),
        "councillor": council_words.role_label("councillor", protocol),
        "panel": council_words.token_label("body:hr_panel", protocol),
    }


def facts(concern: Concern, kind: str, *, to: Person | None, by: Person, now: datetime) -> Mapping[str, str]:
    """What the concern itself knows for a letter of ``kind`` (``rooms.LETTER_FACTS``)."""
    if kind == LetterKind.ACKNOWLEDGEMENT:
        return {"next_step": next_step(concern, on=timezone.localdate(now))}
    if kind == LetterKind.REPORT:
        report = report_of(concern)
        meeting = (report.presented_on or report.proceeding.meeting_on) if report else None
        return {"meeting_date": day(meeting) if meeting else "", "agenda_item": f"“{report.agenda_item!s}”" if report else ""}
    own = to is not None and to.pk == concern.raiser_id
    words = _("the concern you raised, %(reference)s") if own else _("the matter with the reference %(reference)s")
    return {"matter": words % {"reference": concern.reference}}


def next_step(concern: Concern, *, on: date) -> str:
    """What happens now and what may follow, in the council's words for whoever has it."""
    protocol = protocol_of(concern, on=on)
    here = concerns.current_token(concern)
    if concern.state == State.LODGED and here and not concerns.with_raiser(concern):
        words = [_("It is with %(who)s, who says whether they take it up.") % {"who": council_words.token_label(here, protocol)}]
    elif concern.state == State.LODGED:
        words = [_("Nobody has taken it up yet.")]
    else:
        words = [str(STATES[State(concern.state)][1])]
    following = concerns.next_tokens(concern) if concern.state in (State.LODGED, State.INFORMAL, State.COMPLAINT) else []
    if following:
        who = council_words.token_label(following[0], protocol)
        words.append(_("If it isn't settled there, it can go to %(who)s.") % {"who": who})
    return " ".join(words)
