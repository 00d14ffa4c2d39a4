"""Of a database without a council nothing is proved: an address that leads to the wrong one is no good news."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def test_nothing_at_all_proves_nothing(db: None) -> None:
    with pytest.raises(CommandError, match="no council in this database") as refused:
        call_command("verify_trail", stdout=StringIO())
    assert refused.value.returncode == 2
