"""How a date was worked out, line by line, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clocks import wording
from clocks.enums import Basis, Moved, ObligationKind, Unit
from clocks.models import Obligation
from councils import law_layer
from councils import wording as council_words
from councils.protocol import Protocol

LONG = "l j F Y"


def day(value: str) -> str:
    """A day as it is spoken."""
    return date_format(date.fromisoformat(value), LONG)


def cited(refs: Iterable[str], basis: str, protocol: Protocol | None = None) -> list[str]:
    """What a time rests on as people call it: a law by its title, a clause as the protocol prints it."""
    items = {ref: law_layer.whole().item(ref) if basis == Basis.LAW else None for ref in refs}
    return [item.title if item else council_words.clause_label(ref, protocol) for ref, item in items.items()]


def number(n: int, unit: str) -> str:
    """So many days, months or years."""
    one, many = wording.UNITS[Unit(unit)]
    return (one if n == 1 else many) % {"n": n}


def line(entry: dict[str, Any], unit: str) -> str:
    """One line of a calculation."""
    code, on = entry["code"], day(entry["on"]) if "on" in entry else ""
    if code == "from":
        return _("Counted from %s, which isn’t counted itself.") % on
    if code in ("count", "count_before"):
        words = _("%(number)s before it: %(day)s.") if code == "count_before" else _("%(number)s after it: %(day)s.")
        return words % {"number": number(entry["n"], entry["unit"]), "day": on}
    if code == "left_out":
        return _("%(day)s is left out: %(why)s.") % {"day": on, "why": wording.WHY_OFF[entry["why"]]}
    if code == "stopped":
        return _("The clock stood still for %s while it was on hold.") % number(entry["n"], _counted(unit))
    if code == "held":
        return _("On hold from %(day)s to %(until)s: %(number)s come on top, fewer if the hold ends earlier.") % {
            "day": on, "until": day(entry["until"]), "number": number(entry["n"], _counted(unit)),
        }  # fmt: skip
    if code == "kept":
        return _("The council’s target is %s now. Somebody who is kept out of this changed it, so it doesn’t count here.") % (
            number(entry["n"], entry["unit"])
        )
    if code == "counted":
        return _("Days on which the office is closed count here, because somebody who is kept out of this closed it.")
    fixed = {
        "set": _("The day was set: %s."), "agreed": _("Both sides agreed to %s instead."),
        "rolled": _("That is no working day; the next is %s."), "due": _("Due by the end of %s."),
    }  # fmt: skip
    return fixed[code] % on


def _counted(unit: str) -> str:
    return Unit.CALENDAR_DAYS if unit not in (Unit.WORKING_DAYS, Unit.DATE) else Unit.WORKING_DAYS


def lines(row: Obligation) -> list[str]:
    """Each line of how the day of ``row`` was worked out."""
    said = [line(entry, row.unit) for entry in row.calculation]
    if row.unit == Unit.WORKING_DAYS:
        said.insert(1, _("Saturdays, Sundays and bank holidays aren’t working days."))
    return said


def moves(row: Obligation) -> list[str]:
    """Each time the day moved, and why."""
    return [
        _("On %(day)s it moved from %(from)s to %(to)s: %(why)s.") % {
            "day": day(move["on"]), "from": day(move["from"]), "to": day(move["to"]), "why": wording.MOVES[Moved(move["why"])]}
        for move in row.moves
    ]  # fmt: skip


def state(due_on: date, held_until: date | None, today: date) -> tuple[str, str]:
    """How urgent something open is: a word and its colour, which is never the only sign."""
    if held_until is not None and today < held_until:
        return _("On hold"), "purple"
    if due_on < today:
        return _("Overdue"), "red"
    return (_("Due today"), "orange") if due_on == today else ("", "grey")


def short(entry: dict[str, Any], today: date) -> dict[str, Any]:
    """The same of what ``queries.ALL_DUE`` gives."""
    on = date.fromisoformat(entry["on"])
    tag, colour = state(on, date.fromisoformat(entry["held"]) if entry["held"] else None, today)
    kind, basis = wording.KINDS[ObligationKind(entry["kind"])], wording.BASES[Basis(entry["basis"])]
    return {"code": entry["kind"], "on": on, "kind": kind, "basis": basis, "tag": tag, "colour": colour, "moved": bool(entry["moves"])}


def shown(row: Obligation, today: date, protocol: Protocol | None = None) -> dict[str, Any]:
    """What a page says of a row; ``protocol``: whose clauses it cites."""
    tag, colour = state(row.due_on, row.paused_until if row.paused_on else None, today)
    if row.met_at:
        tag, colour = _("Done"), "green"
    elif row.ended_at:
        tag, colour = _("No longer needed"), "grey"
    return {
        "row": row,
        "kind": wording.KINDS[ObligationKind(row.kind)],
        "basis": wording.BASES[Basis(row.basis)],
        "cites": cited(row.cites, row.basis, protocol),
        "tag": tag,
        "colour": colour,
        "who": _(", or ").join(str(wording.WHO[capacity]) for capacity in row.capacities if capacity in wording.WHO),
        "lines": lines(row),
        "moves": moves(row),
        "is_open": not (row.met_at or row.ended_at),
        "over_on": timezone.localdate(row.met_at or row.ended_at) if row.met_at or row.ended_at else None,
    }
