"""`make bench`: one line a figure; the exit status says whether every goal is met."""

from __future__ import annotations

import sys

import django

Figure = tuple[str, float, float, bool]


def show(figures: list[Figure]) -> bool:
    """Print the figures; returns whether all are well. A goal of speed is a least, every other a most."""
    for name, value, goal, well in figures:
        sign = ">=" if name.endswith("_per_second") else "<="
        print(f"bench {name} {value:g} goal {sign}{goal:g} {'ok' if well else 'SHORT'}", flush=True)
    return all(well for *_rest, well in figures)


def main() -> int:
    """Run everything; 0 when every goal is met."""
    django.setup()
    from tests.bench import lodging, pages, rehearsing, reminding, routing, serving
    from tests.bench.load import SIZES
    from tests.bench.place import running

    well = show(routing.run())
    well &= show(rehearsing.run())
    with running() as place:
        well &= show(pages.run(place))
        well &= show(lodging.run(place, SIZES[-1]))
        well &= show(reminding.run(place))
        well &= show(serving.run(place))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
