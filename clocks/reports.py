"""The generated page on dates: what is due in which stage, by whose number, and who has to act."""

from __future__ import annotations

from clocks import plan, queries, wording
from clocks.domain.reminding import DEFAULTS, ELSEWHERE
from clocks.enums import ObligationKind
from concerns.domain import targets
from councils import law_layer

MADE = "<!-- Made by `manage.py docs`; don't edit. -->"


def due() -> str:
    """docs/due.md."""
    lines = [MADE, "", "# What is due, and why", ""]
    lines += [
        "Dates are derived from where a concern stands and from what its procedures say (`rooms.DUES`), inside the action that changed it.",
        "Working days are those of England or Wales, less the council's days of closure; the law's periods go on while an office is closed.",
        "A date moves when the concern is on hold, when both sides agree, and when targets, closures or bank holidays change. Each move is kept.",
        "", "## By stage", "", "| State | Due | Within | Who acts |", "|---|---|---|---|",
    ]  # fmt: skip
    for state, (kind, code, capacities) in plan.STAGES.items():
        lines.append(f"| {state.value} | {wording.KINDS[kind]} | {_days(code)} | {', '.join(c.value for c in capacities)} |")
    lines += ["", "## Targets", "", "A council sets these itself, from 1 to 365 working days (`clocks:targets`).", ""]
    lines += ["| Code | For | This service's | Says who |", "|---|---|---|---|"]
    for code in targets.SETTABLE:
        found = targets.target(code, own={}, written={}, shipped=law_layer.whole().default(code))
        lines.append(f"| `{code}` | {wording.TARGETS[code]} | {_days(code)} | {found.basis} |")
    lines += ["", "## Kinds", "", "| Code | What | More time by agreement | Silence goes on after |", "|---|---|---|---|"]
    for kind in ObligationKind:
        after = DEFAULTS.get(kind, ELSEWHERE).escalate_after
        agreed = "yes" if kind in queries.EXTENDABLE else ""
        lines.append(f"| `{kind.value}` | {wording.KINDS[kind]} | {agreed} | {f'{after} working days' if after else 'never'} |")
    return "\n".join(lines) + "\n"


def _days(code: str) -> str:
    found = targets.target(code, own={}, written={}, shipped=law_layer.whole().default(code))
    return f"{found.days} {found.unit.replace('_', ' ')}"
