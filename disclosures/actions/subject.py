"""The subject's own steps. What they leave in the concern's trail, and who is told, PostgreSQL writes (migration 0002)."""

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from concerns.actions import papers
from concerns.actions.verb import answer_needed
from councils.errors import Refusal
from councils.models import Person
from disclosures.actions.step import begin_mine, keep, verb
from disclosures.enums import Companion, DisclosureAction, DisclosureEvent, DisclosureState
from disclosures.models import Disclosure, SubjectPaper

A, E, S = DisclosureAction, DisclosureEvent, DisclosureState


def _open(row: Disclosure) -> None:
    if row.state == S.CLOSED:
        raise Refusal(_("It was closed on %s. You can go on reading it.") % date_format(localdate(row.closed_at), "j F Y"))


@verb(A.OPEN_DISCLOSURE, E.OPENED)
def open_disclosure(*, disclosure_id: UUID, by: Person, now: datetime) -> Disclosure:
    """The subject has it before them for the first time. Two tabs at once are one opening."""
    row = begin_mine(disclosure_id, by=by)
    if row.state == S.DISCLOSED:
        row.open()
        row.opened_at = now
        row.save(update_fields=["state", "opened_at"])  # no change that makes a tab stale
    return row


def note_reading(row: Disclosure, *, now: datetime) -> None:
    """Count one more reading of the page."""
    Disclosure.objects.filter(pk=row.pk).update(last_opened_at=now, times_opened=F("times_opened") + 1)


@verb(A.ANSWER_DISCLOSURE, E.ANSWERED)
def answer_disclosure(*, disclosure_id: UUID, by: Person, now: datetime, answer: str) -> Disclosure:
    """The subject's answer in writing, once; after the date it was wanted by too. Those who deal with it are told."""
    row = begin_mine(disclosure_id, by=by)
    _open(row)
    if row.state == S.ANSWERED:
        raise Refusal(
            _("You answered on %s, and your answer can't be changed. If there is more to say, add it as a paper.")
            % date_format(localdate(row.answered_at), "j F Y")
        )
    if row.state != S.OPENED:
        raise Refusal(_("Read what was disclosed to you first, then answer."))
    words = answer_needed(answer, "answer", _("Write your answer."))
    row.take_answer()
    row.answer, row.answered_at = words, now
    keep(row, "answer", "answered_at")
    return row


@verb(A.NAME_COMPANION, E.COMPANION_NAMED)
def name_companion(*, disclosure_id: UUID, by: Person, now: datetime, name: str, kind: str) -> Disclosure:
    """Who comes along to a meeting or hearing; another name takes the place of the first (law A3)."""
    row = begin_mine(disclosure_id, by=by)
    _open(row)
    words = answer_needed(name, "name", _("Give the name of your companion."))
    if kind not in list(Companion):
        raise Refusal(_("Choose who they are to you."), field="kind")
    row.companion, row.companion_kind, row.companion_at = words, kind, now
    keep(row, "companion", "companion_kind", "companion_at")
    return row


@verb(A.ADD_SUBJECT_PAPER, E.PAPER_ADDED)
def add_subject_paper(*, disclosure_id: UUID, by: Person, now: datetime, name: str, content: bytes) -> SubjectPaper:
    """A file of the subject's, kept whole and encrypted. Raises Refusal on ``file``."""
    file = papers.accept(name=name, content=content, now=now)  # before anything is locked: a scan takes its time
    row = begin_mine(disclosure_id, by=by)
    _open(row)
    if row.state == S.DISCLOSED:
        raise Refusal(_("Read what was disclosed to you first, then add papers."))
    if row.papers.count() >= papers.MOST_FILES:
        raise Refusal(_("There are ten files already. Put several papers into one file."), field="file")
    paper = SubjectPaper.objects.create(disclosure=row, added_by=by, added_at=now, **file.fields())
    keep(row)
    return paper
