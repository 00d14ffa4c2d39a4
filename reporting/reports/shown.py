"""A report in words, in the order it is read: what a page, a paper and a table are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clocks import plan
from clocks import wording as clock_words
from clocks.enums import Unit
from councils import review_words, reviews
from councils import wording as council_words
from councils.protocol import Protocol
from reporting import queries, wording
from reporting.domain import counting
from reporting.enums import Audience
from reporting.models import ReportRun
from reporting.reports import charts
from reporting.reports.content import period_of

CHARTED = ("parts", "kind", "stage", "outcome")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is shown."""

    label: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the rows shown, and what the others are called."""

    code: str
    caption: str
    head: str
    rows: tuple[Row, ...]
    hidden: tuple[str, ...]
    total: int | None
    chart: SafeString | str = ""

    @property
    def total_shown(self) -> str:
        """The total in words."""
        return wording.about(self.total)


@dataclass(frozen=True, slots=True)
class Lines:
    """Several tables of the same shape as one: a line each, the rows as columns."""

    code: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of a report, in words."""

    run: ReportRun
    title: str
    period: str
    audience: str
    is_public: bool
    whole: str
    tables: tuple[Table, ...]
    lines: tuple[Lines, ...]
    trend: Table | None
    cited: tuple[tuple[str, str], ...]
    seldom: tuple[str, ...]
    unnamed: tuple[str, ...]
    amendments: tuple[tuple[str, str, str], ...]
    findings: tuple[dict[str, Any], ...]
    reviews: tuple[dict[str, Any], ...]
    versions: tuple[str, ...]
    history: tuple[str, ...]
    due: str
    statement: tuple[str, ...]
    agenda: str
    minute: str
    recommendations: tuple[str, ...]


def shown(run: ReportRun) -> Report:
    """Takes a report that is done; returns it in words."""
    content, period = run.content, period_of(run)
    protocols = [version.protocol for version in queries.versions(run.council, period)]
    protocol = protocols[-1] if protocols else None
    routes = wording.routes(protocols)
    is_public = run.audience == Audience.PUBLIC
    plain = [code for code in counting.WHOLES if code in content["tables"]]
    amendments = tuple(_amendment(row, protocol) for row in content.get("amendments", ()))
    words = {"period": wording.period(period.starts_on, period.ends_on), "council": run.council.name}
    return Report(
        run=run,
        title=_("Report on the Member–Officer Protocol"),
        period=words["period"],
        audience=wording.audience(run.audience),
        is_public=is_public,
        whole=(wording.whole_public if is_public else wording.whole)(content["total"], content["limit"]),
        tables=tuple(_table(code, content, routes) for code in plain),
        lines=tuple(_lines(content, run, protocol)),
        trend=_trend(content, period.years),
        cited=tuple((council_words.clause_label(ref, protocol), str(number)) for ref, number in content.get("cited", ())),
        seldom=_labels(content.get("seldom", ()), protocol),
        unnamed=_labels(content.get("unnamed", ()), protocol),
        amendments=amendments,
        findings=tuple(
            {**row, "where": ", ".join(_labels(row["cites"], protocol))}
            for row in (content.get("findings", ()) if run.audience == Audience.MONITORING_OFFICER else ())
        ),
        reviews=tuple(_review(row) for row in content["reviews"]),
        versions=tuple(
            _("%(label)s, in force from %(day)s") % {"label": row["label"], "day": date_format(date.fromisoformat(row["from"]), "j F Y")}
            for row in content["versions"]
        ),
        history=tuple(_history(content["history"])),
        due=_due(run),
        statement=tuple(wording.statement(content, run.audience)),
        agenda=_agenda(is_public) % words,
        minute=_minute(is_public) % words,
        recommendations=_recommendations(bool(amendments)),
    )


def _labels(refs: Any, protocol: Protocol | None) -> tuple[str, ...]:
    return tuple(council_words.clause_label(ref, protocol) for ref in refs)


def _table(code: str, content: dict[str, Any], routes: dict[str, str]) -> Table:
    kept = content["tables"][code]
    caption, head = wording.title(code)
    named = [
        Row(wording.row(code, value, parts=content["parts"], routes=routes), cell)
        for value, cell in zip(kept["rows"], kept["cells"], strict=True)
    ]
    visible = tuple(row for row in named if row.number is not None)
    drawn = ""
    if code in CHARTED and visible:
        drawn = charts.bars(f"chart-{code}", caption, [(row.label, row.number) for row in named], str(wording.NOT_SHOWN))
    return Table(code, caption, head, visible, tuple(row.label for row in named if row.number is None), kept["total"], drawn)


def _lines(content: dict[str, Any], run: ReportRun, protocol: Protocol | None) -> list[Lines]:
    """The dates kept, and what was met on the way; what shows no number is named below."""
    clocks, marks = [f"clock:{clock}" for clock in counting.CLOCKS], [f"mark:{mark}" for mark in counting.MARKS]
    heads = (_("Step"), _("Target today"), *(str(words) for words in wording.CLOCK_ROWS.values()))
    happened = (_("What was met"), *(str(words) for words in wording.YES_NO.values()))
    return [
        _line("clocks", _("Time taken, against the target"), heads, clocks, content, lambda code: (_target(code, run, protocol),)),
        _line("marks", _("What was met on the way"), happened, marks, content, lambda code: ()),
    ]


def _line(
    name: str, caption: str, heads: tuple[str, ...], codes: list[str], content: dict[str, Any], more: Callable[[str], tuple[str, ...]]
) -> Lines:
    rows, hidden = [], []
    for code in codes:
        if (kept := content["tables"].get(code)) is None:
            continue
        label = wording.title(code)[0]
        if any(cell is not None for cell in kept["cells"]):
            rows.append((label, (*more(code), *(wording.about(cell) for cell in kept["cells"]))))
        else:
            hidden.append(label)
    return Lines(name, caption, heads, tuple(rows), tuple(hidden))


def _target(code: str, run: ReportRun, protocol: Protocol | None) -> str:
    target = wording.CLOCKS[code.partition(":")[2]][1]
    if not target:
        return _("set for each")
    found = plan.target(target, run.council, protocol.targets if protocol else {})
    number = clock_words.UNITS[Unit(found.unit)][found.days != 1] % {"n": found.days}
    return _("%(number)s (%(basis)s)") % {"number": number, "basis": wording.BASES[found.basis]}


def _trend(content: dict[str, Any], years: int) -> Table | None:
    """This period beside those reported before; None for the first."""
    if len(content["trend"]) < 2:
        return None
    rows = []
    for row in content["trend"]:
        first = date.fromisoformat(row["starts_on"]).year
        rows.append(Row(_("%(first)s to %(last)s") % {"first": first, "last": first + years}, row["total"]))
    drawn = charts.bars("chart-trend", _("Concerns raised, by period"), [(row.label, row.number) for row in rows], str(wording.NOT_SHOWN))
    return Table(
        "trend", _("Concerns raised, by period"), _("From 1 April to 31 March"), tuple(row for row in rows if row.number is not None),
        tuple(row.label for row in rows if row.number is None), None, drawn,
    )  # fmt: skip


def _amendment(row: dict[str, Any], protocol: Protocol | None) -> tuple[str, str, str]:
    met = _("%(what)s: about %(n)s concerns") % {"what": wording.MARKS[row["code"]], "n": row["number"]}
    return met, str(wording.AMENDMENTS[row["code"]]), ", ".join(_labels(row["cites"], protocol))


def _history(rows: list[dict[str, str]]) -> Iterator[str]:
    """The versions before, and the time between them."""
    before: date | None = None
    for row in rows:
        on = date.fromisoformat(row["on"])
        said = _("version %(version)s, %(day)s") % {"version": row["version"], "day": date_format(on, "j F Y")}
        if before is not None:
            said = _("%(said)s, after %(time)s") % {"said": said, "time": wording.years_and_months(before, on)}
        yield said
        before = on


def _due(run: ReportRun) -> str:
    """When the next review was due, seen from the period's last day, and says who."""
    due = reviews.standing(run.council, on=run.ends_on).due
    if due is None:
        return _("No day for the next review is set. The council should set one.")
    row = review_words.shown(due, run.ends_on)
    said = _("Next review due on %(day)s (%(basis)s).") % {"day": row.when, "basis": row.basis}
    if due.basis == "default":
        said += " " + _("The protocol states no review cycle or date: the usual cycle was taken. The council should set one.")
    if due.on is not None and due.on < run.ends_on:
        said += " " + _("It was overdue on the last day of the period.")
    return said


def _review(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "on": date.fromisoformat(row["on"]), "result": wording.RESULTS[row["result"]]}


def _agenda(is_public: bool) -> str:
    if is_public:
        return _("Member–Officer Protocol: to receive the report for %(period)s, and to consider whether the protocol needs to change.")
    return _(
        "Exclusion of the public: to resolve that the public and press be excluded for the next item, which is confidential by the nature of the"
        " business. Member–Officer Protocol: to receive the report for %(period)s."
    )


def _minute(is_public: bool) -> str:
    said = _(
        "The report on the Member–Officer Protocol of %(council)s for %(period)s was received. RESOLVED: (a) that the report be noted;"
        " (b) that the protocol stay as it is / be changed as set out in the report [choose one]."
    )
    return said if is_public else said + " " + _("No person and no concern was named.")


def _recommendations(has_amendments: bool) -> tuple[str, ...]:
    said = [_("To note the report.")]
    if has_amendments:
        said.append(_("To ask for a text of the amendments suggested, for a review of the protocol."))
    return (*said, _("To confirm the day of the next review."))


