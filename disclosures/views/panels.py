"""What the room shows elsewhere: on a concern's page, and on the start page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from concerns.enums import State
from concerns.rooms import Panel, Waiting
from concerns.views._loading import Case
from concerns.views._route import clauses
from councils import wording as council_words
from councils.models import Person
from disclosures import policy, queries, wording
from disclosures.actions import discipline as steps
from disclosures.domain import rules
from disclosures.enums import DisclosureAction, DisclosureState
from disclosures.models import Pointer

A, S = DisclosureAction, DisclosureState


def telling(case: Case, there: bool) -> Panel | None:
    """What was disclosed to whom, for those who read the concern and didn't raise it."""
    if not case.reads or case.is_raiser:
        return None
    carries = policy.may(A.DRAFT_DISCLOSURE, case.held, reads=case.reads, is_raiser=case.is_raiser)
    is_open = any(not rules.may_disclose(kind, case.concern.state, on_hold=False) for kind in wording.KINDS)
    rows = [
        {"row": row, "kind": wording.KINDS[row.kind][0], "state": wording.STATES[row.state][0], "new": row.state == S.ANSWERED}
        for row in (queries.of(case.concern) if there else ())
        if row.state != S.DRAFTED or carries
    ]
    if not rows and not (carries and is_open):
        return None
    return Panel("disclosures/panel.html", {"rows": rows, "may_tell": carries and is_open, "concern": case.concern})


def discipline(case: Case, there: bool) -> Panel | None:
    """How far the disciplinary procedure is; who may decide on it and by which clause; no more for who sees the stage only."""
    if State.DISCIPLINARY not in (case.concern.state, case.concern.closed_from):
        return None
    row = queries.pointer_of(case.concern) if there else None
    if row is None:
        return None
    label, means = wording.POINTER[row.state]  # type: ignore[index]
    context: dict[str, Any] = {"row": row, "label": label, "means": means, "concern": case.concern, "reads": case.reads}
    if case.reads and not case.is_raiser:
        context.update(
            deciders=[_decider(token, case) for token in row.deciders],
            clauses=clauses(case.protocol, row.cites),
            source=council_words.source_label(row.basis) if row.basis else "",
            steps=list(_steps(case, row)),
        )
    return Panel("disclosures/discipline_panel.html", context)


def _decider(token: str, case: Case) -> str:
    plain = {"raiser": _("the person who raised it"), "handler": _("whoever deals with it")}
    return plain.get(token) or council_words.token_label(token, case.protocol)


def _steps(case: Case, row: Pointer) -> Any:
    for action, name, words in (
        (A.PROCEDURE_BEGAN, "began", _("Record that it began")),
        (A.PROCEDURE_OVER, "over", _("Record that it is over")),
    ):
        carries = policy.may(action, case.held, reads=case.reads, is_raiser=case.is_raiser)
        if carries and not steps.closed(action, case.concern, row, case.facts):
            href = reverse(f"disclosures:discipline-{name}", kwargs={"concern": case.concern.pk})
            yield {"href": href, "label": words, "action": action.value}


def waiting(person: Person, today: date) -> list[Waiting]:
    """What was disclosed to this person, and the answers that came to what they deal with. Fixed words."""
    found = []
    for row in queries.waiting_for(person):
        if row.person_id == person.pk:
            url = reverse("disclosures:told", kwargs={"disclosure": row.pk})
            found.append(Waiting(_("Something was disclosed to you"), url, row.council.name, row.answer_by))
        else:
            url = reverse("disclosures:telling", kwargs={"concern": row.concern_id, "disclosure": row.pk})
            found.append(Waiting(_("An answer came"), url, row.council.name))
    return found


def doors(person: Person) -> list[Waiting]:
    """What was disclosed to them, for good: also when nothing waits and no office is held any more."""
    if not queries.told_to(person).exists():
        return []
    return [Waiting(_("What was disclosed to you"), reverse("disclosures:told-list"))]
