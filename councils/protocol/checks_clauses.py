"""What clauses say against each other, and what they rest on that isn't there.

The facts are in the file: `readings` (what a clause says in so many words about who hears what), a clause's
`relies_on`, `struck` and `refers_to`, the version table, and whom a rule keeps out of sight.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from councils.protocol import vocabulary as v
from councils.protocol.findings import TITLE_BLOCK, Findings
from councils.protocol.matching import matching_rule
from councils.protocol.model import Protocol, Route
from councils.protocol.shaping import listed, mapping, text, tokens, words
from councils.protocol.words import _

OTHER_OFFICERS = "other_officers"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clause says: who of these, about whom, goes to whom; `ordered` one after the other."""

    place: int
    cites: tuple[str, ...]
    raisers: tuple[str, ...]
    subjects: tuple[str, ...]
    matter: str
    to: tuple[str, ...]
    ordered: bool

    @property
    def where(self) -> str:
        return ", ".join(self.cites)


def readings(data: Mapping[str, Any]) -> list[Reading]:
    """The file's `readings`."""
    return [
        Reading(
            place,
            words(item.get("cites")),
            words(item.get("raiser")) or ("any",),
            words(item.get("subject")) or ("any",),
            text(item.get("matter")) or "concern",
            tokens(item.get("to")),
            item.get("ordered") is True,
        )
        for place, item in enumerate(map(mapping, listed(data.get("readings"))))
    ]


def check(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """Add what the clauses say against each other, and what they rest on in vain, to the findings."""
    said = readings(data)
    for reading in said:
        _check_reading(protocol, reading, findings)
    for one, other in combinations(said, 2):
        _check_orders(protocol, one, other, findings)
    _check_kept_out(protocol, findings)
    _check_support(protocol, data, findings)
    _check_version_table(protocol, data, findings)
    _check_abolished(data, findings)


def _check_reading(protocol: Protocol, reading: Reading, findings: Findings) -> None:
    """Somebody who would receive the concern about themselves, or their own: read in so many words, it has nowhere to go."""
    path = f"readings[{reading.place}]"
    known = {*protocol.roles, *v.ANYONE}
    for key, kinds in (("raiser", reading.raisers), ("subject", reading.subjects)):
        for kind in kinds:
            if kind not in known:
                findings.error("unknown_role", f"{path}.{key}", _("There is no role “{word}”.").format(word=kind), cites=reading.cites)
    for token in reading.to:
        if not _is_token(protocol, token):
            findings.error("unknown_token", f"{path}.to", _("There is no recipient “{token}”.").format(token=token), cites=reading.cites)
    for token in dict.fromkeys(reading.to):
        role = token.removeprefix("role:")
        if not token.startswith("role:") or not protocol.single_holder(role):
            continue
        for party, kinds in (("subject", reading.subjects), ("raiser", reading.raisers)):
            if _covers(protocol, kinds, role) and not [left for left in reading.to if left not in _gone(role, party, token)]:
                _tell_of_circle(protocol, reading, role, party, path, findings)


def _is_token(protocol: Protocol, token: str) -> bool:
    kind, _colon, code = token.partition(":")
    return kind in v.TOKEN_PREFIXES and bool(code) and (kind != "role" or code in protocol.roles)


def _gone(role: str, party: str, token: str) -> set[str]:
    """The recipients that fall away when the holder of this role is a party."""
    lines = {f"rel:line_manager_of_{party}", f"rel:director_of_{party}"} if role in v.HEADS_OF_STAFF else set()
    return {token, *lines}


def _tell_of_circle(protocol: Protocol, reading: Reading, role: str, party: str, path: str, findings: Findings) -> None:
    who = protocol.label(role)
    if party == "subject":
        code = "sent_to_its_subject"
        message = _("Read in so many words, clause {ref} sends a concern about the {who} to the {who}.").format(ref=reading.where, who=who)
        parties = {"raiser": _example(protocol, reading.raisers, role), "subject": role}
    else:
        code = "sent_to_its_raiser"
        message = _("Read in so many words, clause {ref} sends the {who}'s own concern to the {who}.").format(ref=reading.where, who=who)
        parties = {"raiser": role, "subject": _example(protocol, reading.subjects, role)}
    topic = reading.matter if reading.matter in v.TOPICS else None
    rules = [matching_rule(protocol, **parties, stage=stage, topic=topic)[0] for stage in v.ENTRY_STAGES]
    rule = next((found for found in rules if found is not None), None)
    mend = _("Let the council say who hears it instead.")
    if rule is not None:
        mend = _("Rule {rule} is used instead ({basis}). Let the council say so in its protocol.").format(rule=rule.id, basis=_basis(rule.basis))
    findings.warning(code, path, message, mend, cites=reading.cites)


def _basis(basis: str) -> str:
    known = {
        "stated": _("stated in the protocol"),
        "inferred": _("it follows from the protocol"),
        "default": _("a default, not in the protocol"),
        "statute": _("by law"),
    }
    return known.get(basis, basis)


def _example(protocol: Protocol, kinds: tuple[str, ...], other: str) -> str:
    """Somebody of these kinds who isn't on the other person's side."""
    side = v.SIDE_OFFICER if protocol.side(other) == v.SIDE_COUNCILLOR else v.SIDE_COUNCILLOR
    return next((kind for kind in kinds if kind not in v.ANYONE and protocol.side(kind) == side), side)


def _covers(protocol: Protocol, kinds: tuple[str, ...], role: str) -> bool:
    return any(kind not in v.ANYONE and protocol.is_a(role, kind) for kind in kinds)


def _meet(protocol: Protocol, ones: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Can somebody be of both kinds?"""
    return any(
        one in v.ANYONE or other in v.ANYONE or protocol.is_a(one, other) or protocol.is_a(other, one) for one in ones for other in others
    )


def _check_orders(protocol: Protocol, one: Reading, other: Reading, findings: Findings) -> None:
    """Two clauses about the same people and matter that name other recipients, or the same ones in another order."""
    if one.matter != other.matter or one.to == other.to:
        return
    if not (_meet(protocol, one.raisers, other.raisers) and _meet(protocol, one.subjects, other.subjects)):
        return
    if set(one.to) == set(other.to) and not (one.ordered and other.ordered):
        return
    findings.warning(
        "clauses_disagree",
        f"readings[{other.place}]",
        _("The clauses disagree on who hears it: {one} says {whom}; {other} says {whom_else}.").format(
            one=one.where, whom=_whom(protocol, one), other=other.where, whom_else=_whom(protocol, other)
        ),
        _("Let the council settle which counts. Until then the portal's rules say what is done."),
        cites=(*one.cites, *other.cites),
    )


def _whom(protocol: Protocol, reading: Reading) -> str:
    names = [_name(protocol, token) for token in reading.to]
    return (_(", then ") if reading.ordered else _(" or ")).join(names) or _("nobody")


def _name(protocol: Protocol, token: str) -> str:
    fixed = {
        "party:subject": _("the person themselves"),
        "rel:line_manager_of_subject": _("the line manager"),
        "rel:line_manager_of_raiser": _("the raiser's line manager"),
        "rel:director_of_subject": _("the director"),
        "rel:director_of_raiser": _("the raiser's director"),
    }
    return fixed.get(token) or protocol.label(token)


def _keeps_out(rule: Route) -> tuple[str, ...]:
    """The clauses by which a rule keeps every other officer from knowing."""
    found = [item for item in rule.exclude_viewers if item.get("who_code") == OTHER_OFFICERS]
    return tuple(ref for item in found for ref in (words(item.get("cites")) or rule.cites))


def _officers_of(protocol: Protocol, rule: Route) -> list[str]:
    """The officers' posts a rule needs, the line manager aside."""
    named = dict.fromkeys((*(step.token for step in rule.steps), *rule.decided_by, *(t for step in rule.steps for t in step.decided_by)))
    return [token for token in named if token.startswith("role:") and protocol.side(token.removeprefix("role:")) == v.SIDE_OFFICER]


def _check_kept_out(protocol: Protocol, findings: Findings) -> None:
    """Where a clause keeps all other officers out: rules that need one of them all the same, and the other side's that have one."""
    order = {rule.id: place for place, rule in enumerate(protocol.routes)}
    for rule in protocol.routes:
        kept_out = _keeps_out(rule)
        for other in protocol.routes if kept_out else ():
            needed = _officers_of(protocol, other)
            if other.id == rule.id or not needed or other.redirect:
                continue
            who = ", ".join(protocol.label(token) for token in needed)
            clauses = [ref for ref in other.cites if ref not in kept_out] or list(other.cites)
            named = {"ref": ", ".join(kept_out), "others": ", ".join(clauses), "rule": other.id, "who": who}
            place = f"routes[{order[other.id]}]"
            if _meet(protocol, rule.raisers, other.raisers) and _meet(protocol, rule.subjects, other.subjects):
                findings.warning(
                    "kept_out_but_needed",
                    place,
                    _("Clause {ref} keeps every other officer out of such a concern, but {others} needs the {who} (rule {rule}).").format(**named),
                    _("Let the council say when it may be passed on, and that the raiser is told first."),
                    cites=(*kept_out, *clauses),
                )
            elif _mirrored(protocol, rule, other):
                findings.warning(
                    "sides_differ",
                    place,
                    _("Clause {ref} keeps the {who} out of one side's concerns, while {others} has them deal with the other side's.").format(**named),
                    _("Let the council confirm that it means to treat the two sides differently."),
                    cites=(*kept_out, *clauses),
                )


def _mirrored(protocol: Protocol, rule: Route, other: Route) -> bool:
    """The same stage the other way round: who raised it there is complained of here."""
    sides = [
        {protocol.side(kind) for kind in kinds} for kinds in (rule.raisers, rule.subjects, other.raisers, other.subjects)
    ]  # fmt: skip
    return bool(set(rule.stages) & set(other.stages)) and sides[0] == sides[3] and sides[1] == sides[2] and sides[0] != sides[1]


def _clauses(data: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for place, item in enumerate(map(mapping, listed(data.get("clauses")))):
        yield f"clauses[{place}]", text(item.get("number")), item
        for position, part in enumerate(map(mapping, listed(item.get("parts")))):
            yield f"clauses[{place}].parts[{position}]", text(part.get("ref")), part


def _check_support(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """What a clause relies on: another clause that is struck or isn't there, or a document nobody has supplied."""
    struck = {ref: words(item.get("struck")) for _path, ref, item in _clauses(data)}
    for path, ref, item in _clauses(data):
        for position, support in enumerate(map(mapping, listed(item.get("relies_on")))):
            other, thing = text(support.get("clause")), text(support.get("for"))
            place = f"{path}.relies_on[{position}]"
            found = protocol.clauses.get(other)
            if found is None:
                message = _("Clause {ref} relies on clause {other}, which isn't there.").format(ref=ref, other=other)
                findings.error("unknown_clause", place, message, _("Correct the reference."), cites=(ref, other))
            elif found.deleted or (thing in struck.get(other, ()) if thing else bool(struck.get(other))):
                message = (
                    _("Clause {ref} relies on the {thing} of clause {other}, which is struck out.")
                    if thing
                    else _("Clause {ref} relies on clause {other}, which is struck out.")
                )
                findings.warning(
                    "relies_on_struck",
                    place,
                    message.format(ref=ref, other=other, thing=thing),
                    _("Let the council keep what is relied on, or change clause {ref}.").format(ref=ref),
                    cites=(ref, other),
                )
        for position, document in enumerate(map(mapping, listed(item.get("refers_to")))):
            if document.get("supplied") is False:
                findings.warning(
                    "missing_document",
                    f"{path}.refers_to[{position}]",
                    _("Clause {ref} refers to {document}, which isn't here.").format(ref=ref, document=text(document.get("document"))),
                    _("Link the document, and enter what it sets, or take the reference out."),
                    cites=(ref,),
                )


def _check_version_table(protocol: Protocol, data: Mapping[str, Any], findings: Findings) -> None:
    """A version table printed and left empty, or none at all where the text says it is in force."""
    head = mapping(data.get("protocol"))
    if listed(head.get("amendment_record")):
        return
    if listed(head.get("amendment_record_fields")):
        findings.warning(
            "empty_version_table",
            "protocol.amendment_record",
            _("The document has a version table, and it is empty."),
            _("Enter each version with its date, who changed it and why."),
            cites=(TITLE_BLOCK,),
        )
    elif protocol.status in ("in_force", "approved"):
        findings.warning(
            "no_version_table",
            "protocol.amendment_record",
            _("Nothing says which versions there have been."),
            _("Enter each version with its date and the body that approved it."),
            cites=(TITLE_BLOCK,),
        )


def _check_abolished(data: Mapping[str, Any], findings: Findings) -> None:
    """Bodies the protocol still names although they have come to an end."""
    for section in ("vocabulary", "external_bodies", "bodies"):
        rows = data.get(section)
        pairs = (
            [(f"{section}.{code}", mapping(item)) for code, item in rows.items()]
            if isinstance(rows, Mapping)
            else [(f"{section}[{place}]", mapping(item)) for place, item in enumerate(listed(rows))]
        )
        for path, item in pairs:
            if item.get("abolished") and not findings.has(f"{path}.label"):
                findings.warning(
                    "abolished_body",
                    path,
                    _("{name} was abolished on {day}.").format(name=text(item.get("label")) or path, day=text(item.get("abolished"))),
                    _("Name whoever does this today."),
                )


