"""A document and a draft brought together: what the document says of itself, and every rule that rests on none of its clauses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from councils import wording
from councils.protocol.shaping import mapping
from councils.views._loading import Visit, carry_out, council_page, done
from studio.actions import tying as actions
from studio.domain import heading
from studio.domain.matching import matched
from studio.domain.parts import shown
from studio.editing.describing import reading
from studio.editing.ties import untied
from studio.forms.tying import AboutForm, TiesForm
from studio.importing.about import About, Said
from studio.importing.about import about as about_of
from studio.models import ProtocolDraft
from studio.queries import set_up as set_ups
from studio.queries import sources
from studio.queries.imports import clauses_of as brought_clauses
from studio.views._drafts import clauses_of, draft_of, form_page, studio_url

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@council_page(admin=True)
def about(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Title, reviews and adoption as the document has them, to be confirmed."""
    row = draft_of(visit, draft)
    if row.document is None:
        raise Http404
    protocol, found = reading(row.config), _found(row)
    form = AboutForm(request.POST if request.method == "POST" else None, protocol=protocol, initial=_initial(row, found), revision=row.revision)
    printed = _printed(form.cleaned_data.get("day"), found.fixed) if form.is_valid() else {}
    if request.method == "POST" and carry_out(form, actions.confirm_about, by=visit.person, draft=row, printed=printed):
        return _onward(request, visit, row, _("Saved: the title, the reviews and the adoption."))
    context = {
        "draft": row, "found": found, "template": "studio/about.html",
        **{name: [(capfirst(wording.clause_label(said.ref, protocol)), said.words) for said in passages] for name, passages in (("reviews", found.reviews), ("adopted", found.adopted))},
    }  # fmt: skip
    return form_page(request, visit, form, title=_("What your document says of itself"), button=_("Save"), back_url=_back(visit, row), **context)


@require_http_methods(FORM)
@council_page(admin=True)
def ties(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Everything no clause is tied to, with the clauses to choose from; saved in one go."""
    row = draft_of(visit, draft)
    protocol = reading(row.config)
    parts = untied(row.config, protocol)
    form = TiesForm(request.POST if request.method == "POST" else None, parts=parts, protocol=protocol, revision=row.revision)
    if request.method == "POST" and carry_out(form, actions.tie_clauses, by=visit.person, draft=row):
        count = len(form.cleaned_data["ties"])
        said = ngettext("%d clause is tied.", "%d clauses are tied.", count) % count
        return done(request, said, "studio:draft-ties", key=visit.council.key, draft=row.pk)
    context = {
        "draft": row, "count": sum(len(found) for _section, found in parts), "clauses": clauses_of(row.config, protocol), "template": "studio/ties.html",
    }  # fmt: skip
    return form_page(request, visit, form, title=_("What rests on no clause"), button=_("Save them all"), back_url=_back(visit, row), **context)


def _found(row: ProtocolDraft) -> About:
    """What the document says of itself, with the numbers its clauses have in the draft."""
    document = row.document
    if document is None:
        return About()
    own = [clause for clause in row.config.get("clauses") or [] if isinstance(clause, dict)]
    numbers = matched(
        [(str(clause["number"]), str(clause.get("display") or "")) for clause in brought_clauses(document)],
        [(str(clause.get("number") or ""), str(clause.get("display") or "")) for clause in own],
    )
    found = about_of(document.rows)
    return About(
        found.title,
        tuple(replace(said, ref=numbers.get(said.ref, said.ref)) for said in found.adopted),
        tuple(replace(said, ref=numbers.get(said.ref, said.ref)) for said in found.reviews),
    )


def _initial(row: ProtocolDraft, found: About) -> dict[str, Any]:
    """What the form begins with: what somebody has settled in the draft, else what was found in the document."""
    title = str(mapping(row.config.get("protocol")).get("title") or "")
    base = str(mapping(row.base.config.get("protocol")).get("title") or "") if row.base else ""
    initial: dict[str, Any] = {"title": found.title if found.title and title in {base, *sources.titles()} else title}
    initial |= _review(row, found)
    if said := found.adoption:
        line = next((line for line in heading.adoptions(row.config) if heading.day_of(line) == said.day), None)
        if line is not None:
            initial |= {"body": line.get("by") or "", "adopted_on": said.day, "minute": line.get("minute_ref") or ""}
        elif said.day and said.precision == "day":
            initial |= {"body": said.body, "adopted_on": said.day, "minute": said.minute}
    return initial


def _review(row: ProtocolDraft, found: About) -> dict[str, Any]:
    initial: dict[str, Any] = {}
    every, fixed = (next(filter(heading.is_written, heading.reviews(row.config, kind)), None) for kind in (heading.INTERVAL, heading.FIXED))
    if every is not None:
        initial |= {"every": _years(str(every.get("every") or "")), "every_clause": next(iter(shown("cites", every.get("cites"))), "")}
    elif found.interval:
        initial |= {"every": found.interval.years, "every_clause": found.interval.ref}
    if fixed is not None:
        initial |= {"day": heading.day_of(fixed), "day_clause": next(iter(shown("cites", fixed.get("cites"))), "")}
    elif found.fixed:
        initial |= {"day": found.fixed.day, "day_clause": found.fixed.ref}
    return initial


def _years(every: str) -> int | None:
    number = every.removeprefix("P").removesuffix("Y")
    return int(number) if number.isdigit() else None


def _printed(day: Any, said: Said | None) -> dict[str, str]:
    return {"printed": said.printed, "precision": said.precision} if said and day and said.day == day else {}


def _back(visit: Visit, row: ProtocolDraft) -> str:
    return studio_url(visit, "draft", draft=row.pk)


def _onward(request: HttpRequest, visit: Visit, row: ProtocolDraft, said: str) -> HttpResponse:
    """On with the set-up, where one is going on; else to the draft."""
    going_on = set_ups.going_on(visit.council, visit.person)
    if going_on is None:
        return done(request, said, "studio:draft", key=visit.council.key, draft=row.pk)
    return done(request, said, "studio:set-up", set_up=going_on.pk)


__all__ = ["about", "ties"]
