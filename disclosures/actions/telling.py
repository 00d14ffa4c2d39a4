"""Those who deal with a concern tell the person it is about: draft, disclose, close."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns import audit, outbox
from concerns.actions.verb import answer_needed, people_as, store
from concerns.domain import naming
from concerns.enums import Capacity, NoticeKind, Scan
from concerns.models import Concern, DisclosedCopy
from councils.errors import Refusal
from councils.models import Person
from disclosures import queries, wording
from disclosures.actions.step import begin, check, keep, locked, refuse, verb
from disclosures.domain import rules
from disclosures.enums import DisclosureAction, DisclosureEvent, DisclosureState, Kind
from disclosures.models import DisclosedPaper, Disclosure, PaperOpening, SubjectPaper

A, E, S = DisclosureAction, DisclosureEvent, DisclosureState


@verb(A.DRAFT_DISCLOSURE, None)
def draft_disclosure(
    *,
    concern_id: UUID,
    by: Person,
    now: datetime,
    person: Person,
    kind: str,
    text: str,
    answer_by: date | None = None,
    basis: str = "",
    copies: Collection[UUID] = (),
    revision: int | None = None,
) -> Disclosure:
    """Write, or with the ``revision`` of the draft at hand change, what one subject is to be told. They see nothing yet.

    Raises Refusal for somebody the concern isn't about, an unknown kind, no text, a date that can't stand, or a draft
    that somebody else has begun or changed meanwhile.
    """
    concern, _facts = begin(A.DRAFT_DISCLOSURE, concern_id, by=by, now=now)
    row = Disclosure.objects.select_for_update(of=("self",)).filter(concern=concern, person=person, state=S.DRAFTED).first()
    subject = next((party for party in concern.parties if party.person_id == person.pk), None)
    if subject is None:
        raise Refusal(_("Choose one of the people the concern is about."), field="person")
    if kind not in list(Kind):
        raise Refusal(_("Choose why they are told."), field="kind")
    refuse(rules.may_disclose(kind, concern.state, on_hold=False), "kind")
    words = answer_needed(text, "text", _("Write what is disclosed."))
    field, code = rules.wrong_date(kind, answer_by, basis, today=timezone.localdate(now))
    refuse(code, field)
    chosen = _chosen(concern, copies)
    if row is None:
        if revision is not None:
            raise Refusal(str(wording.GONE))
        row = Disclosure(
            concern=concern, person=person, council=concern.council, protocol_version=concern.protocol_version, role=subject.role,
            answer=None, companion=None, reply=None,
        )  # fmt: skip
    elif revision is None:
        raise Refusal(_("There is a draft for this person already. Open it from the concern’s page and change it there."), field="person")
    else:
        check(row, revision)
    row.kind, row.text, row.answer_by = kind, words, answer_by
    row.basis = basis if answer_by else ""
    row.copies = chosen
    row.made_by, row.made_at = by, now
    keep(row, "kind", "text", "answer_by", "basis", "copies", "made_by", "made_at")
    return row


def _chosen(concern: Concern, copies: Collection[UUID]) -> list[str]:
    known = {copy.pk for copy in queries.copies(concern)} if copies else set()
    if not set(copies) <= known:
        raise Refusal(_("Choose papers from the list."), field="copies")
    return [str(pk) for pk in dict.fromkeys(copies)]


@verb(A.DISCARD_DISCLOSURE, None)
def discard_disclosure(*, concern_id: UUID, disclosure_id: UUID, by: Person, now: datetime, revision: int | None = None) -> None:
    """Throw a draft away. Raises Refusal once it was disclosed."""
    begin(A.DISCARD_DISCLOSURE, concern_id, by=by, now=now)
    row = locked(concern_id, disclosure_id, revision)
    if row.state != S.DRAFTED:
        raise Refusal(str(wording.GONE))
    row.delete()


def names_in(concern: Concern, row: Disclosure) -> dict[str, list[str]]:
    """Whom the text names of those who may not want to be: raiser, witnesses, other subjects. By code."""
    people = {
        "raiser": [concern.raiser.full_name],
        "witness": [witness.person.full_name for witness in concern.witnesses.select_related("person")],
        "subject": [s.person.full_name for s in concern.subjects.select_related("person") if s.person_id != row.person_id],
    }
    return naming.named(str(row.text or ""), people, but=[row.person.full_name])


@verb(A.DISCLOSE, E.DISCLOSED)
def disclose(
    *,
    concern_id: UUID,
    disclosure_id: UUID,
    by: Person,
    now: datetime,
    names_confirmed: bool = False,
    revision: int | None = None,
) -> Disclosure:
    """Show a draft to its subject, who is sent a message; from here on its text stays as it is.

    Where the text names the raiser, a witness or another subject that has to be confirmed, and is kept. With it the
    concern says when its subject was told, once all of them have been.
    """
    concern, facts = begin(A.DISCLOSE, concern_id, by=by, now=now)
    row = locked(concern_id, disclosure_id, revision)
    today = timezone.localdate(now)
    if row.state != S.DRAFTED:
        raise Refusal(_("It has been disclosed already."))
    refuse(rules.may_disclose(row.kind, concern.state, on_hold=facts.on_hold))
    refuse(rules.wrong_date(row.kind, row.answer_by, row.basis, today=today)[1])
    hits = names_in(concern, row)
    if hits and not names_confirmed:
        raise Refusal(
            _("The text names %(names)s. Change it, or confirm that they are meant to be named.")
            % {"names": ", ".join(name for found in hits.values() for name in found)},
            field="names_confirmed",
        )
    _give_papers(concern, row, by=by, now=now)
    row.disclose()
    row.disclosed_by, row.disclosed_at = by, now
    row.disclosed_hat = next((part.hat for part in concern.mine), "")
    keep(row, "disclosed_by", "disclosed_at", "disclosed_hat")
    if concern.subject_told_on is None and queries.everyone_told(concern):
        concern.subject_told_on = today
    store(concern, now=now)
    told = {"answer_by": row.answer_by.isoformat()} if row.answer_by else {}
    known = {"disclosure": str(row.pk), "why": row.kind, "papers": len(row.copies), "names": sorted(hits), **told}
    audit.record(concern, E.DISCLOSED, by=by, now=now, facts=known)
    outbox.put(None, NoticeKind.NEEDS_YOU, to=row.person, now=now)
    outbox.put(concern, NoticeKind.PROGRESS, to=concern.raiser, now=now)
    outbox.put(concern, NoticeKind.NEEDS_YOU, to=[p for p in people_as(concern, Capacity.CONVENER) if p.pk != by.pk], now=now)
    return row


def _give_papers(concern: Concern, row: Disclosure, *, by: Person, now: datetime) -> None:
    """Copies as they are now, bytes and all: what was given out stays whatever becomes of the copy."""
    wanted = [UUID(pk) for pk in row.copies]
    clean = DisclosedCopy.objects.filter(concern=concern, pk__in=wanted).exclude(document__scan=Scan.INFECTED)
    found = {copy.pk: copy for copy in clean}
    for pk in wanted:
        copy = found.get(pk)
        if copy is None:
            raise Refusal(_("A paper that was chosen isn't there any more. Look at the draft again."))
        DisclosedPaper.objects.create(
            disclosure=row, document_id=copy.document_id, copy_id=copy.pk, name=copy.name, media_type=copy.media_type,
            size=copy.size, sha256=copy.sha256, content=copy.content, added_by=by, added_at=now,
        )  # fmt: skip


@verb(A.CLOSE_DISCLOSURE, E.CLOSED)
def close_disclosure(
    *, concern_id: UUID, disclosure_id: UUID, by: Person, now: datetime, reply: str = "", revision: int | None = None
) -> Disclosure:
    """Nothing more is wanted of the subject; they may read a last word. Raises Refusal while they have time to answer."""
    concern, _facts = begin(A.CLOSE_DISCLOSURE, concern_id, by=by, now=now)
    row = locked(concern_id, disclosure_id, None)
    refuse(rules.may_close(row.state, row.answer_by, today=timezone.localdate(now)))
    check(row, revision)  # an answer that came meanwhile is read before it is closed
    before = row.state
    row.close()
    row.reply = (reply or "").strip() or None
    row.closed_at, row.closed_by = now, by
    keep(row, "reply", "closed_at", "closed_by")
    store(concern, now=now)
    known = {"disclosure": str(row.pk), "answered": before == S.ANSWERED}
    audit.record(concern, E.CLOSED, by=by, now=now, facts=known)
    outbox.put(None, NoticeKind.PROGRESS, to=row.person, now=now)
    return row


def log_paper(paper: SubjectPaper, *, by: Person, now: datetime) -> None:
    """Note that one of those who deal with it opened a paper of the subject's; the subject is shown when."""
    seen = PaperOpening.objects.filter(paper=paper, person=by).update(last_at=now, times=F("times") + 1)
    if not seen:
        first = PaperOpening(disclosure_id=paper.disclosure_id, paper=paper, person=by, first_at=now, last_at=now)
        PaperOpening.objects.bulk_create([first], ignore_conflicts=True)  # two tabs at the same moment are one opening
