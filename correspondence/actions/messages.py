"""Messages on a concern: sent with everybody who can read them, copied further only in the open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import audit, outbox, plan, policy
from concerns.actions import consent
from concerns.actions.verb import answer_needed
from concerns.casefile import lock
from concerns.domain import confidentiality
from concerns.domain.confidentiality import CopyRule
from concerns.enums import ConsentKind, NoticeKind
from concerns.models import Concern, Exclusion, Participation
from correspondence import policy as writing
from correspondence import queries, wording
from correspondence.actions import verb
from correspondence.domain import copies
from correspondence.enums import AudienceRole, Mark, MessageAction, MessageEvent
from correspondence.models import Audience, Message
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Person

# A later copy waits until whoever wrote first has opened the messages, and at most this long.
NOTICE_OF_COPY = timedelta(days=1)
CLERK = frozenset({"proper_officer", "acting_proper_officer"})


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules look at, read once for everybody who may be in an audience."""

    concern: Concern
    rule: CopyRule
    sides: dict[UUID, str]
    never: frozenset[UUID]
    reading: frozenset[UUID]
    unread: frozenset[UUID]
    eligible: frozenset[UUID]

    def party(self, person_id: UUID) -> copies.Party:
        """One person as the rules look at them."""
        return copies.Party(
            person_id,
            self.sides.get(person_id),
            never=person_id in self.never,
            in_circle=person_id in self.reading,
            unread=person_id in self.unread,
            eligible=person_id in self.eligible,
        )


def ground(concern: Concern, *, now: datetime) -> Ground:
    """The circle, the exclusions and the council's rule, as they stand now."""
    today = timezone.localdate(now)
    made = plan.for_concern(concern, on=today)
    parts = Participation.objects.filter(concern=concern, until__isnull=True).values_list("person_id", "reads")
    reading = {pk for pk, reads in parts if reads} | {concern.raiser_id}
    subjects = set(concern.subjects.values_list("person_id", flat=True))
    excluded = set(Exclusion.objects.filter(concern=concern).values_list("person_id", flat=True))
    excluded |= {person.pk for person, _kind in made.shut_out} - {concern.raiser_id}
    return Ground(
        concern=concern,
        rule=confidentiality.copying(made.protocol),
        sides={pk: side for pk, side in made.cast.sides.items() if side},
        never=frozenset(subjects | excluded),
        reading=frozenset(reading),
        unread=frozenset({pk for pk, _reads in parts} - reading),
        eligible=_in_post(made),
    )


def _in_post(made: plan.Plan) -> frozenset[UUID]:
    """Whoever holds a post today and has no connection; no other officer where the rule keeps other officers out."""
    held = {h.person_id for role, holders in made.cast.roles.items() if role != "protocol_admin" for h in holders}
    if any(viewer.get("who_code") == "other_officers" for viewer in made.resolution.exclude_viewers):
        held = {pk for pk in held if made.cast.sides.get(pk) != copies.OFFICER}
    return frozenset(held - {person.pk for person, _kind in made.excluded.values()})


def answered_by(found: Ground, message: Message) -> copies.Answered:
    """What is replied to, seen from whoever wrote first."""
    first = queries.first_writer(message)
    addressed = first.audience.filter(added_by=first.sender_id).values_list("person_id", flat=True)
    return copies.Answered(found.party(first.sender_id), frozenset(addressed), marked=message.mark != Mark.OPEN)


REFUSED = {
    "never": lambda name: _("%(name)s can't be written to about this concern.") % {"name": name},
    "self": lambda name: _("You are in it already. Choose somebody else."),
    "status_only": lambda name: _("%(name)s sees stage and dates only, so they can't be sent what was written.") % {"name": name},
    "connected": lambda name: _("%(name)s can't be written to about this concern.") % {"name": name},
    "marked": lambda name: _("This message is marked, so it isn't copied to anybody else. The marking must be taken off first."),
    "protocol_forbids": lambda name: _(
        "The protocol doesn't let an officer copy a councillor's words to another councillor. Write to %(name)s in a message of its own."
    )
    % {"name": name},
}


def refusal_of(verdict: copies.Verdict, name: str) -> str:
    """Why a person can't be added, in words."""
    return str(REFUSED[verdict.refused](name))


def _agreed(concern: Concern, person: Person, by: Person, answered: copies.Answered | None) -> bool:
    """The raiser agrees by writing to somebody themselves; to that person, not to anybody further."""
    if by.pk == concern.raiser_id:
        return True
    return answered is not None and answered.first.id == concern.raiser_id and person.pk in answered.addressed_by_first


def _line(found: Ground, verdict: copies.Verdict, person: Person, reason: str) -> str:
    line = copies.foot_line(found.rule, exception=verdict.exception, name=person.full_name, default=_("CC {name}"))
    return _("%(line)s, because %(reason)s") % {"line": line, "reason": reason} if reason else line


@verb(MessageAction.SEND_MESSAGE, MessageEvent.MESSAGE_SENT)
def send_message(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    body: str,
    to: Iterable[Person],
    copied: Iterable[Person] = (),
    reason: str = "",
    marking: str = Mark.OPEN,
    covers: str = "",
    why: str = "",
    in_reply_to: UUID | None = None,
    override_reason: str = "",
    once: UUID | None = None,
) -> Message:
    """Send ``body`` to everybody in ``to`` and ``copied``; each of them sees all of them. Returns the message.

    ``reason``: why a reply goes to somebody whom the first writer didn't choose. ``once``: the same form sent twice is one
    message. Raises Refusal on the field that needs another answer.
    """
    concern = _open(concern_id, by=by)
    key = uuid5(by.pk, f"{concern.pk} {once}") if once else uuid4()
    if once and (sent := Message.objects.filter(pk=key).first()):
        return sent
    words = answer_needed(body, "body", _("Write the message."))
    chosen = {person.pk: person for person in to}
    if not chosen:
        raise Refusal(_("Choose who the message is to."), field="to")
    further = {person.pk: person for person in copied if person.pk not in chosen}
    mark, covered, because = _marking(concern, marking, covers, why)
    before = _answerable(concern, in_reply_to)
    found = ground(concern, now=now)
    answered = answered_by(found, before) if before else None
    writer = found.party(by.pk)
    rows: list[Audience] = []
    message = Message(
        id=key, concern=concern, sender=by, body=words, marking=mark, covers=covered or None, why=because or None, in_reply_to=before,
        sent_at=now,
    )  # fmt: skip
    disclosed = False
    for person, role, field in [
        *((person, AudienceRole.TO, "to") for person in chosen.values()),
        *((person, AudienceRole.COPIED, "copied") for person in further.values()),
    ]:
        verdict = copies.judge(found.rule, writer=writer, person=found.party(person.pk), answered=answered)
        if not verdict.allowed:
            raise Refusal(refusal_of(verdict, person.full_name), field=field)
        if verdict.needs_reason and not reason.strip():
            raise Refusal(
                _("Say why %(name)s gets it too. The reason stands at the foot of the message, for everybody.") % {"name": person.full_name},
                field="reason",
            )
        if verdict.needs_consent and not _agreed(concern, person, by, answered):
            consent.cover(concern, ConsentKind.WIDER_CIRCLE, by=by, now=now, override_reason=override_reason)
        disclosed = disclosed or verdict.discloses
        rows.append(_row(message, person, role, by, now, found, verdict, reason.strip() if verdict.discloses else ""))
    rows.append(_row(message, by, AudienceRole.SENDER, by, now, found, copies.Verdict(), ""))
    if disclosed and answered and answered.first.id not in {*chosen, *further, by.pk}:
        raise Refusal(
            _("Whoever wrote first must see that it goes to somebody else. Send it to them as well."), field="to"
        )
    message.save(force_insert=True)
    Audience.objects.bulk_create(rows)
    facts = {"message": str(message.pk), "people": len(chosen), "copied": len(further), "marking": mark, "disclosed": disclosed}
    audit.record(concern, MessageEvent.MESSAGE_SENT, by=by, now=now, facts=facts)
    _tell(concern, [*chosen.values(), *further.values()], by=by, now=now)
    return message


@verb(MessageAction.COPY_MESSAGE, MessageEvent.MESSAGE_COPIED)
def copy_message(
    *, message_id: UUID, by: Person, now: datetime, person: Person, reason: str, override_reason: str = ""
) -> Audience:
    """Let one more person read a message that was sent. Everybody in it sees the new name, the reason and who did it.

    Whoever wrote first is told now; the copy takes effect when they have opened their messages, or a day later.
    """
    concern = _open(queries.message(message_id).concern_id, by=by)
    message = queries.message(message_id)  # as it is now that nobody else can add to it
    because = answer_needed(reason, "reason", _("Say why. The reason stands at the foot of the message, for everybody."))
    if any(row.person_id == person.pk for row in message.audience.all()):
        raise Refusal(_("%(name)s has this message already.") % {"name": person.full_name}, field="person")
    found = ground(concern, now=now)
    answered = answered_by(found, message)
    verdict = copies.judge(found.rule, writer=found.party(by.pk), person=found.party(person.pk), answered=answered, later=True)
    if not verdict.allowed:
        raise Refusal(refusal_of(verdict, person.full_name), field="person")
    if verdict.needs_consent and not _agreed(concern, person, by, answered):
        consent.cover(concern, ConsentKind.WIDER_CIRCLE, by=by, now=now, override_reason=override_reason)
    row = _row(message, person, AudienceRole.COPIED, by, now, found, verdict, because)
    row.disclosed_to_first = True
    if answered.first.id not in (by.pk, person.pk):
        row.effective_at = now + NOTICE_OF_COPY
    Audience.objects.bulk_create([row])
    facts = {"message": str(message.pk), "exception": verdict.exception}
    audit.record(concern, MessageEvent.MESSAGE_COPIED, by=by, now=now, facts=facts)
    _tell(concern, [person, *(reader.person for reader in message.audience.all())], by=by, now=now)
    return row


@verb(MessageAction.UNMARK_MESSAGE, MessageEvent.MESSAGE_UNMARKED)
def unmark_message(*, message_id: UUID, by: Person, now: datetime) -> Message:
    """Take the marking off: whoever marked it, or the clerk if they are in its audience. It was marked stays recorded."""
    message = queries.message(message_id)
    concern = _open(message.concern_id, by=by)
    if message.mark == Mark.OPEN:
        raise Refusal(_("This message carries no marking."))
    if not may_unmark(message, by=by, concern=concern, now=now):
        raise Refusal(_("Only whoever marked it, or the clerk, can take the marking off."))
    changed = Message.objects.filter(pk=message.pk, unmarked_at__isnull=True).update(unmarked_at=now, unmarked_by=by)
    if not changed:
        raise Refusal(_("This message carries no marking."))
    message.unmarked_at, message.unmarked_by = now, by
    facts = {"message": str(message.pk), "marking": message.marking}
    audit.record(concern, MessageEvent.MESSAGE_UNMARKED, by=by, now=now, facts=facts)
    _tell(concern, [row.person for row in message.audience.all()], by=by, now=now)
    return message


def may_unmark(message: Message, *, by: Person, concern: Concern, now: datetime) -> bool:
    """Whether ``by`` may take its marking off."""
    if message.sender_id == by.pk:
        return True
    held = councils.roles_of(by, concern.council, on=timezone.localdate(now))
    return any(row.role in CLERK or (row.acting_for and row.acting_for.role in CLERK) for row in held)


def record_opening(concern: Concern, *, by: Person, now: datetime) -> None:
    """``by`` has the messages in front of them: note it, and let copies they were to see first take effect."""
    mine = Audience.objects.filter(concern=concern, person=by, opened_at__isnull=True)
    mine.update(opened_at=now)
    waiting = Audience.objects.filter(concern=concern, role=AudienceRole.COPIED, effective_at__gt=now).select_related("message")
    for row in waiting:
        if queries.first_writer(row.message).sender_id == by.pk:
            Audience.objects.filter(pk=row.pk).update(effective_at=max(now, row.added_at))


def record_reading(message: Message, *, by: Person, now: datetime) -> None:
    """Somebody who isn't on the concern has the message in front of them."""
    Audience.objects.filter(message=message, person=by, opened_at__isnull=True).update(opened_at=now)


def _open(concern_id: UUID, *, by: Person) -> Concern:
    """The concern, locked, for somebody who reads it. Raises NotVisible for everybody else."""
    concern = lock(concern_id, by=by, permission=policy.READ)
    if not writing.takes_words(concern):
        raise Refusal(str(wording.CLOSED))
    return concern


def _answerable(concern: Concern, message_id: UUID | None) -> Message | None:
    if message_id is None:
        return None
    message = queries.message(message_id)
    if message.concern_id != concern.pk:
        raise queries.NotVisible
    return message


def _marking(concern: Concern, marking: str, covers: str, why: str) -> tuple[str, str, str]:
    """The marking, what it covers and why; an open message has neither."""
    protocol = concern.protocol_version.protocol if concern.protocol_version_id else None
    if marking not in {code for code, _label, _meaning in wording.marks(protocol)}:
        raise Refusal(_("Choose a marking from the list."), field="marking")
    if marking == Mark.OPEN:
        return marking, "", ""
    return (
        marking,
        answer_needed(covers, "covers", _("Say what is in confidence.")),
        answer_needed(why, "why", _("Say why it is.")),
    )


def _row(
    message: Message, person: Person, role: AudienceRole, by: Person, now: datetime, found: Ground, verdict: copies.Verdict, reason: str
) -> Audience:
    """One line of the audience; with the line at the foot where it discloses a copy."""
    return Audience(
        message=message, concern=found.concern, person=person, role=role, added_by=by, added_at=now, effective_at=now,
        outside=verdict.needs_consent, exception=verdict.exception, reason=reason or None,
        line=_line(found, verdict, person, reason) if verdict.discloses else None, disclosed_to_first=verdict.discloses,
    )  # fmt: skip


def _tell(concern: Concern, people: Iterable[Person], *, by: Person, now: datetime) -> None:
    """One notice each; for those who aren't on the concern one that names none."""
    others = {person.pk: person for person in people if person.pk != by.pk}
    knows = [person for person in others.values() if policy.can_see(person, concern)]
    outbox.put(concern, NoticeKind.RECEIVED, to=knows, now=now)
    outbox.put(None, NoticeKind.RECEIVED, to=[person for person in others.values() if person not in knows], now=now)
