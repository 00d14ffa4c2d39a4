"""Write docs/states.md, docs/permissions.md and what the rooms add from the code that decides; ``--check`` fails when they differ."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from concerns import rooms, wording
from concerns.actions.verb import LEAVES
from concerns.domain.guards import STATES_OF
from concerns.enums import CLOSED_STATES, Action, Capacity, State
from concerns.models import Concern
from concerns.policy import PERMISSIONS
from concerns.queries import action_of

MADE = "<!-- Made by `manage.py docs`; don't edit. -->"


def _steps() -> list[tuple[str, str, str]]:
    """(from, to, action) for every step of the machine, state-keeping ones left out."""
    found = set()
    for step in Concern._meta.get_field("state").get_all_transitions(Concern):
        targets = getattr(step.target, "allowed_states", None) or [step.target]
        found |= {(str(step.source), str(target), action_of(step.name)) for target in targets if target is not None}
    return sorted(found)


def states() -> str:
    """The page on states: a diagram, what each means, and every step."""
    lines = [MADE, "", "# States of a concern", "", "```mermaid", "stateDiagram-v2"]
    steps = _steps()
    folded = {Action.REOPEN.value, Action.ASSIGN.value}  # each to a dozen states; told below the picture
    lines += [f"    {source} --> {target}: {action}" for source, target, action in steps if action not in folded]
    lines += [f"    {state} --> [*]" for state in sorted(CLOSED_STATES)]
    lines += ["    [*] --> DRAFT", "```", ""]
    lines += ["`assign` goes back to the state that was left when nobody could take it; `reopen` to the one before closing.", ""]
    lines += ["| State | In words | Meaning | Open |", "|---|---|---|---|"]
    for state in State:
        label, meaning = wording.STATES[state]
        lines.append(f"| {state.value} | {label} | {meaning} | {'no' if state in CLOSED_STATES else 'yes'} |")
    lines += ["", "| From | Action | To |", "|---|---|---|"]
    lines += [f"| {source} | {action} | {target} |" for source, target, action in steps]
    for machine in rooms.MACHINES:
        lines += _machine(machine)
    return "\n".join(lines) + "\n"


def _machine(machine: rooms.Machine) -> list[str]:
    """The diagram and the states of a procedure's own machine."""
    found = set()
    for step in machine.model._meta.get_field(machine.column).get_all_transitions(machine.model):
        targets = getattr(step.target, "allowed_states", None) or [step.target]
        found |= {(str(step.source), str(target), step.name) for target in targets if target is not None}
    lines = ["", f"## {machine.title}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {source} --> {target}: {name}" for source, target, name in sorted(found)]
    lines += ["```", "", "| State | In words | Meaning |", "|---|---|---|"]
    return lines + [f"| {state} | {label} | {meaning} |" for state, (label, meaning) in machine.states.items()]


def permissions() -> str:
    """The page on permissions: who may ask for what, and the event each leaves."""
    lines = [MADE, "", "# Who may ask for what", "", "By capacity on that one concern. A guard may still close an action, with its reason on screen.", ""]
    lines += ["| Action | " + " | ".join(c.value for c in Capacity) + " | Leaves |", "|---|" + "---|" * (len(Capacity) + 1)]
    for action, capacities in PERMISSIONS.items():
        leaves = LEAVES.get(action)
        marks = " | ".join("yes" if capacity in capacities else "" for capacity in Capacity)
        lines.append(f"| {action.value} | {marks} | {leaves.value if leaves else '(a draft leaves nothing)'} |")
    lines += ["", "Actions beside the machine, and the states they belong to:", ""]
    lines += [f"- `{action.value}`: {', '.join(sorted(states))}" for action, states in STATES_OF.items()]
    lines += ["", "## What each capacity sees", ""]
    lines += [f"- `{capacity.value}`: {wording.CAPACITIES[capacity]}" for capacity in Capacity]
    for machine in rooms.MACHINES:
        lines += ["", f"## {machine.title}", "", "| Step | Open to |", "|---|---|"]
        lines += [f"| {step} | {', '.join(parts)} |" for step, parts in machine.permissions.items()]
    return "\n".join(lines) + "\n"


class Command(BaseCommand):
    help = "Write docs/states.md, docs/permissions.md and the rooms' own, or with --check say whether they are up to date."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        with translation.override("en-gb"):
            pages = {"states.md": states(), "permissions.md": permissions(), **{name: make() for name, make in rooms.DOCUMENTS.items()}}
        for name, text in pages.items():
            path = Path(settings.BASE_DIR) / "docs" / name
            if not check:
                path.write_text(text)
            elif not path.exists() or path.read_text() != text:
                raise CommandError(f"docs/{name} is out of date: run manage.py docs.")
