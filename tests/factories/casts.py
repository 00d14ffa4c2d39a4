"""A demonstration council's people as the engine takes them, without a database."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import yaml

from councils import casting
from councils.cast import Cast
from councils.protocol import Protocol
from councils.roles import ADMIN_ROLE, precedence, side_of_role
from tests.councils.small_council import ROOT

ON = date(2026, 1, 15)


@functools.cache
def people_file(key: str) -> dict[str, Any]:
    """The people of a shipped council as they are written down."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "fixtures" / "people" / f"{key}.yaml").read_text(encoding="utf-8"))
    return found


def people_cast(key: str, protocol: Protocol, *, on: date = ON, away: tuple[str, ...] = ()) -> tuple[Cast, dict[str, str]]:
    """Takes a council's key and its protocol; returns who is who on a day, by the first part of their address, and each one's role."""
    file = people_file(key)
    rows: list[casting.Row] = []
    roles: dict[str, str] = {}
    for person in file["people"]:
        name = _name(person["email"])
        for number, held in enumerate(person.get("roles", ())):
            if held.get("from", on) <= on <= held.get("to", on) and not held.get("acting_for"):
                place = f"{name}-{number}"
                rows.append(_row("appointment", place, name, code=held["role"], text=held.get("directorate", ""), side=_side(held["role"])))
                if held["role"] != ADMIN_ROLE and precedence(held["role"]) < precedence(roles.get(name, ADMIN_ROLE)):
                    roles[name] = held["role"]
        if person.get("manager"):
            rows.append(_row("line", f"{name}-line", name, other=_name(person["manager"])))
    for body in file.get("bodies", ()):
        rows.append(_row("body", body["code"], code=body["code"], number=body["quorum"]))
        chair = _name(body.get("chair") or "")
        for member in map(_name, body.get("members", ())):
            rows.append(_row("seat", f"{body['code']}-{member}", member, other=body["code"], text="chair" if member == chair else ""))
    rows += [_row("external", body["code"], code=body["code"], text=body["name"]) for body in file.get("external_bodies", ())]
    for number, tie in enumerate(file.get("relationships", ())):
        one, other = map(_name, tie["between"])
        rows.append(_row("tie", f"tie-{number}", one, other=other))
    rows += [_row("absent", f"{name}-away", name) for name in away]
    council = type("Named", (), {"key": key, "pk": key})()
    return casting.Standing(council, on, rows).cast(protocol), roles  # type: ignore[arg-type]


def _name(email: str) -> str:
    return email.partition("@")[0]


def _side(role: str) -> str:
    return side_of_role(role) or ""


def _row(part: str, id: str, person: str = "", *, other: str = "", code: str = "", text: str = "", side: str = "", number: int = 0) -> Any:
    return casting.Row(part, id, person, other or None, None, code, text, side, number)  # type: ignore[arg-type]
