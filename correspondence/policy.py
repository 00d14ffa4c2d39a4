"""Who may write what on a concern. Reading is decided by the rows themselves (migration 0002)."""

from concerns.enums import Capacity, State
from concerns.models import Concern

# Whoever reads what was written may write to the others who do.
WRITES_LETTERS = frozenset({Capacity.RECIPIENT, Capacity.HANDLER, Capacity.DECIDER, Capacity.LIAISON})
WITHOUT_WORDS = frozenset({State.DRAFT, State.REDIRECTED})


def takes_words(concern: Concern) -> bool:
    """Whether anything can be sent about it: not while it is the raiser's own draft, nor when it belongs elsewhere."""
    return concern.state not in WITHOUT_WORDS


def sees_letters(held: frozenset[Capacity], *, reads: bool) -> bool:
    """Whether the list of letters is open to somebody with these capacities; which of them they find, their rows say."""
    return reads or Capacity.CONVENER in held


def writes_letters(held: frozenset[Capacity], *, reads: bool) -> bool:
    """Whether somebody with these capacities starts letters from the concern's page.

    Whoever runs a panel's procedure writes its letters without reading the concern.
    """
    return Capacity.CONVENER in held or (reads and bool(held & WRITES_LETTERS))
