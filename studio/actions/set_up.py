"""Setting a council up, step by step: invited, named, who is who, rehearsed, adopted. Each step can be left and taken up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from councils import actions as councils
from councils.actions.ground import explained, lock_council, plain, record, require_admin, today
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Jurisdiction, Person
from councils.models.person import normal_email
from councils.roles import ADMIN_ROLE
from studio.actions.invitations import ask
from studio.models import CouncilSetUp
from studio.queries.set_up import protocol_to_be, who_is_who
from studio.setup.wording import ASKED, key_from


@transaction.atomic
def invite_administrator(*, email: str = "", full_name: str = "", by: Person | None, now: datetime) -> CouncilSetUp:
    """Begins a council's set-up and asks its first administrator by e-mail to go on; without an e-mail ``by`` does it themselves.

    For operators, and commands (``by`` None). A set-up of theirs that has no council yet is used again. Raises Refusal.
    """
    if by is not None and not by.is_operator:
        raise Refusal(_("Only the portal's operators can invite a council."))
    if not email and by is None:
        raise Refusal(_("Enter an e-mail address."), field="email")
    person = _person(email, full_name, by, now) if email else by
    assert person is not None
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    waiting = CouncilSetUp.objects.filter(person=person, council=None).first()
    set_up = waiting or CouncilSetUp.objects.create(person=person, invited_by=by, started_at=now)
    if email and person != by:
        ask(person=person, to_set_up=True, now=now)
    return set_up


@transaction.atomic
def name_council(
    *, set_up: CouncilSetUp, name: str, key: str = "", kind: str = "", jurisdiction: str, principal: str = "", words: Mapping[str, str], by: Person, now: datetime
) -> CouncilSetUp:
    """Makes the council, with whoever sets it up as its protocol administrator; later changes its name and words. Raises Refusal.

    ``key`` stays what it was once the council is there.
    """
    set_up = locked(set_up, by, now)
    set_up.words = {
        code: word for code in ASKED if (word := plain(words.get(code, ""), field=code, limit=120, what=_("The word"), required=False))
    }  # fmt: skip
    set_up.principal = plain(principal, field="principal", limit=200, what=_("The principal authority"), required=False)
    if set_up.council is None:
        set_up.council = _new_council(set_up, key.strip().lower() or key_from(name), name, kind, jurisdiction, now)
    else:
        _change(set_up.council, name, kind, jurisdiction, by, now)
    set_up.save(update_fields=("words", "principal", "council"))
    return set_up


@transaction.atomic
def fill_parts(
    *,
    set_up: CouncilSetUp,
    roles: Mapping[str, Person] | None = None,
    bodies: Mapping[str, tuple[Iterable[Person], Person | None]] | None = None,
    outside: Mapping[str, str] | None = None,
    managers: Mapping[Person, Person] | None = None,
    by: Person,
    now: datetime,
) -> CouncilSetUp:
    """Who is who: people into offices and onto bodies, the Monitoring Officer outside, line managers, all from today.

    What is left out stays empty. Raises Refusal; then nothing of it is done.
    """
    set_up = locked(set_up, by, now)
    council, on = set_up.council, today(now)
    protocol = protocol_to_be(council, on=on) if council else None
    if council is None or protocol is None:
        raise Refusal(_("Begin with the council and its protocol."))
    missing = who_is_who(council, protocol, on=on)
    step: dict[str, Any] = {"by": by, "now": now}
    for role, _label in missing.roles:
        if person := (roles or {}).get(role):
            with _about(f"role_{role}"):
                councils.appoint(council=council, person=person, role=role, starts_on=on, **step)
    for code, label, quorum, fewest in missing.bodies:
        members, chair = (bodies or {}).get(code, ((), None))
        members = list(dict.fromkeys(members))
        if not members:
            continue
        if chair is not None and chair not in members:
            raise Refusal(_("The chair of a body is one of its members. Tick them too, or choose another."), field=f"chair_{code}")
        with _about(f"body_{code}"):
            body = councils.create_body(council=council, code=code, name=label, quorum=quorum, minimum_members=fewest, **step)
            for person in members:
                councils.set_body_member(body=body, person=person, starts_on=on, is_chair=person == chair, **step)
    office = outside or {}
    if missing.outside and office.get("name"):
        with _about("outside_name"):
            councils.set_external_body(
                council=council, code="principal_mo", name=office["name"], contact=office.get("contact", ""), starts_on=on, **step
            )
    for officer in missing.officers:
        if manager := (managers or {}).get(officer):
            with _about(f"manager_{officer.pk}"):
                councils.set_reporting_line(council=council, officer=officer, manager=manager, starts_on=on, **step)
    set_up.seen_at = now
    set_up.save(update_fields=("seen_at",))
    return set_up


@transaction.atomic
def note_rehearsal(*, set_up: CouncilSetUp, fingerprint: str, by: Person, now: datetime) -> CouncilSetUp:
    """Keeps that what a rehearsal found was looked at, for just this draft and these people. Raises Refusal."""
    set_up = locked(set_up, by, now)
    set_up.rehearsed_hash, set_up.rehearsed_at = fingerprint, now
    set_up.save(update_fields=("rehearsed_hash", "rehearsed_at"))
    return set_up


class _about:
    """A refusal inside is about this field of the page, whatever the action calls it."""

    def __init__(self, field: str) -> None:
        self.field = field

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, Refusal):
            raise Refusal(str(error.message), field=self.field, problems=error.problems) from error


def _person(email: str, full_name: str, by: Person | None, now: datetime) -> Person:
    address = normal_email(plain(email, field="email", limit=254, what=_("An e-mail address")))
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(_("Enter an e-mail address in the right form, like name@example.com."), field="email") from None
    found = Person.objects.filter(email=address).first()
    if found is not None:
        return found
    person = Person(email=address, full_name=plain(full_name, field="full_name", limit=200, what=_("The full name")), date_joined=now)
    person.set_unusable_password()
    with explained():
        person.save(force_insert=True)
    record(CouncilEventKind.PERSON_ADDED, council=None, by=by, now=now, person=person.pk)
    return person


def _new_council(set_up: CouncilSetUp, key: str, name: str, kind: str, jurisdiction: str, now: datetime) -> Council:
    """A council nobody had before, under the operator's authority, with its first administrator."""
    authority = set_up.invited_by if set_up.invited_by is not None and set_up.invited_by.is_operator else None
    council = councils.add_council(key=key, name=name, kind=kind, jurisdiction=jurisdiction, must_be_new=True, by=authority, now=now)
    councils.appoint(council=council, person=set_up.person, role=ADMIN_ROLE, starts_on=today(now), by=authority, now=now)
    return council


def _change(council: Council, name: str, kind: str, jurisdiction: str, by: Person, now: datetime) -> None:
    if jurisdiction not in Jurisdiction.values:
        raise Refusal(_("The jurisdiction must be England or Wales."), field="jurisdiction")
    council = lock_council(council)
    council.name = plain(name, field="name", limit=200, what=_("The council's name"))
    council.kind = plain(kind, field="kind", limit=60, what=_("The kind of council"), required=False)
    council.jurisdiction = jurisdiction
    with explained():
        council.save(update_fields=("name", "kind", "jurisdiction"))
    record(CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now)


def locked(set_up: CouncilSetUp, by: Person, now: datetime) -> CouncilSetUp:
    """The set-up as it is now. Refuses strangers, and one that is finished."""
    found = CouncilSetUp.objects.select_for_update(of=("self",)).select_related("council", "person", "invited_by").get(pk=set_up.pk)
    if found.finished_at is not None:
        raise Refusal(_("This council is set up. Change it on its own pages."))
    if found.council is not None:
        require_admin(found.council, by, now)
    elif by.pk != found.person_id and not by.is_operator:
        raise Refusal(_("Only whoever was invited can set this council up."))
    return found
