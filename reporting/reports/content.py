"""What a report says, as it is kept: numbers already protected, codes, clauses and days. Words are put to it when it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from councils.models import ProtocolVersion
from councils.protocol import Protocol, unwrap, validate
from councils.protocol.shaping import listed, mapping
from reporting import queries
from reporting.domain import counting
from reporting.domain.counting import Fact, Rows
from reporting.domain.periods import Period
from reporting.domain.suppression import LIMIT, Published
from reporting.enums import Audience
from reporting.models import ReportRun

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FINDINGS = 40  # of the protocol itself, at most


def period_of(run: ReportRun) -> Period:
    """The period of a report."""
    return Period(run.starts_on, run.ends_on)


def make(run: ReportRun, facts: Iterable[Fact]) -> dict[str, Any]:
    """Takes a report and what was found of its concerns; returns its content. What was counted ends here."""
    period, audience = period_of(run), Audience(run.audience)
    versions = queries.versions(run.council, period)
    protocols = [version.protocol for version in versions]
    rows = queries.rows(protocols, period)
    counts = counting.count(facts, queries.access(run.council, period), rows)
    is_small = (size := queries.smaller_side(run.council, period)) < LIMIT
    tables = counting.published(counts, audience, smaller_side=size)
    whole = tables[counting.PARTS]
    content: dict[str, Any] = {
        "limit": whole.limit,
        "total": whole.total,
        "is_small": is_small,
        "parts": [[first.isoformat(), last.isoformat()] for first, last in period.parts],
        "tables": {code: _table(table, rows.of()[code]) for code, table in tables.items()},
        "withheld": {
            "tables": sum(table.is_withheld for table in tables.values()),
            "of_tables": len(tables),
            "rows": sum(table.withheld for table in tables.values()),
            "of_rows": sum(len(table.cells) for table in tables.values()),
        },
        "trend": [*queries.earlier(run), {"starts_on": run.starts_on.isoformat(), "total": whole.total}],
        "versions": [{"label": version.label, "from": version.in_force_from.isoformat()} for version in versions],
        "history": [row for version in versions[-1:] for row in _history(version)],
        "reviews": [_review(row, audience) for row in queries.reviews(run.council, period)],
    }
    if audience != Audience.PUBLIC:
        content |= _of_clauses(tables[counting.ROUTE], rows, protocols)
        content["amendments"] = _amendments(content["tables"], protocols)
        content["findings"] = _findings(versions)
    return content


def _history(version: ProtocolVersion) -> list[dict[str, str]]:
    """The versions that the protocol's own amendment record names, with their days, the oldest first."""
    record = mapping(unwrap(version.config).get("protocol")).get("amendment_record")
    rows = [mapping(row) for row in listed(record)]
    dated = [{"version": str(row.get("version") or ""), "on": str(row.get("date") or "")} for row in rows]
    return sorted((row for row in dated if DAY.fullmatch(row["on"])), key=lambda row: row["on"])


def _table(table: Published, rows: tuple[str, ...]) -> dict[str, Any]:
    return {"rows": list(rows), "cells": list(table.cells), "total": table.total}


def _of_clauses(route: Published, rows: Rows, protocols: list[Protocol]) -> dict[str, Any]:
    """Each rule with its clauses, the clauses cited, and those cited seldom or never: all from the table as it is shown."""
    cites = {one.id: one.cites for protocol in protocols for one in protocol.routes}
    cited = counting.cited(route, rows.of()[counting.ROUTE], cites)
    named = dict.fromkeys(ref for refs in cites.values() for ref in refs)
    clauses = [ref for protocol in protocols[-1:] for ref, clause in protocol.clauses.items() if not clause.deleted]
    return {
        "cited": [[ref, number] for ref, number in cited.items()],
        "seldom": [ref for ref in named if ref not in cited],
        "unnamed": [ref for ref in clauses if ref not in named],
    }


#: A mark that the protocol could answer, with where its clause is looked up.
ANSWERED = ("nobody_free", "fallback", "not_stated", "conflict", "stood_in", "overdue", "escalated", "skipped_informal", "without_consent")


def _amendments(tables: Mapping[str, Any], protocols: list[Protocol]) -> list[dict[str, Any]]:
    """What the numbers that are shown suggest; what isn't shown suggests nothing."""
    cites = {"nobody_free": list(protocols[-1].exception_route.cites)} if protocols else {}
    found = []
    for mark in ANSWERED:
        number = tables[f"mark:{mark}"]["cells"][0]
        if number is not None:
            found.append({"code": mark, "number": number, "cites": cites.get(mark, [])})
    return found


def _findings(versions: list[ProtocolVersion]) -> list[dict[str, Any]]:
    """What `protocol check` says of the newest text. Nothing of it comes from a concern."""
    problems = [problem for version in versions[-1:] for problem in validate(version.config)]
    return [{"message": problem.message, "mend": problem.mend, "cites": list(problem.cites)} for problem in problems[:FINDINGS]]


def _review(row: Any, audience: Audience) -> dict[str, Any]:
    """A review of the protocol; what somebody typed of its origin stays inside the council."""
    said = {"on": row.concluded_on.isoformat(), "result": row.result, "body": row.body, "minute": row.minute_ref}
    if audience != Audience.PUBLIC:
        said |= {"origin": row.origin, "changed_by": row.changed_by, "version": row.new_version.label if row.new_version else ""}
    return said
