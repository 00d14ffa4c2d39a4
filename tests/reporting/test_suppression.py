"""Nobody can work out what isn't shown: every world that gives the same report is tried, by somebody who knows the method.

Each test lists all worlds of a size, makes what would be published of each, and asks of every number withheld how many
values it has among the worlds that publish exactly the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product

import pytest

from reporting.domain.suppression import LIMIT, Published, for_public, protect, rounded

World = tuple[int, ...]
Shown = tuple[tuple[int | None, tuple[int | None, ...]], ...]
LINKED = [("A", "r1", "t1"), ("A", "r2", "t1"), ("A", "r2", "t2"), ("B", "r3", "t2")]  # each route of one kind; r3 is always t2


def plain(table: Published) -> tuple[int | None, tuple[int | None, ...]]:
    """What stands on the paper."""
    return table.total, table.cells


def fewest(
    worlds: Iterable[World], tables: Callable[[World], Sequence[World]], publish: Callable[[World], Shown], upto: int
) -> tuple[int, int]:
    """The smallest number of values that a withheld cell can have, over all reports; and how many cells were looked at.

    Only reports whose every world is among ``worlds`` count: those with a first total of at most ``upto``.
    """
    alike: dict[Shown, list[World]] = defaultdict(list)
    for world in worlds:
        alike[publish(world)].append(world)
    found = []
    for shown, same in alike.items():
        if (shown[0][0] or 0) <= upto:
            for number, (_total, cells) in enumerate(shown):
                found += [len({tables(world)[number][place] for world in same}) for place, cell in enumerate(cells) if cell is None]
    return min(found), len(found)


@pytest.mark.parametrize(
    ("limit", "rows", "most", "values"), [(3, 2, 14, 3), (3, 3, 16, 2), (3, 4, 16, 2), (5, 2, 24, 5), (5, 3, 26, 5), (5, 4, 26, 4)]
)
def test_withheld_numbers_one_table_keep_nearly_as_many_values_as_the_limit(limit: int, rows: int, most: int, values: int) -> None:
    worlds = [world for world in product(range(most + 1), repeat=rows) if sum(world) <= most]

    least, looked_at = fewest(worlds, lambda world: [world], lambda world: (plain(protect(world, limit)),), most - limit)

    assert least == values
    assert looked_at > rows


@pytest.mark.parametrize(("limit", "rows", "most"), [(3, 2, 26), (3, 3, 18), (5, 2, 40)])
def test_withheld_numbers_public_report_keep_as_many_values_as_its_limit(limit: int, rows: int, most: int) -> None:
    worlds = [world for world in product(range(most + 1), repeat=rows) if sum(world) <= most]

    least, _looked_at = fewest(
        worlds, lambda world: [world], lambda world: (plain(for_public(protect(world, limit))),), most - 3 * limit
    )

    assert least >= 2 * limit


def test_withheld_numbers_reader_of_both_reports_learns_nothing_from_the_public_one() -> None:
    by_council: dict[Shown, set[Shown]] = defaultdict(set)
    for world in product(range(16), repeat=3):
        table = protect(world, 3)
        by_council[(plain(table),)].add((plain(for_public(table)),))

    assert {len(reports) for reports in by_council.values()} == {1}


def sums(world: World) -> list[World]:
    """The tables by kind, by route and by topic of a world that says how many concerns there are of each combination."""
    return [
        tuple(sum(n for n, combination in zip(world, LINKED, strict=True) if combination[part] == row) for row in rows)
        for part, rows in enumerate((("A", "B"), ("r1", "r2", "r3"), ("t1", "t2")))
    ]


@pytest.mark.parametrize(("limit", "most", "values"), [(3, 9, 2), (5, 12, 3)])
def test_withheld_numbers_tables_that_hang_together_cant_be_solved(limit: int, most: int, values: int) -> None:
    worlds = list(product(range(most + 1), repeat=len(LINKED)))

    least, looked_at = fewest(worlds, sums, lambda world: tuple(plain(protect(table, limit)) for table in sums(world)), most - limit // 2)

    assert least == values
    assert looked_at > 10


def test_withheld_numbers_two_years_and_both_together_cant_be_solved() -> None:
    def tables(world: World) -> list[World]:
        return [tuple(a + b for a, b in zip(world[:2], world[2:], strict=True)), world[:2], world[2:]]

    worlds = list(product(range(9), repeat=4))

    least, looked_at = fewest(worlds, tables, lambda world: tuple(plain(protect(table, 3)) for table in tables(world)), 8)

    assert least >= 2
    assert looked_at > 50


def test_withheld_numbers_any_filling_of_a_real_table_leaves_each_small_row_its_whole_range() -> None:
    counts = (31, 17, 3, 0, 9)
    table = protect(counts)

    fillings = [filling for filling in product(range(13), repeat=table.withheld) if consistent(table, filling)]

    assert table.total == 60 and table.cells == (30, 15, None, None, 10)
    for place in range(table.withheld):
        assert {filling[place] for filling in fillings} >= set(range(LIMIT))


def consistent(table: Published, filling: World) -> bool:
    """Whether some numbers behind those shown make the total with these."""
    shown = [cell for cell in table.cells if cell is not None]
    least = sum(map(table.low, shown)) + sum(filling)
    most = sum(map(table.high, shown)) + sum(filling)
    return least <= table.high(table.total) and most >= table.low(table.total)


def test_protect_one_small_row_beside_a_large_one_withholds_both() -> None:
    assert protect((3, 57)).cells == (None, None)


def test_protect_none_at_all_looks_like_a_few() -> None:
    assert plain(protect((0, 0, 0))) == plain(protect((2, 1, 1))) == (None, (None, None, None))


def test_protect_zero_row_looks_like_four() -> None:
    assert protect((30, 25, 0, 5)).cells == protect((30, 25, 4, 5)).cells
    assert protect((30, 25, 0, 5)).cells[2] is None


def test_protect_nothing_small_shows_every_row_rounded() -> None:
    assert protect((22, 23, 12, 7, 6)).cells == (20, 25, 10, 5, 5)


def test_protect_two_rows_just_under_the_limit_withholds_a_third() -> None:
    assert protect((22, 4, 4)).cells[1:] == (None, None)
    assert protect((4, 4, 22)).cells == (None, None, None)


def test_for_public_number_that_could_be_under_its_limit_isnt_shown() -> None:
    assert for_public(protect((31, 17, 9, 3, 0))).cells == (30, 20, None, None, None)
    assert for_public(protect((12, 12, 12))).cells == (None, None, None)


@pytest.mark.parametrize(("number", "expected"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_rounded_nearest_multiple(number: int, expected: int | None) -> None:
    assert rounded(number, 5) == expected
