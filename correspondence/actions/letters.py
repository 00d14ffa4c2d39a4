"""Letters: drafted from a template, edited, sent once and kept as sent.

For the other rooms: ``draft_letter`` and ``send_letter`` inside an action of their own (see docs/architecture.md).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from concerns import audit, outbox, policy, rooms
from concerns.actions.verb import answer_needed
from concerns.enums import ExclusionKind, NoticeKind, State
from concerns.models import Concern, Exclusion, Participation, Witness
from correspondence import policy as writing
from correspondence import queries, wording
from correspondence.actions import verb
from correspondence.domain import tokens as words_in_braces
from correspondence.enums import LetterAction, LetterEvent, LetterKind, LetterState, Mark
from correspondence.models import Letter
from correspondence.reports.letters import checksum, letter_pdf
from councils.errors import Refusal
from councils.models import Person

# Nobody is told while it is only sent, or while the raiser talks to them in private: the same for a letter.
NOT_TAKEN_UP = frozenset({State.LODGED, State.NEEDS_HANDLER, State.DIRECT})
OF_THE_MATTER = frozenset({ExclusionKind.SUBJECT, ExclusionKind.WITNESS})


@verb(LetterAction.DRAFT_LETTER, None)
def draft_letter(
    *,
    concern: Concern,
    kind: str,
    by: Person,
    now: datetime,
    to_person: Person | None = None,
    to_name: str = "",
    to_address: str = "",
    tokens: Mapping[str, str] | None = None,
    marking: str = Mark.OPEN,
    about: UUID | None = None,
) -> Letter:
    """A draft of a letter about ``concern`` that ``by`` can see, from the template of its ``kind``.

    What the rooms know of the case is filled in (``rooms.LETTER_FACTS``), then ``tokens``, what the caller knows
    (domain.tokens.ALLOWED); what nobody knows stays in braces for whoever edits the draft. ``about``: the caller's own row. Raises Refusal without a recipient or in a state that takes no
    words, ValueError for an unknown kind or token.
    """
    kind = LetterKind(kind)
    if not writing.takes_words(concern):
        raise Refusal(str(wording.CLOSED))
    name = to_person.full_name if to_person else to_name.strip()
    if not name:
        raise Refusal(_("Choose who the letter is to, or give a name."), field="to_name")
    if to_person is not None:
        _check_recipient(concern, to_person)
    known = rooms.letter_facts(concern, kind, to=to_person, by=by, now=now)
    values = {**queries.tokens_for(concern, by=by, name=name, now=now), **known, **{key: str(value) for key, value in (tokens or {}).items()}}
    return Letter.objects.create(
        concern=concern,
        kind=kind,
        to_person=to_person,
        to_name=None if to_person else name,
        to_address=to_address.strip() or None,
        body=words_in_braces.fill(str(wording.LETTERS[kind][1]), values),
        marking=_mark(concern, marking),
        about=about,
        made_by=by,
        made_at=now,
    )


@verb(LetterAction.EDIT_LETTER, None)
def edit_letter(
    *,
    letter_id: UUID,
    by: Person,
    now: datetime,
    body: str,
    to_name: str = "",
    to_address: str = "",
    marking: str | None = None,
    revision: int | None = None,
) -> Letter:
    """Change a draft's words. Raises Refusal once it was sent."""
    letter = _drafted(letter_id, by=by, revision=revision)
    letter.body = answer_needed(body, "body", _("Write the letter."))
    if letter.to_person_id is None:
        letter.to_name = answer_needed(to_name or str(letter.to_name or ""), "to_name", _("Give the name of the person it is to."))
        letter.to_address = to_address.strip() or None
    if marking is not None:
        letter.marking = _mark(letter.concern, marking)
    _store(letter)
    return letter


@verb(LetterAction.SEND_LETTER, LetterEvent.LETTER_SENT)
def send_letter(*, letter_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Letter:
    """Send a draft: kept as sent with its checksum; the person gets a notice, or it is printed for a name and address.

    Somebody who may never see the concern (its subject) finds the letter by its own row. Raises Refusal while something
    still stands in braces.
    """
    letter = _drafted(letter_id, by=by, revision=revision)
    concern = letter.concern
    if letter.to_person is not None:
        _check_recipient(concern, letter.to_person)  # who reads it may have changed since the draft
    missing = words_in_braces.left(str(letter.body or ""))
    if missing:
        raise Refusal(
            _("Fill in what stands in braces first, or take it out: %(missing)s") % {"missing": ", ".join(missing)}, field="body"
        )
    answer_needed(str(letter.body or ""), "body", _("Write the letter."))
    letter.sent_at, letter.sent_by = now, by
    letter.pdf = letter_pdf(letter)
    letter.sha256 = checksum(letter.pdf)
    letter.send()
    _store(letter)
    person = letter.to_person
    facts: dict[str, Any] = {"letter_kind": letter.kind, "letter": str(letter.pk), "means": "portal" if person else "printed"}
    audit.record(concern, LetterEvent.LETTER_SENT, by=by, now=now, facts=facts)
    if person is not None and person.pk != by.pk:
        knows = policy.can_see(person, concern)
        outbox.put(concern if knows else None, NoticeKind.RECEIVED, to=person, now=now)
    return letter


@verb(LetterAction.DISCARD_LETTER, None)
def discard_letter(*, letter_id: UUID, by: Person, now: datetime, revision: int | None = None) -> None:
    """Throw a draft of one's own away. Raises Refusal once it was sent."""
    letter = _drafted(letter_id, by=by, revision=revision)
    if letter.made_by_id != by.pk:
        raise Refusal(_("Only whoever began this letter can throw it away."))
    letter.delete()


def record_opening(letter: Letter, *, by: Person, now: datetime) -> None:
    """Note when the person it is to first opened it."""
    if letter.to_person_id == by.pk and letter.opened_at is None and letter.state == LetterState.SENT:
        Letter.objects.filter(pk=letter.pk, opened_at__isnull=True).update(opened_at=now)


def recipients(concern: Concern) -> frozenset[UUID]:
    """Who with an account a letter may be to: the parties, the witnesses and whoever reads it. Nobody else learns of it by a letter.

    No person shut out for any reason but being its subject or a witness, and the subject only once somebody deals with it.
    """
    state = Concern.objects.values_list("state", flat=True).get(pk=concern.pk)  # as it is now, not as it was handed in
    subjects = set(concern.subjects.values_list("person_id", flat=True))
    known = {concern.raiser_id, *Witness.objects.filter(concern=concern).values_list("person_id", flat=True)}
    known |= set(Participation.objects.filter(concern=concern, until__isnull=True, reads=True).values_list("person_id", flat=True))
    out = Exclusion.objects.filter(concern=concern).exclude(kind__in=OF_THE_MATTER).values_list("person_id", flat=True)
    told = set() if state in NOT_TAKEN_UP else subjects
    return frozenset((known - set(out) - subjects) | told)


def _check_recipient(concern: Concern, person: Person) -> None:
    """Raises Refusal for somebody who may learn nothing of it, or nothing yet."""
    if person.pk not in recipients(concern):
        words = _("%(name)s isn't told of this concern by a letter. Choose somebody from the list, or write a message: the person who raised it is asked first.")
        raise Refusal(words % {"name": person.full_name}, field="to_person")


def _drafted(letter_id: UUID, *, by: Person, revision: int | None) -> Letter:
    """The draft, locked, for somebody who is on the concern. Raises NotVisible or Refusal."""
    letter = queries.lock_letter(letter_id, revision=revision)
    concern = policy.visible_to(by).filter(pk=letter.concern_id).select_related("council", "protocol_version", "raiser").first()
    if concern is None:
        if letter.state == LetterState.SENT:  # it is theirs to read, not to change
            raise Refusal(str(wording.NOT_DRAFT))
        raise queries.NotVisible
    letter.concern = concern
    if letter.state != LetterState.DRAFT:
        raise Refusal(str(wording.NOT_DRAFT))
    return letter


def _store(letter: Letter) -> None:
    letter.revision += 1
    letter.save()


def _mark(concern: Concern, marking: str) -> str:
    protocol = concern.protocol_version.protocol if concern.protocol_version_id else None
    if marking not in {code for code, _label, _meaning in wording.marks(protocol)}:
        raise Refusal(_("Choose a marking from the list."), field="marking")
    return marking

