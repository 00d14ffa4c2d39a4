"""What the portal holds of one person: found by system work, with other people's names taken out before anybody reads it here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concerns import wording as casework
from concerns.enums import Capacity, State
from concerns.models import Concern, ConcernSubject, Document, Event, Participation, Witness
from correspondence.models import Audience, Letter, Message
from councils import wording as council_words
from councils.models import Absence, Appointment, BodyMembership, DisclosedRelationship, ExternalOfficer, Person, ReportingLine
from disclosures.models import Disclosure
from information.models import AccessRequest, GuidanceQuestion
from rights import audit, queries
from rights.actions.verbs import store, verb
from rights.domain.redaction import without_names
from rights.enums import Ground, Kind, LineType, Source, Step, Verdict
from rights.models import ExportItem, SubjectRequest

#: What somebody gave about themselves, or holds in the open: given unless a records keeper decides otherwise.
PLAINLY_THEIRS = frozenset({Source.ACCOUNT, Source.POSTS, Source.PAPERS, Source.QUESTION})


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was found; ``head`` is the portal's own words, ``text`` what people wrote."""

    source: Source
    head: str = ""
    text: str = ""
    at: datetime | None = None
    case: UUID | None = None
    file: Document | None = None


@verb(Step.COLLECT, LineType.GATHERED)
def collect(*, row_id: UUID, by: Person | None, now: datetime) -> SubjectRequest:
    """Find what is kept of whoever asked, in place of what was found before. System work."""
    request: SubjectRequest = queries.lock(Kind.ACCESS, row_id)
    person, council = request.requester, request.council
    others = _others(person, council.pk)
    request.items.all().delete()
    number = 0
    for found in _everything(person, council.pk):
        number += 1
        text, taken_out = without_names(found.text, others, own=person.full_name)
        item = ExportItem(request=request, number=number, source=found.source, at=found.at, case_id=found.case, taken_out=taken_out)
        if found.source == Source.UNTOLD:
            item.verdict, item.ground, item.body = Verdict.WITHHOLD, Ground.PROTECTIVE, None
        else:
            item.body = "\n".join(part for part in (found.head, text) if part)
        if found.file is not None:
            item.name, item.media_type, item.content = found.file.name, found.file.media_type, found.file.content
        if found.source in PLAINLY_THEIRS:
            item.verdict = Verdict.GIVE
        item.save(force_insert=True)
    before = request.state
    request.gathered()
    request.gathered_at = now
    store(request, "gathered_at", now=now)
    audit.record(request, LineType.GATHERED, by=by, now=now, from_state=before, facts={"items": number})
    return request


def _others(person: Person, council_id: UUID) -> list[str]:
    """The full names of everybody else who has or had to do with the council."""
    posts = Appointment.objects.filter(council_id=council_id).values("person_id")
    outside = ExternalOfficer.objects.filter(external_body__council_id=council_id).values("person_id")
    found = Person.objects.filter(Q(pk__in=posts) | Q(pk__in=outside)).exclude(pk=person.pk)
    return list(found.values_list("full_name", flat=True))


def _everything(person: Person, council_id: UUID) -> Iterator[Found]:
    yield from _account(person, council_id)
    cases = Concern.objects.filter(council_id=council_id).exclude(state=State.DRAFT)
    raised = list(cases.filter(raiser=person).select_related("narrative").order_by("created_at"))
    yield from _drafts(Concern.objects.filter(council_id=council_id, state=State.DRAFT, raiser=person).select_related("narrative"))
    for concern in raised:
        yield _concern(concern, _("A concern that you raised"))
        for paper in Document.objects.filter(concern=concern, added_by=person).order_by("added_at"):
            yield Found(Source.FILE, _("A file that you gave with it"), at=paper.added_at, case=concern.pk, file=paper)
    yield from _about(person, cases.exclude(raiser=person))
    yield from _written(person, cases)
    yield from _papers(person, council_id)


def _account(person: Person, council_id: UUID) -> Iterator[Found]:
    lines = [
        _line(_("Name"), person.full_name), _line(_("E-mail address"), person.email), _line(_("Account since"), _moment(person.date_joined)),
        _line(_("Last signed in"), _moment(person.last_login)),
    ]  # fmt: skip
    yield Found(Source.ACCOUNT, _("Your account\n") + "\n".join(lines))
    lines = []
    for post in Appointment.objects.filter(person=person, council_id=council_id).order_by("starts_on"):
        lines.append(_line(council_words.role_label(post.role, None), _days(post.starts_on, post.ends_on)))
    for seat in BodyMembership.objects.filter(person=person, body__council_id=council_id).select_related("body"):
        lines.append(_line(seat.body.name, _days(seat.starts_on, seat.ends_on)))
    away = Absence.objects.filter(person=person, council_id=council_id)
    managed = ReportingLine.objects.filter(officer=person, council_id=council_id)
    lines += [_line(_("Away"), _days(one.starts_on, one.ends_on)) for one in away]
    lines += [_line(_("You had a line manager"), _days(one.starts_on, one.ends_on)) for one in managed]
    ties = DisclosedRelationship.objects.filter(Q(person_a=person) | Q(person_b=person), council_id=council_id)
    lines += [_line(_("A relationship with somebody is disclosed"), _days(tie.starts_on, tie.ends_on)) for tie in ties]
    yield Found(Source.POSTS, _("What you hold and held here\n") + "\n".join(lines))


def _concern(concern: Concern, head: str) -> Found:
    story = getattr(concern, "narrative", None)
    parts = [str(getattr(story, name) or "") for name in ("what_happened", "wanted_outcome", "where_said")] if story else []
    day = _moment(concern.lodged_at or concern.created_at)
    return Found(Source.CONCERN, f"{head}, {day}", "\n\n".join(part for part in parts if part), concern.created_at, concern.pk)


def _drafts(drafts: Iterable[Concern]) -> Iterator[Found]:
    for concern in drafts:
        yield _concern(concern, _("A concern that you began to write"))


def _about(person: Person, cases: Any) -> Iterator[Found]:
    """What others said of them: only where they were told of it. Otherwise it is noted that something is withheld, and nothing more."""
    told = set(Disclosure.objects.filter(person=person, disclosed_at__isnull=False).values_list("concern_id", flat=True))
    named = ConcernSubject.objects.filter(person=person).values("concern_id")
    seen = Witness.objects.filter(person=person).values("concern_id")
    for concern in cases.filter(Q(pk__in=named) | Q(pk__in=seen)).select_related("narrative").order_by("created_at").distinct():
        if concern.pk not in told:
            yield Found(Source.UNTOLD, case=concern.pk)
            continue
        for row in Disclosure.objects.filter(person=person, concern=concern, disclosed_at__isnull=False).order_by("disclosed_at"):
            texts = [str(getattr(row, name) or "") for name in ("text", "answer", "companion", "reply")]
            yield Found(Source.DISCLOSURE, _("What you were told, and what you answered"), "\n\n".join(text for text in texts if text), row.disclosed_at, concern.pk)
        yield _concern(concern, _("A concern that names you"))


def _written(person: Person, cases: Any) -> Iterator[Found]:
    pks = cases.values("pk")
    parts = Participation.objects.filter(person=person, concern__in=pks).order_by("since")
    own = [_line(casework.CAPACITIES[Capacity(part.capacity)], _days(part.since, part.until)) for part in parts]
    if own:
        yield Found(Source.PARTS, _("Parts you had in concerns\n") + "\n".join(own))
    for event in Event.objects.filter(by_id=person.pk, reason__isnull=False, concern_id__in=pks).order_by("at"):
        yield Found(Source.WRITTEN, _("What you wrote with a step"), str(event.reason), event.at, event.concern_id)
    heard = Audience.objects.filter(person=person, concern__in=pks).values("message_id")
    for message in Message.objects.filter(Q(sender=person) | Q(pk__in=heard), concern__in=pks).order_by("sent_at"):
        yield Found(Source.MESSAGE, _("A message that you sent or could read"), str(message.body or ""), message.sent_at, message.concern_id)
    for letter in Letter.objects.filter(to_person=person, sent_at__isnull=False, concern__in=pks).order_by("sent_at"):
        yield Found(Source.LETTER, _("A letter to you"), str(letter.body or ""), letter.sent_at, letter.concern_id)


def _papers(person: Person, council_id: UUID) -> Iterator[Found]:
    for asked in AccessRequest.objects.filter(requester=person, council_id=council_id).order_by("created_at"):
        texts = [str(getattr(asked, name) or "") for name in ("document", "justification", "interest_words", "purpose", "review_words")]
        yield Found(Source.PAPERS, _("A request of yours to see papers"), "\n\n".join(text for text in texts if text), asked.created_at)
    for question in GuidanceQuestion.objects.filter(asker=person, council_id=council_id).order_by("asked_at"):
        yield Found(Source.QUESTION, _("A question of yours about the protocol"), "\n\n".join((str(question.question or ""), str(question.answer or ""))), question.asked_at)


def _line(key: object, value: object) -> str:
    return f"{key}: {value}"


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localdate(at), "j F Y") if at else "–"


def _days(since: Any, until: Any) -> str:
    first, last = (timezone.localdate(day) if isinstance(day, datetime) else day for day in (since, until))
    start = date_format(first, "j F Y")
    return _("%(first)s to %(last)s") % {"first": start, "last": date_format(last, "j F Y")} if last else _("since %(first)s") % {"first": start}
