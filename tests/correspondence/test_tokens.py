"""The words in braces: plain names from a list, whatever is put where (trust.md 17)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondence import wording
from correspondence.domain import tokens
from correspondence.enums import LetterKind

SECRET = "s3cr3t"


class Trap(str):
    """A text with attributes somebody might want to reach."""

    password = SECRET


PATHS = [
    "{raiser.password}", "{raiser[password]}", "{raiser!r}", "{raiser:>10}", "{raiser.__class__.__mro__}", "{0}", "{}", "{{raiser.password}}",
    "${raiser}", "%(raiser)s", "{% now %}", "{{ raiser.password }}", "{raiser|safe}", "{__class__}", "{RAISER}", "{raiser }", "{ra\niser}",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_path_into_an_object_reaches_nothing(path: str) -> None:
    filled = tokens.fill(path, {"raiser": Trap("Ann")})
    assert SECRET not in filled
    assert "class" not in filled.replace(path, "")


@given(st.text(alphabet="{}[].!:$%_ raiserpwodclm0\n", max_size=60))
def test_template_of_any_shape_reaches_nothing(template: str) -> None:
    filled = tokens.fill(template, {"raiser": Trap("Ann")})
    assert SECRET not in filled
    assert filled.replace("Ann", "{raiser}") == template.replace("Ann", "{raiser}")


@given(st.text(max_size=40))
def test_value_is_never_read_as_a_template(value: str) -> None:
    assert tokens.fill("<{matter}>{raiser}", {"matter": value + "{raiser}", "raiser": "Ann"}) == f"<{value}{{raiser}}>Ann"


@given(st.text(max_size=30).filter(lambda name: name not in tokens.ALLOWED))
def test_name_that_is_not_listed_is_refused(name: str) -> None:
    with pytest.raises(tokens.UnknownToken):
        tokens.fill("{raiser}", {name: "x"})


def test_what_has_no_value_stays_and_is_found() -> None:
    filled = tokens.fill("{name}: {hearing_date}, {hearing_date} {odd thing}", {"name": "Ann", "hearing_date": ""})
    assert filled == "Ann: {hearing_date}, {hearing_date} {odd thing}"
    assert tokens.left(filled) == ["{hearing_date}", "{odd thing}"]


@pytest.mark.parametrize("kind", list(LetterKind))
def test_template_of_each_letter_asks_only_for_what_is_listed(kind: LetterKind) -> None:
    heading, template = wording.LETTERS[kind]
    assert tokens.known(tokens.used(str(template)))
    assert tokens.left(str(heading)) == []
    assert {"name", "sender"} <= set(tokens.used(str(template)))
