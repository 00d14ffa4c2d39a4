"""The council's way out: choose and seal the papers, send them, prepare anew, address to somebody else."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from concerns import audit, outbox, rooms
from concerns import wording as concern_wording
from concerns.actions import copies
from concerns.actions.verb import answer_needed
from concerns.enums import EventType, NoticeKind, ProceedingKind
from concerns.models import Concern, Document, Event
from councils import wording as council_words
from councils.errors import Refusal
from councils.models import Person
from referrals import queries, wording
from referrals.actions import ground
from referrals.actions.ground import Held, begin, verb
from referrals.domain import course
from referrals.enums import STEPS_PAPER, Paper, ReferralEvent, SentBy, State, Step, SubjectTold
from referrals.models import Bundle, Referral, ReferralAccess
from referrals.reports import bundle as papers_report
from referrals.reports import letters


def _addressee(held: Held, person: Person | None) -> queries.Office:
    """The office, after checking that ``person`` may be addressed. Raises Refusal on ``addressed_to``."""
    office = queries.office(held.concern, held.referral, on=held.today)  # type: ignore[arg-type]
    if person is None:
        return office
    found = next((item for item in office.found if item.officer.person_id == person.pk), None)
    if found is None:
        raise Refusal(str(_("Choose somebody of the office from the list.")), field="addressed_to")
    bar = found.bar or ("mediated" if found.mediated else "")
    if bar:
        words = _("%(name)s %(why)s. Address it to a deputy, to the office by letter, or to another authority's Monitoring Officer.")
        raise Refusal(str(words) % {"name": person.full_name, "why": wording.BARS[bar]}, field="addressed_to")
    return office


def _told(held: Held, subject_told: str, reason: str) -> tuple[str, str]:
    """That the councillor is told before it leaves, or why that is left to the office. Raises Refusal."""
    if held.concern is not None and held.concern.subject_told_on is not None:
        return SubjectTold.TOLD, ""
    if subject_told not in list(SubjectTold):
        raise Refusal(str(_("Say whether the councillor has been told. Always before a formal step.")), field="subject_told")
    if subject_told == SubjectTold.BY_OFFICE:
        return subject_told, answer_needed(reason, "subject_told_reason", _("Say why it is left to the office to tell them."))
    return subject_told, ""


@verb(Step.SEAL, ReferralEvent.SEALED)
def seal(
    *, referral_id: UUID, by: Person, now: datetime, papers: Collection[str], identity_warned: bool, confidentiality_asked: bool | None,
    confidentiality_reason: str = "", subject_told: str = "", subject_told_reason: str = "", addressed_to: Person | None = None,
    other_destination: str = "", letter: str = "", called: Mapping[str, str] | None = None, revision: int | None = None,
) -> Referral:  # fmt: skip
    """Put the chosen papers into a bundle that can't be changed. A letter and what was written are always in it.

    ``papers``: "steps" and ids of documents; ``called``: what the office shall call them, by id. ``letter``: its words, else
    the template's. Of each document a copy without hidden data goes in, made for this bundle alone. Sealing again before it
    is sent makes another; the last one is sent. Raises Refusal when the warning about the identity isn't confirmed, an
    answer is missing, something still stands in braces, or a paper may not go in.
    """
    held = begin(Step.SEAL, referral_id, by=by, now=now, revision=revision)
    referral, concern = held.referral, held.concern
    if not identity_warned:
        words = _("Confirm that whoever complains knows: the councillor is normally told who complained.")
        raise Refusal(str(words), field="identity_warned")
    if confidentiality_asked is None:
        raise Refusal(str(_("Say whether confidentiality is asked for.")), field="confidentiality_asked")
    why = answer_needed(confidentiality_reason, "confidentiality_reason", _("Give the reason for asking.")) if confidentiality_asked else ""
    told, told_reason = _told(held, subject_told, subject_told_reason)
    offered = {str(document.pk): document for document in queries.papers_offered(concern)}  # type: ignore[arg-type]
    if any(paper not in offered for paper in papers if paper != STEPS_PAPER):
        raise Refusal(str(_("Choose papers from the list.")), field="papers")
    office = _addressee(held, addressed_to)
    if other_destination.strip() and addressed_to is None:
        referral.destination = other_destination.strip()
    else:
        referral.destination = referral.external_body.name if referral.external_body else referral.proceeding.destination
    referral.addressed_to = addressed_to
    referral.addressed_role = next((i.officer.role for i in office.found if addressed_to and i.officer.person_id == addressed_to.pk), "")
    referral.officer_mediated = office.mediated
    referral.identity_warning_at = now
    referral.confidentiality_asked, referral.confidentiality_reason = confidentiality_asked, why or None
    referral.subject_told, referral.subject_told_reason = told, told_reason or None
    chosen = [document for key, document in offered.items() if key in papers]
    files = [_file(document, number, (called or {}).get(str(document.pk), "")) for number, document in enumerate(chosen, 1)]
    steps = _steps(concern) if STEPS_PAPER in papers else None
    titles = [str(wording.PAPERS[Paper.WRITTEN]), *([str(wording.PAPERS[Paper.STEPS])] if steps is not None else []), *(file.title for file in files)]
    contents = papers_report.Contents(
        about={
            "concern": concern.reference, "referral": referral.reference, "number": str(referral.number), "sealed_at": now.isoformat()
        },
        cover=_cover(held, by),
        written=_written(concern),
        steps=steps,
        files=files,
        letter=_letter(held, letter, titles, by=by, now=now),
        at=timezone.localtime(now),
    )  # fmt: skip
    made = papers_report.make(contents)
    number = (referral.bundles.aggregate(last=Max("number"))["last"] or 0) + 1
    Bundle.objects.create(
        concern=concern, referral=referral, number=number, sealed_at=now, sealed_by=by, seal=made.seal, manifest=made.manifest.decode(),
        pdf=made.pdf, pdf_sha256=papers_report.sealing.sha256(made.pdf), zip=made.zip, zip_sha256=papers_report.sealing.sha256(made.zip),
        documents=[document.pk for document in chosen],
    )  # fmt: skip
    concern.proceedings.filter(pk=referral.proceeding_id).update(destination=referral.destination)
    ground.store(referral)
    ground.record(held, ReferralEvent.SEALED, by=by, now=now, papers=str(len(chosen) + 1 + (STEPS_PAPER in papers)))
    return referral


def _file(document: Document, number: int, called: str) -> papers_report.File:
    """The ``number``-th document: a copy without hidden data made for this bundle, under a name that says nothing of it.

    Never the original, and never a copy made for somebody else. Raises Refusal on ``papers`` when none can be made.
    """
    try:
        clean = copies.scrubbed(document, number=number)
    except Refusal as refusal:
        words = _("“%(name)s” can't go in: %(why)s")
        raise Refusal(str(words) % {"name": document.name, "why": refusal.message}, field="papers") from refusal
    title = f"{clean.name}: {called.strip()}" if called.strip() else clean.name
    return papers_report.File(title, clean.media_type, clean.content, document.sha256)


def _letter(held: Held, text: str, titles: list[str], *, by: Person, now: datetime) -> bytes:
    """The covering letter, from what was typed or else the template. Raises Refusal on ``letter`` for what stands in braces."""
    referral = held.referral
    words = text.strip() or letters.draft(held.concern, by=by, now=now)  # type: ignore[arg-type]
    if left := letters.missing(words):
        raise Refusal(_now("Fill in what stands in braces first, or take it out: %(missing)s") % {"missing": ", ".join(left)}, field="letter")
    person, destination = referral.addressed_to, str(referral.destination or "")
    name = person.full_name if person else _now("Sir or Madam")
    role = str(wording.OFFICERS.get(referral.addressed_role, ""))
    to = [person.full_name, *([role] if role else []), destination] if person else [destination]
    return letters.paper(
        referral, letters.filled(words, name=name, destination=destination, papers=titles), to=to, day=wording.day(held.today)
    )


def _cover(held: Held, by: Person) -> dict[str, object]:
    """What the cover sheet says."""
    referral, concern = held.referral, held.concern
    protocol = concern.protocol_version.protocol  # type: ignore[union-attr]
    role = wording.OFFICERS.get(referral.addressed_role)
    addressed = f"{referral.addressed_to.full_name}, {role}" if referral.addressed_to else ""

    def person(name: str, code: str) -> str:
        return f"{name}, {council_words.role_label(code, protocol)}"

    subjects = concern.subjects.select_related("person").order_by("person__full_name")  # type: ignore[union-attr]
    return {
        "wales": referral.jurisdiction == course.WALES,
        "addressed_to": addressed,
        "destination": referral.destination,
        "council": referral.council.name,
        "follower": by.full_name,
        "our_reference": concern.reference,  # type: ignore[union-attr]
        "reference": referral.reference,
        "number": referral.number,
        "mediated": wording.MEDIATED if referral.officer_mediated else "",
        "raiser": person(concern.raiser.full_name, concern.raiser_role),  # type: ignore[union-attr]
        "subjects": [person(row.person.full_name, row.role) for row in subjects],
        "code_paragraph": referral.code_paragraph,
        "happened_on": referral.happened_on,
        "too_old": course.too_old(referral.happened_on, held.today),
        "told": wording.TOLD[SubjectTold(referral.subject_told)][0],
        "told_reason": referral.subject_told_reason or "",
        "confidentiality_asked": referral.confidentiality_asked,
        "confidentiality_reason": referral.confidentiality_reason or "",
    }


def _written(concern: Concern) -> list[tuple[str, str]]:
    """What the raiser wrote, under its headings."""
    kept = concern.narrative
    parts = [
        (_now("What happened"), kept.what_happened), (_now("What would put it right"), kept.wanted_outcome),
        (_now("Where it was said"), kept.where_said),
    ]  # fmt: skip
    witnesses = ", ".join(row.person.full_name for row in concern.witnesses.select_related("person").order_by("person__full_name"))
    return [(title, text) for title, text in [*parts, (_now("Witnesses"), witnesses)] if text]


def _steps(concern: Concern) -> list[dict[str, str]]:
    """What has been done so far: when, what, by whom. Never what people wrote on it."""
    rows = []
    for event in Event.objects.filter(concern_id=concern.pk).defer("reason", "facts").order_by("at", "id"):
        title = rooms.EVENTS.get(event.type) or concern_wording.EVENTS[EventType(event.type)]
        at = date_format(timezone.localtime(event.at), "j F Y")
        rows.append({"at": at, "what": str(title), "by": event.by_name})
    return rows


@verb(Step.SEND, ReferralEvent.SENT)
def send(
    *, referral_id: UUID, by: Person, now: datetime, way: str = "", sent_on: date | None = None, revision: int | None = None
) -> Referral:
    """The sealed bundle goes out: onto the desk of whom it is addressed to, else as a letter on the day it was handed over."""
    held = begin(Step.SEND, referral_id, by=by, now=now, revision=revision)
    referral = held.referral
    bundle = queries.bundle_of(referral)
    if queries.infected_in(bundle):  # type: ignore[arg-type]
        raise Refusal(str(wording.SEAL_AGAIN))
    person = referral.addressed_to
    if person is not None:
        office = _addressee(held, person)
        way, sent_on = SentBy.PORTAL, held.today
    else:
        if way not in (SentBy.POST, SentBy.SECURE_MAIL, SentBy.BY_HAND):
            raise Refusal(str(_("Say how the papers were handed over.")), field="way")
        if sent_on is None:
            raise Refusal(str(_("Give the day on which they were handed over.")), field="sent_on")
        ground.check_day(sent_on, not_before=timezone.localdate(bundle.sealed_at), today=held.today, field="sent_on")  # type: ignore[union-attr]
    referral.sent_by_way, referral.sent_on = way, sent_on
    referral.send()
    ground.store(referral)
    if person is not None:
        _let_in(held, office, person, by=by, now=now)
    ground.record(held, ReferralEvent.SENT, by=by, now=now, on=sent_on.isoformat(), way=str(way))
    ground.tell(held, NoticeKind.PROGRESS, by=by, now=now)
    return referral


def _let_in(held: Held, office: queries.Office, person: Person, *, by: Person, now: datetime) -> None:
    """Put it on the officer's desk, and tell them that there is something to look at."""
    if person.pk == by.pk:
        raise Refusal(str(_("Nobody sends a referral to themselves. Somebody else who follows it has to.")))
    ReferralAccess.objects.create(
        concern=held.concern, referral=held.referral, person=person, role=held.referral.addressed_role, officer=office.posts[person.pk],
        since=now, granted_by=by,
    )  # fmt: skip
    outbox.put(None, NoticeKind.RECEIVED, to=person, now=now)


@verb(Step.READDRESS, ReferralEvent.READDRESSED)
def readdress(*, referral_id: UUID, by: Person, now: datetime, addressed_to: Person, revision: int | None = None) -> Referral:
    """Somebody else of the office gets the same sealed papers, once nobody has them on a desk any more."""
    held = begin(Step.READDRESS, referral_id, by=by, now=now, revision=revision)
    office = _addressee(held, addressed_to)
    referral = held.referral
    referral.addressed_to = addressed_to
    referral.addressed_role = next(item.officer.role for item in office.found if item.officer.person_id == addressed_to.pk)
    ended = ReferralAccess.objects.filter(referral=referral, until__isnull=True)
    ended.update(until=now, ended_reason="readdressed")
    ground.store(referral)
    _let_in(held, office, addressed_to, by=by, now=now)
    ground.record(held, ReferralEvent.READDRESSED, by=by, now=now)
    return referral


@verb(Step.PREPARE_AGAIN, ReferralEvent.PREPARED_AGAIN)
def prepare_again(*, referral_id: UUID, by: Person, now: datetime, revision: int | None = None) -> Referral:
    """After the concern was opened again: a new referral, with papers of its own. Returns it."""
    held = begin(Step.PREPARE_AGAIN, referral_id, by=by, now=now, revision=revision)
    concern = held.concern
    proceeding = concern.proceedings.filter(kind=ProceedingKind.CODE_REFERRAL, closed_on__isnull=True).last()  # type: ignore[union-attr]
    if proceeding is None:
        raise Refusal(str(_("There is no procedure open to refer under. Open the concern again first.")))
    if Referral.objects.filter(concern=concern).exclude(state__in=queries.ENDED).exists():
        raise Refusal(str(_("A referral is being prepared already.")))
    new = start(concern, proceeding, now=now)  # type: ignore[arg-type]
    audit.record(concern, ReferralEvent.PREPARED_AGAIN, by=by, now=now, facts={"referral": str(new.pk)})  # type: ignore[arg-type]
    return new


def start(concern: Concern, proceeding: object, *, now: datetime) -> Referral:
    """The row of a referral that is being prepared."""
    body = proceeding.external_body  # type: ignore[attr-defined]
    last = Referral.objects.filter(concern=concern).aggregate(last=Max("number"))["last"] or 0
    return Referral.objects.create(
        concern=concern, proceeding=proceeding, council=concern.council, number=last + 1,
        jurisdiction=concern.protocol_version.protocol.jurisdiction, opened_at=now, happened_on=concern.happened_on,
        external_body=body, destination=proceeding.destination, code_paragraph=proceeding.code_paragraph,  # type: ignore[attr-defined]
        state=State.PREPARED,
    )  # fmt: skip
