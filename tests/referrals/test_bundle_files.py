"""What goes into a bundle: copies made for it alone, a letter of its own, numbered pages; and what a virus found later does."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pikepdf
import pypdf
import pytest
from django.db import connection
from PIL import Image

from concerns.enums import Action
from concerns.models import Concern, Document, Notice
from correspondence.actions.letters import draft_letter
from correspondence.enums import LetterKind
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from referrals import queries
from referrals.actions import open_bundle
from referrals.actions.reading import tell_of_virus
from referrals.enums import Step
from referrals.models import Referral
from tests.factories.concerns import CANARY, NOW, by, do
from tests.factories.councils import Town
from tests.factories.referrals import latest, sealed, sent, take
from tests.referrals.test_sealing import bundle_of


def hidden_data() -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 30), "red")
    exif = picture.getexif()
    exif[0x013B] = f"{CANARY} author"
    picture.save(out, format="JPEG", exif=exif)
    return out.getvalue()


def test_a_copy_without_hidden_data_goes_in_never_the_file_nor_somebody_elses_copy(weston: Town, concern: Concern) -> None:
    clerk, content = weston["clerk"], hidden_data()
    assert CANARY.encode() in content
    file = do(Action.ADD_DOCUMENT, concern, clerk, name="at the party.jpg", content=content)
    do(Action.MAKE_COPY, concern, clerk, document_id=file.pk, areas=[(1, 0, 0, 100, 100)], reason="For the councillor")
    found = bundle_of(sealed(concern, clerk, papers=[str(file.pk)]), clerk)
    with zipfile.ZipFile(io.BytesIO(bytes(found.zip))) as bundle:
        inside = bundle.read("02-document.jpg")
        manifest = bundle.read("manifest.json").decode()
    assert CANARY.encode() not in inside and "party" not in manifest
    with Image.open(io.BytesIO(inside)) as shown:
        red, green, _blue = shown.convert("RGB").getpixel((20, 15))
        assert (red > 200, green < 60) == (True, True)  # nothing is blacked out


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_number_of_a_page_covers_nothing_and_is_read_upright(turn: int) -> None:
    from referrals.reports.stamping import STRIP, stamp

    with pikepdf.new() as made:
        made.add_blank_page(page_size=(300, 400))
        made.pages[0].obj["/Rotate"] = turn
        stamp(made, ["Referral (X), page 1"], ours=[False])
        box = [float(value) for value in made.pages[0].mediabox]
        out = io.BytesIO()
        made.save(out)
    wide, high = box[2] - box[0], box[3] - box[1]
    assert (wide, high) == ((300, 400 + STRIP) if turn in (0, 180) else (300 + STRIP, 400))
    page = pypdf.PdfReader(io.BytesIO(out.getvalue())).pages[0]
    assert page.extract_text().strip() == "Referral (X), page 1"


def test_the_letter_is_the_referrers_own_and_isnt_sealed_with_a_word_missing(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    with pytest.raises(Refusal, match=r"in braces first, or take it out: \{code_paragraf\}") as refused:
        sealed(concern, clerk, letter="Dear {name}, about {code_paragraf}")
    assert refused.value.field == "letter"
    found = bundle_of(sealed(concern, clerk, letter="To {name}\n\nMy own words about it\n\n{papers}", papers=[]), clerk)
    first = " ".join(pypdf.PdfReader(io.BytesIO(bytes(found.pdf))).pages[0].extract_text().split())
    assert "To Sir or Madam My own words about it 1. What was written" in first


def with_a_virus_found_after(weston: Town, concern: Concern, *, to: Person | None) -> tuple[Referral, Document]:
    """A bundle with two files was sent, and a scanner finds a virus in the second of them."""
    clerk = weston["clerk"]
    clean = do(Action.ADD_DOCUMENT, concern, clerk, name="clean.txt", content=b"Clean words")
    file = do(Action.ADD_DOCUMENT, concern, clerk, name="plain.txt", content=b"Words with a virus", now=NOW.replace(minute=1))
    referral = sent(concern, clerk, to=to, papers=[str(clean.pk), str(file.pk)])
    with system_work():
        Document.objects.filter(pk=file.pk).update(scan="infected", scanned_at=NOW)
        tell_of_virus(file, NOW)
    return referral, file


def test_a_virus_found_later_closes_the_bundle_as_it_is(weston: Town, concern: Concern, caplog: Any) -> None:
    clerk = weston["clerk"]
    mo = Person.objects.get(email="helena.marsh@authority.example")
    referral, _file = with_a_virus_found_after(weston, concern, to=mo)
    for person in (clerk, mo):
        found = bundle_of(referral, person)
        with by(person):
            assert queries.infected_in(found) == ("03-document.txt",)
            for part in ("pdf", "zip"):
                with pytest.raises(Refusal, match="A virus was found in a file after it was sealed"):
                    open_bundle(bundle=found, part=part, by=person, now=NOW)
            rest = open_bundle(bundle=found, part="rest", by=person, now=NOW)
        with zipfile.ZipFile(io.BytesIO(rest)) as bundle:
            assert "03-document.txt" not in bundle.namelist() and bundle.read("02-document.txt") == b"Clean words"
            assert b"virus" not in b"".join(bundle.read(name) for name in bundle.namelist())
    with system_work():
        told = Notice.objects.filter(concern=None, kind="needs_you", created_at=NOW).values_list("person", flat=True)
        assert {clerk.pk, mo.pk} <= set(told)
    assert [(line.getMessage(), line.referral) for line in caplog.records if line.name == "referrals.actions.reading"] == [
        ("A sealed bundle holds a file in which a virus was found", str(referral.pk))
    ]


def test_nobody_else_learns_of_a_virus_by_the_bundles_id(weston: Town, concern: Concern) -> None:
    referral, _file = with_a_virus_found_after(weston, concern, to=None)
    found = bundle_of(referral, weston["clerk"])
    with by(weston["councillor2"]), connection.cursor() as cursor:
        cursor.execute("SELECT bundle_infected(%s)", [found.pk])
        assert cursor.fetchone() == ([],)


def test_sealed_papers_with_a_virus_arent_sent(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    file = do(Action.ADD_DOCUMENT, concern, clerk, name="plain.txt", content=b"Words")
    referral = sealed(concern, clerk, papers=[str(file.pk)])
    with system_work():
        Document.objects.filter(pk=file.pk).update(scan="infected", scanned_at=NOW)
    with pytest.raises(Refusal, match="Seal the papers again without it"):
        take(Step.SEND, referral, clerk, way="post", sent_on=NOW.date())
    sealed(concern, clerk, papers=[])
    take(Step.SEND, latest(concern, clerk), clerk, way="post", sent_on=NOW.date())
    with by(clerk):
        assert latest(concern, clerk).state == "SENT"


def test_another_letter_about_the_referral_is_filled_in_too(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    sealed(concern, clerk)
    with by(clerk):
        letter = draft_letter(concern=concern, kind=LetterKind.REFERRAL, by=clerk, now=NOW, to_name="Pat Outside")
    body = str(letter.body)
    assert "refers a matter to Monitoring Officer, North Somerset Council (demonstration). Paragraph of the code of conduct: 3.1 respect" in body
    assert "1. What was written\n2. What has been done so far" in body and "{" not in body
