"""What a grievance knows for a letter: the hearing, the decision, the appeal. In the council's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from concerns import wording as concern_words
from concerns.models import Concern
from correspondence.enums import LetterKind
from councils import wording as council_words
from councils.models import Person
from grievances import plan, queries, wording
from grievances.domain import dates
from grievances.enums import HearingStatus, Panel, Remit, SeatStatus
from grievances.models import AppealGrounds, Decision, Grievance, Hearing, PanelSeat

ABOUT = frozenset({LetterKind.INVITATION, LetterKind.OUTCOME, LetterKind.APPEAL})
BODIES = {Panel.FIRST: ("body", "hr_panel"), Panel.APPEAL: ("appeal_body", "appeal_panel")}


def facts(concern: Concern, kind: str, *, to: Person | None, by: Person, now: datetime) -> Mapping[str, str]:
    """Words for the names in braces of a letter of ``kind``; nothing without a grievance, or for another kind.

    A decision and the grounds of an appeal are filled in only for whoever raised the grievance: they are theirs.
    """
    grievance = queries.latest(concern) if kind in ABOUT else None
    if grievance is None:
        return {}
    own = to is not None and to.pk == concern.raiser_id
    return {"matter": _matter(concern, own=own), **_facts(concern, grievance, kind, own=own, today=timezone.localdate(now))}


def _facts(concern: Concern, grievance: Grievance, kind: str, *, own: bool, today: date) -> dict[str, str]:
    if kind == LetterKind.OUTCOME:
        return _decision(concern, grievance, today=today) if own else {}
    if kind == LetterKind.APPEAL:
        grounds = AppealGrounds.objects.filter(grievance=grievance).first() if own else None
        found = {"appeal_grounds": str(grounds.text or "")} if grounds else {}
        return {**found, **_hearing(concern, grievance, Panel.APPEAL)}
    return _hearing(concern, grievance, None)


def _matter(concern: Concern, *, own: bool) -> str:
    words = _("your grievance, %(reference)s") if own else _("the matter with the reference %(reference)s")
    return words % {"reference": concern.reference}


def _hearing(concern: Concern, grievance: Grievance, panel: Panel | None) -> dict[str, str]:
    """The date that stands: when, where, before whom, and until when it can be moved for the companion."""
    standing = Hearing.objects.filter(grievance=grievance, status=HearingStatus.SET)
    row = (standing.filter(panel=panel) if panel else standing).order_by("-set_at").first()
    if row is None:
        return {"panel": _panel(concern, grievance, panel)} if panel else {}
    days = plan.target(concern, "postponement").days
    return {
        "panel": _panel(concern, grievance, Panel(row.panel)),
        "hearing_date": date_format(row.held_on, "l j F Y"),
        "hearing_time": time_format(row.at, "g:iA").lower(),
        "hearing_place": str(row.place or ""),
        "postpone_by": date_format(dates.postponed_until(row.held_on, days, plan.jurisdiction(concern)), "j F Y"),
        "companion": str(row.companion or ""),
    }


def _body(concern: Concern, panel: Panel) -> str:
    """What the council calls the panel."""
    setting, code = BODIES[panel]
    protocol = concern.protocol_version.protocol  # type: ignore[union-attr]
    configured = (concern.protocol_version.config.get("proceedings") or {}).get("grievance") or {}  # type: ignore[union-attr]
    token = str(configured.get(setting) or f"body:{code}")
    return council_words.token_label(token if token.startswith("body:") else f"body:{token}", protocol)


def _panel(concern: Concern, grievance: Grievance, panel: Panel) -> str:
    """The panel in the council's words, with who sits on it."""
    seats = PanelSeat.objects.filter(grievance=grievance, panel=panel, status__in=(SeatStatus.SEATED, SeatStatus.DONE)).select_related("person")
    names = [
        _("%(name)s (chair)") % {"name": seat.person.full_name} if seat.is_chair else seat.person.full_name
        for seat in sorted(seats, key=lambda seat: (not seat.is_chair, seat.person.full_name))
    ]
    body = _body(concern, panel)
    return _("%(panel)s: %(names)s") % {"panel": body, "names": ", ".join(names)} if names else body


def _decision(concern: Concern, grievance: Grievance, *, today: date) -> dict[str, str]:
    """The last decision that went out: what, on each point, why, by whom; and the way to appeal."""
    row = Decision.objects.filter(grievance=grievance, released_at__isnull=False).order_by("-released_at").first()
    if row is None:
        return {}
    points = [
        f"{one.allegation.number}. {one.allegation.text!s}\n{wording.FINDINGS[one.code]}"  # type: ignore[index]
        for one in row.findings.select_related("allegation").order_by("allegation__number")
    ]
    if not points and row.findings.exists():  # whoever runs it without reading what was written knows no point's words
        points = [_("What the panel found on each point stands in the decision itself.")]
    measures = _("The panel recommends: %(measures)s") % {"measures": row.recommendations} if row.recommendations else ""
    return {
        "decision": "\n\n".join([concern_words.outcome_label(row.outcome), *points, *([measures] if measures else [])]),
        "reasons": str(row.reasons or ""),
        "recommendations": str(row.recommendations or ""),
        "decided_by": _panel(concern, grievance, Panel(row.panel)),
        "decided_on": date_format(timezone.localdate(row.released_at), "j F Y"),
        "appeal_right": _appeal(concern, grievance, Panel(row.panel), today=today),
    }


def _appeal(concern: Concern, grievance: Grievance, panel: Panel, *, today: date) -> str:
    """To whom, until when and how; or that there is no further step inside the council."""
    until = grievance.appeal_until
    if panel == Panel.APPEAL or until is None:
        return _("There is no further appeal inside the council.")
    last = date_format(until, "j F Y")
    if until < today:
        return _("The time to appeal ended on %(day)s. A late appeal needs a reason, and whoever runs the procedure decides whether it is heard.") % {"day": last}
    words = _("You may appeal to %(body)s until %(day)s. Write what you think is wrong with the decision; the people who decided it don't decide the appeal.")
    if grievance.remit == Remit.SUPPORT_ONLY:
        words = _("You may appeal to %(body)s until %(day)s about the support that was agreed or refused. The people who decided it don't decide the appeal.")
    return words % {"body": _body(concern, Panel.APPEAL), "day": last}
