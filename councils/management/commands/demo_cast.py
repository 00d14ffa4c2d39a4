"""`manage.py demo_cast [--list]`: every council under fixtures/, its protocol in force and people who can sign in.

For demonstration only: everybody gets the same printed password. Refuses to run in production.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from councils import actions, queries
from councils.actions.protocols import as_day
from councils.errors import Refusal
from councils.models import Appointment, Council, ExternalOfficer, Person, ProtocolStatus, ProtocolVersion
from councils.protocol import ProtocolFileError, read_yaml
from councils.roles import LABELS, precedence

PASSWORD = "Demo-portal-2026"
OPERATOR = "operator@portal.example"
POST_SAYS_MORE = ("officer", "committee_chair", "cabinet_member")
FIXTURES = Path(settings.BASE_DIR) / "fixtures"


class Command(BaseCommand):
    help = "Set up the demonstration councils and their people; --list prints who can sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--list: only print the sign-in list."""
        parser.add_argument("--list", action="store_true", dest="only_list", help="print who can sign in, change nothing")

    def handle(self, *args: Any, only_list: bool = False, **options: Any) -> None:
        """Builds the demonstration, or lists it. Idempotent."""
        if not only_list:
            if settings.PRODUCTION:
                raise CommandError(_("demo_cast gives everybody the same password: it does not run in production."))
            try:
                self._build(timezone.now())
            except (ProtocolFileError, Refusal) as error:
                problems = getattr(error, "problems", ())
                raise CommandError("\n".join([str(error), *problems])) from error
        if only_list or options["verbosity"] > 1:
            self._print_list()

    @transaction.atomic
    def _build(self, now: datetime) -> None:
        people: dict[str, Person] = {}
        for path in sorted((FIXTURES / "protocols").glob("*.yaml")):
            data = read_yaml(path.read_bytes(), name=path.name)
            version = actions.load_protocol(data, by=None, now=now, source_name=path.name, is_demo=True)
            cast = FIXTURES / "people" / path.name
            if not cast.exists():
                continue
            content = read_yaml(cast.read_bytes(), name=cast.name)
            self._adopt(version, content.get("protocol") or {}, now)
            loaded = actions.load_people(content, by=None, now=now, source_name=cast.name)
            people |= {**loaded.people, **loaded.outside}
        operator, _new = Person.objects.get_or_create(
            email=OPERATOR, defaults={"full_name": "Olwen Price", "is_operator": True, "date_joined": now, "password": "!"}
        )
        self._let_in([*people.values(), operator])

    def _adopt(self, version: ProtocolVersion, adoption: dict[str, Any], now: datetime) -> None:
        """Brings a council's version into force under what its people file says, labelled as a demonstration."""
        in_force = queries.protocol_in_force(version.council, on=timezone.localdate(now))
        if version.status != ProtocolStatus.DRAFT or (in_force and in_force.content_hash == version.content_hash):
            return
        if adoption.get("demonstration") is True:
            actions.adopt_demonstration(version=version, by=None, now=now)
        elif adoption:
            approved_on, in_force_from = as_day(adoption.get("approved_on")), as_day(adoption.get("in_force_from"))
            if in_force and in_force.in_force_from and in_force_from:
                in_force_from = max(in_force_from, in_force.in_force_from)
            actions.approve_protocol(
                version=version,
                approving_body=adoption.get("approving_body", ""),
                approved_on=approved_on,  # type: ignore[arg-type]
                minute_ref=adoption.get("minute_ref", ""),
                by=None,
                now=now,
            )
            actions.bring_into_force(version=version, in_force_from=in_force_from, by=None, now=now)  # type: ignore[arg-type]

    def _let_in(self, people: list[Person]) -> None:
        """Gives everybody without a usable password the demonstration one, hashed once."""
        without = [person for person in people if not person.has_usable_password() or not _known_hash(person.password)]
        if not without:
            return
        hashed = make_password(PASSWORD)
        Person.objects.filter(pk__in=[person.pk for person in without]).update(password=hashed)

    def _print_list(self) -> None:
        on = timezone.localdate()
        groups = [(council.name, _people_of(council, on)) for council in Council.objects.filter(is_demo=True)]
        heads = (_("Name"), _("Role"), _("E-mail"))
        groups.append((_("Bodies outside the councils"), _outside(on)))
        run_by = Person.objects.filter(email=OPERATOR, is_operator=True)
        groups.append((_("Whoever runs the portal: can set up another council"), [(one.full_name, _("Operator"), one.email) for one in run_by]))
        rows = [row for _name, group in groups for row in group]
        widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(3)]
        for name, group in groups:
            self.stdout.write(f"{name}\n{'-' * (sum(widths) + 4)}")
            for row in (heads, *group):
                self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
            self.stdout.write("")
        self.stdout.write(_("Everybody's password: {password}").format(password=PASSWORD))


def _people_of(council: Council, on: date) -> list[tuple[str, str, str]]:
    """Takes a council and a day; returns (name, role, e-mail) of everybody ever appointed, most telling role first."""
    version = queries.protocol_in_force(council, on=on)
    held = council.appointments.select_related("person")
    best: dict[UUID, Appointment] = {}
    for appointment in sorted(held, key=lambda a: (not a.is_current(on), precedence(a.role), a.person.email)):
        best.setdefault(appointment.person_id, appointment)
    return [(a.person.full_name, _role_in_words(a, version, on), a.person.email) for a in best.values()]


def _outside(on: date) -> list[tuple[str, str, str]]:
    """Takes a day; returns (name, part, e-mail) of everybody who signs in for an outside body of a demonstration council."""
    held = ExternalOfficer.objects.current(on).filter(external_body__council__is_demo=True).select_related("person")
    found = {officer.person_id: officer for officer in held.order_by("-role", "person__email")}
    return [(officer.person.full_name, str(officer.get_role_display()), officer.person.email) for officer in found.values()]


def _role_in_words(appointment: Appointment, version: ProtocolVersion | None, on: date) -> str:
    code, post = appointment.role, appointment.post_title
    role = str(LABELS[code])
    if version and code in version.protocol.words:
        role = version.protocol.label(code)
    role = role[:1].upper() + role[1:]
    if not appointment.is_current(on):
        return _("{role} until {day}").format(role=role, day=appointment.ends_on)
    if post and role.lower() in post.lower():
        return post
    return f"{role} ({post})" if post and code in POST_SAYS_MORE else role


def _known_hash(encoded: str) -> bool:
    try:
        identify_hasher(encoded)
    except ValueError:
        return False
    return True
