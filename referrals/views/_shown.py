"""What the pages of both sides show of a referral. Words only; nothing here decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concerns.views.documents import attachment
from councils import queries as councils
from councils.law import LawItem
from referrals import queries, wording
from referrals.domain import chasing, course
from referrals.enums import Ground, ReferralEvent, SentBy, Side, State, Step, SubjectTold
from referrals.models import BundleOpening, Entry, Referral, ReferralAccess

COLOURS = {State.PREPARED: "yellow", State.SENT_BACK: "orange", State.CLOSED: "grey", State.OUTCOME_RECEIVED: "green"}
# Steps in the order a reader looks for them; what is usually next first.
ORDER = (
    Step.SEAL, Step.SEND, Step.ACKNOWLEDGE, Step.START_ASSESSING, Step.TAKE_BACK, Step.TAKE_OVER, Step.INVESTIGATE, Step.WEIGH, Step.ASK_LOCAL,
    Step.CONSULT, Step.RECORD_FINDING, Step.READDRESS, Step.PREPARE_AGAIN, Step.STEP_ASIDE,
)  # fmt: skip
MAIN = {Step.SEAL, Step.SEND, Step.ACKNOWLEDGE, Step.START_ASSESSING, Step.TAKE_BACK, Step.TAKE_OVER}
CONTENT_TYPES = {"pdf": ("application/pdf", "pdf"), "zip": ("application/zip", "zip"), "rest": ("application/zip", "zip")}
SOURCES = {course.ENGLAND: ("E1", "E2", "E3", "E5", "E6"), course.WALES: ("W1", "W2", "W3")}


def chase(referral: Referral, today: date, *, known: dict[UUID, dict[str, int]] | None = None) -> chasing.Chase | None:
    """When to ask the office, by the council's own targets or the shipped ones. ``known`` saves asking for a council twice."""
    if referral.state not in (State.SENT, State.ACKNOWLEDGED, State.ASSESSING):
        return None
    known = {} if known is None else known
    days = known.setdefault(referral.council_id, {}) or _days(referral, today)
    known[referral.council_id] = days
    return chasing.chase(
        State(referral.state), referral.jurisdiction, sent_on=referral.sent_on, acknowledged_on=referral.acknowledged_on, days=days,
        closures=councils.closures(referral.council),
    )  # fmt: skip


def _days(referral: Referral, today: date) -> dict[str, int]:
    version, layer = councils.protocol_in_force(referral.council, on=today), councils.law_layer()
    own = version.protocol.targets if version else {}
    here = referral.council.targets
    shipped = {code: (layer.default(code) or {}).get("value", fallback) for code, fallback in chasing.DAYS.items()}
    return {code: int(here.get(code) or own.get(chasing.TARGETS[code]) or value) for code, value in shipped.items()}


def chase_words(found: chasing.Chase | None, today: date) -> str:
    """When to ask, and whose date that is."""
    if found is None:
        return ""
    days = ngettext("%(n)d working day", "%(n)d working days", found.days) % {"n": found.days}
    words = _("Nothing was heard by %(day)s (%(days)s): ask how it stands. The time is practice, set by your council; no law sets it.")
    if found.on > today:
        words = _("If nothing is heard by %(day)s (%(days)s), ask how it stands. The time is practice, set by your council; no law sets it.")
    return words % {"day": date_format(found.on, "j F Y"), "days": days}


def steps(facts: course.Facts, *, side: Side, copied: bool, url: str, **kwargs: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The steps of a side: those open now, and those that are closed with the reason."""
    is_open, closed = [], []
    for step in ORDER:
        code = course.refusal(step, facts)
        if code in ("not_yours", "only_wales"):
            continue
        label, means = wording.STEPS[step]
        label = wording.COPIED.get(step, label) if copied else label
        name = step.value.removeprefix("referral_").replace("_", "-")
        entry = {
            "step": step.value, "label": label, "means": means, "main": step in MAIN and not (step == Step.SEAL and facts.sealed),
            "href": reverse(url, kwargs={**kwargs, "step": name}), "why": wording.refused(code, facts.state) if code else "",
        }  # fmt: skip
        (closed if code else is_open).append(entry)
    return is_open, [entry for entry in closed if facts.state not in (State.CLOSED,)]


def step_named(name: str) -> Step | None:
    """The step an address names."""
    return next((step for step in Step if step.value == "referral_" + name.replace("-", "_")), None)


def about(referral: Referral, *, today: date) -> list[dict[str, Any]]:
    """The referral's own facts as rows, the same for both sides."""
    rows = [
        (_("Council"), referral.council.name),
        (_("Reference"), referral.reference),
        (_("Goes to"), referral.destination),
        (_("Addressed to"), _addressed(referral)),
        (_("Paragraph of the Code"), referral.code_paragraph),
        (_("It happened"), _happened(referral, today)),
        (_("Sent"), _sent(referral)),
        (_("Acknowledged"), _day(referral.acknowledged_on)),
        (_("Assessment began"), _day(referral.assessing_on)),
        (_("Investigation began"), _day(referral.investigating_on)),
        (_("Low-level matter (W3)"), _low_level(referral)),
        (_("Local settlement asked for"), _day(referral.sent_back_on)),
        (_("Answered"), _day(referral.outcome_on)),
        (_("Outcome"), str(wording.OUTCOMES.get(referral.outcome, ""))),
        (_("The councillor"), _told(referral)),
        (_("Confidentiality"), _confidentiality(referral)),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _day(value: date | None) -> str:
    return date_format(value, "j F Y") if value else ""


def _addressed(referral: Referral) -> str:
    if referral.addressed_to is None:
        return ""
    return f"{referral.addressed_to.full_name}, {wording.OFFICERS.get(referral.addressed_role, '')}".rstrip(", ")


def _happened(referral: Referral, today: date) -> str:
    if referral.happened_on is None:
        return ""
    if not course.too_old(referral.happened_on, referral.sent_on or today):
        return _day(referral.happened_on)
    return _("%(day)s. That is more than twelve months before; some offices don't take such complaints.") % {"day": _day(referral.happened_on)}


def _sent(referral: Referral) -> str:
    if referral.sent_on is None:
        return ""
    return f"{_day(referral.sent_on)}, {wording.WAYS[SentBy(referral.sent_by_way)]}"


def _told(referral: Referral) -> str:
    if not referral.subject_told:
        return ""
    words = str(wording.TOLD[SubjectTold(referral.subject_told)][0])
    return f"{words}. {referral.subject_told_reason!s}" if referral.subject_told_reason else words


def _low_level(referral: Referral) -> str:
    """What was said in Wales before a local settlement."""
    if referral.serious is None or referral.repeated is None:
        return ""
    said = [_("Serious") if referral.serious else _("Not serious"), _("raised before") if referral.repeated else _("not raised before")]
    return ", ".join(said) + ". " + (_("A local settlement is closed.") if referral.serious or referral.repeated else _("A local settlement is open."))


def _confidentiality(referral: Referral) -> str:
    if referral.confidentiality_asked is None:
        return ""
    if not referral.confidentiality_asked:
        return _("Not asked for")
    return _("Asked for: %(reason)s") % {"reason": referral.confidentiality_reason}


def entries(referral: Referral, *, all_of_it: bool) -> list[dict[str, Any]]:
    """What the office said, oldest first. The Independent Person's view only with ``all_of_it``."""
    rows = Entry.objects.filter(referral=referral).select_related("by")
    return [
        {
            "row": row,
            "title": wording.EVENTS[ReferralEvent(row.kind)],
            "grounds": [wording.GROUNDS[Ground(code)] for code in row.grounds],
            "shown": all_of_it or row.kind != ReferralEvent.CONSULTED,
        }
        for row in rows
    ]


def bundle(referral: Referral, *, checked: bool = True) -> dict[str, Any] | None:
    """The sealed bundle: its papers, its seal, whether it is as it was sealed, and who opened it."""
    found = queries.bundle_of(referral)
    if found is None:
        return None
    result = queries.check(found) if checked else None
    return {
        "row": found,
        "papers": queries.papers_in(found),
        "check": result,
        "infected": queries.infected_in(found),
        "virus": wording.VIRUS,
        "openings": [(row, wording.PARTS[row.part]) for row in found.openings.select_related("person").order_by("-at")],
    }


def desks(referral: Referral) -> list[dict[str, Any]]:
    """Who of the office may open the sealed papers, or could, and when they last did. For the council's side."""
    opened = dict(BundleOpening.objects.filter(referral=referral).order_by("at").values_list("person_id", "at"))
    rows = ReferralAccess.objects.filter(referral=referral).select_related("person")
    return [{"row": row, "role": wording.OFFICERS.get(row.role, ""), "opened": opened.get(row.person_id)} for row in rows]


def measures(referral: Referral) -> list[dict[str, Any]]:
    """What was recommended, and what has been carried out."""
    rows = referral.measures.select_related("carried_out_by")
    return [{"row": row, "kind": wording.MEASURES[row.kind]} for row in rows]


def law(referral: Referral) -> list[LawItem]:
    """The law that the pages cite."""
    layer = councils.law_layer()
    found = [layer.item(code) for code in SOURCES[referral.jurisdiction]]
    return [item for item in found if item is not None]


def download(content: bytes, part: str, reference: str) -> HttpResponse:
    """A part of a bundle as an attachment with a name that says nothing."""
    kind, ending = CONTENT_TYPES[part]
    return attachment(content, kind, f"{reference}.{ending}")


def state_of(referral: Referral) -> dict[str, Any]:
    """State in words, with its colour."""
    label, more = wording.STATES[State(referral.state)]
    return {"label": label, "more": more, "colour": COLOURS.get(State(referral.state), "blue")}


