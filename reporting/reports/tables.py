"""A report's tables for a spreadsheet, as CSV and as XLSX. Nothing in a cell can run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from reporting import wording
from reporting.reports.shown import Report, Table

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
Line = list[str | int]


def safe(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def sheets(report: Report) -> Iterator[tuple[str, list[Line]]]:
    """(name, lines) of every table, the first with what it is a report of."""
    about: list[Line] = [[report.title], [report.run.council.name], [report.period], [report.audience], [report.whole], []]
    yield _("This report"), [*about, *([line] for line in report.statement)]
    for table in (*report.tables, *([report.trend] if report.trend else [])):
        yield table.caption, _of_table(table)
    for lines in report.lines:
        hidden = [[label, str(wording.NOT_SHOWN)] for label in lines.hidden]
        yield lines.caption, [list(lines.heads), *([label, *map(_number, cells)] for label, cells in lines.rows), *hidden]
    if not report.is_public:
        yield _("Clauses"), _clauses(report)
        yield _("Suggested amendments"), [[_("What was met"), _("Suggestion"), _("Clause")], *(list(row) for row in report.amendments)]


def _number(cell: str) -> str | int:
    """A number that was written out, as one a spreadsheet can work with."""
    return int(cell) if cell.isascii() and cell.isdigit() else cell


def _of_table(table: Table) -> list[Line]:
    hidden = str(wording.NOT_SHOWN)
    rows: list[Line] = [[row.label, row.number if row.number is not None else hidden] for row in table.rows]
    rows += [[label, hidden] for label in table.hidden]
    whole: list[Line] = [[_("Together"), hidden if table.total is None else table.total]] if table.code != "trend" else []
    return [[table.head, _("About how many")], *rows, *whole]


def _clauses(report: Report) -> list[Line]:
    seldom, unnamed = _("seldom or never"), _("no rule rests on it")
    return [
        [_("Clause"), _("Cited in about")], *([ref, _number(number)] for ref, number in report.cited), *([ref, seldom] for ref in report.seldom),
        *([ref, unnamed] for ref in report.unnamed),
    ]  # fmt: skip


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark of it, so that a spreadsheet reads the letters right."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    for number, (name, lines) in enumerate(sheets(report)):
        if number:
            writer.writerows([[], [safe(name)]])
        writer.writerows([safe(cell) for cell in line] for line in lines)
    return "\ufeff".encode() + out.getvalue().encode()


def as_xlsx(report: Report, *, at: datetime) -> bytes:
    """A sheet for each table. Text is stored as text, so that nothing is worked out; dated by when the report was made."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    book.properties.creator = ""
    book.properties.created = book.properties.modified = at.replace(tzinfo=None)
    for number, (name, lines) in enumerate(sheets(report), start=1):
        sheet = book.create_sheet(_sheet_name(number, name))
        rows: list[Line] = [[name], *lines]
        for down, line in enumerate(rows, start=1):
            for across, value in enumerate(line, start=1):
                cell = sheet.cell(row=down, column=across)
                cell.value = safe(value)
                if isinstance(value, str):
                    cell.data_type = "s"
        sheet["A1"].font = Font(bold=True)
        sheet.column_dimensions["A"].width = 60
        sheet.column_dimensions["B"].width = 24
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(number: int, name: str) -> str:
    """Letters that a sheet's name may have, at most 31, and never the same twice."""
    kept = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in name)
    return f"{number} {' '.join(kept.split())}"[:31].strip()
