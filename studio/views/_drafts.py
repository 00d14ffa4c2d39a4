"""What every page of a draft begins with: the draft among this council's, what was meant by its address, and the clauses beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from councils import wording
from councils.protocol import Protocol
from councils.views._loading import Visit, one
from studio.domain.parts import at, shown
from studio.editing import changing
from studio.editing.describing import reading
from studio.editing.fields import Section
from studio.editing.sections import BY_CODE, STEP
from studio.models import DraftStatus, ProtocolDraft


@dataclass(frozen=True)
class Clause:
    """A clause as it stands beside a form: how it is named, its heading, what it says in short, and the council's own words."""

    ref: str
    label: str
    heading: str
    gist: str
    text: str


def draft_of(visit: Visit, pk: UUID, *, is_open: bool = True) -> ProtocolDraft:
    """A draft of the council. Raises Http404, also for one that can't be changed any more."""
    rows = ProtocolDraft.objects.filter(council=visit.council).exclude(status=DraftStatus.DISCARDED)
    draft: ProtocolDraft = one(rows.filter(status=DraftStatus.OPEN) if is_open else rows, pk)
    return draft


def section_named(code: str) -> Section:
    """The section of an address. Raises Http404."""
    found = STEP if code == changing.STEP else BY_CODE.get(code)
    if found is None:
        raise Http404
    return found


def item_at(draft: ProtocolDraft, section: Section, key: str) -> Mapping[str, Any]:
    """The item of an address; an empty one for "new", and for a code nothing is said about yet. Raises Http404."""
    if key == "new":
        return {}
    try:
        return section.wrap(changing.raw_item(draft.config, section.code, key))
    except (LookupError, TypeError):
        if section.codes and key in dict(section.codes(reading(draft.config))):
            return {}
        raise Http404 from None


def clauses_of(config: Mapping[str, Any], protocol: Protocol, refs: Iterable[str] | None = None) -> list[Clause]:
    """The clauses with those numbers, or all. Parts come with the clause they are in."""
    rows = config.get("clauses")
    own = {str(row.get("number")): row for row in rows if isinstance(row, Mapping)} if isinstance(rows, list) else {}
    found = []
    for ref in protocol.clauses if refs is None else refs:
        clause = protocol.clauses.get(ref)
        if clause is None or (refs is None and clause.parent):
            continue
        text = str(own.get(ref, own.get(clause.parent, {})).get("text") or "")
        found.append(Clause(ref, wording.clause_label(ref, protocol), clause.heading, clause.gist, text))
    return found


def cited(section: Section, item: Mapping[str, Any]) -> list[str]:
    """Every clause an item rests on, its recipients' included."""
    refs = [ref for field in section.fields if field.kind == "cites" for ref in shown("cites", at(item, field.name))]
    for entry in item.get("steps") or [] if isinstance(item.get("steps"), list) else []:
        refs += shown("cites", entry.get("cites")) if isinstance(entry, Mapping) else []
    return list(dict.fromkeys(refs))


def studio_url(visit: Visit, name: str, **kwargs: Any) -> str:
    """The address of one of this council's studio pages."""
    return reverse(f"studio:{name}", kwargs={"key": visit.council.key, **kwargs})


def form_page(request: HttpRequest, visit: Visit, form: Form, *, title: Any, button: Any, back_url: str, template: str = "studio/form.html", **extra: Any) -> HttpResponse:
    """One form on a page of the studio."""
    context = {**visit.context, "form": form, "page_title": title, "button": button, "back_url": back_url, **extra}
    return render(request, template, context, status=422 if form.errors else 200)
