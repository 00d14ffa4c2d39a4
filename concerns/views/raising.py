"""Raising a concern: who and what, where it goes, and the concern itself. Each step is kept in a draft only its raiser sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from concerns import plan
from concerns.actions import intake, papers
from concerns.domain import confidentiality
from concerns.forms.raising import CouncilForm, WhereForm, WhoForm, WritingForm
from concerns.models import Narrative
from concerns.views import _route
from concerns.views._loading import Case, attempt, draft_page, refuse, signed_in, status_of
from councils import queries as councils
from councils.errors import Refusal
from councils.models import Appointment, Council, Person
from councils.own_words import among

PAGE = ["GET", "HEAD", "POST"]
LATER = "later"
BY_ITSELF = "autosave"  # sent by the page while the raiser types  # the button that keeps the draft and leaves


def open_to(person: Person, on: Any, held: Iterable[Appointment] | None = None) -> tuple[list[Council], list[Council]]:
    """Takes a person and a day; returns the councils they may raise in, and those where no protocol is in force yet.

    ``held``: their appointments on it, where they are known.
    """
    held = councils.appointments_of(person, on=on) if held is None else held
    mine = list({appointment.council_id: appointment.council for appointment in held if appointment.side}.values())
    in_force = councils.with_protocol_in_force(mine, on=on)
    ready = [council for council in mine if council.pk in in_force]
    return ready, [council for council in mine if council not in ready]


@require_http_methods(PAGE)
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """Begin: with one council straight on, with several choose first."""
    ready, waiting = open_to(request.user, timezone.localdate())
    if not ready:
        return render(request, "concerns/nothing_to_raise.html", {"waiting": waiting})
    if len(ready) == 1:
        return redirect("concerns:new-in", key=ready[0].key)
    form = CouncilForm(request.POST if request.method == "POST" else None, councils=[(council.key, council.name) for council in ready])
    if request.method == "POST" and form.is_valid():
        return redirect("concerns:new-in", key=form.cleaned_data["council"])
    return render(request, "concerns/which_council.html", {"form": form, "waiting": waiting}, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def new_in(request: HttpRequest, key: str) -> HttpResponse:
    """Who and what, for a concern that isn't kept yet."""
    now = timezone.now()
    today = timezone.localdate(now)
    ready, waiting = open_to(request.user, today)
    council = next((council for council in [*ready, *waiting] if council.key == key), None)
    if council is None:
        raise Http404
    if council in waiting:
        return render(request, "concerns/nothing_to_raise.html", {"waiting": [council]})
    version = councils.protocol_in_force(council, on=today)
    form = _who_form(request, council, version.protocol if version else None, today, initial={})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                draft = intake.start_draft(council=council, by=request.user, now=now)
                intake.save_draft(concern_id=draft.pk, by=request.user, now=now, **_who_answers(form))
            return redirect("concerns:draft-where", concern=draft.pk)
        except Refusal as refusal:
            refuse(form, refusal)
    context = {"form": form, "council": council, "version": version, "step": 1}
    return render(request, "concerns/who.html", context, status=status_of(form))


@require_http_methods(PAGE)
@draft_page
def who(request: HttpRequest, case: Case) -> HttpResponse:
    """Who and what, again."""
    concern = case.concern
    if case.protocol is None:
        return _no_protocol(request, case)
    initial = {
        "subjects": [str(pk) for pk in concern.subjects.values_list("person_id", flat=True)],
        "topic": concern.topic,
        "happened_on": concern.happened_on,
        "said_in_public": concern.said_in_public,
        "where_said": narrative(case).where_said,
    }
    form = _who_form(request, concern.council, case.protocol, case.today, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(
        form, intake.save_draft, concern_id=concern.pk, by=case.person, now=case.now, **_who_answers(form)
    ):
        return redirect("concerns:draft-where", concern=concern.pk)
    return _page(request, case, "concerns/who.html", form, step=1)


def _who_form(request: HttpRequest, council: Council, protocol: Any, today: Any, *, initial: dict[str, Any]) -> WhoForm:
    caution = confidentiality.said_in_public(protocol) if protocol else None
    clauses = ", ".join(clause.label for clause in _route.clauses(protocol, caution.cites)) if caution else ""
    words = _("Your protocol: %(words)s (%(clauses)s).") % {"words": caution.words, "clauses": clauses} if caution else ""
    return WhoForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        people=_route.people(council, protocol, on=today, but=[request.user]),
        topics=_route.topics(protocol, initial.get("topic", "")),
        today=today,
        caution=words,
        called_meetings=bool(protocol) and confidentiality.asks_about_called_meetings(protocol),
    )


def _who_answers(form: WhoForm) -> dict[str, Any]:
    return {**form.cleaned_data, "undated": form.cleaned_data["happened_on"] is None}


@require_http_methods(PAGE)
@draft_page
def where(request: HttpRequest, case: Case) -> HttpResponse:
    """Where this goes and who will see it, before a word of it is written."""
    made = plan_of(case)
    if isinstance(made, HttpResponse):
        return made
    if made is None:
        return _no_protocol(request, case)
    concern, protocol = case.concern, case.protocol
    assert protocol is not None
    if made.resolution.redirect is not None:
        return redirect("concerns:draft-elsewhere", concern=concern.pk)
    shown = _route.shown(made, concern, protocol)
    known = set(concern.connections.values_list("person_id", flat=True))
    preferred = next((way.token for way in shown.ways if way.preferred and not way.is_direct), "")
    form = WhereForm(
        request.POST if request.method == "POST" else None,
        initial={"chosen_token": concern.chosen_token or preferred, "connected": [str(pk) for pk in known]},
        ways=[(way.token, among(way.title, protocol), among(way.hint, protocol)) for way in shown.ways] if shown.is_choice else [],
        people=_route.people(concern.council, protocol, on=case.today, but=[case.person]),
    )
    if request.method == "POST":
        again = request.POST.get("way") == "look_again"
        if again and "chosen_token" in form.fields:
            form.fields["chosen_token"].required = False
        if form.is_valid():
            connected = form.cleaned_data["connected"]
            again = again or {person.pk for person in connected} != known
            token = form.cleaned_data.get("chosen_token") or (concern.chosen_token if shown.is_choice else "")
            if attempt(
                form, intake.save_draft, concern_id=concern.pk, by=case.person, now=case.now, connected=connected, chosen_token=token
            ):
                if again:
                    messages.info(request, _("This is where it goes now. Look at it again, then go on."))
                return redirect("concerns:draft-where" if again else "concerns:draft-writing", concern=concern.pk)
    return _page(request, case, "concerns/where.html", form, step=2, shown=shown)


@require_http_methods(PAGE)
@draft_page
def writing(request: HttpRequest, case: Case) -> HttpResponse:
    """The concern itself, and its files. What is typed is kept even when a file is refused."""
    concern = case.concern
    if case.protocol is None:
        return _no_protocol(request, case)
    made = plan_of(case)
    if isinstance(made, HttpResponse):
        return made
    guidance = _route.clauses(case.protocol, made.resolution.cites) if made else ()
    kept = narrative(case)
    way = request.POST.get("way", "")
    subjects = {subject.person_id: subject.person for subject in concern.subjects.select_related("person")}
    form = WritingForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={
            "what_happened": kept.what_happened,
            "wanted_outcome": kept.wanted_outcome,
            "witnesses": [str(pk) for pk in concern.witnesses.values_list("person_id", flat=True)],
        },
        people=_route.people(concern.council, case.protocol, on=case.today, but=[case.person, *subjects.values()]),
        finished=way == "",
    )
    if request.method == "POST" and form.is_valid() and _keep_writing(form, case):
        if way == BY_ITSELF:
            return HttpResponse(status=204)
        if way == LATER:
            messages.success(request, _("Your draft is kept. Only you can see it."))
            return redirect("concerns:home")
        if way == "attach":
            return redirect("concerns:draft-writing", concern=concern.pk)
        return redirect("concerns:draft-check", concern=concern.pk)
    return _page(request, case, "concerns/writing.html", form, step=3, guidance=guidance, documents=list(concern.documents.defer("content")))


def _keep_writing(form: WritingForm, case: Case) -> bool:
    """Keeps the text, then each file; False when something was refused (the text is kept all the same)."""
    answers = dict(form.cleaned_data)
    files = answers.pop("files")
    who_am_i: dict[str, Any] = {"concern_id": case.concern.pk, "by": case.person, "now": case.now}
    if not attempt(form, intake.save_draft, **who_am_i, **answers):
        return False
    for upload in files:
        content = upload.read(papers.LARGEST_FILE + 1)
        if not attempt(form, papers.add_document, renamed={"file": "files"}, **who_am_i, name=upload.name, content=content):
            return False
    return True


@require_POST
@draft_page
def remove_file(request: HttpRequest, case: Case, document: UUID) -> HttpResponse:
    """Take a file out of a draft."""
    papers.remove_document(concern_id=case.concern.pk, document_id=document, by=case.person, now=case.now)
    messages.success(request, _("The file is removed."))
    return redirect("concerns:draft-writing", concern=case.concern.pk)


@require_http_methods(PAGE)
@draft_page
def delete(request: HttpRequest, case: Case) -> HttpResponse:
    """Delete a draft for good."""
    if request.method == "POST":
        intake.delete_draft(concern_id=case.concern.pk, by=case.person, now=case.now)
        messages.success(request, _("The draft is deleted. Nobody else ever saw it."))
        return redirect("concerns:home")
    return render(request, "concerns/delete_draft.html", {"case": case, "concern": case.concern})


def narrative(case: Case) -> Narrative:
    """What is written so far."""
    return getattr(case.concern, "narrative", None) or Narrative(concern=case.concern)


def plan_of(case: Case) -> plan.Plan | HttpResponse | None:
    """The plan of a draft; a redirect when it names nobody yet, None when no protocol is in force."""
    if case.protocol is None:
        return None
    try:
        return plan.for_concern(case.concern, on=case.today)
    except ValueError:
        return redirect("concerns:draft-who", concern=case.concern.pk)


def _no_protocol(request: HttpRequest, case: Case) -> HttpResponse:
    return render(request, "concerns/nothing_to_raise.html", {"waiting": [case.concern.council], "concern": case.concern})


def _page(request: HttpRequest, case: Case, template: str, form: Any, **more: Any) -> HttpResponse:
    context = {
        "case": case,
        "concern": case.concern,
        "council": case.concern.council,
        "protocol": case.protocol,
        "version": case.version,
        "form": form,
        **more,
    }
    return render(request, template, context, status=status_of(form))
