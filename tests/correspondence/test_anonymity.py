"""A report without names: what counts as a name, and what doesn't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concerns.domain.naming import named_in, parts

NAMES = ["Ann-Marie O'Neill", "José Grünwald", "Li Wu", "Theresa May"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr Grünwald said so", ["Grünwald"]),
        ("GRUNWALD'S letter", ["GRUNWALD"]),
        ("jose", ["jose"]),
        ("Marie’s, then Ann", ["Marie", "Ann"]),
        ("annual planning, marie", ["marie"]),
        ("O’Neill and Oneill", ["ONeill", "Neill", "Oneill"]),
        ("G.r.ü.n.w.a.l.d", ["Grünwald"]),
        ("Grün\u200bwald", ["Grünwald"]),
        ("members may ask; May did", ["May"]),
        ("Li and Wu", []),
        ("The council noted it.", []),
        ("", []),
    ],
)
def test_name_is_found_as_a_reader_would_find_it(text: str, found: list[str]) -> None:
    assert named_in(text, NAMES) == found


def test_parts_of_a_name_have_at_least_three_letters() -> None:
    assert parts("Ann-Marie O'Neill") == ("ann", "marie", "neill", "oneill")
    assert parts("Li Wu") == ()


@given(
    name=st.text(alphabet="abcdefghijklmnopqrstuvwxyzéüñ", min_size=3, max_size=12).map(str.capitalize),
    before=st.sampled_from(["", "Cllr ", "(", "“", "said\n"]),
    after=st.sampled_from(["", ".", "'s", "’s", ",", ")", "\n", " "]),
    shout=st.booleans(),
)
def test_full_name_is_always_found(name: str, before: str, after: str, shout: bool) -> None:
    written = name.upper() if shout else name
    assert named_in(f"{before}{written}{after}", [f"Xy {name}"]) != []
