"""Questions about the protocol: asking, answering, publishing, and reading what was published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from concerns.forms.raising import CouncilForm
from concerns.views._loading import attempt, refuse, signed_in, status_of
from concerns.views._route import clauses
from concerns.views.raising import open_to
from councils import queries as councils
from councils import wording as council_words
from councils.errors import Refusal
from councils.views._loading import Visit, council_page
from information import plan, policy, queries, wording
from information.actions import questions as asked
from information.actions.verbs import ACTIONS, LEAVES
from information.domain.rules import interpretation
from information.enums import QuestionAction, QuestionEvent, QuestionPart, QuestionState
from information.forms.steps import QUESTION_FORMS, Offers, QuestionForm
from information.models import GuidanceQuestion
from information.views import _shown
from information.views._loading import PAGE, question_page


@require_safe
@signed_in
def listing(http: HttpRequest) -> HttpResponse:
    """One's own questions, those one answers, and where the published answers are."""
    today = timezone.localdate()
    mine, to_answer = queries.my_questions(http.user, on=today)
    ready, _waiting = open_to(http.user, today)
    places = councils.councils_of(http.user, on=today)
    context = {"mine": [_row(row) for row in mine], "to_answer": [_row(row) for row in to_answer], "may_ask": bool(ready), "places": places}
    return render(http, "information/questions.html", context)


def _row(question: GuidanceQuestion) -> dict[str, Any]:
    return {"question": question, "state": wording.QUESTION_STATES[QuestionState(question.state)][0], "clause": question.clause}


@require_http_methods(PAGE)
@signed_in
def new(http: HttpRequest) -> HttpResponse:
    """Begin: with one council straight on, with several choose first."""
    ready, _waiting = open_to(http.user, timezone.localdate())
    if not ready:
        why = _("Only councillors and officers of a council with a protocol in force ask here.")
        return render(http, "information/off.html", {"why": why})
    if len(ready) == 1:
        return redirect("information:question-new-in", key=ready[0].key)
    form = CouncilForm(http.POST if http.method == "POST" else None, councils=[(council.key, council.name) for council in ready])
    if http.method == "POST" and form.is_valid():
        return redirect("information:question-new-in", key=form.cleaned_data["council"])
    return render(http, "information/which_council.html", {"form": form, "is_question": True}, status=status_of(form))


@require_http_methods(PAGE)
@signed_in
def new_in(http: HttpRequest, key: str) -> HttpResponse:
    """The question, and who it goes to."""
    now = timezone.now()
    today = timezone.localdate(now)
    council = next((council for council in open_to(http.user, today)[0] if council.key == key), None)
    if council is None:
        raise Http404
    version = councils.protocol_in_force(council, on=today)
    assert version is not None
    protocol = version.protocol
    choices = [(ref, _clause(ref, protocol)) for ref, clause in protocol.clauses.items() if not clause.deleted]
    form = QuestionForm(http.POST if http.method == "POST" else None, clauses=choices, initial={"clause": http.GET.get("clause", "")})
    if http.method == "POST" and form.is_valid():
        try:
            row = asked.question_ask(council=council, by=http.user, now=now, **form.cleaned_data)
            messages.success(http, _("Your question is sent."))
            return redirect("information:question", question_id=row.pk)
        except Refusal as refusal:
            refuse(form, refusal)
    rule = interpretation(protocol)
    table = plan.answerer(council, version, http.user, on=today)
    context = {
        "form": form, "council": council, "protocol": protocol, "clauses": clauses(protocol, rule.cites),
        "source": "" if rule.basis == "stated" and rule.cites else council_words.source_label(rule.basis),
        "people": [f"{seat.person.full_name}, {_shown.hat(seat, protocol)}" for seat in table.seats], "outside": table.outside,
    }  # fmt: skip
    return render(http, "information/question_new.html", context, status=status_of(form))


def _clause(ref: str, protocol: Any) -> str:
    clause = protocol.clause(ref)
    label = council_words.clause_label(ref, protocol)
    return f"{label} {clause.heading}" if clause.heading and clause.heading not in label else label


@require_safe
@question_page
def page(http: HttpRequest, question: GuidanceQuestion) -> HttpResponse:
    """One question, its answer, and what can be done."""
    return render(http, "information/question.html", _context(http, question))


def _context(http: HttpRequest, question: GuidanceQuestion) -> dict[str, Any]:
    protocol = question.protocol_version.protocol
    today = timezone.localdate()
    parts = policy.question_parts(question, http.user)
    in_post = policy.holds_post(http.user, question.council_id, on=today)
    steps = []
    for action in QUESTION_FORMS:
        if not policy.question_refusal(action, question, parts, in_post=in_post):
            label, means = wording.QUESTION_ACTIONS[action]
            slug = action.value.removeprefix("question_")
            steps.append({"slug": slug, "action": action.value, "label": label, "means": means, "main": action == QuestionAction.ANSWER})
    state = QuestionState(question.state)
    seats = question.seats.filter(until__isnull=True).select_related("person")
    return {
        "question": question, "council": question.council, "protocol": protocol, "state": wording.QUESTION_STATES[state], "steps": steps,
        "clauses": clauses(protocol, [question.clause] if question.clause else []),
        "people": [f"{seat.person.full_name}, {_shown.hat(seat, protocol)}" for seat in seats],
        "is_asker": QuestionPart.ASKER in parts,
        "timeline": [
            {"type": line.type, "title": wording.EVENTS[QuestionEvent(line.type)], "by": line.by_name, "at": line.at, "lines": []}
            for line in queries.trail(question).order_by("-at", "-id")
        ],
    }  # fmt: skip


@require_http_methods(PAGE)
@question_page
def do(http: HttpRequest, question: GuidanceQuestion, action: str) -> HttpResponse:
    """Show one step's form, or do it."""
    step = next((known for known in QUESTION_FORMS if known.value == f"question_{action}"), None)
    if step is None:
        raise Http404
    now = timezone.now()
    today = timezone.localdate(now)
    label, means = wording.QUESTION_ACTIONS[step]
    in_post = policy.holds_post(http.user, question.council_id, on=today)
    why = policy.question_refusal(step, question, policy.question_parts(question, http.user), in_post=in_post)
    if why:
        return render(http, "information/closed_step.html", {"question": question, "label": label, "why": why}, status=409)
    posted = http.method == "POST"
    offers = Offers(revision=question.revision, question=question.question, answer=question.answer)
    form = QUESTION_FORMS[step](http.POST if posted else None, offers=offers)
    if posted and form.is_valid() and attempt(form, ACTIONS[step], question_id=question.pk, by=http.user, now=now, **form.answers()):
        event = LEAVES[step]
        messages.success(http, _("Done: %s.") % wording.EVENTS[event])  # type: ignore[index]
        if policy.questions_of(http.user, on=today).filter(pk=question.pk).exists():
            return redirect("information:question", question_id=question.pk)
        return redirect("information:questions")
    if posted and form.errors:
        form.data = form.data.copy()
        form.data["revision"] = str(GuidanceQuestion.objects.filter(pk=question.pk).values_list("revision", flat=True).first() or 0)
    context = {**_context(http, question), "form": form, "action": step.value, "label": label, "means": means}
    return render(http, "information/question_step.html", context, status=status_of(form))


@require_safe
@council_page()
def published(http: HttpRequest, visit: Visit) -> HttpResponse:
    """The published answers of a council, clause by clause, for everybody of it."""
    answers = queries.published_in(visit.council)
    groups = [
        {"label": _clause(ref, found[0].protocol_version.protocol) if ref else _("The protocol as a whole"), "ref": ref, "answers": found}
        for ref, found in queries.by_clause(answers).items()
    ]
    return render(http, "information/published.html", {**visit.context, "groups": groups})
