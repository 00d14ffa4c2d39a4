"""A council's set-up: a list of tasks that can be left and taken up again, and a page for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from councils import queries
from councils.models import Appointment, Council, Person
from councils.views._loading import carry_out
from councils.views.given_back import given_back
from studio.actions import invitations
from studio.actions import set_up as actions
from studio.forms.set_up import CouncilForm, InviteForm, PartsForm
from studio.models import CouncilSetUp
from studio.queries import set_up as reads
from studio.queries.people_import import waiting_list
from studio.queries.rehearsals import fingerprint

FORM = ["GET", "HEAD", "POST"]


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever isn't signed in is asked to, and gets back what they typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if request.method == "POST":
                return given_back(request, signed_out=True)
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        return view(request, *args, **kwargs)

    return guarded


def set_up_page(*, council: bool = True, finished: bool = False) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Decorates `view(request, set_up)`: one of theirs, else 404; with `council`, back to the tasks until there is one."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @signed_in
        def guarded(request: HttpRequest, set_up: UUID) -> HttpResponse:
            found = reads.set_up_for(request.user, set_up, on=timezone.localdate())
            if found is None:
                raise Http404
            if (council and found.council is None) or (found.finished_at and not finished):
                return redirect("studio:set-up", set_up=found.pk)
            return view(request, found)

        return guarded

    return decorate


@require_http_methods(["GET", "HEAD"])
@signed_in
def set_ups(request: HttpRequest) -> HttpResponse:
    """The set-ups one may open. Somebody with just one goes there; somebody with none finds nothing."""
    rows = list(reads.set_ups_of(request.user, on=timezone.localdate())[:100])
    if not request.user.is_operator:
        if not rows:
            raise Http404
        if len(rows) == 1:
            return redirect("studio:set-up", set_up=rows[0].pk)
    return render(request, "studio/setup_list.html", {"rows": rows, "may_invite": request.user.is_operator})


@require_http_methods(FORM)
@signed_in
def invite(request: HttpRequest) -> HttpResponse:
    """Begin a council's set-up. Operators only."""
    if not request.user.is_operator:
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and carry_out(form, actions.invite_administrator, by=request.user):
        if not form.cleaned_data["email"]:
            begun = CouncilSetUp.objects.get(person=request.user, council=None)
            return redirect("studio:set-up-council", set_up=begun.pk)
        messages.success(request, _("They are asked by e-mail. Here you see how far they are."))
        return redirect("studio:set-ups")
    return page(request, None, form, title=_("Set up a council"), button=_("Begin"), back=reverse("studio:set-ups"))


@require_safe
@set_up_page(council=False, finished=True)
def set_up(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """The list of tasks."""
    on = timezone.localdate()
    listed = reads.tasks(row, on=on, fingerprint=fingerprint(row.council, on=on) if row.council else "")
    context = {
        "set_up": row, "council": row.council, "tasks": [(task, _address(row, task.code)) for task in listed],
        "done": sum(task.state == reads.DONE for task in listed),
        "waiting": waiting_list(row.council, request.user) if row.council else None,
    }  # fmt: skip
    return render(request, "studio/setup.html", context)


@require_http_methods(FORM)
@set_up_page(council=False)
def council(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """The council, its principal authority, its words."""
    initial: dict[str, Any] = {}
    if row.council:
        initial = {"name": row.council.name, "kind": row.council.kind, "jurisdiction": row.council.jurisdiction, "principal": row.principal}
        initial |= {f"word_{code}": word for code, word in row.words.items()}
    form = CouncilForm(request.POST or None, council=row.council, initial=initial)
    if request.method == "POST" and carry_out(form, actions.name_council, by=request.user, set_up=row):
        return done(request, row, _("The council is recorded."))
    return page(request, row, form, title=_("The council and its words"), button=_("Save and go on"), page="studio/setup_council.html")


@require_safe
@set_up_page()
def people(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """Who is there, and the ways to bring more."""
    on = timezone.localdate()
    found = queries.people_of(row.council, on=on)
    context = {
        "set_up": row, "council": row.council, "people": found[:200], "number": found.count(), "sides": reads.sides(row.council, on=on),
        "fewest": reads.FEWEST, "is_admin": queries.is_admin(request.user, row.council, on=on), "waiting": waiting_list(row.council, request.user),
        "back_url": reverse("studio:set-up", kwargs={"set_up": row.pk}),
    }  # fmt: skip
    return render(request, "studio/setup_people.html", context)


@require_http_methods(FORM)
@set_up_page()
def who(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """Who is who: offices, bodies, the Monitoring Officer, line managers."""
    on = timezone.localdate()
    protocol = reads.protocol_to_be(row.council, on=on)
    if protocol is None:
        return redirect("studio:set-up", set_up=row.pk)
    missing = reads.who_is_who(row.council, protocol, on=on)
    form = PartsForm(
        request.POST if request.method == "POST" else None, missing=missing, people=queries.people_of(row.council, on=on), councillors=_side(row.council, "councillor", on),
        officers=_side(row.council, "officer", on), heads=reads.heads(row.council, on=on), principal=row.principal,
    )  # fmt: skip
    if request.method == "POST" and carry_out(form, actions.fill_parts, by=request.user, set_up=row):
        return done(request, row, _("Who is who is recorded."))
    intro = _("Each part of your protocol that nobody has yet. Leave empty what you don’t know; the rehearsal shows what follows from it.")
    if not form.fields:
        intro = _("Every part of your protocol has somebody. There is nothing to fill in.")
    return page(request, row, form, title=_("Who is who"), button=_("Save and go on"), intro=intro)


@require_http_methods(FORM)
@set_up_page(finished=True)
def ask_people(request: HttpRequest, row: CouncilSetUp) -> HttpResponse:
    """Ask everybody at the council to choose a password and sign in."""
    on = timezone.localdate()
    people = reads.without_password(row.council, on=on)
    form = Form(request.POST if request.method == "POST" else None)
    if queries.protocol_in_force(row.council, on=on) is None:
        return redirect("studio:set-up", set_up=row.pk)
    if request.method == "POST" and carry_out(form, invitations.invite_people, by=request.user, council=row.council):
        return done(request, row, ngettext("%d person is asked by e-mail.", "%d people are asked by e-mail.", len(people)) % len(people))
    intro = _("Each gets an e-mail with a link to choose a password. It says that they have an account, and nothing else.")
    more = {"people": people, "nothing_to_do": not people}
    return page(request, row, form, title=_("Ask everybody to sign in"), button=_("Send the e-mails"), intro=intro if people else "", **more)


def done(request: HttpRequest, row: CouncilSetUp, message: str) -> HttpResponse:
    """Says what was done, and back to the tasks."""
    messages.success(request, message)
    return redirect("studio:set-up", set_up=row.pk)


def page(request: HttpRequest, row: CouncilSetUp | None, form: Form, *, title: str, button: str, back: str = "", **more: Any) -> HttpResponse:
    """One form of the set-up on a page."""
    template = more.pop("page", "studio/setup_form.html")
    context = {
        "form": form, "set_up": row, "council": row.council if row else None, "page_title": title, "button": button,
        "back_url": back or reverse("studio:set-up", kwargs={"set_up": row.pk}), **more,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def _side(council: Council, side: str, on: Any) -> Any:
    rows = Appointment.objects.current(on).filter(council=council, side=side).values("person")
    return Person.objects.filter(pk__in=rows).order_by("full_name", "email")


def _address(row: CouncilSetUp, code: str) -> str:
    return reverse(f"studio:set-up-{code}", kwargs={"set_up": row.pk})
