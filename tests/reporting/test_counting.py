"""Counting and periods: pure."""

from __future__ import annotations

from datetime import date

import pytest

from reporting.domain import counting, periods
from reporting.domain.counting import Fact, Rows
from reporting.domain.periods import of_years
from reporting.domain.suppression import protect
from reporting.enums import Audience

ROWS = Rows(4, ("bullying",), ("R1", "R2"))
FACT = Fact(0, "officer_about_councillor", "bullying", "R1", "informal", "resolved", frozenset({"overdue"}), {"acknowledge": "late"})


def test_count_each_table_divides_all_concerns() -> None:
    counts = counting.count([FACT] * 7 + [Fact(3, "councillor_about_officer", "x", "", "raised", "open")] * 2, ["refused"], ROWS)

    wholes = [code for code in counts if ":" not in code and code != "access"] + [code for code in counts if code.startswith("mark:")]
    assert {sum(counts[code]) for code in wholes} == {9}
    assert counts["parts"] == (7, 0, 0, 2)
    assert counts["topic"] == (7, 2)
    assert counts["route"] == (7, 0, 2)
    assert counts["mark:overdue"] == (7, 2)
    assert counts["clock:acknowledge"] == (0, 7)
    assert counts["access"] == (0, 0, 1, 0)


def test_count_protocol_without_requests_has_no_table_of_them() -> None:
    counts = counting.count([FACT] * 40, ["refused"], Rows(4, (), ("R1",), requests=False))

    assert "access" not in counts
    assert "access" not in counting.published(counts, Audience.PUBLIC, smaller_side=5)


def test_published_public_is_made_from_what_the_council_sees() -> None:
    counts = counting.count([FACT] * 40, [], ROWS)
    shown = counting.published(counts, Audience.PUBLIC, smaller_side=5)

    assert tuple(shown) == counting.PUBLIC
    assert (shown["kind"].total, shown["kind"].cells) == (40, (None, None))
    assert counting.published(counts, Audience.COUNCIL, smaller_side=5) == counting.published(counts, Audience.MONITORING_OFFICER, smaller_side=5)


def test_published_few_people_on_a_side_shows_nothing_of_sides() -> None:
    counts = counting.count([FACT] * 40, [], ROWS)
    shown = counting.published(counts, Audience.COUNCIL, smaller_side=4)

    assert {code for code, table in shown.items() if table.total is None and sum(counts[code])} == {"kind", "topic", "route", "stage"}
    assert all(shown[code].is_withheld for code in counting.SIDED)
    assert shown["parts"].total == 40


def test_cited_rule_that_isnt_shown_cites_nothing() -> None:
    route = protect((20, 9, 3, 1))

    found = counting.cited(route, ("R1", "R2", "R3", "other"), {"R1": ("7.1", "7.2"), "R2": ("7.2",), "R3": ("9.9", "7.1")})

    assert found == {"7.2": 30, "7.1": 20}


@pytest.mark.parametrize(
    ("today", "latest"), [(date(2026, 3, 31), "2024-1"), (date(2026, 4, 1), "2025-1"), (date(2026, 11, 22), "2025-1")]
)
def test_offered_only_what_is_over(today: date, latest: str) -> None:
    offered = periods.offered(today)

    assert all(period.ends_on < today for period in offered)
    assert next(period.code for period in offered if period.years == 1) == latest


def test_offered_no_two_periods_overlap_unless_one_is_whole_years_of_the_other() -> None:
    offered = {period for day in range(1, 29) for year in range(2024, 2032) for period in periods.offered(date(year, 4, day))}
    years = [period for period in offered if period.years == 1]
    blocks = [period for period in offered if period.years == periods.BLOCK]

    assert len(years) + len(blocks) == len(offered)
    for group in (years, blocks):
        assert not [1 for one in group for two in group if one != two and one.starts_on <= two.ends_on and two.starts_on <= one.ends_on]
    assert {(period.starts_on.month, period.starts_on.day, period.ends_on.month, period.ends_on.day) for period in offered} == {(4, 1, 3, 31)}


def test_period_parts_quarters_of_a_year_and_years_of_a_block() -> None:
    assert of_years(2023).parts == (
        (date(2023, 4, 1), date(2023, 6, 30)), (date(2023, 7, 1), date(2023, 9, 30)), (date(2023, 10, 1), date(2023, 12, 31)),
        (date(2024, 1, 1), date(2024, 3, 31)),
    )  # fmt: skip
    assert of_years(2021, 4).parts[3] == (date(2024, 4, 1), date(2025, 3, 31))
    assert [of_years(2023).part_of(day) for day in (date(2023, 4, 1), date(2023, 6, 30), date(2024, 3, 31))] == [0, 0, 3]


def test_read_code_of_a_period_that_isnt_offered_is_refused() -> None:
    assert periods.read("2025-1", date(2026, 4, 1)) == of_years(2025)
    for code in ("2026-1", "2025-2", "1-1", "", "2025-01-01"):
        with pytest.raises(ValueError, match=f"^{code}$"):
            periods.read(code, date(2026, 4, 1))
