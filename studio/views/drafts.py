"""The editor: a draft's sections, each item with the clauses beside it, what changed, and putting it forward."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from councils.errors import Refusal
from councils.protocol import unwrap
from councils.protocol.parsing import build
from councils.views._loading import Visit, carry_out, council_page, done
from studio.actions import drafts as actions
from studio.domain.written import as_yaml
from studio.editing import changing
from studio.editing.describing import Words, changes, entries, reading, words_of
from studio.editing.fields import LIST, MAP, SINGLE, Section
from studio.editing.problems import is_unwritten, problems_of, standings
from studio.forms.drafts import ClausesForm, ItemForm, LabelForm, PutForwardForm, RevisionForm
from studio.models import ProtocolDraft
from studio.queries import proof, sources
from studio.views._drafts import cited, clauses_of, draft_of, form_page, item_at, section_named, studio_url

FORM = ["GET", "HEAD", "POST"]
MOST_SHOWN = 5
IN_TITLE = frozenset({"id", "raiser", "subject", "stage", "number", "display", "heading", "principal", "deputy", "rule", "note"})


@require_safe
@council_page(admin=True)
def draft(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """A draft: its sections, what is wrong with it, what comes next."""
    row = draft_of(visit, draft, is_open=False)
    protocol = reading(row.config)
    found = problems_of(row.config)
    context = {
        **visit.context,
        "draft": row,
        "standings": standings(row.config, protocol),
        "errors": [one for one in found if one.is_error],
        "warnings": [one for one in found if not one.is_error],
    }
    return render(request, "studio/draft.html", context)


@require_safe
@council_page(admin=True)
def section(request: HttpRequest, visit: Visit, draft: UUID, section: str) -> HttpResponse:
    """One section: its items in words, or straight to its one form."""
    row = draft_of(visit, draft)
    part = section_named(section)
    if part.kind == SINGLE:
        return redirect("studio:draft-item", key=visit.council.key, draft=row.pk, section=part.code, item="only")
    if part.code == changing.STEP:
        raise Http404
    protocol = reading(row.config)
    wrong, words = problems_of(row.config), Words(protocol)
    items = [
        {
            "key": key,
            "title": part.title_of(item, key, protocol),
            "rows": _summary(part, item, words),
            "problems": [one for one in wrong if (one.section, one.key) == (part.code, key)],
            "is_unwritten": is_unwritten(part, item),
        }
        for key, item in entries(part, row.config)
    ]
    order = [code for code, _label in part.codes(protocol)] if part.codes else []
    if order:
        items.sort(key=lambda item: order.index(item["key"]) if item["key"] in order else len(order))
    missing = [(code, label) for code, label in part.codes(protocol) if code not in {item["key"] for item in items}] if part.codes else []
    context = {
        **visit.context,
        "draft": row,
        "section": part,
        "items": items,
        "missing": missing,
        "is_list": part.kind == LIST,
        "form": RevisionForm(initial={"revision": row.revision}),
    }
    return render(request, "studio/section.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def item(request: HttpRequest, visit: Visit, draft: UUID, section: str, item: str) -> HttpResponse:
    """One item's form, the clauses it rests on beside it."""
    row = draft_of(visit, draft)
    part = section_named(section)
    if (item == "new" and part.kind != LIST) or (part.code == changing.STEP and item == "new"):
        raise Http404
    before = item_at(row, part, item)
    protocol = reading(row.config)
    form = ItemForm(request.POST if request.method == "POST" else None, section=part, item=before, protocol=protocol, revision=row.revision)
    if request.method == "POST" and form.is_valid():
        form.cleaned_data = {"revision": form.cleaned_data["revision"], "item": form.item()}
        if carry_out_kept(form, visit, row, part, item):
            return done(request, _saved(row), **_after(visit, row, part, item))
    context = {
        "draft": row,
        "section": part,
        "item_key": item,
        "item_title": part.title_of(before, item, protocol) if before or part.kind == MAP else "",
        "cited": clauses_of(row.config, protocol, cited(part, before)),
        "clauses": [] if part.code == "clauses" else clauses_of(row.config, protocol),
        "own_text": str(before.get("text") or "") if part.code == "clauses" else "",
        "steps": _steps(part, item, before, protocol),
        "problems": [one for one in problems_of(row.config) if (one.section, one.key) == (part.code, item)],
        "can_remove": part.kind != SINGLE and part.code != changing.STEP and item != "new" and bool(before),
    }
    title = _("Add %s") % part.one if item == "new" else part.title
    back = _back(visit, row, part, item)
    return form_page(request, visit, form, title=title, button=_("Save"), back_url=back, template="studio/item.html", **context)


def _summary(part: Section, item: Any, words: Words) -> list[tuple[Any, str]]:
    """The first few things an item says beyond its title. Recipients by name only: their details have pages of their own."""
    found = []
    for field in part.fields:
        said = words.names(field, item) if field.kind == "steps" else words_of(field, item, words)
        if said and field.name not in IN_TITLE and len(found) < MOST_SHOWN:
            found.append((field.label, said))
    return found


def carry_out_kept(form: ItemForm, visit: Visit, row: ProtocolDraft, part: Section, key: str) -> bool:
    """Keeps the item; a refusal becomes an error above the form."""
    try:
        actions.change_draft(draft=row, section=part.code, key=key, by=visit.person, now=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal.message))
        return False
    return True


def _steps(part: Section, key: str, item: Any, protocol: Any) -> list[tuple[str, str]]:
    """The recipients of a rule, each with the address of its details."""
    if part.code != changing.RULES or key == "new" or not isinstance(item.get("steps"), list):
        return []
    step = section_named(changing.STEP)
    return [(f"{key}-{index}", step.title_of(entry if isinstance(entry, dict) else {"to": entry}, "", protocol)) for index, entry in enumerate(item["steps"])]


def _back(visit: Visit, row: ProtocolDraft, part: Section, key: str) -> str:
    if part.code == changing.STEP:
        return studio_url(visit, "draft-item", draft=row.pk, section=changing.RULES, item=key.partition("-")[0])
    if part.kind == SINGLE:
        return studio_url(visit, "draft", draft=row.pk)
    return studio_url(visit, "draft-section", draft=row.pk, section=part.code)


def _after(visit: Visit, row: ProtocolDraft, part: Section, key: str) -> dict[str, Any]:
    place = {"key": visit.council.key, "draft": row.pk}
    if part.code == changing.STEP:
        return {"to": "studio:draft-item", **place, "section": changing.RULES, "item": key.partition("-")[0]}
    if part.kind == SINGLE:
        return {"to": "studio:draft", **place}
    return {"to": "studio:draft-section", **place, "section": part.code}


def _saved(row: ProtocolDraft) -> str:
    fresh = ProtocolDraft.objects.get(pk=row.pk)
    errors = sum(one.is_error for one in problems_of(fresh.config))
    if not errors:
        return _("Saved. The draft has no problem that must be mended.")
    return ngettext("Saved. The draft has %d problem to mend before it can be put forward.", "Saved. The draft has %d problems to mend before it can be put forward.", errors) % errors


@require_http_methods(FORM)
@council_page(admin=True)
def item_remove(request: HttpRequest, visit: Visit, draft: UUID, section: str, item: str) -> HttpResponse:
    """Ask, then take an item out."""
    row = draft_of(visit, draft)
    part = section_named(section)
    if part.kind == SINGLE or part.code == changing.STEP or item == "new":
        raise Http404
    before = item_at(row, part, item)
    form = RevisionForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if request.method == "POST" and carry_out(form, actions.remove_part, by=visit.person, draft=row, section=part.code, key=item):
        return done(request, _("It is taken out."), "studio:draft-section", key=visit.council.key, draft=row.pk, section=part.code)
    title = _("Take out “%s”?") % part.title_of(before, item, reading(row.config))
    return form_page(request, visit, form, title=title, button=_("Take it out"), back_url=_back(visit, row, part, item), is_warning=True, draft=row)


@require_POST
@council_page(admin=True)
def item_move(request: HttpRequest, visit: Visit, draft: UUID, section: str, item: str) -> HttpResponse:
    """Move an item one place up or down."""
    row = draft_of(visit, draft)
    part = section_named(section)
    if not part.is_ordered:
        raise Http404
    form = RevisionForm(request.POST)
    by_places = -1 if request.POST.get("to") == "up" else 1
    if not carry_out(form, actions.move_part, by=visit.person, draft=row, section=part.code, key=item, by_places=by_places):
        messages.error(request, " ".join(form.non_field_errors()) or _("Open the page again and try once more."))
    return redirect("studio:draft-section", key=visit.council.key, draft=row.pk, section=part.code)


@require_http_methods(FORM)
@council_page(admin=True)
def draft_name(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Give the draft another name."""
    row = draft_of(visit, draft)
    form = LabelForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision, "label": row.label})
    if request.method == "POST" and carry_out(form, actions.name_draft, by=visit.person, draft=row):
        return done(request, _("The draft has its new name."), "studio:draft", key=visit.council.key, draft=row.pk)
    return form_page(request, visit, form, title=_("Name of the draft"), button=_("Save"), back_url=studio_url(visit, "draft", draft=row.pk), draft=row)


@require_http_methods(FORM)
@council_page(admin=True)
def draft_clauses(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Take the clauses of a document the council brought."""
    row = draft_of(visit, draft)
    documents = [(str(one.pk), one.title) for one in sources.documents(visit.council)]
    chosen = str(row.document_id or (documents[0][0] if len(documents) == 1 else ""))
    form = ClausesForm(request.POST if request.method == "POST" else None, documents=documents, revision=row.revision, chosen=chosen)
    if request.method == "POST" and carry_out(form, actions.take_clauses, by=visit.person, draft=row):
        said = _("The clauses are taken over. The check names what is cited and isn’t there any more.")
        return done(request, said, "studio:draft-about", key=visit.council.key, draft=row.pk)
    intro = _("They come in the place of the draft’s clauses. The rules keep the numbers they cite.") if documents else _("No document has been brought yet.")
    back = studio_url(visit, "draft-section", draft=row.pk, section="clauses")
    return form_page(request, visit, form, title=_("Take the clauses of a document"), button=_("Take them over"), back_url=back, intro=intro, draft=row)


@require_safe
@council_page(admin=True)
def differences(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """What the draft changes of the version it is compared with."""
    row = draft_of(visit, draft, is_open=False)
    base = row.base or visit.version
    found = changes(base.config, row.config) if base else ()
    context = {**visit.context, "draft": row, "after": row.label, "base": base, "found": found, "protocol_shown": reading(row.config)}
    return render(request, "studio/differences.html", context)


@require_safe
@council_page(admin=True)
def export(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """The draft as a file that can be brought back."""
    return yaml_answer(visit, draft_of(visit, draft, is_open=False).config)


def yaml_answer(visit: Visit, config: dict[str, Any]) -> HttpResponse:
    """A configuration as a download, named by the council's key alone."""
    answer = HttpResponse(as_yaml(config), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{visit.council.key}.yaml"'
    return answer


@require_http_methods(FORM)
@council_page(admin=True)
def put_forward(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Say what it changes; the draft becomes a version the council can approve."""
    row = draft_of(visit, draft)
    errors = [one for one in problems_of(row.config) if one.is_error]
    form = PutForwardForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if request.method == "POST" and carry_out(form, actions.put_forward, by=visit.person, draft=row):
        return done(request, _("The version is there. Record its approval once the council has approved it."), "councils:protocol-versions", key=visit.council.key)
    base = row.base or visit.version
    context = {
        "draft": row, "errors": errors, "base": base, "template": "studio/put_forward.html",
        "found": changes(base.config, row.config) if base else (), "unsafe": None if errors else _unsafe(visit, row),
    }  # fmt: skip
    return form_page(request, visit, form, title=_("Put the draft forward"), button=_("Put it forward"), back_url=studio_url(visit, "draft", draft=row.pk), **context)


def _unsafe(visit: Visit, row: ProtocolDraft) -> int | None:
    """In how many places nobody could hear a concern under the draft, with the council's people of today; None: nothing to play."""
    here = build(unwrap(row.config))
    played = proof.rehearse(visit.council, on=visit.on, protocol=here) if here.routes else None
    return None if played is None else played.report.unsafe


@require_http_methods(FORM)
@council_page(admin=True)
def reopen(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Take back a draft that was put forward, before its approval is recorded."""
    row = draft_of(visit, draft, is_open=False)
    if row.is_open:
        raise Http404
    form = RevisionForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if request.method == "POST" and carry_out(form, actions.reopen_draft, by=visit.person, draft=row):
        return done(request, _("The draft is open again."), "studio:draft", key=visit.council.key, draft=row.pk)
    return form_page(request, visit, form, title=_("Take the draft back?"), button=_("Take it back"), back_url=studio_url(visit, "draft", draft=row.pk),
                     intro=_("The version that was put forward goes, and you can change the draft again."), draft=row)  # fmt: skip


@require_http_methods(FORM)
@council_page(admin=True)
def discard(request: HttpRequest, visit: Visit, draft: UUID) -> HttpResponse:
    """Ask, then put a draft away for good."""
    row = draft_of(visit, draft)
    form = RevisionForm(request.POST if request.method == "POST" else None, initial={"revision": row.revision})
    if request.method == "POST" and carry_out(form, actions.discard_draft, by=visit.person, draft=row):
        return done(request, _("The draft is discarded."), "studio:overview", key=visit.council.key)
    title = _("Discard the draft “%s”?") % row.label
    return form_page(request, visit, form, title=title, button=_("Discard it"), back_url=studio_url(visit, "draft", draft=row.pk), is_warning=True,
                     intro=_("It can’t be opened again. Take it as a file first if you may want it back."), draft=row)  # fmt: skip
