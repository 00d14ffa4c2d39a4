"""A concern with what every action asks of it, found and locked for one person: two statements, by hand.

First the row's lock, then the reading: what was joined before a wait, and whether they may still see it, may be out of
date after it.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from json import loads
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.http import Http404

from concerns import policy
from concerns.models import Concern, ConcernSubject, Narrative, Participation
from councils.errors import Refusal
from councils.models import Council, Person, ProtocolVersion
from councils.statements import Statement, columns, fields_of, read

M = TypeVar("M", bound=models.Model)
Named = Mapping[str, frozenset[UUID]]  # "connected", "witness", "excluded": persons

NAMED = """
    ARRAY(SELECT n.person_id FROM concerns_connection n WHERE n.concern_id = c.id),
    ARRAY(SELECT n.person_id FROM concerns_witness n WHERE n.concern_id = c.id),
    ARRAY(SELECT n.person_id FROM concerns_exclusion n WHERE n.concern_id = c.id)"""
KINDS = ("connected", "witness", "excluded")
LOCK = Statement("concern_lock", lambda: "SELECT 1 FROM concerns_concern WHERE id = $1 FOR NO KEY UPDATE")
# What is read of a person, of a version and of the actor's part; the rest when it is asked for.
PERSON = ("id", "email", "full_name", "is_active")
VERSION = tuple(field.name for field in fields_of(ProtocolVersion) if field.name != "config")
PART = ("id", "concern", "person", "capacity", "hat", "acting_for", "token", "reads", "since", "until")


def _json(model: type[models.Model], alias: str, only: tuple[str, ...]) -> str:
    pairs = ", ".join(f"'{field.column}', {alias}.{field.column}" for field in fields_of(model, *only))
    return f"jsonb_build_object({pairs})"


def _statement() -> str:
    """A draft comes with what was written in it; the raiser alone has it."""
    return f"""
SELECT {columns(Concern, "c")}, {columns(Council, "k")}, {columns(Person, "r", *PERSON)},
    {columns(ProtocolVersion, "v", *VERSION)}, {columns(Narrative, "w")},
    (SELECT jsonb_agg({_json(Participation, "p", PART)} ORDER BY p.since, p.id) FROM concerns_participation p
        WHERE p.concern_id = c.id AND p.person_id = $2 AND p.until IS NULL),
    (SELECT jsonb_agg(jsonb_build_array(to_jsonb(s), {_json(Person, "p", PERSON)}) ORDER BY p.full_name)
        FROM concerns_concernsubject s JOIN councils_person p ON p.id = s.person_id WHERE s.concern_id = c.id),
    {NAMED}
FROM concerns_concern c JOIN councils_council k ON k.id = c.council_id JOIN councils_person r ON r.id = c.raiser_id
    LEFT JOIN councils_protocolversion v ON v.id = c.protocol_version_id
    LEFT JOIN concerns_narrative w ON w.concern_id = c.id AND c.state = 'DRAFT'
WHERE c.id = $1 AND c.id IN ({policy.VISIBLE.format(me='$2', permission='$3')})
"""  # noqa: S608 (columns of models and fixed words only; values are parameters)


FILE = Statement("concern_file", _statement)


class NotVisible(Http404):
    """Absent or forbidden: nobody can tell which (house rule 3)."""


def lock(concern_id: UUID, *, by: Person, revision: int | None = None, permission: str = policy.VIEW) -> Concern:
    """The concern, with its row locked until the transaction ends. Raises NotVisible, the same for absent and forbidden.

    With it come ``parties`` (the subjects and their persons), ``mine`` (the parts ``by`` has in it now, earliest first) and ``named``.
    Raises Refusal when ``revision`` is given and somebody changed the concern since (a stale tab).
    """
    if not isinstance(concern_id, UUID) or not by.is_active:
        raise NotVisible
    if not LOCK.ask([concern_id]):
        raise NotVisible
    found = FILE.ask([concern_id, by.pk, policy.permission_id(permission)])
    if not found:
        raise NotVisible
    concern = _concern(iter(found[0]))
    if revision is not None and revision != concern.revision:
        raise Refusal(str(policy.wording.STALE))
    return concern


def _concern(values: Iterator[Any]) -> Concern:
    concern = read(Concern, values)
    assert concern is not None
    concern.council, concern.raiser = read(Council, values), read(Person, values, *PERSON)
    concern.protocol_version = read(ProtocolVersion, values, *VERSION)
    narrative = read(Narrative, values)
    if narrative is not None:
        concern.narrative = narrative
    concern.mine = [_from_json(Participation, kept) for kept in loads(next(values) or "[]")]
    concern.parties = []
    for kept, person in loads(next(values) or "[]"):
        subject = _from_json(ConcernSubject, kept)
        subject.person = _from_json(Person, person)
        concern.parties.append(subject)
    concern.named = _by_kind(values)
    return concern


def _from_json(model: type[M], kept: Mapping[str, Any]) -> M:
    """An instance from a row as ``to_jsonb`` gives it, with the columns that are there."""
    fields = [field for field in fields_of(model) if field.column in kept]
    return model.from_db(DEFAULT_DB_ALIAS, [f.attname for f in fields], [f.to_python(kept[f.column]) for f in fields])


def _by_kind(values: Iterator[list[UUID]]) -> Named:
    return {kind: frozenset(found) for kind, found in zip(KINDS, values, strict=True)}


def named_in(concern: Concern) -> Named:
    """Who is named in it besides its parties, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NAMED} FROM (SELECT %s::uuid AS id) c", [concern.pk])  # noqa: S608
        return _by_kind(chain(cursor.fetchone()))


def subjects_of(concern: Concern) -> list[ConcernSubject]:
    """Whom it is about, by name, each with their person."""
    return list(concern.subjects.select_related("person").order_by("person__full_name"))
