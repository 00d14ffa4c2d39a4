"""A council's people, bodies and ties from one file: everything in it through the same actions a screen calls.

Shape of the file (see fixtures/people): `council`, `people` (name, email, roles, manager), `bodies`,
`external_bodies`, `external_officers`, `relationships`. People are named by e-mail throughout. Loading twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from councils import queries
from councils.actions.bodies import create_body, set_body_member, set_external_body
from councils.actions.ground import explained, lock_council, plain, require_admin
from councils.actions.officers import set_external_officer
from councils.actions.people import add_person, appoint, set_reporting_line
from councils.actions.protocols import as_day
from councils.actions.relationships import disclose_relationship
from councils.errors import Refusal
from councils.models import (
    Appointment,
    Body,
    BodyMembership,
    Council,
    DisclosedRelationship,
    ExternalBody,
    ExternalOfficer,
    Person,
    ReportingLine,
)
from councils.models.person import normal_email

SECTIONS = ("people", "bodies", "external_bodies", "external_officers", "relationships")
OTHER_KEYS = ("council", "protocol", "about")


@dataclass
class PeopleLoaded:
    """What a file brought: the council, its people by e-mail, those outside it, and how many things were new."""

    council: Council
    people: dict[str, Person] = field(default_factory=dict)
    outside: dict[str, Person] = field(default_factory=dict)  # who works for an outside body and holds no post here
    new: int = 0


@transaction.atomic
def load_people(data: Mapping[str, Any], *, by: Person | None, now: datetime, source_name: str) -> PeopleLoaded:
    """Takes a people file as plain data; returns what it brought. All or nothing.

    Raises Refusal naming the file, the place in it and what to do.
    """
    if not isinstance(data, Mapping):
        raise Refusal(_("{name} holds no people. Choose a people file.").format(name=source_name), field="file")
    unknown = [str(key) for key in data if key not in (*SECTIONS, *OTHER_KEYS)]
    if unknown:
        raise Refusal(
            _("{name}: “{key}” is not a part of a people file. Remove it, or correct its spelling.").format(
                name=source_name, key=unknown[0]
            ),
            field="file",
        )
    try:
        council = queries.council_by_key(data.get("council"))  # type: ignore[arg-type]
    except Council.DoesNotExist:
        raise Refusal(
            _("{name}: council: no council has this key. Load its protocol first.").format(name=source_name), field="file"
        ) from None
    council = lock_council(council)
    require_admin(council, by, now)
    return _Loader(council, by, now, source_name).load(data)


class _Loader:
    """Walks one file. Rows already there are left as they are."""

    def __init__(self, council: Council, by: Person | None, now: datetime, source_name: str) -> None:
        self.council, self.by, self.now, self.source_name = council, by, now, source_name
        self.loaded = PeopleLoaded(council)
        self.appointments = {(a.person_id, a.role, a.kind, a.starts_on): a for a in Appointment.objects.filter(council=council)}
        self.known = {p.email: p for p in Person.objects.filter(appointments__council=council)}

    def load(self, data: Mapping[str, Any]) -> PeopleLoaded:
        steps: tuple[tuple[str, Callable[[Mapping[str, Any]], None]], ...] = (
            ("people", self._person),
            ("people", self._substantive),
            ("people", self._acting),
            ("people", self._line),
            ("bodies", self._body),
            ("external_bodies", self._external),
            ("external_officers", self._officer),
            ("relationships", self._relationship),
        )
        for section, step in steps:
            for path, row in self._rows(data, section):
                self._at(path, step, row)
        return self.loaded

    def _rows(self, data: Mapping[str, Any], section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = data.get(section) or []
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise Refusal(_("{name}: {path} must be a list.").format(name=self.source_name, path=section), field="file")
        for number, row in enumerate(rows):
            yield f"{section}[{number}]", row

    def _at(self, path: str, step: Callable[[Mapping[str, Any]], None], row: Mapping[str, Any]) -> None:
        try:
            with explained():
                step(row)
        except Refusal as refusal:
            raise Refusal(f"{self.source_name}: {path}: {refusal.message}", field="file") from refusal

    def _person(self, row: Mapping[str, Any]) -> None:
        email = normal_email(str(row.get("email") or ""))
        person = self.known.get(email)
        if person is None:
            person = add_person(
                council=self.council,
                email=email,
                full_name=row.get("name") or "",
                by=self.by,
                now=self.now,
            )
            self.loaded.new += 1
        self.loaded.people[person.email] = person

    def _who(self, email: object) -> Person:
        person = self.loaded.people.get(normal_email(str(email or "")))
        if person is None:
            raise Refusal(_("“{email}” is not among the file's people. Add them, or correct the e-mail.").format(email=email))
        return person

    def _people(self, row: Mapping[str, Any], key: str) -> list[Person]:
        emails = row.get(key) or []
        if not isinstance(emails, list):
            raise Refusal(_("{key} must be a list of e-mails.").format(key=key))
        return [self._who(email) for email in emails]

    def _roles(self, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        roles = row.get("roles") or []
        if not isinstance(roles, list) or not all(isinstance(role, Mapping) for role in roles):
            raise Refusal(_("roles must be a list, each with a role and its first day (from)."))
        return roles

    def _substantive(self, row: Mapping[str, Any]) -> None:
        for entry in self._roles(row):
            if entry.get("kind") != "deputy_acting":
                self._appoint(self._who(row.get("email")), entry, None)

    def _acting(self, row: Mapping[str, Any]) -> None:
        for entry in self._roles(row):
            if entry.get("kind") == "deputy_acting":
                principal = self._who(entry.get("acting_for"))
                self._appoint(self._who(row.get("email")), entry, principal)

    def _appoint(self, person: Person, entry: Mapping[str, Any], principal: Person | None) -> None:
        role, kind = str(entry.get("role") or ""), str(entry.get("kind") or "substantive")
        starts_on = self._day(entry, "from")
        key = (person.pk, role, kind, starts_on)
        if starts_on and key in self.appointments:
            return
        acting_for = None
        if principal:
            held = [a for a in self.appointments.values() if a.person_id == principal.pk and a.role == role]
            acting_for = next((a for a in held if starts_on and a.is_current(starts_on)), None)
        self.appointments[key] = appoint(  # type: ignore[index]
            council=self.council,
            person=person,
            role=role,
            kind=kind,
            acting_for=acting_for,
            starts_on=starts_on,  # type: ignore[arg-type]
            ends_on=self._day(entry, "to"),
            directorate=entry.get("directorate") or "",
            post_title=entry.get("post") or "",
            advises_members=entry.get("advises_members", True) is not False,
            politically_restricted=entry.get("politically_restricted") is True,
            unpaid=entry.get("unpaid") is True,
            vacancy_reason=entry.get("vacancy_reason") or "",
            by=self.by,
            now=self.now,
        )
        self.loaded.new += 1

    def _line(self, row: Mapping[str, Any]) -> None:
        if not row.get("manager"):
            return
        officer, manager = self._who(row.get("email")), self._who(row.get("manager"))
        starts_on = self._day(row, "manager_from") or max(
            (a.starts_on for a in self.appointments.values() if a.person_id in (officer.pk, manager.pk) and a.side == "officer"),
            default=None,
        )
        wanted = ReportingLine.objects.filter(council=self.council, officer=officer, manager=manager, starts_on=starts_on)
        if not wanted.exists():
            set_reporting_line(
                council=self.council,
                officer=officer,
                manager=manager,
                starts_on=starts_on,  # type: ignore[arg-type]
                by=self.by,
                now=self.now,
            )
            self.loaded.new += 1

    def _body(self, row: Mapping[str, Any]) -> None:
        code = _word(row, "code")
        body = Body.objects.filter(council=self.council, code=code).first()
        if body is None:
            body = create_body(
                council=self.council,
                code=code,
                name=row.get("name") or "",
                quorum=row.get("quorum", 3),
                minimum_members=row.get("minimum_members", row.get("quorum", 3)),
                by=self.by,
                now=self.now,
            )
            self.loaded.new += 1
        starts_on = self._day(row, "from")
        seated = set(BodyMembership.objects.filter(body=body).values_list("person_id", flat=True))
        chair = self._who(row["chair"]) if row.get("chair") else None
        substitutes = self._people(row, "substitutes")
        for person in (*self._people(row, "members"), *substitutes):
            if person.pk not in seated:
                set_body_member(
                    body=body,
                    person=person,
                    starts_on=starts_on,  # type: ignore[arg-type]
                    is_chair=person == chair,
                    is_substitute=person in substitutes,
                    by=self.by,
                    now=self.now,
                )
                self.loaded.new += 1

    def _external(self, row: Mapping[str, Any]) -> None:
        code, starts_on = _word(row, "code"), self._day(row, "from")
        if starts_on and ExternalBody.objects.filter(council=self.council, code=code, starts_on=starts_on).exists():
            return
        set_external_body(
            council=self.council,
            code=code,
            name=row.get("name") or "",
            contact=row.get("contact") or "",
            address=row.get("address") or "",
            starts_on=starts_on,  # type: ignore[arg-type]
            ends_on=self._day(row, "to"),
            by=self.by,
            now=self.now,
        )
        self.loaded.new += 1

    def _officer(self, row: Mapping[str, Any]) -> None:
        """Somebody of an outside body: one sign-in, whichever council's file names them first."""
        starts_on, role, email = self._day(row, "from"), _word(row, "role"), normal_email(str(row.get("email") or ""))
        bodies = ExternalBody.objects.filter(council=self.council, code=_word(row, "body"))
        body = bodies.current(starts_on).first() if starts_on else None
        if body is None:
            raise Refusal(_("“{code}” isn't an outside body of this council on that day.").format(code=row.get("body")))
        known = ExternalOfficer.objects.filter(external_body=body, person__email=email, role=role, starts_on=starts_on)
        if not known.exists():
            set_external_officer(
                external_body=body,
                email=email,
                full_name=row.get("name") or "",
                role=role,
                starts_on=starts_on,  # type: ignore[arg-type]
                ends_on=self._day(row, "to"),
                by=self.by,
                now=self.now,
            )
            self.loaded.new += 1
        person = Person.objects.get(email=email)
        self.loaded.outside[person.email] = person

    def _relationship(self, row: Mapping[str, Any]) -> None:
        between = row.get("between")
        if not isinstance(between, list) or len(between) != 2:
            raise Refusal(_("between must name two people by e-mail."))
        a, b = sorted((self._who(between[0]), self._who(between[1])), key=lambda person: person.pk)
        starts_on, kind = self._day(row, "from"), _word(row, "kind")
        same = DisclosedRelationship.objects.filter(council=self.council, person_a=a, person_b=b, kind=kind)
        if starts_on and same.filter(starts_on=starts_on).exists():
            return
        disclose_relationship(
            council=self.council,
            person_a=a,
            person_b=b,
            kind=kind,
            disclosed_by=self._who(row.get("disclosed_by") or between[0]),
            disclosed_on=self._day(row, "disclosed_on") or starts_on,
            starts_on=starts_on,  # type: ignore[arg-type]
            ends_on=self._day(row, "to"),
            by=self.by,
            now=self.now,
        )
        self.loaded.new += 1

    def _day(self, row: Mapping[str, Any], key: str) -> date | None:
        value = row.get(key)
        if value is None:
            return None
        day = as_day(value)
        if day is None:
            raise Refusal(_("{key}: “{value}” is not a day. Write it as year-month-day, such as 2025-05-12.").format(key=key, value=value))
        return day


def _word(row: Mapping[str, Any], key: str) -> str:
    """Takes a row and a key; returns the short word there, "" when there is none. Raises Refusal."""
    return plain(row.get(key), field="file", limit=40, what=key, required=False)
