"""The public pages and papers: what they show without signing in, what they never show, and what the administrator chooses."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pikepdf
import pypdf
import pytest
from django.core.cache import cache
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from concerns.reports import pdf
from councils import actions as council_actions
from councils.errors import Refusal
from councils.models import Appointment, BodyMembership, CouncilEvent, Person
from studio.actions.publication import choose_publication
from studio.models import Amendment, ImportedDocument, ProtocolDraft, Publication
from studio.reports import panels, papers, register
from studio.reports.publication import adopted, amendments, publish
from tests.concerns.screens import client_of, frozen
from tests.factories.concerns import CANARY, NOW, lodge
from tests.factories.councils import CouncilFactory, ProtocolVersionFactory, Town, in_force, protocol_file
from tests.factories.kept import towns

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PAGES = ("public", "public-notice", "public-register")
PAPERS = (("public-paper", {}), ("public-notice-paper", {"size": "a4"}), ("public-notice-paper", {"size": "a5"}))


class _Undo(Exception):
    """Ends the file's transaction without keeping it."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Town]]:
    """Two councils, one of them with a concern, an absence, an open review and a draft full of canaries."""
    with django_db_blocker.unblock(), frozen():
        try:
            with transaction.atomic():
                found = towns(("weston", "auth5c"))
                where = found["weston"]
                lodge(where, where["councillor3"], where["officer1"])
                council_actions.record_occasion(
                    council=where.council, kind="sooner_if_required", happened_on=TODAY, reason=f"{CANARY} a case", by=where["admin"], now=NOW
                )
                council_actions.open_review(council=where.council, opened_on=TODAY, by=where["admin"], now=NOW)
                council_actions.conclude_review(
                    review=where.council.reviews.get(), concluded_on=TODAY, result="changed", body="Full Council", minute_ref="FC/77",
                    author=f"{CANARY} author", origin=f"{CANARY} origin", changed_by=f"{CANARY} hand", by=where["admin"], now=NOW,
                )  # fmt: skip
                config = {**protocol_file("weston"), "note": f"{CANARY} draft"}
                ProtocolVersionFactory(council=where.council, label=f"{CANARY} draft", config=config, content_hash="0" * 64)
                yield found
                raise _Undo
        except _Undo:
            pass


@pytest.fixture(scope="module")
def made(world: dict[str, Town], django_db_blocker: Any) -> dict[tuple[str, str], Any]:
    """The papers of both councils as anybody gets them, made once."""
    with django_db_blocker.unblock():
        return {(key, name + more.get("size", "")): Client().get(url(name, key, **more)) for key in world for name, more in PAPERS}


def url(name: str, key: str = "weston", **more: Any) -> str:
    return reverse(f"studio:{name}", kwargs={"key": key, **more})


def seen(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def published(where: Town):
    found = adopted(where.council.key, on=TODAY)
    assert found is not None
    return publish(*found, on=TODAY)


def choose(where: Town, **more: Any) -> Publication:
    row = Publication.objects.filter(council=where.council).first()
    fields = {"is_public": True, "revision": row.revision if row else 0, **more}
    return choose_publication(council=where.council, by=where["admin"], now=NOW, **fields)


def names(where: Town) -> set[str]:
    return set(Person.objects.filter(appointments__council=where.council).values_list("full_name", flat=True))


def described(paper: bytes) -> dict[str, Any]:
    """What a screen reader finds of a PDF: marks, language, title, the texts of its pictures, whether it says PDF/UA."""
    with pikepdf.open(io.BytesIO(paper)) as found:
        root = found.Root
        with found.open_metadata() as about:
            part = about.get("pdfuaid:part")
            title = about.get("dc:title")
        alts: list[str] = []
        kinds: set[str] = set()

        def walk(node: Any) -> None:
            if isinstance(node, pikepdf.Array):
                for kid in node:
                    walk(kid)
            elif isinstance(node, pikepdf.Dictionary):
                if "/S" in node:
                    kinds.add(str(node.S))
                    if str(node.S) == "/Figure":
                        alts.append(str(node.get("/Alt", "")))
                if "/K" in node:
                    walk(node.K)

        walk(root.StructTreeRoot.K)
        return {
            "marked": bool(root.MarkInfo.Marked), "lang": str(root.Lang), "title": title, "part": part, "alts": alts, "kinds": kinds,
            "shows_title": bool(root.ViewerPreferences.DisplayDocTitle), "pages": len(found.pages),
        }  # fmt: skip


def text_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


def test_anybody_reads_the_adopted_protocol_without_signing_in(world):
    answer = Client().get(url("public"))
    page = seen(answer)
    assert answer.status_code == 200
    assert "<h1 class=\"govuk-heading-l\">Member Officer Protocol</h1>" in page
    version = world["weston"].version
    assert f"by {version.approving_body} on 14 October 2024" in page and f"Minute: {version.minute_ref}" in page
    assert page.count('role="img"') == 3  # the key and two stages
    assert re.search(r'<span class="portal-clause__number">11\.4</span>', page)
    assert "In force from" in page and "30 June 2027" in page
    assert "style=" not in page and "<style" not in page and "<script>" not in page


def test_nothing_of_a_case_a_person_a_draft_or_a_review_s_author_is_public(world, made):
    where = world["weston"]
    everything = [seen(Client().get(url(name))) for name in PAGES]
    everything += [text_of(paper.content) for (key, _name), paper in made.items() if key == "weston"]
    for page in everything:
        assert CANARY not in page
        assert [name for name in names(where) if name in page] == []
        assert "example" not in page.replace("For example", "")  # every demo address ends in it
    assert "FC/77" in everything[2] and "The protocol is changed" in everything[2]


def test_signed_in_or_not_a_public_page_shows_the_same(world):
    where = world["weston"]
    mains = {re.search(r"<main.*</main>", seen(browser.get(url("public"))), re.DOTALL)[0] for browser in (Client(), client_of(where["admin"]))}
    assert len(mains) == 1


def test_an_unknown_council_is_one_without_an_adopted_protocol_is_one_that_keeps_it(world):
    council = CouncilFactory(key="bare", name="Bare Council")
    ProtocolVersionFactory(council=council)
    coming = CouncilFactory(key="coming", name="Coming Council")
    in_force(ProtocolVersionFactory(council=coming))
    choose_publication(council=coming, is_public=False, by=None, now=NOW)
    for name, more in [*((name, {}) for name in PAGES), *PAPERS]:
        answers = [Client().get(url(name, key, **more)) for key in ("nowhere", "x" * 60, "bare", "coming")]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert len({answer.content for answer in answers}) == 1
        assert len({tuple(answer.items()) for answer in answers}) == 1


def test_a_demonstration_is_marked_on_every_page_and_paper(world, made):
    for name in PAGES:
        assert "Demonstration adoption." in seen(Client().get(url(name, "auth5c")))
        assert "Demonstration adoption." not in seen(Client().get(url(name)))
    for (key, name), paper in made.items():
        assert ("Demonstration adoption." in text_of(paper.content)) == (key == "auth5c"), (key, name)
    assert amendments(world["auth5c"].version, on=TODAY) == ()


def test_public_pages_only_answer_to_reading(world):
    for name, more in [*((name, {}) for name in PAGES), *PAPERS]:
        assert Client().post(url(name, **more)).status_code == 405
    for name in PAGES:
        assert Client().head(url(name)).status_code == 200
    assert Client().get(url("public-notice-paper", size="a3")).status_code == 404


def test_the_paper_is_tagged_has_a_language_a_title_and_a_text_for_every_picture(world, made):
    answer = made["weston", "public-paper"]
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", 'inline; filename="protocol.pdf"')
    found = described(answer.content)
    assert (found["marked"], found["lang"], found["part"], found["shows_title"]) == (True, "en-gb", "1", True)
    assert found["title"] == "Member Officer Protocol of Weston-super-Mare Town Council"
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/L", "/Figure"} <= found["kinds"]
    assert found["alts"][0] == "What the boxes mean: Hears it; Instead, if that can’t be; From the law; Never; Not taken here."
    assert all(alt.startswith("Route map: ") and "The list after the picture says the same." in alt for alt in found["alts"][1:])
    assert len(found["alts"]) == 1 + sum(len(stage.sheets) for stage in published(world["weston"]).map.stages)
    words = text_of(answer.content)
    assert "Amendment record" in words and "Default – not in your protocol" in words and "11.4" in words


def test_the_noticeboard_is_one_page_of_its_size(made):
    for size, width in (("a4", 595), ("a5", 419)):
        paper = made["weston", f"public-notice-paper{size}"].content
        found = described(paper)
        assert (found["pages"], found["marked"], found["lang"]) == (1, True, "en-gb")
        assert int(pypdf.PdfReader(io.BytesIO(paper)).pages[0].mediabox.width) == width
        words = text_of(paper)
        assert "A Member, about an Officer" in words and "The Town Clerk" in words and "Not under this protocol" in words


def test_a_paper_is_made_once_for_what_it_says(world, monkeypatch):
    made = []
    real = pdf.from_html
    monkeypatch.setattr(pdf, "from_html", lambda text: made.append(1) or real(text))
    cache.clear()
    what = published(world["weston"])
    assert papers.noticeboard(what, "a4") == papers.noticeboard(what, "a4")
    once = len(made)
    choose(world["weston"], contact="01234 567890")
    papers.noticeboard(published(world["weston"]), "a4")
    assert 1 <= once < len(made)


def test_offices_are_named_only_when_the_council_chose_them_and_never_whoever_stands_in(world):
    where = world["weston"]
    clerk = Appointment.objects.current(TODAY).get(council=where.council, role="proper_officer", kind="substantive")
    council_actions.book_absence(
        council=where.council, person=clerk.person, starts_on=TODAY, ends_on=TODAY, deputy=where["deputy"], by=where["admin"], now=NOW
    )
    choose(where, named_roles=["proper_officer"], contact="Town Hall, 01934 000000")
    page = seen(Client().get(url("public-notice")))
    assert clerk.person.full_name in page and "Town Hall, 01934 000000" in page
    others = names(where) - {clerk.person.full_name}
    assert [name for name in others if name in page] == []


def test_only_an_office_with_one_holder_can_be_named(world):
    for role in ("councillor", "officer", "protocol_admin", "nonsense"):
        with pytest.raises(Refusal) as refused:
            choose(world["weston"], named_roles=[role])
        assert refused.value.field == "named_roles"


def test_two_tabs_don_t_overwrite_each_other_and_the_choice_is_recorded(world):
    where = world["weston"]
    first = choose(where, contact="one")
    with pytest.raises(Refusal):
        choose(where, contact="two", revision=first.revision - 1)
    assert Publication.objects.get(council=where.council).contact == "one"
    event = CouncilEvent.objects.filter(council=where.council.pk, detail__what="publication").latest("at")
    assert (event.detail["public"], event.detail["roles"], event.by_id) == (True, [], where["admin"].pk)


def test_the_administrator_chooses_what_is_public_and_nobody_else(world):
    where = world["weston"]
    address = url("publication")
    page = client_of(where["admin"]).get(address)
    assert page.status_code == 200 and url("public") in seen(page)
    answer = client_of(where["admin"]).post(address, {"is_public": "no", "contact": "", "revision": "0"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert Client().get(url("public")).status_code == 404
    assert "Only people who are signed in can read your protocol." in seen(client_of(where["admin"]).get(address))
    for who in ("clerk", "councillor3"):
        assert client_of(where[who]).get(address).status_code == 404
        assert client_of(where[who]).post(address, {"is_public": "yes", "revision": "1"}).status_code == 404
    assert Publication.objects.get(council=where.council).is_public is False


def test_what_was_typed_stays_when_it_is_refused(world):
    where = world["weston"]
    typed = {"is_public": "yes", "contact": "a" * 201, "named_roles": "nonsense", "revision": "0"}
    answer = client_of(where["admin"]).post(url("publication"), typed)
    assert answer.status_code == 422 and "a" * 201 in seen(answer)


def document(where: Town, rows: list[dict[str, Any]], **more: Any) -> ImportedDocument:
    return ImportedDocument.objects.create(
        council=where.council, title="Our protocol", kind="txt", content_hash=uuid4().hex, blocks=[], rows=rows,
        imported_at=NOW, changed_at=NOW, finished_at=NOW, **more,
    )  # fmt: skip


def test_the_council_s_own_words_are_shown_for_clauses_of_the_same_number_and_only_when_chosen(world):
    where = world["weston"]
    rows = [
        {"kind": "clause", "number": "11.4", "text": "Words of <b>our</b> own."}, {"kind": "clause", "number": "11.2", "text": "one"},
        {"kind": "clause", "number": "11.2", "text": "another"}, {"kind": "clause", "number": "999", "text": "nowhere"},
        {"kind": "clause", "number": "", "text": "no number"}, {"kind": "heading", "number": "11.1", "text": "A heading"},
        {"kind": "clause", "number": "11.3", "text": "The whole with its parts (a) to (d)."},
    ]  # fmt: skip
    brought = document(where, rows)
    assert "of our own" not in seen(Client().get(url("public"))).replace("<b>", "").replace("</b>", "")
    choose(where, document=brought)
    page = Client().get(url("public")).content.decode()
    assert "Words of &lt;b&gt;our&lt;/b&gt; own." in page
    assert page.count("<q ") == 2
    numbers = re.findall(r'portal-clause__number">([^<]*)<', page)
    assert "11.3" in numbers and "11.3(d)" not in numbers and "2.5(5)" in numbers
    assert "Words of <b>our</b> own." in text_of(papers.publication(published(where)))


def test_a_review_that_the_protocol_doesn_t_set_is_called_a_default(world):
    shown, template = published(world["weston"]), "studio/publication_adoption.html"
    assert "default" not in render_to_string(template, {"published": shown, "protocol": shown.protocol})
    shown = replace(shown, due=replace(shown.due, basis="default"))
    page = render_to_string(template, {"published": shown, "protocol": shown.protocol})
    assert "(default – not in your protocol)" in page


def test_another_council_s_document_can_t_be_shown(world):
    brought = document(world["auth5c"], [{"kind": "clause", "number": "11.4", "text": "theirs"}])
    with pytest.raises(Refusal) as refused:
        choose(world["weston"], document=brought)
    assert refused.value.field == "document"


def test_the_amendment_record_holds_what_the_text_prints_and_what_the_portal_knows(world):
    where = world["weston"]
    version = where.version
    Amendment.objects.create(version=version, what="Clause 11.4 made clearer", recorded_at=NOW)
    version.config["protocol"]["amendment_record"] = [
        {"date": "2019-05-01", "version": "1", "event": "approved", "by": "Full Council", "author": "Nora Nobody", "changed_by": "Nora Nobody"},
        {"date": "in spring", "version": "0"}, "nonsense", {"date": {"a": 1}, "by": ["x"]},
    ]  # fmt: skip
    found = [(line.on, line.printed, line.version, line.what, line.body, line.minute) for line in amendments(version, on=TODAY)]
    assert found[0] == (date(2024, 10, 14), "", version.label, "Clause 11.4 made clearer", version.approving_body, version.minute_ref)
    assert found[1] == (date(2019, 5, 1), "", "1", "approved", "Full Council", "")
    assert found[2:] == [(None, "in spring", "0", "", "", ""), (None, "", "", "", "", "")]


def test_the_register_shows_what_another_room_adds(world, monkeypatch):
    monkeypatch.setattr(register, "_sections", {})
    register.add("added", heading="Added heading", template="components/inset.html", reading=lambda council, on: {"text": council.key})
    page = seen(Client().get(url("public-register")))
    assert '<h2 class="govuk-heading-m" id="added">Added heading</h2>' in page
    assert "Reviews" in page and page.count('role="img"') == 1


def test_the_pictures_are_the_administrator_s_and_show_versions_and_panels(world):
    where = world["weston"]
    page = seen(client_of(where["admin"]).get(url("picture")))
    assert page.count('role="img"') == 4  # the key, two stages, the calendar
    panels = seen(client_of(where["admin"]).get(url("panels")))
    assert "Who sits" in panels and panels.count('role="img"') == 1
    assert client_of(where["admin"]).get(url("picture-draft", draft=uuid4())).status_code == 404
    for name in ("picture", "panels"):
        assert client_of(where["clerk"]).get(url(name)).status_code == 404
        assert Client().get(url(name)).status_code == 302


def test_a_draft_is_drawn_as_far_as_it_can_be_read_and_is_nobody_else_s(world):
    where = world["weston"]
    more = {"council": where.council, "label": "Draft of spring", "source": "in_force", "created_at": NOW, "changed_at": NOW}
    good = ProtocolDraft.objects.create(config=protocol_file("weston"), **more)
    broken = ProtocolDraft.objects.create(config={**protocol_file("weston"), "routes": "none"}, **more)
    admin = client_of(where["admin"])
    page = seen(admin.get(url("picture-draft", draft=good.pk)))
    assert "As the draft “Draft of spring” has it." in page and page.count('role="img"') == 3
    page = seen(admin.get(url("picture-draft", draft=broken.pk)))
    assert "The draft can’t be drawn yet:" in page and 'role="img"' not in page
    assert "Draft of spring" in seen(admin.get(url("picture")))
    assert "Draft of spring" not in "".join(seen(Client().get(url(name))) for name in PAGES)
    theirs = client_of(world["auth5c"]["admin"])
    assert theirs.get(url("picture-draft", "auth5c", draft=good.pk)).status_code == 404
    assert client_of(where["clerk"]).get(url("picture-draft", draft=good.pk)).status_code == 404


def test_panels_say_who_can_t_be_a_party_without_trouble(world):
    where = world["weston"]
    version = where.version
    whole = panels.panels_of(where.council, version, on=TODAY)
    assert (whole.whole.possible, whole.whole.quorum, whole.whole.appeal_quorum, whole.missing) == (5, 2, 3, ())
    assert whole.troubles == () and panels.sentence(whole.whole) == ""
    seats = BodyMembership.objects.filter(body__council=where.council, body__code="hr_panel").order_by("person__full_name")
    stays = list(seats.values_list("pk", flat=True)[:2])
    names = list(seats.values_list("person__full_name", flat=True)[:2])
    seats.exclude(pk__in=stays).update(ends_on=date(2025, 12, 31))
    left = panels.panels_of(where.council, version, on=TODAY)
    assert left.whole.possible == 2 and left.spare == 0
    assert [(row.name, row.left, row.words) for row in left.troubles if row.name in names] == [
        (name, 1, "Only 1 could sit: too few for a panel.") for name in names
    ]


def test_the_protocol_page_shows_the_route_map_and_the_review_page_the_calendar(world):
    where = world["weston"]
    assert seen(client_of(where["councillor3"]).get(reverse("councils:protocol", kwargs={"key": "weston"}))).count('role="img"') == 3
    assert seen(client_of(where["councillor3"]).get(reverse("councils:review", kwargs={"key": "weston"}))).count('role="img"') == 1
