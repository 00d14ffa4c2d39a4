"""One search for names, as strict for each question as it was for any of the three. More of each beside the room that asks it."""

from __future__ import annotations

import pytest

from concerns.domain.naming import named, named_in, names_in, parts

WHO = ["Ann-Marie O'Neill", "José Grünwald", "Dame Judith Lord", "Cllr Theresa May"]


@pytest.mark.parametrize(
    ("text", "words", "people"),
    [
        ("G.r.ü.n.w.a.l.d wrote", ["Grünwald"], ("Grunwald",)),
        ("Gr\u200bünwald wrote", ["Grünwald"], ("Grunwald",)),
        ("Gru\u0308nwald wrote", ["Grünwald"], ("Grunwald",)),
        ("G\u0301ru\u0308nwald wrote", ["Ǵrünwald"], ("Grunwald",)),  # an accent that isn't hers
        ("n\u0334eill wrote", ["neill"], ("neill",)),  # a mark that no letter takes up
        ("ask oneill", ["oneill"], ("oneill",)),
        ("Marie knows", ["Marie"], ("Marie",)),
        ("the Dame said, Councillor", [], ()),
        ("our Lord", ["Lord"], ("Lord",)),  # a surname, although a title
        ("_Judith_ and Judith2", ["Judith"], ("Judith",)),
        ("annual planning, a mayor", [], ()),
    ],
)
def test_name_is_found_by_each_question_however_it_is_hidden(text: str, words: list[str], people: tuple[str, ...]) -> None:
    assert named_in(text, WHO) == words
    assert names_in(text, WHO) == people
    assert (named(text, {"raiser": WHO}) != {}) == bool(words)


def test_everyday_word_is_left_to_those_who_write_and_counts_where_it_is_only_to_be_confirmed() -> None:
    assert named_in("they may ask", WHO) == []
    assert named("they may ask", {"raiser": WHO}) == {"raiser": ["Cllr Theresa May"]}
    assert names_in("they may ask", WHO) == ("may",)  # a surname of the council
    assert (names_in("judith said", WHO), names_in("Judith said", WHO)) == ((), ("Judith",))


def test_parts_of_a_name_leave_out_what_stands_in_front_of_it() -> None:
    assert parts("Cllr The Rev Jo van Dyke") == ("dyke",)
    assert parts("Jane Lord") == ("jane", "lord")
    assert parts("  ") == ()
    assert names_in("anything", ["", "  "]) == ()


def test_address_and_reference_name_somebody_among_a_council() -> None:
    assert names_in("k7qf-2m9x, then a.b@c.example", WHO) == ("a.b@c.example", "k7qf-2m9x")
