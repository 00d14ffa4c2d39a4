"""A person's request for the data kept of them: asked, cleared up, gathered, prepared by one records keeper, released by another."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.enums import NoticeKind
from concerns.models.concern import new_reference
from councils.errors import Refusal
from councils.models import Appointment, Council, Person
from rights import audit, dues, queries
from rights.actions.verbs import begin, needed, seated_others, store, tell, verb
from rights.enums import AccessState, Ground, Kind, LineType, Source, Step, Verdict
from rights.models import ExportItem, Line, SubjectRequest
from rights.models.access import OPEN
from rights.reports.package import build


@verb(Step.ASK_ACCESS, LineType.OPENED)
def ask_access(*, council: Council, by: Person, now: datetime, scope: str = "") -> SubjectRequest:
    """Ask for the data kept of oneself. One request at a time in a council; also who left may ask. Raises Refusal."""
    if not Appointment.objects.filter(person=by, council=council).exists():
        raise Refusal(_("Ask the council where you have or had a post."))
    if SubjectRequest.objects.filter(council=council, requester=by, state__in=[state.value for state in OPEN]).exists():
        raise Refusal(_("You have asked already. Here you see where it stands."))
    row = SubjectRequest(
        council=council, requester=by, scope=(scope or "").strip() or None, received_on=timezone.localdate(now), opened_at=now, updated_at=now,
        reference=new_reference(),
    )  # fmt: skip
    row.save(force_insert=True)
    audit.rooms.mark(audit.ROOM, row.pk, now=now)
    return row


@verb(Step.CLARIFY, LineType.CLARIFICATION_ASKED)
def clarify(*, row_id: UUID, by: Person, now: datetime, question: str, revision: int | None = None) -> SubjectRequest:
    """Ask what is meant; the clock stands still until they say. Raises Refusal without a question."""
    row: SubjectRequest = begin(Step.CLARIFY, row_id, by=by, now=now, revision=revision)
    if row.question_on is not None:
        raise Refusal(_("That was asked once already. Go on with what you have."))
    before = row.state
    row.question = needed(question, "question", _("Say what you need to know."))
    row.question_on = timezone.localdate(now)
    row.clarify()
    store(row, "question", "question_on", now=now)
    audit.record(row, LineType.CLARIFICATION_ASKED, by=by, now=now, from_state=before, reason=question.strip())
    tell([row.requester], now=now, kind=NoticeKind.NEEDS_YOU)
    return row


@verb(Step.ANSWER_CLARIFICATION, LineType.CLARIFIED)
def answer_clarification(*, row_id: UUID, by: Person, now: datetime, answer: str, revision: int | None = None) -> SubjectRequest:
    """Say what was meant; the clock goes on. Raises Refusal without an answer."""
    row: SubjectRequest = begin(Step.ANSWER_CLARIFICATION, row_id, by=by, now=now, revision=revision)
    before = row.state
    row.question_answer = needed(answer, "answer", _("Say what you would like to have."))
    row.answered_on = timezone.localdate(now)
    row.clarified()
    store(row, "question_answer", "answered_on", now=now)
    audit.record(row, LineType.CLARIFIED, by=by, now=now, from_state=before)
    return row


@verb(Step.EXTEND, LineType.EXTENDED)
def extend(*, row_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> SubjectRequest:
    """Two months more, where there is much or it is hard; only within the first month, and they are told why. Raises Refusal."""
    row: SubjectRequest = begin(Step.EXTEND, row_id, by=by, now=now, revision=revision)
    today = timezone.localdate(now)
    if today > dues.access_due(row, today):
        raise Refusal(_("The first month is over: more time can’t be taken any more. Answer now, and say why it is late."))
    row.extended_why = needed(reason, "reason", _("Say why it needs more time. They are told."))
    row.extended_on = today
    store(row, "extended_on", "extended_why", now=now)
    audit.record(row, LineType.EXTENDED, by=by, now=now, reason=reason.strip())
    tell([row.requester], now=now)
    return row


@verb(Step.GATHER, LineType.GATHER_ASKED)
def gather(*, row_id: UUID, by: Person, now: datetime, revision: int | None = None) -> SubjectRequest:
    """Have everything found; what was decided on before is decided anew."""
    row: SubjectRequest = begin(Step.GATHER, row_id, by=by, now=now, revision=revision)
    before = row.state
    row.gather()
    store(row, now=now)
    audit.record(row, LineType.GATHER_ASKED, by=by, now=now, from_state=before)
    return row


@verb(Step.DECIDE_ITEM, LineType.ITEM_DECIDED)
def decide_item(
    *, row_id: UUID, item: ExportItem, by: Person, now: datetime, verdict: str, ground: str = "", hidden: str = "", revision: int | None = None
) -> SubjectRequest:
    """Give an item, with further words taken out, or withhold it on a ground of the law. Raises Refusal."""
    row: SubjectRequest = begin(Step.DECIDE_ITEM, row_id, by=by, now=now, revision=revision)
    if item.source == Source.UNTOLD:
        raise Refusal(_("They haven’t been told of this. Whoever deals with it decides when they are; until then it is withheld."))
    if verdict not in set(Verdict):
        raise Refusal(_("Choose whether it is given."), field="verdict")
    if verdict == Verdict.WITHHOLD and ground not in set(Ground):
        raise Refusal(_("Say on which ground it is withheld."), field="ground")
    if verdict == Verdict.GIVE and item.content is not None and hidden.strip():
        raise Refusal(_("Words can’t be taken out of a file. Withhold the file, or give it as it is."), field="hidden")
    item.checked_by = None
    item.verdict, item.ground = verdict, ground if verdict == Verdict.WITHHOLD else ""
    item.hidden, item.decided_by = hidden.strip() or None, by
    item.save(update_fields=["verdict", "ground", "hidden", "decided_by", "checked_by"])
    store(row, now=now)
    facts = {"item": item.number, "verdict": item.verdict, "ground": item.ground}
    audit.record(row, LineType.ITEM_DECIDED, by=by, now=now, facts=facts)
    return row


@verb(Step.OPEN_FILE, LineType.FILE_OPENED)
def open_file(*, row: SubjectRequest, item: ExportItem, by: Person, now: datetime) -> bytes:
    """A file that may be given out, for whoever decides about it or releases it; that they opened it is written down. Raises Refusal."""
    if row.pk not in queries.seated() or item.content is None or row.state not in (AccessState.PREPARING, AccessState.PREPARED):
        raise Refusal(_("There is no file to open now."))
    audit.record(row, LineType.FILE_OPENED, by=by, now=now, facts={"item": item.number})
    return bytes(item.content)


@verb(Step.PREPARE, LineType.PREPARED)
def prepare(*, row_id: UUID, by: Person, now: datetime, revision: int | None = None) -> SubjectRequest:
    """Every item is decided: another records keeper looks at it and releases it. Raises Refusal where there is no other."""
    row: SubjectRequest = begin(Step.PREPARE, row_id, by=by, now=now, revision=revision)
    others = seated_others(row, Kind.ACCESS, by)
    if not others:
        raise Refusal(_("It takes a second records keeper, and no other may deal with this one. Ask the council’s administrator to name one more."))
    before = row.state
    row.prepare()
    row.prepared_by, row.prepared_at = by, now
    store(row, "prepared_by", "prepared_at", now=now)
    audit.record(row, LineType.PREPARED, by=by, now=now, from_state=before)
    tell(others, now=now, kind=NoticeKind.NEEDS_YOU)
    return row


@verb(Step.SEND_BACK, LineType.SENT_BACK)
def send_back(*, row_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> SubjectRequest:
    """Something has to be decided differently. Raises Refusal without saying what."""
    row: SubjectRequest = begin(Step.SEND_BACK, row_id, by=by, now=now, revision=revision)
    words = needed(reason, "reason", _("Say what has to change."))
    before, prepared_by = row.state, row.prepared_by
    row.send_back()
    row.prepared_by = row.prepared_at = None
    store(row, "prepared_by", "prepared_at", now=now)
    audit.record(row, LineType.SENT_BACK, by=by, now=now, from_state=before, reason=words)
    tell([prepared_by] if prepared_by != by else [], now=now, kind=NoticeKind.NEEDS_YOU)
    return row


@verb(Step.RELEASE, LineType.RELEASED)
def release(
    *, row_id: UUID, by: Person, now: datetime, sure: bool, files_read: Collection[int] = (), revision: int | None = None
) -> SubjectRequest:
    """Give it out, as a second person: whoever asked can fetch it from now on. Raises Refusal for whoever prepared it.

    ``files_read``: the numbers of the files that they have read and found nobody else in. No file is searched for names, so
    each one that is given has to be among them, and they have to have opened it.
    """
    row: SubjectRequest = begin(Step.RELEASE, row_id, by=by, now=now, revision=revision)
    if not sure:
        raise Refusal(_("Say that you have looked at each item."), field="sure")
    _mark_read(row, set(files_read), by=by)
    before = row.state
    row.release()
    row.package = build(row, list(row.items.all()), now=now)
    row.sha256 = hashlib.sha256(row.package).hexdigest()
    row.released_by, row.closed_at = by, now
    store(row, "released_by", "closed_at", "package", "sha256", now=now)
    audit.record(row, LineType.RELEASED, by=by, now=now, from_state=before, facts={"sha256": row.sha256})
    tell([row.requester], now=now, kind=NoticeKind.NEEDS_YOU)
    return row


def _mark_read(row: SubjectRequest, numbers: set[int], *, by: Person) -> None:
    files = list(row.items.filter(verdict=Verdict.GIVE, content__isnull=False).defer("content", "body"))
    left = [str(item.number) for item in files if item.number not in numbers]
    if left:
        words = _("Files aren’t searched for names. Open each, and say that you have read it and nobody else is in it, or send the request back so that it is left out: %(numbers)s.")
        raise Refusal(words % {"numbers": ", ".join(left)}, field="files_read")
    opened = set(Line.objects.filter(about_id=row.pk, type=LineType.FILE_OPENED, by_id=by.pk).values_list("facts__item", flat=True))
    unopened = [str(item.number) for item in files if item.number not in opened]
    if unopened:
        raise Refusal(_("You haven’t opened these files yet: %(numbers)s.") % {"numbers": ", ".join(unopened)}, field="files_read")
    row.items.filter(pk__in=[item.pk for item in files]).update(checked_by=by)


@verb(Step.FETCH, LineType.FETCHED)
def fetch(*, row: SubjectRequest, by: Person, now: datetime) -> bytes:
    """What was released, for whoever asked alone. Raises Refusal where it isn't kept any more."""
    if row.requester_id != by.pk or row.state != AccessState.RELEASED:
        raise Refusal(_("There is nothing to fetch."))
    if row.package is None:
        raise Refusal(_("It isn’t kept any more. Ask again if you need it."))
    audit.record(row, LineType.FETCHED, by=by, now=now)
    return bytes(row.package)


@verb(Step.REFUSE_ACCESS, LineType.REFUSED)
def refuse_access(*, row_id: UUID, by: Person, now: datetime, reason: str, revision: int | None = None) -> SubjectRequest:
    """Not answer it, because it is plainly unfounded or far too much; with reasons, and their way to complain. Raises Refusal."""
    row: SubjectRequest = begin(Step.REFUSE_ACCESS, row_id, by=by, now=now, revision=revision)
    before = row.state
    row.answer = needed(reason, "reason", _("Say why. They read it, with how they can complain."))
    row.refuse()
    row.closed_at = now
    store(row, "answer", "closed_at", now=now)
    audit.record(row, LineType.REFUSED, by=by, now=now, from_state=before, reason=reason.strip())
    tell([row.requester], now=now, kind=NoticeKind.NEEDS_YOU)
    return row


@verb(Step.WITHDRAW_ACCESS, LineType.WITHDRAWN)
def withdraw_access(*, row_id: UUID, by: Person, now: datetime, revision: int | None = None) -> SubjectRequest:
    """Not want it any more."""
    row: SubjectRequest = begin(Step.WITHDRAW_ACCESS, row_id, by=by, now=now, revision=revision)
    before = row.state
    row.withdraw()
    row.closed_at = now
    store(row, "closed_at", now=now)
    audit.record(row, LineType.WITHDRAWN, by=by, now=now, from_state=before)
    return row
