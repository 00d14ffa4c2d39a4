"""The rows of the rooms beside the casework: each keeps its own in ``tests/matrix/rows_<room>.py`` as ``ROUTES``.

``ROUTES`` maps an address to what it answers to each kind of person it knows, by method: GET, HEAD, POST with an empty
form. The room's own tests (``tests/<room>/test_matrix.py``) hold every row, with every person of the world.
"""

from importlib import import_module
from pathlib import Path

ROOMS = sorted(path.stem for path in Path(__file__).parent.glob("rows_*.py"))
ROUTES: dict[str, dict[str, str]] = {}
for room in ROOMS:
    ROUTES |= import_module(f"tests.matrix.{room}").ROUTES
