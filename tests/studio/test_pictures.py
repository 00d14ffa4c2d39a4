"""The pictures: what they show, in which order, that nothing runs out of them, and that no text can break out of one."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from councils import law_layer
from councils.protocol import parse
from studio.pictures import calendar, route_map, strip
from studio.pictures.drawing import width_of, wrap
from studio.pictures.route_map import Box, Group, Row, Stage
from studio.reports.maps import route_map_of
from tests.factories.councils import protocol_file

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 1, 15)


def read(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def texts(svg: str) -> list[str]:
    """What is written in a picture, from its beginning; wrapped lines stay apart."""
    return ["".join(found.itertext()) for found in read(svg).iter(f"{SVG}text")]


def outside(svg: str) -> list[str]:
    """The texts that run over the edge of their picture."""
    root = read(svg)
    _x, _y, width, height = (float(part) for part in root.attrib["viewBox"].split())
    found = []
    for text in root.iter(f"{SVG}text"):
        words, x, y = "".join(text.itertext()), float(text.attrib["x"]), float(text.attrib["y"])
        long = width_of(words, float(text.attrib["font-size"]), "font-weight" in text.attrib)
        left = {"start": x, "middle": x - long / 2, "end": x - long}[text.attrib.get("text-anchor", "start")]
        if left < 0 or left + long > width or y > height:
            found.append(words)
    return found


def one_row(**more) -> Row:
    return Row(**{"raiser": "A Member", "about": "about an Officer", "lead": "Goes to", "boxes": (Box("The Clerk"),), **more})


def drawn(*rows: Row, **more) -> str:
    (svg,) = route_map.draw(Stage("map", "Route map", "What it shows", rows), **more)
    return svg


def law(protocol):
    return law_layer.in_force(protocol.jurisdiction, TODAY)


def test_a_picture_is_an_image_with_a_title_and_a_description():
    root = read(drawn(one_row()))
    assert (root.attrib["role"], root.attrib["aria-labelledby"]) == ("img", "map-title map-desc")
    assert (root.find(f"{SVG}title").attrib["id"], root.find(f"{SVG}title").text) == ("map-title", "Route map")
    assert (root.find(f"{SVG}desc").attrib["id"], root.find(f"{SVG}desc").text) == ("map-desc", "What it shows")


def test_a_sequence_is_numbered_in_its_order_with_arrows_and_what_stands_between():
    boxes = (Box("The Chair"), Box("The Clerk"), Box("The Panel"))
    svg = drawn(one_row(boxes=boxes, link="then", ordered=True))
    assert texts(svg) == ["A Member", "about an Officer", "Goes to", "1", "The Chair", "then", "2", "The Clerk", "then", "3", "The Panel"]
    assert len(list(read(svg).iter(f"{SVG}polygon"))) == 3  # from the raiser to the first, and two on


def test_any_one_has_an_arrow_to_each_and_no_numbers():
    svg = drawn(one_row(boxes=(Box("The Chair"), Box("The Clerk")), link="or"))
    assert texts(svg)[3:] == ["The Chair", "or", "The Clerk"]
    assert len(list(read(svg).iter(f"{SVG}polygon"))) == 2


def test_fallbacks_are_dashed_law_has_its_own_colour_and_never_has_a_sign():
    instead = (Group("If away", (Box("The Deputy", "instead"),)), Group("Never hears it", (Box("The Mayor", "never"),)))
    svg = drawn(one_row(boxes=(Box("The Clerk"), Box("A Code complaint", "law", "Law L1")), link="or", instead=instead))
    looks = [(r.attrib["stroke"], r.attrib.get("stroke-dasharray")) for r in read(svg).iter(f"{SVG}rect") if "stroke" in r.attrib]
    assert looks == [("#12436d", None), ("#12436d", None), ("#54319f", None), ("#484949", "6 4"), ("#942514", None)]
    assert texts(svg)[-6:] == ["Law L1", "A Code complaint", "If away", "The Deputy", "Never hears it", "× The Mayor"]


def test_what_a_council_typed_stays_text():
    hostile = '<script>alert(1)</script>"&\x00\x1b</text>\ud800'
    boxes = (Box(hostile, note=hostile, tag=hostile),)
    (svg,) = route_map.draw(Stage('x" onload="y', hostile, hostile, (one_row(raiser=hostile, boxes=boxes),)))
    root = read(svg)
    assert {found.tag.removeprefix(SVG) for found in root.iter()} == {"svg", "title", "desc", "rect", "text", "path", "polygon"}
    assert root.find(f"{SVG}title").text == '<script>alert(1)</script>"&</text>'
    assert not [name for found in root.iter() for name in found.attrib if name.startswith("on") or name == "style"]
    assert root.attrib["aria-labelledby"] == "x--onload--y-title x--onload--y-desc"


def test_no_text_runs_over_however_long():
    long = ("Antidisestablishmentarianism" * 9, "W" * 300, "word " * 200)
    boxes = tuple(Box(words, note=words) for words in long)
    instead = tuple(Group(words, (Box(words, "instead"), Box(words, "instead"))) for words in long)
    row = one_row(raiser=long[1], about=long[0], lead=long[2], boxes=boxes, link="or", instead=instead, details=long, source=long[2])
    assert outside(drawn(row)) == []


def test_text_is_wrapped_at_words_a_long_word_is_broken_and_too_much_ends_in_dots():
    assert wrap("The Town Clerk", 72, 14) == ["The Town", "Clerk"]
    assert "".join(wrap("x" * 40, 60, 14)) == "x" * 40
    assert wrap("one two three four five six", 40, 14, most=2)[-1].endswith("…")
    assert wrap("  \n ", 60, 14) == []


def test_a_picture_too_high_for_a_page_comes_in_pieces_without_losing_a_rule():
    rows = tuple(one_row(raiser=f"Raiser {at}") for at in range(30))
    sheets = route_map.draw(Stage("map", "Route map", "d", rows), tallest=600)
    assert len(sheets) > 1
    assert all(float(read(svg).attrib["height"]) <= 600 for svg in sheets)
    assert [words for svg in sheets for words in texts(svg) if words.startswith("Raiser")] == [f"Raiser {at}" for at in range(30)]
    assert len({read(svg).attrib["aria-labelledby"] for svg in sheets}) == len(sheets)


def test_a_rule_higher_than_a_page_still_has_its_own():
    sheets = route_map.draw(Stage("map", "t", "d", (one_row(), one_row(boxes=tuple(Box("The Clerk") for _ in range(40)), link="or"))), tallest=300)
    assert len(sheets) == 2


@pytest.mark.parametrize("key", ["alsager", "auth5c", "ilminster", "weston", "yateley"])
def test_every_rule_of_a_shipped_protocol_is_in_its_picture_and_beside_it_in_words(key):
    protocol = parse(protocol_file(key))
    found = route_map_of(protocol, law(protocol))
    assert sum(len(stage.rules) for stage in found.stages) == len(protocol.routes)
    everything = " ".join(" ".join(texts(stage.svg)) for stage in found.stages)
    for stage in found.stages:
        assert outside(stage.svg) == []
        for rule in stage.rules:
            for step in rule.words.recipients:
                assert step.words.split()[0] in everything
    assert {read(svg).attrib["width"] for stage in found.stages for svg in stage.sheets} == {"760"}
    assert all(float(read(svg).attrib["height"]) <= 1000 for stage in found.stages for svg in stage.sheets)


def test_weston_s_first_step_shows_the_order_and_who_comes_in_instead():
    protocol = parse(protocol_file("weston"))
    first = route_map_of(protocol, law(protocol)).stages[0]
    assert first.title == "First step, in private"
    words = texts(first.svg)
    start = words.index("The Town Clerk", words.index("The first of these who is in post,"))
    # the Town Clerk's own concern: asked one after the other
    assert [w for w in texts(first.svg) if re.fullmatch(r"\d", w)][:3] == ["1", "2", "3"]
    assert start > 0 or words.count("If away") == 2
    assert words.count("Never hears it") == 1 and "× The Deputy Town Clerk" in words


def test_the_law_opens_a_way_that_the_protocol_doesn_t_name():
    config = protocol_file("weston")
    config["routes"] = [row for row in config["routes"] if row["id"] != "W-R05"]
    config["routes"].append({"id": "X", "raiser": "any", "subject": "councillor", "stage": "deciding", "mode": "any_of", "basis": "stated",
                             "steps": [{"to": "proc:grievance"}], "cites": ["11.4"]})  # fmt: skip
    protocol = parse(config)
    (rule,) = [rule for stage in route_map_of(protocol, law(protocol)).stages for rule in stage.rules if rule.words.id == "X"]
    assert rule.law == ("Law L1: A complaint under the Code of Conduct (Code complaints go to the principal authority)",)
    (without,) = [rule for stage in route_map_of(protocol, ()).stages for rule in stage.rules if rule.words.id == "X"]
    assert without.law == ()


def test_the_review_calendar_marks_the_day_that_counts_and_today():
    days = [calendar.Day(date(2024, 10, 14), "Adopted", "began"), calendar.Day(date(2028, 10, 14), "Every four years"),
            calendar.Day(date(2027, 6, 30), "Next", "counts")]  # fmt: skip
    svg = calendar.draw("c", "t", "d", days, today=TODAY, today_words="Today")
    assert [words for words in texts(svg) if not words.isdigit()] == ["Today", "▸", "Adopted", "!", "Next", "•", "Every four years"]
    assert [words for words in texts(svg) if words.isdigit()] == ["2024", "2025", "2026", "2027", "2028"]
    assert outside(svg) == []


def test_the_review_calendar_holds_days_centuries_apart():
    days = [calendar.Day(date(1900, 1, 1), "a" * 300, "late"), calendar.Day(date(2200, 12, 31), "b " * 300)]
    assert outside(calendar.draw("c", "t", "d", days, today=TODAY, today_words="Today")) == []


def test_the_panels_picture_has_a_mark_for_each_member_and_each_empty_seat():
    svg = strip.draw("p", "t", "d", [strip.Strip("HR", ("member", "both", "substitute"), 2, 3), strip.Strip("Appeal", ("both", "needed"), 2, 3)])
    assert texts(svg) == ["HR", "●", "2", "+", "Appeal", "2", "?"]
    assert outside(svg) == []
