"""A text becomes clauses: numbers, headings, lists, what is left out; and the corrections that can be made. No database."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest

from studio.importing import correcting, giving, splitting, text
from studio.importing.blocks import Unreadable
from studio.importing.correcting import Unfit
from tests.studio.papers import COUNTS, layout


def rows_of(said: str) -> list[splitting.Row]:
    return splitting.split(text.read(said.encode()).blocks)


def numbers(rows: list[splitting.Row]) -> list[str]:
    return [row["number"] for row in rows if row["kind"] == "clause"]


def sorts(rows: list[splitting.Row]) -> list[tuple[str, str, str]]:
    return [(row["kind"], row["number"], row["text"]) for row in rows]


@pytest.mark.parametrize("name", COUNTS)
def test_layout_splits_into_its_clauses_and_loses_no_paragraph(name):
    reading = text.read(layout(name))
    rows = splitting.split(reading.blocks)
    assert len(numbers(rows)) == COUNTS[name]
    assert sorted(at for row in rows for at in row["from"]) == list(range(len(reading.blocks)))
    assert len({row["id"] for row in rows}) == len(rows)


def test_sections_layout_has_the_numbers_of_its_sections_and_no_line_of_its_contents():
    rows = splitting.split(text.read(layout("sections")).blocks)
    found = numbers(rows)
    assert [number for number in found if number.startswith("2.")] == [f"2.{n}" for n in range(1, 15)]
    assert found[50:52] == ["10(preface)", "10.1"]
    headings = [row["number"] for row in rows if row["kind"] == "heading"]
    assert headings == ["1", "2", "", "", "3", "4", "5", "6", "7", "8", "9", "10", "11"]
    assert rows[0]["kind"] == "other" and rows[0]["from"][0] == 0  # the title block with the contents


def test_struck_layout_takes_the_later_number_and_marks_what_was_struck():
    reading = text.read(layout("struck"))
    rows = splitting.split(reading.blocks)
    found = numbers(rows)
    assert found[found.index("9.10") :][:3] == ["9.10", "9.11", "9.12"]  # written 9.40-11 and 9.44-12
    assert [note.code for note in reading.notes] == ["struck"]
    by_number = {row["number"]: row for row in rows if row["kind"] == "clause"}
    assert by_number["1.2"]["text"] == "" and by_number["1.2"]["struck"] is True
    assert "struck" not in by_number["3.1"]
    assert {"code": "all_struck", "must": False, "row": by_number["1.2"]["id"], "number": "1.2"} in correcting.problems(rows)


def test_headings_layout_without_numbers_gives_each_paragraph_one_that_says_it_was_given():
    rows = splitting.split(text.read(layout("headings")).blocks)
    clauses = giving.clauses(rows, untitled="Clauses", paragraph="paragraph {count}")
    assert len(clauses) == COUNTS["headings"] and all(clause["ref_assigned"] for clause in clauses)
    first = clauses[0]
    assert first["number"].endswith(".1") and first["display"] == f"{first['heading']}, paragraph 1"
    assert len({clause["number"] for clause in clauses}) == len(clauses)


def test_numbered_sections_with_plain_paragraphs_number_the_paragraphs_in_them():
    rows = rows_of("1. Purpose\n\nWe keep bees here.\n\nThey are calm.\n\n2. Tools\n\nA smoker is needed.\n\n3. Time\n\nIn spring, mostly.")
    assert numbers(rows) == ["1.1", "1.2", "2.1", "3.1"]
    assert all(row["assigned"] for row in rows if row["kind"] == "clause")


def test_lists_and_broken_paragraphs_stay_in_their_clause():
    rows = rows_of(
        "Bees\n\n1.1 The keeper must:\n\n- feed them;\n- count them; and\n\n- leave them\n\nin peace.\n\n1.2 Nobody opens a hive before\n\nnoon on a Sunday.\n\n"
        "1.3 Two rules:\n\na) smoke first\n\n(ii) gloves on\n\nA closing word.\n"
    )
    assert [row["text"] for row in rows if row["kind"] == "clause"] == [
        "The keeper must:\n- feed them;\n- count them; and\n- leave them in peace.",
        "Nobody opens a hive before noon on a Sunday.",
        "Two rules:\n(a) smoke first\n(ii) gloves on\nA closing word.",
    ]


def test_a_heading_after_a_list_is_a_heading_and_a_list_without_marks_is_none():
    rows = rows_of(
        "Hives\n\n1. The colours are:\n - red\n - blue\n\nHoney\n\n2. It keeps.\n\n3. Its virtues are\nset out here:\n\nSweetness\n\nPatience\n\n4. End of it.\n"
    )
    assert [row["text"] for row in rows if row["kind"] == "heading"] == ["Hives", "Honey"]
    assert rows[-2]["text"].endswith("here:\n- Sweetness\n- Patience")


def test_a_wrapped_text_is_put_together_and_a_number_inside_a_sentence_is_none():
    rows = rows_of(
        "1.1 The council keeps its bees as the plan in\n4.2 below says, and for as long as anybody who\nkeeps bees wants to.\n\n1.2 The second clause\nis short.\n\n4.2 The plan."
    )
    assert sorts(rows)[0] == ("clause", "1.1", "The council keeps its bees as the plan in 4.2 below says, and for as long as anybody who keeps bees wants to.")
    assert numbers(rows) == ["1.1", "1.2", "4.2"]


def test_a_number_given_twice_is_kept_twice_and_said():
    rows = rows_of("1.1 One.\n\n1.2 Two.\n\n1.2 Two again.\n\n1.5 Five.\n")
    assert numbers(rows) == ["1.1", "1.2", "1.2", "1.5"]
    found = correcting.problems(rows)
    assert [(one["code"], one["number"], one["must"]) for one in found] == [("twice", "1.2", True), ("gap", "1.5", False)]
    assert found[0]["rows"] == [rows[1]["id"], rows[2]["id"]]
    assert correcting.can_finish(rows) is False


def test_signatures_and_the_amendment_record_at_the_end_are_left_out():
    rows = rows_of("1.1 One.\n\n1.2 Two.\n\n1.3 Three.\n\nAmendment record\n\nVersion 1:\tApproved by the Committee 1.2.2021\n\nSigned......\n\nDate.....2021")
    assert numbers(rows) == ["1.1", "1.2", "1.3"]
    assert sorts(rows)[-1] == ("other", "", "Amendment record\nVersion 1: Approved by the Committee 1.2.2021\nSigned......\nDate.....2021")


def test_windows_text_is_read_and_said_and_what_is_no_text_is_refused():
    reading = text.read("1.1 The council’s “bees” – caf\u00e9.".encode("cp1252"))
    assert reading.blocks[0].text == "1.1 The council’s “bees” – café."
    assert [note.code for note in reading.notes] == ["windows_1252"]
    for content, code in ((b"", "empty"), (b" \n\n", "empty"), (b"\x81\x8d\x00\x01\x02", "not_text"), ("bee " * 60_001, "too_long")):
        with pytest.raises(Unreadable) as refused:
            text.read(content if isinstance(content, bytes) else content.encode())
        assert refused.value.code == code


VARIANTS = {
    "Section 1 – Bees\n\n1.1 They hum.\n1.2 They rest.\n\nSection 2 – Tools\n2.1 A smoker.\n": (["1.1", "1.2", "2.1"], ["Bees", "Tools"]),
    "1) One bee.\n2) Two bees.\n3) Many:\n   a) a swarm\n   b) a cloud\n4) None.\n": (["1", "2", "3", "4"], []),
    "Bees\n1. They hum.\n2. They rest.\n\nTools\n1. A smoker.\n2. Gloves.\n": (["BEES.1", "BEES.2", "TOOLS.1", "TOOLS.2"], ["Bees", "Tools"]),
    "A1. They hum.\nA2. They rest.\n\nTools\n\nB1. A smoker.\n": (["A1", "A2", "B1"], ["Tools"]),
    "1. Bees\n1.1 At home\n1.1.1 They hum.\n1.1.2 They rest.\n2. Tools\n2.1 Hot\n2.1.1 A smoker.\n": (["1.1.1", "1.1.2", "2.1.1"], ["Bees", "At home", "Tools", "Hot"]),
    "1 Bees\n1.1 They hum.\n1.2 They rest.\n\n2 Tools\n2.1 A smoker.\n": (["1.1", "1.2", "2.1"], ["Bees", "Tools"]),
    "Article 1\nThey hum.\n\nArticle 2\nThey rest.\n\nArticle 3\nA smoker.\n": (["1", "2", "3"], []),
}


@pytest.mark.parametrize("said", VARIANTS)
def test_ways_of_numbering_are_understood(said):
    rows = rows_of(said)
    assert (numbers(rows), [row["text"] for row in rows if row["kind"] == "heading"]) == VARIANTS[said]
    assert correcting.problems(rows) == []


def test_hanging_lines_belong_to_the_part_above_them():
    rows = rows_of("1.1 A keeper:\n    (a) raises it in private with the\n        Town Clerk;\n    (b) waits.\n1.2 The Clerk answers as soon as there is time for it.\n1.3 End.\n")
    assert rows[0]["text"] == "A keeper:\n(a) raises it in private with the Town Clerk;\n(b) waits."
    assert numbers(rows) == ["1.1", "1.2", "1.3"]


def test_text_made_to_keep_a_reader_busy_is_read_or_refused_at_once():
    for said in ("-" * 400_000 + "x", "# " + " " * 400_000 + "x", "Contents\n" + "." * 400_000 + "x", "http://" * 50_000 + " x", " **a" * 200_000):
        began = process_time()
        with suppress(Unreadable):
            splitting.split(text.read(said.encode()).blocks)
        assert process_time() - began < 5  # a fraction of a second on an idle machine; hours with a careless pattern


# --- corrections ---------------------------------------------------------------------------------------------------
ROWS = "Bees\n\n1.1 The first. It has two sentences.\n\n1.2 The second:\n- a part\n\n2.1 Another.\n"


def test_split_and_join_undo_each_other_and_nothing_is_lost():
    rows = rows_of(ROWS)
    first = rows[1]
    places = correcting.beginnings(first["text"])
    assert places == [(11, "It has two sentences.")]
    made = correcting.split_at(rows, first["id"], 11)
    assert sorts(made)[1:3] == [("clause", "1.1", "The first."), ("clause", "1.1A", "It has two sentences.")]
    joined = correcting.join(made, made[2]["id"])
    assert sorts(joined)[1] == ("clause", "1.1", "The first.\nIt has two sentences.")
    assert len(joined) == len(rows)
    with pytest.raises(Unfit):
        correcting.split_at(rows, first["id"], 3)
    with pytest.raises(Unfit, match="nothing_before"):
        correcting.join(rows, first["id"])  # the first under its heading
    with pytest.raises(Unfit, match="gone"):
        correcting.join(rows, 99)


def test_a_split_at_a_written_number_takes_that_number():
    rows = rows_of("1.1 The first. 1.2 was in one line\n1.3 Third.\n\n2.1 Next.\n\n2.2 More.")
    rows = correcting.change(rows, rows[0]["id"], kind="clause", number="1.1", text="The first.\n1.2 The second.")
    made = correcting.split_at(rows, rows[0]["id"], correcting.beginnings(rows[0]["text"])[0][0])
    assert sorts(made)[:2] == [("clause", "1.1", "The first."), ("clause", "1.2", "The second.")]
    assert "assigned" not in made[1]


def test_change_makes_clause_heading_or_nothing_of_a_row_and_refuses_what_is_missing():
    rows = rows_of(ROWS)
    row = rows[1]["id"]
    heading = correcting.change(rows, row, kind="heading", number="", text="The  first", level=2)[1]
    assert (heading["kind"], heading["text"], heading["level"]) == ("heading", "The first", 2)
    clause = correcting.change(rows, row, kind="clause", number=" 1.1(a) ", text="Words", gist="A gist")[1]
    assert (clause["number"], clause["gist"]) == ("1.1(a)", "A gist")
    assert [one["kind"] for one in correcting.leave_out(rows, row)] == ["heading", "other", "clause", "clause"]
    for number, kind, code in (("", "clause", "no_number"), ("<1>", "clause", "number"), ("1", "poem", "kind")):
        with pytest.raises(Unfit, match=f"^{code}$"):
            correcting.change(rows, row, kind=kind, number=number, text="Words")


def test_struck_words_can_be_put_back():
    reading = text.read(b"1.1 Bees ~~never~~ sting.\n\n1.2 Two.\n\n1.3 Three.\n")
    rows = splitting.split(reading.blocks)
    assert rows[0]["text"] == "Bees sting."
    back = correcting.unstruck(rows, 1, splitting.whole(reading.blocks, rows[0]))
    assert back[0]["text"] == "Bees never sting." and "struck" not in back[0]


def test_clauses_come_with_headings_gists_parts_and_the_councils_own_words():
    rows = rows_of("# 2. Bees\n\n### Keepers\n\n2.1 They must:\n- feed\n- count\n\n2.2 Rules:\n(a) smoke\n(b) gloves\n\n2.3 " + "long words " * 30 + "\n")
    first, second, third = giving.clauses(rows)
    assert first == {
        "number": "2.1", "heading": "Bees — Keepers", "gist": "They must:", "text": "They must:\n- feed\n- count",
        "parts": [{"ref": "2.1(1)", "gist": "feed", "ref_assigned": True}, {"ref": "2.1(2)", "gist": "count", "ref_assigned": True}],
    }  # fmt: skip
    assert [part["ref"] for part in second["parts"]] == ["2.2(a)", "2.2(b)"]
    assert len(third["gist"]) <= 161 and third["gist"].endswith(" long…")
