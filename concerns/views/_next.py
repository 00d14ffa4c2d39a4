"""What happens next with a concern, by when, and who says so. Words only; nothing here decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concerns import queries, rooms
from concerns.actions import triage
from concerns.enums import Capacity, ConsentStatus, EventType, ProceedingKind, State, SweepEvent
from concerns.models import Concern, Participation
from concerns.views._loading import Case
from councils import wording as council_words

# What the stage itself waits for; what its procedures wait for is listed on its own.
NEXT_STEP = frozenset({"acknowledge", "find_handler", "informal_review", "conciliate", "choose_route", "council_meeting"})


@dataclass(frozen=True)
class Next:
    """What, by when, and whose date it is."""

    what: str
    when: str = ""
    says: str = ""
    there_again: bool = False  # who had it before, and somebody has only to choose them


def names(parts: Iterable[Participation]) -> str:
    """People, joined for a sentence."""
    found = list(dict.fromkeys(part.person.full_name for part in parts))
    return found[0] if len(found) == 1 else _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]} if found else ""


def for_case(case: Case, happened: Sequence[Mapping[str, Any]] = ()) -> Next:
    """Takes a case, and what happened so far with the latest first; returns what happens next."""
    concern = case.concern
    everyone = [part for part in case.everyone if part.until is None]
    if concern.on_hold_until:
        return Next(
            _("It is on hold. Nothing moves until then, unless the hold ends earlier."),
            _("Until %s") % date_format(concern.on_hold_until, "j F Y"),
            _("set by whoever deals with it"),
        )
    if any(consent.status == ConsentStatus.ASKED for consent in concern.consents.all()):
        return Next(_("%s has been asked to agree to something, and it waits for the answer.") % concern.raiser.full_name)
    again = _there_again(case, everyone, happened)
    what = again or " ".join(filter(None, [_what(case, everyone), _waits(case, everyone, happened)]))
    when, says = _when(case)
    return Next(what, when, says, there_again=bool(again))


def _there_again(case: Case, everyone: list[Participation], happened: Sequence[Mapping[str, Any]]) -> str:
    """While somebody is looked for: that one who had it before is there again, and who may choose them; else nothing."""
    last = next((entry["type"] for entry in happened if entry["type"] in (EventType.NEEDS_HANDLER, SweepEvent.THERE_AGAIN)), "")
    if case.concern.state != State.NEEDS_HANDLER or last != SweepEvent.THERE_AGAIN:
        return ""
    away = queries.away(case.concern, on=case.today)
    back = names(part for part in everyone if part.capacity in triage.WORKING and part.person_id not in away)
    finders = names(part for part in everyone if part.capacity == Capacity.EXCEPTION_HOLDER)
    if not back or not finders:
        return ""
    return _("%(back)s, who had it before, is there again. %(finders)s can choose them under “Choose who takes it”, or somebody else; then it goes on.") % {
        "back": back, "finders": finders,
    }  # fmt: skip


def _waits(case: Case, everyone: list[Participation], happened: Sequence[Mapping[str, Any]]) -> str:
    """Who has it and is away, if nobody acts for them and it waits until they are back; else nothing."""
    days = (str(entry["facts"].get("until", "")) for entry in happened if entry["type"] == SweepEvent.WAITS)
    if not any(day >= case.today.isoformat() for day in days):
        return ""
    owning = triage.OWNERS.get(State(case.concern.state), {Capacity.HANDLER})
    owners, away = [part for part in everyone if part.capacity in owning], queries.away(case.concern, on=case.today)
    back = [day for part in owners if (day := away.get(part.person_id))]
    if not back or any(part.person_id not in away for part in owners):
        return ""
    return _("%(who)s is away until %(day)s, and nobody acts for them in this. It goes on then.") % {
        "who": names(owners), "day": date_format(min(back), "j F Y"),
    }  # fmt: skip


def _what(case: Case, everyone: list[Participation]) -> str:
    state, raiser = State(case.concern.state), case.concern.raiser.full_name
    handlers = [part for part in everyone if part.capacity in (Capacity.HANDLER, Capacity.LIAISON)]
    if state == State.LODGED:
        return _lodged(case, [part for part in everyone if part.capacity == Capacity.RECIPIENT])
    if state == State.NEEDS_HANDLER:
        finders = names(part for part in everyone if part.capacity == Capacity.EXCEPTION_HOLDER)
        if not finders:
            return _("Nobody free of a connection is left. The council has to name somebody from outside; or two people there who are free of one ask together for access for a time, with this reference.")
        return _("%s will look for somebody free of a connection to take it, and can see its stage, people and dates, nothing that was written.") % finders
    if state == State.DIRECT:
        return _("%s talks to the other person in private, then says here whether it settled the matter.") % raiser
    if state == State.DECIDING:
        who = names(part for part in everyone if part.capacity in (Capacity.HANDLER, Capacity.DECIDER)) or raiser
        return _("One of the formal routes is chosen, or it is closed without action. It is with %s.") % who
    if state == State.GRIEVANCE:
        return _("A panel deals with it. What it waits for, its dates and its decision are in the grievance.")
    doing = names(handlers)
    if state == State.CODE_REFERRAL and (said := rooms.waits(case.concern, ProceedingKind.CODE_REFERRAL, doing or raiser)):
        return said
    sentences = {
        State.INFORMAL: _("%s will try to settle it by talking, then say here how it ended."),
        State.COMPLAINT: _("%s will deal with the complaint, then say here how it ended."),
        State.CONCILIATION: _("The conciliator helps both sides. %s will say here how it ended."),
        State.INVESTIGATION: _("%s will find out the facts, then choose the next step."),
        State.DISCIPLINARY: _("It runs outside this service. %s will record the outcome here when it ends."),
        State.CODE_REFERRAL: _("The outside body decides. %s will record here what it says."),
        State.COUNCIL_REPORT: _("It goes to the meeting. %s will record here what was said."),
    }
    if state in sentences:
        return sentences[state] % (doing or raiser)
    if state == State.REDIRECTED:
        return _("Nothing more happens here. What was written wasn't kept.")
    return _("Nothing more happens unless it is opened again.")


def _lodged(case: Case, recipients: list[Participation]) -> str:
    token = case.concern.route[case.concern.step]["token"] if case.concern.step < len(case.concern.route) else ""
    if recipients:
        return _("%s will read it, then take it up, pass it on, or say that they have a connection.") % names(recipients)
    if token.startswith("ext:"):
        where = council_words.token_label(token, case.protocol)
        return _("The next step is outside the council: %(raiser)s takes it to %(where)s.") % {
            "raiser": case.concern.raiser.full_name,
            "where": where,
        }
    return _("%s takes the next step.") % case.concern.raiser.full_name


@dataclass(frozen=True)
class Soonest:
    """By when something waits on a concern, for a list: a few words, and whether that day is over."""

    words: str
    overdue: bool = False


def due(concern: Concern, today: date) -> Soonest | None:
    """What a list says of a concern found with its ``soonest`` date; None where nothing is due."""
    if concern.on_hold_until and concern.on_hold_until > today:
        return Soonest(_("On hold until %s") % date_format(concern.on_hold_until, "j M Y"))
    soonest: dict[str, str] | None = getattr(concern, "soonest", None)
    if not soonest:
        return None
    day = date.fromisoformat(soonest["on"])
    return Soonest(_("Due %s") % date_format(day, "j M Y"), overdue=day < today)


def _says(basis: str) -> str:
    """Who sets a day."""
    return {
        "clause": _("said by your protocol"),
        "law": _("said by law"),
        "council": _("set by your council, not by the protocol"),
        "default": _("this service’s usual time, not set by the protocol: your council can set its own"),
        "agreed": _("set by whoever deals with it"),
    }[basis]


def _when(case: Case) -> tuple[str, str]:
    """By when, as the clocks keep it, and who says so."""
    concern = case.concern
    soonest = next((entry for entry in getattr(concern, "all_due", None) or () if entry["kind"] in NEXT_STEP), None)
    if concern.state == State.DIRECT and concern.check_back_on:
        return _("We ask on %s how it went") % date_format(concern.check_back_on, "j F Y"), _("this service's default, not in your protocol")
    if not soonest or not concern.is_open:
        return "", ""
    on, says = date.fromisoformat(soonest["on"]), _says(soonest["basis"])
    if soonest["kind"] == "council_meeting":
        return _("Meeting on %s") % date_format(on, "j F Y"), says
    if soonest["unit"] != "working_days" or soonest["moved"]:
        return _("By %s") % date_format(on, "l j F Y"), says
    words = ngettext(
        "By %(day)s: %(n)d working day after %(start)s", "By %(day)s: %(n)d working days after %(start)s", soonest["n"]
    ) % {"day": date_format(on, "l j F Y"), "n": soonest["n"], "start": date_format(date.fromisoformat(soonest["from"]), "j F Y")}
    return words, says
