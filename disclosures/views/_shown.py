"""What a disclosure's page says: built the same for its subject and for the preview of those who tell. Words only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from concerns.domain import confidentiality
from concerns.views._route import Clause, clauses, hat
from councils import law_layer
from councils import wording as council_words
from councils.law import LawItem
from councils.protocol import Protocol
from disclosures import wording
from disclosures.enums import DisclosureState
from disclosures.models import Disclosure
from disclosures.queries import Dealing


@dataclass(frozen=True)
class Right:
    """Something the subject may do, and where that comes from."""

    words: str
    source: str
    clauses: tuple[Clause, ...] = ()


def shown(row: Disclosure, dealing: Iterable[Dealing], *, today: date, papers: Iterable[Any] = ()) -> dict[str, Any]:
    """The parts of the page, from the disclosure's own row and who deals with it."""
    protocol = row.protocol_version.protocol
    label, means = wording.KINDS[row.kind]  # type: ignore[index]
    return {
        "row": row,
        "council": row.council,
        "kind": label,
        "means": means,
        "who": [_who(one, protocol) for one in dealing],
        "next": wording.NEXT_CLOSED if row.state == DisclosureState.CLOSED else wording.NEXT[row.kind],  # type: ignore[index]
        "basis": wording.BASES.get(row.basis, ""),  # type: ignore[call-overload]
        "rights": list(_rights(row, protocol, today)),
        "disclosed_papers": list(papers),
    }


def _who(one: Dealing, protocol: Protocol) -> str:
    words = hat(one.hat, protocol) if one.hat else ""
    if words and one.acting_for and one.acting_for != one.hat:
        place = council_words.token_label(f"role:{one.acting_for}", protocol)
        return _("%(who)s, as %(hat)s standing in for %(place)s") % {"who": one.name, "hat": words, "place": place}
    return _("%(who)s, as %(hat)s") % {"who": one.name, "hat": words} if words else one.name


def _rights(row: Disclosure, protocol: Protocol, today: date) -> Iterable[Right]:
    """What the law, the protocol or the portal itself gives whoever a concern is about."""
    own = _("The portal’s own rule")
    law = {item.id: item for item in law_layer.in_force(row.council.jurisdiction, today)}
    told = confidentiality.telling_the_subject(protocol)
    yield Right(_("You are told before any formal step is taken."), council_words.source_label(told.basis), clauses(protocol, told.cites))
    yield Right(_("You may answer in writing and add papers. You need not."), own)
    officer = protocol.side(row.role) == "officer"
    if officer and "L4" in law:
        yield Right(
            _("You may bring one companion to a grievance or disciplinary hearing: somebody you work with, or a trade union official. Others, and other meetings, are for the council’s policy."),
            _source(law["L4"]),
        )  # fmt: skip
    else:
        yield Right(_("You may name somebody to come with you to a meeting, if the council’s policy allows it."), _("The council’s own policy"))
    if officer and "L4C" in law:
        yield Right(_("There is to be no unreasonable delay, and an appeal is heard, wherever possible, by people not involved before."), _source(law["L4C"]))
    if "L5" in law:
        yield Right(_("What is kept about you is your personal data too: you may ask the council for a copy."), _source(law["L5"]))
    yield Right(_("All of this stays open to you if you leave office or the council."), own)


def companion_right(row: Disclosure, today: date) -> Right:
    """Who may come along to a hearing with this person, and where that comes from: the law is about workers alone."""
    law = {item.id: item for item in law_layer.in_force(row.council.jurisdiction, today)}
    if row.protocol_version.protocol.side(row.role) == "officer" and "L4" in law:
        return Right(_("A companion may speak for you and talk with you at the hearing, but doesn’t answer questions for you."), _source(law["L4"]))
    return Right(
        _("Whether somebody may come with you, and what they may say there, is for the council’s own procedure. Whoever deals with it reads whom you name."),
        _("The council’s own procedure; the law on companions is about people who work for the council"),
    )


def _source(item: LawItem) -> str:
    return _("Law: %s") % item.source if item.kind == "statute" else item.source
