"""The words of reports, all through gettext."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils import wording as councils
from councils.protocol import Protocol
from reporting.enums import Audience, RunStatus

AUDIENCES = {
    Audience.PUBLIC: (
        gettext_lazy("The public"),
        gettext_lazy("May be put on the agenda and the website. Fewer tables, rounder numbers."),
    ),
    Audience.COUNCIL: (
        gettext_lazy("The council, in private session"),
        gettext_lazy("For the part of a meeting from which the public is excluded."),
    ),
    Audience.MONITORING_OFFICER: (
        gettext_lazy("The Monitoring Officer"),
        gettext_lazy("The council’s report, and what the check of the protocol finds."),
    ),
}
STATUS = {
    RunStatus.WAITING: (gettext_lazy("Waiting"), "grey"),
    RunStatus.RUNNING: (gettext_lazy("Being made"), "blue"),
    RunStatus.DONE: (gettext_lazy("Ready"), "green"),
    RunStatus.FAILED: (gettext_lazy("Not made"), "red"),
}
NOT_SHOWN = gettext_lazy("not shown")

TABLES = {
    "parts": (gettext_lazy("When they were raised"), gettext_lazy("From – to")),
    "kind": (gettext_lazy("Who raised them, and about whom"), gettext_lazy("Raised by")),
    "topic": (gettext_lazy("What they were about"), gettext_lazy("Topic")),
    "route": (gettext_lazy("Which rule of the protocol they went by"), gettext_lazy("Rule")),
    "stage": (gettext_lazy("The furthest step they reached"), gettext_lazy("Step")),
    "outcome": (gettext_lazy("How they stood on the last day"), gettext_lazy("Outcome")),
    "access": (gettext_lazy("Requests to see papers"), gettext_lazy("Decision")),
}
KINDS = {
    "officer_about_councillor": gettext_lazy("An officer, about a councillor"),
    "councillor_about_officer": gettext_lazy("A councillor, about an officer"),
}
STAGES = {
    "raised": gettext_lazy("Sent, not taken up"),
    "informal": gettext_lazy("Informal step, or a talk in private"),
    "conciliation": gettext_lazy("Conciliation"),
    "deciding": gettext_lazy("Choosing the formal route"),
    "grievance": gettext_lazy("Grievance"),
    "disciplinary": gettext_lazy("Disciplinary procedure"),
    "code_of_conduct": gettext_lazy("Code of Conduct"),
    "council_report": gettext_lazy("Report to the council"),
}
OUTCOMES = {
    "open": gettext_lazy("Still open"),
    "resolved": gettext_lazy("Settled by agreement"),
    "outcome_recorded": gettext_lazy("Outcome of a formal process recorded"),
    "no_action": gettext_lazy("Closed without action"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "redirected": gettext_lazy("Shown the right channel"),
}
ACCESS = {
    "granted": gettext_lazy("Granted"),
    "partly_granted": gettext_lazy("Granted in part"),
    "refused": gettext_lazy("Refused"),
    "waiting": gettext_lazy("Not decided by the last day"),
}
MARKS = {
    "overdue": gettext_lazy("Something was late"),
    "escalated": gettext_lazy("It went on to the next person because nobody had acted"),
    "conflict": gettext_lazy("Somebody was left out because of a connection"),
    "stood_in": gettext_lazy("Somebody acted for a person who was away"),
    "handed_over": gettext_lazy("It was handed over"),
    "nobody_free": gettext_lazy("Nobody the protocol names was free to take it"),
    "fallback": gettext_lazy("It went to somebody whom the rule names only instead of others"),
    "not_stated": gettext_lazy("The protocol doesn’t say outright who hears it"),
    "without_consent": gettext_lazy("It was passed on without consent, with a reason"),
    "skipped_informal": gettext_lazy("It went straight to a formal route"),
    "reopened": gettext_lazy("It was opened again"),
}
CLOCKS = {
    "acknowledge": (gettext_lazy("Taking up a concern"), "acknowledge_concern"),
    "find_handler": (gettext_lazy("Finding somebody to take it"), "find_handler"),
    "informal_review": (gettext_lazy("The informal step"), "informal_review"),
    "conciliate": (gettext_lazy("Conciliation"), "conciliation_review"),
    "choose_route": (gettext_lazy("Choosing the formal route"), "choose_route"),
    "investigation_report": (gettext_lazy("Finding out the facts"), ""),
    "decision": (gettext_lazy("Deciding after a hearing"), "decision_after_hearing"),
    "chase_monitoring_officer": (gettext_lazy("Hearing from the Monitoring Officer"), "chase_mo_assessment"),
}
#: Whose number a target is, in a word or two.
BASES = {
    "clause": gettext_lazy("protocol"),
    "law": gettext_lazy("law"),
    "council": gettext_lazy("set by the council"),
    "default": gettext_lazy("usual, not the council’s own"),
    "agreed": gettext_lazy("agreed"),
}
CLOCK_ROWS = {
    "in_time": gettext_lazy("In time"),
    "late": gettext_lazy("Late"),
}
YES_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
ROWS: dict[str, dict[str, Any]] = {"kind": KINDS, "stage": STAGES, "outcome": OUTCOMES, "access": ACCESS}
#: What the council may want to change, by what was met.
AMENDMENTS = {
    "nobody_free": gettext_lazy("Name who finds somebody when nobody named is free, and one more person who can take a concern."),
    "fallback": gettext_lazy("Look whether those named first are still the right ones: others often stood in for them."),
    "not_stated": gettext_lazy("Say outright who hears these concerns: the protocol leaves it to be inferred, or to this service’s default."),
    "conflict": gettext_lazy("Name further people, so that a connection doesn’t leave a concern with too few."),
    "stood_in": gettext_lazy("Say in the protocol who acts when somebody is away."),
    "overdue": gettext_lazy("Look at the targets, and at who has the time to meet them."),
    "escalated": gettext_lazy("Look at who receives concerns first: many went on because nobody had acted."),
    "skipped_informal": gettext_lazy("Look at the informal step: many concerns went past it."),
    "without_consent": gettext_lazy("Say when a concern may be passed on without the consent of whoever raised it."),
}
RESULTS = {"unchanged": gettext_lazy("the protocol stays as it is"), "changed": gettext_lazy("the protocol is changed")}


def audience(code: str) -> str:
    """Who a report is for."""
    return str(AUDIENCES[Audience(code)][0])


def period(first: date, last: date) -> str:
    """A period by its first and last day."""
    return _("%(first)s to %(last)s") % {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}


def short(first: date, last: date) -> str:
    """A part of a period, for a table's row."""
    return _("%(first)s – %(last)s") % {"first": date_format(first, "M Y"), "last": date_format(last, "M Y")}


def title(code: str) -> tuple[str, str]:
    """A table's caption, and the heading of its first column."""
    part, _colon, name = code.partition(":")
    if part == "mark":
        return str(MARKS[name]), _("It happened")
    if part == "clock":
        return str(CLOCKS[name][0]), _("Against the target")
    return str(TABLES[code][0]), str(TABLES[code][1])


def row(code: str, value: str, *, parts: list[list[str]], routes: dict[str, str]) -> str:
    """A row of a table."""
    if code == "parts":
        first, last = parts[int(value)]
        return short(date.fromisoformat(first), date.fromisoformat(last))
    if code == "topic":
        return councils.topic_label(value) if value != "other" else _("Any other, or none kept")
    if code == "route":
        return routes.get(value) or (_("No rule of the protocol") if value == "other" else value)
    if code.startswith("mark:"):
        return str(YES_NO[value])
    return str(CLOCK_ROWS[value] if code.startswith("clock:") else ROWS[code][value])


def routes(protocols: list[Protocol]) -> dict[str, str]:
    """Each rule by its clauses and whom it is for; its code where it cites none."""
    found = {}
    for protocol in protocols:
        for route in protocol.routes:
            words = councils.route_in_words(route, protocol)
            where = ", ".join(councils.clause_label(ref, protocol) for ref in route.cites)
            stage = words.stage[:1].lower() + words.stage[1:]
            said = _("%(title)s (%(stage)s)") % {"title": words.title, "stage": stage}
            if words.topics:
                said = _("%(said)s, for: %(topics)s") % {"said": said, "topics": "; ".join(words.topics)}
            found[route.id] = _("%(said)s – %(clauses)s") % {"clauses": where, "said": said} if where else said
    return found


def years_and_months(first: date, last: date) -> str:
    """How long it was from one day to another, in whole years and months."""
    months = (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
    years, rest = divmod(max(months, 0), 12)
    parts = []
    if years:
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    if rest or not years:
        parts.append(ngettext("%(n)s month", "%(n)s months", rest) % {"n": rest})
    return _(" and ").join(parts)


def about(number: int | None) -> str:
    """A number as it is shown."""
    return str(NOT_SHOWN) if number is None else str(number)


def whole(total: int | None, limit: int) -> str:
    """How many concerns there were, in a sentence."""
    if total is None:
        return _("Fewer than %(limit)s concerns were raised in this period, or none.") % {"limit": limit}
    return _("About %(n)s concerns were raised in this period.") % {"n": total}


def whole_public(total: int | None, limit: int) -> str:
    """The same for the public, whose least number is not quite the limit."""
    if total is None:
        return _("Only a few concerns were raised in this period, or none: too few for a number to be given.")
    return whole(total, limit)


def statement(content: dict[str, Any], code: str) -> list[str]:
    """How the numbers were made safe, and what isn't shown."""
    limit, withheld = content["limit"], content["withheld"]
    said = [
        _("Numbers under %(limit)s aren’t shown, and neither is nought: that there was none would tell something of people, too.") % {"limit": limit},
        _("Every other number is rounded to a multiple of %(limit)s, each on its own, so rows may not add up to the total.") % {"limit": limit},
        _("Where a number left out could be worked out from those shown, others are left out with it."),
        _("This report is counted in small tables; each line under “How they went” is one of them. Tables in all: %(of)s. Tables whose numbers are all left out: %(n)s. Each of these is still named where it would stand.")
        % {"of": withheld["of_tables"], "n": withheld["tables"]},
        _("Rows of all these tables together: %(of)s. Rows whose number is left out: %(n)s. Each is named under “not shown”.") % {"of": withheld["of_rows"], "n": withheld["rows"]},
        _("Concerns are counted as they stood on the last day of the period. A period is reported once, and only when it is over."),
    ]  # fmt: skip
    if content["is_small"]:
        said.append(_("As there are few people on one of the two sides, nothing is shown that tells who stood on which side, or what it was about."))
    if code != Audience.PUBLIC:
        said.append(_("A rule for one post counts with the rule for everybody on that side, so that no number is about one person."))
        said.append(_("Nobody outside a concern sees more: no report, for whichever reader, gives the exact numbers."))
    return said
