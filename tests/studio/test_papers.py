"""Papers are made from what is in them, and from nothing else."""

from __future__ import annotations

import pytest

from concerns.reports import pdf


@pytest.mark.parametrize("place", ["https://elsewhere.example/x.png", "file:///etc/hostname"])
def test_a_paper_fetches_nothing(place):
    with pytest.raises(ValueError):
        pdf.from_html(f'<html lang="en"><title>t</title><body><img src="{place}" alt="x"></body></html>')
