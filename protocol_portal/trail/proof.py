"""Proves the trail: every link of every chain is computed anew here, by none of the database's own functions.

Takes a psycopg connection inside a transaction that may read everything (system work, or a role with BYPASSRLS), so that
a restored copy can be proved like the original. What is found names concerns and requests by their id, and shows nothing of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

import psycopg
from django.utils.translation import gettext_lazy as _


class Fault(StrEnum):
    """What can be wrong with a trail."""

    EDITED = "edited"
    MISSING = "missing"
    UNLINKED = "unlinked"
    CUT = "cut"
    UNKNOWN = "unknown"
    REASON = "reason"
    RENEWAL = "renewal"
    REWRITTEN = "rewritten"
    ANCHOR = "anchor"
    ANCHORS_CUT = "anchors_cut"
    DIGEST = "digest"
    GUARD = "guard"
    TOMBSTONE = "tombstone"


WORDS: Mapping[Fault, Any] = {
    Fault.EDITED: _("the event was changed after it was written"),
    Fault.MISSING: _("an event is missing before this one"),
    Fault.UNLINKED: _("the event doesn't follow from the one before"),
    Fault.CUT: _("the last events are missing"),
    Fault.UNKNOWN: _("there are events here that no chain knows of"),
    Fault.REASON: _("what was written with the event was replaced or taken away"),
    Fault.RENEWAL: _("the list of renewed and erased reasons was changed"),
    Fault.REWRITTEN: _("the trail isn't the one that was anchored"),
    Fault.ANCHOR: _("the anchor was changed, or one before it is missing"),
    Fault.ANCHORS_CUT: _("the last anchors are missing"),
    Fault.DIGEST: _("the council's chain isn't the one in the digest"),
    Fault.GUARD: _("the guard of the table is missing or switched off"),
    Fault.TOMBSTONE: _("nobody's recorded decision says that this was destroyed, or it isn't what was there"),
}

GUARDS = {
    ("concerns_event", "chain_event"), ("concerns_event", "keep_event"), ("concerns_event", "note_renewal"),
    ("concerns_event", "keep_all_events"), ("concerns_trailrenewal", "keep_trail"), ("concerns_trailanchor", "keep_trail"),
    ("concerns_erasure", "keep_trail"), ("information_line", "chain_line"), ("information_line", "keep_line"),
    ("information_line", "note_renewal"), ("information_line", "keep_all_lines"), ("rights_line", "chain_line"), ("rights_line", "keep_line"),
    ("rights_line", "note_renewal"), ("rights_line", "keep_all_lines"), ("rights_tombstone", "keep_tombstone"),
    ("councils_councilevent", "chain_council_event"), ("councils_councilevent", "keep_council_events"),
    ("councils_councilevent", "pgtrigger_council_event_append_only_33937"),
    ("rights_disposal", "guard_matter"), ("rights_disposal", "guard_two"), ("rights_disposal", "purge_case"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what, and where (a concern's or council's id, a table; never words of a case)."""

    fault: Fault
    where: str
    seq: int = 0

    def __str__(self) -> str:
        place = f"{self.where} {self.seq}" if self.seq else self.where
        return f"{self.fault}: {place}: {WORDS[self.fault]}"


@dataclass
class Verdict:
    """How much was looked at, and what was found."""

    concerns: int = 0  # and requests, matters and councils, which have chains of their own
    events: int = 0
    anchors: int = 0
    renewals: int = 0
    found: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.found

    def add(self, fault: Fault, where: object, seq: int = 0) -> None:
        """Write down one finding."""
        self.found.append(Finding(fault, str(where), seq))


def digest_of(*parts: str | None) -> str:
    """The checksum of a link: each part's length and text, "~" for what is null. As migration concerns 0006 has it."""
    line = ",".join("~" if part is None else f"{len(part.encode())}:{part}" for part in parts)
    return hashlib.sha256(line.encode()).hexdigest()


MOMENT = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
class Chained(NamedTuple):
    """A table of chains: what a chain is of, what is hashed besides its place, and what its lines are called by."""

    of: str
    columns: str
    kind: str = "type"
    reason_hash: str = "reason_hash"
    reason: str = "CASE WHEN reason IS NULL THEN '' ELSE encode(sha256(reason), 'hex') END"


#: As the migrations have it. A council's own changes are one chain each; so are those of no council.
CHAINS = {
    "concerns_event": Chained(
        "concern_id", "by_id::text, by_name, capacity, hat, acting_for, from_state, to_state, rule_id, protocol_label, cites::text, facts::text",
    ),
    "information_line": Chained(
        "about_id", "by_id::text, by_name, part, hat, acting_for, from_state, to_state, protocol_label, cites::text, facts::text",
    ),
    "rights_line": Chained("about_id", "by_id::text, by_name, from_state, to_state, facts::text"),
    "councils_councilevent": Chained(
        "coalesce(council, '00000000-0000-0000-0000-000000000000')", "by_id::text, by_name, detail::text", "kind", "''", "''",
    ),
}  # fmt: skip
EVENTS = f"""
SELECT {{of}}::text, seq, prev_hash, hash, {{reason_hash}}, {{reason}}, id::text, {{kind}}, {MOMENT.format("at")}, {{columns}}
  FROM {{table}} WHERE %(council)s::uuid IS NULL OR {{of}} = ANY (%(concerns)s::uuid[]) ORDER BY {{of}}, seq, id
"""  # noqa: S608 - fixed words
ANCHORS = f"""
SELECT council_id::text, seq, {MOMENT.format("at")}, prev_hash, heads::text, hash
  FROM concerns_trailanchor WHERE %(council)s::uuid IS NULL OR council_id = %(council)s ORDER BY council_id, seq
"""  # noqa: S608 - fixed words
HEADS = """
SELECT concern_id::text, seq, hash, renewals, renewed FROM concerns_trailhead WHERE %(council)s::uuid IS NULL OR council_id = %(council)s
"""
RENEWALS = """
SELECT concern_id::text, n, event_id::text, before, after FROM concerns_trailrenewal
 WHERE %(council)s::uuid IS NULL OR concern_id = ANY (%(concerns)s::uuid[]) ORDER BY concern_id, n
"""
#: What was destroyed: where its chain ended, and whether the line of two persons' decision says the same.
TOMBSTONES = """
SELECT t.case_id::text, t.seq, t.hash, t.renewals, t.renewed, EXISTS (SELECT FROM rights_line l WHERE l.about_id = t.disposal_id AND l.type = 'purged'
  AND l.facts->>'case' = t.case_id::text AND l.facts->>'seq' = t.seq::text AND l.facts->>'hash' = t.hash)
  FROM rights_tombstone t WHERE %(council)s::uuid IS NULL OR t.council_id = %(council)s
"""


@dataclass
class _Known:
    """What the ends and the anchors say of one concern."""

    seq: int = 0
    hash: str = ""
    renewals: int = 0
    renewed: str = ""
    headed: bool = False
    anchored: dict[int, str] = field(default_factory=dict)  # seq → hash
    renewed_then: dict[int, str] = field(default_factory=dict)  # how many renewals → their checksum


def prove(connection: psycopg.Connection[Any], *, council: str | None = None, heads: Mapping[str, tuple[int, str]] | None = None) -> Verdict:
    """Look at every chain (of one council: its id). ``heads``: council → (last anchor, its hash), from a digest. Returns what was found."""
    verdict = Verdict()
    known = _anchors(connection, verdict, council, heads or {})
    for concern, seq, last, renewals, renewed in connection.execute(HEADS, {"council": council}):
        one = known.setdefault(concern, _Known())
        one.seq, one.hash, one.renewals, one.renewed, one.headed = seq, last, renewals, renewed, True
    which = {"council": council, "concerns": list(known) if council else []}
    destroyed = _tombstones(connection, verdict, known, council)
    reasons = _renewals(connection, verdict, {concern: one for concern, one in known.items() if concern not in destroyed}, which)
    seen = set()
    for table, chained in CHAINS.items():
        with connection.cursor(name="trail") as cursor:
            cursor.execute(EVENTS.format(table=table, **chained._asdict()), which)
            for concern, rows in groupby(cursor, key=lambda row: row[0]):
                seen.add(concern)
                _chain(verdict, concern, rows, known.get(concern, _Known()), reasons)
    for concern in destroyed & seen:
        verdict.add(Fault.UNKNOWN, concern)
    for concern in known.keys() - seen - destroyed:
        verdict.concerns += 1
        verdict.add(Fault.CUT, concern)
    _guards(connection, verdict)
    return verdict


def _anchors(connection: Any, verdict: Verdict, council: str | None, heads: Mapping[str, tuple[int, str]]) -> dict[str, _Known]:
    """Prove the councils' chains; returns what they say of each concern."""
    known: dict[str, _Known] = {}
    last: dict[str, tuple[int, str]] = {}
    told = {(of, seq): digest for of, (seq, digest) in heads.items()}
    for of, seq, at, before, text, digest in connection.execute(ANCHORS, {"council": council}):
        verdict.anchors += 1
        if (seq - 1, before) != last.get(of, (0, "")) or digest_of(of, str(seq), at, before, text) != digest:
            verdict.add(Fault.ANCHOR, of, seq)
        last[of] = seq, digest
        if told.get((of, seq), digest) != digest:
            verdict.add(Fault.DIGEST, of, seq)
        for concern, upto, end, renewals, renewed in _ends(text):
            one = known.setdefault(concern, _Known())
            one.anchored[upto], one.renewed_then[renewals] = end, renewed
    for of, (seq, _digest) in heads.items():
        if (council is None or of == council) and last.get(of, (0, ""))[0] < seq:
            verdict.add(Fault.ANCHORS_CUT, of, seq)
    return known


def _ends(text: str) -> list[tuple[str, int, str, int, str]]:
    """What an anchor holds; nothing when somebody changed it into something else (its checksum tells)."""
    data = json.loads(text)
    return [tuple(one) for one in data if isinstance(one, list) and len(one) == 5] if isinstance(data, list) else []


def _tombstones(connection: Any, verdict: Verdict, known: dict[str, _Known], council: str | None) -> set[str]:
    """Prove what was destroyed: the chain had ended where the tombstone and the decision say; returns which were."""
    found = set()
    for concern, seq, digest, renewals, renewed, decided in connection.execute(TOMBSTONES, {"council": council}):
        verdict.concerns += 1
        found.add(concern)
        one = known.get(concern, _Known())
        ended = (seq, digest, renewals, renewed) == (one.seq, one.hash, one.renewals, one.renewed) or (seq == 0 and not one.headed)
        if not decided or not ended or one.anchored.get(seq, digest) != digest or max(one.anchored, default=0) > seq:
            verdict.add(Fault.TOMBSTONE, concern)
    return found


def _renewals(connection: Any, verdict: Verdict, known: dict[str, _Known], which: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Prove the lists of renewed reasons; returns event → (checksum before, after), in order."""
    reasons: dict[str, list[tuple[str, str]]] = {}
    counted: dict[str, tuple[int, str]] = {}
    wrong = set()
    for concern, n, event, before, after in connection.execute(RENEWALS, which):
        verdict.renewals += 1
        count, running = counted.get(concern, (0, ""))
        running = hashlib.sha256(f"{running},{n},{event},{before},{after}".encode()).hexdigest()
        if n != count + 1 or known.get(concern, _Known()).renewed_then.get(n, running) != running:
            wrong.add(concern)
        counted[concern] = n, running
        reasons.setdefault(event, []).append((before, after))
    for concern, one in known.items():
        count, running = counted.get(concern, (0, ""))
        if (one.headed and (one.renewals, one.renewed) != (count, running)) or max(one.renewed_then, default=0) > count:
            wrong.add(concern)
    for concern in sorted(wrong):
        verdict.add(Fault.RENEWAL, concern)
    return reasons


def _chain(verdict: Verdict, concern: str, rows: Iterator[Any], known: _Known, reasons: Mapping[str, list[tuple[str, str]]]) -> None:
    """Prove the chain of one concern."""
    verdict.concerns += 1
    last, link = 0, ""
    for _concern, seq, before, digest, reason_hash, reason, *rest in rows:
        verdict.events += 1
        if seq != last + 1:
            verdict.add(Fault.MISSING, concern, seq)
        elif before != link:
            verdict.add(Fault.UNLINKED, concern, seq)
        if digest_of(concern, str(seq), before, *rest, reason_hash) != digest:
            verdict.add(Fault.EDITED, concern, seq)
        stored = reason_hash
        for was, now in reasons.get(rest[0], ()):
            stored = now if was == stored else "?"
        if stored != reason:
            verdict.add(Fault.REASON, concern, seq)
        if known.anchored.get(seq, digest) != digest:
            verdict.add(Fault.REWRITTEN, concern, seq)
        last, link = seq, digest
    if not known.headed:
        verdict.add(Fault.UNKNOWN, concern)
    elif last < max([known.seq, *known.anchored]):
        verdict.add(Fault.CUT, concern, last)
    elif (last, link) != (known.seq, known.hash):
        verdict.add(Fault.UNKNOWN, concern, last)


def _guards(connection: Any, verdict: Verdict) -> None:
    """The triggers that keep the trail are there and switched on."""
    rows = connection.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')").fetchall()
    for table, name in sorted(GUARDS - {(row[0], row[1]) for row in rows}):
        verdict.add(Fault.GUARD, f"{table}.{name}")
