"""Messages on a concern: the conversation, writing, answering, copying, taking a marking off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns import policy
from concerns.domain import confidentiality
from concerns.enums import ConsentKind, ConsentStatus, WiderCircle
from concerns.models import Concern
from concerns.views import _route
from concerns.views._loading import Case, attempt, case_page
from correspondence import policy as writing
from correspondence import queries, wording
from correspondence.actions import messages as verbs
from correspondence.domain import copies
from correspondence.forms.messages import CopyForm, MessageForm, PlainForm
from correspondence.models import Message
from correspondence.views import _shown
from correspondence.views._loading import PAGE, answerable_page, case_of, closed, form_page, message_page
from councils.models import Person


@require_safe
@case_page()
def conversation(request: HttpRequest, case: Case) -> HttpResponse:
    """The messages this person is in the audience of, each with everybody who reads it."""
    if request.method == "GET":
        verbs.record_opening(case.concern, by=case.person, now=case.now)
    found = queries.messages_of(case.concern)
    context = {
        "case": case,
        "concern": case.concern,
        "protocol": case.protocol,
        "items": _shown.all_of(found, reader=case.person, protocol=case.protocol),
        "writes": case.reads and writing.takes_words(case.concern),
        "unmarks": {m.pk for m in found if m.mark != "open" and verbs.may_unmark(m, by=case.person, concern=case.concern, now=case.now)},
    }
    return render(request, "correspondence/messages.html", context)


@require_safe
@message_page
def one(request: HttpRequest, message: Message) -> HttpResponse:
    """One message on a page of its own: for somebody it was sent to who isn't on the concern, all they see."""
    case = case_of(message.concern_id, request)
    if case is not None:
        return redirect(reverse("correspondence:messages", kwargs={"concern": case.concern.pk}) + f"#message-{message.pk}")
    if request.method == "GET":
        verbs.record_reading(message, by=request.user, now=timezone.now())
    item = _shown.shown(message, reader=request.user, protocol=None)
    return render(request, "correspondence/message.html", {"item": item, "items": [item]})


@require_http_methods(PAGE)
@case_page(policy.READ)
def new(request: HttpRequest, case: Case) -> HttpResponse:
    """Write a message."""
    return _write(request, case, None)


@require_http_methods(PAGE)
@answerable_page
def reply(request: HttpRequest, case: Case, message: Message) -> HttpResponse:
    """Answer a message."""
    return _write(request, case, message)


def _write(request: HttpRequest, case: Case, before: Message | None) -> HttpResponse:
    label = _("Answer a message") if before else _("Write a message")
    if not writing.takes_words(case.concern):
        return closed(request, case, label=label, why=str(wording.CLOSED))
    circle, others = _addressable(case)
    if not circle:
        return closed(request, case, label=label, why=_("Nobody else reads this concern, so there is nobody to write to."))
    posted = request.method == "POST"
    known = {person.pk for person, _label in circle}
    initial = {"to": [str(before.sender_id)] if before and before.sender_id in known else []}
    form = MessageForm(
        request.POST if posted else None, circle=circle, others=others, marks=wording.marks(case.protocol), is_reply=before is not None,
        asks_consent=asks_consent(case), initial=initial,
    )  # fmt: skip
    if posted and form.is_valid():
        answers: dict[str, Any] = {"concern_id": case.concern.pk, "by": case.person, "now": case.now, **form.answers()}
        sent = attempt(form, verbs.send_message, **answers, in_reply_to=before.pk if before else None)
        if sent:
            notes.success(request, _("Sent. Everybody who reads it is named on it."))
            return redirect(reverse("correspondence:messages", kwargs={"concern": case.concern.pk}) + f"#message-{sent.pk}")
    rule = confidentiality.copying(case.protocol) if case.protocol and before else None
    return form_page(
        request,
        case=case,
        form=form,
        heading=label,
        button=_("Send"),
        action="send_message",
        back=reverse("correspondence:messages", kwargs={"concern": case.concern.pk}),
        answered=_shown.all_of([before], reader=case.person, protocol=case.protocol) if before else None,
        clauses=_route.clauses(case.protocol, rule.cites) if rule else (),
    )


def asks_consent(case: Case) -> bool:
    """Whether somebody outside the circle needs a reason, because the raiser hasn't agreed."""
    if case.is_raiser or case.concern.wider_circle == WiderCircle.MAY_PASS_ON:
        return False
    given = {c.kind for c in case.concern.consents.all() if c.status == ConsentStatus.GIVEN}
    return ConsentKind.WIDER_CIRCLE not in given


def _addressable(case: Case, but: frozenset[Any] = frozenset()) -> tuple[list[tuple[Person, str]], list[tuple[Person, str]]]:
    """Who is on the concern and reads it, and who else could be written to: free of any connection."""
    found = verbs.ground(case.concern, now=case.now)
    posts = dict(_route.people(case.concern.council, case.protocol, on=case.today))
    everybody = {person.pk: (person, label) for person, label in posts.items()}
    for part in case.everyone:
        everybody.setdefault(part.person_id, (part.person, part.person.full_name))
    everybody.setdefault(case.concern.raiser_id, (case.concern.raiser, case.concern.raiser.full_name))
    circle, others = [], []
    for pk, pair in sorted(everybody.items(), key=lambda item: item[1][1]):
        verdict = copies.addressable(found.party(pk), writer=case.person.pk)
        if verdict.allowed and pk not in but:
            (others if verdict.needs_consent else circle).append(pair)
    return circle, others


@require_http_methods(PAGE)
@answerable_page
def copy(request: HttpRequest, case: Case, message: Message) -> HttpResponse:
    """Let one more person read a message, in the open."""
    label = _("Copy a message to somebody else")
    if not writing.takes_words(case.concern):
        return closed(request, case, label=label, why=str(wording.CLOSED))
    circle, others = _addressable(case, but=frozenset(row.person_id for row in message.audience.all()))
    posted = request.method == "POST"
    form = CopyForm(request.POST if posted else None, people=[*circle, *others], asks_consent=bool(others) and asks_consent(case))
    if posted and form.is_valid():
        answers = {"message_id": message.pk, "by": case.person, "now": case.now, **form.answers()}
        if attempt(form, verbs.copy_message, **answers):
            notes.success(request, _("Copied, and everybody in it is told."))
            return redirect("correspondence:messages", concern=case.concern.pk)
    rule = confidentiality.copying(case.protocol) if case.protocol else None
    return form_page(
        request,
        case=case,
        form=form,
        heading=label,
        lead=_("Everybody who has this message sees who is added, by whom and why. Whoever wrote first is told before the new person can read it."),
        button=_("Copy it"),
        action="copy_message",
        back=reverse("correspondence:messages", kwargs={"concern": case.concern.pk}),
        answered=_shown.all_of([message], reader=case.person, protocol=case.protocol),
        clauses=_route.clauses(case.protocol, rule.cites) if rule else (),
    )


@require_http_methods(PAGE)
@answerable_page
def unmark(request: HttpRequest, case: Case, message: Message) -> HttpResponse:
    """Take a marking off."""
    label = _("Take the marking off")
    concern: Concern = case.concern
    if message.mark == "open" or not verbs.may_unmark(message, by=case.person, concern=concern, now=case.now):
        why = _("Only whoever marked it, or the clerk, can take the marking off.")
        return closed(request, case, label=label, why=_("This message carries no marking.") if message.mark == "open" else why)
    posted = request.method == "POST"
    form = PlainForm(request.POST if posted else None)
    if posted and form.is_valid() and attempt(form, verbs.unmark_message, message_id=message.pk, by=case.person, now=case.now):
        notes.success(request, _("The marking is off. That it was marked stays on the message."))
        return redirect("correspondence:messages", concern=concern.pk)
    return form_page(
        request,
        case=case,
        form=form,
        heading=label,
        lead=_("From then on it can be copied to somebody else, in the open. That it was marked, and who took that off, stays recorded."),
        button=label,
        action="unmark_message",
        back=reverse("correspondence:messages", kwargs={"concern": concern.pk}),
        answered=_shown.all_of([message], reader=case.person, protocol=case.protocol),
    )
