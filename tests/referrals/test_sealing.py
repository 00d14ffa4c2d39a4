"""The sealed bundle: exactly the papers, listed and hashed, as PDF and ZIP, and nothing in it can be changed."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from cryptography.fernet import Fernet
from django.db import DatabaseError, connection, transaction
from PIL import Image

from concerns.enums import Action
from concerns.models import Concern, Document
from councils.errors import Refusal
from councils.models import Person
from councils.rls import system_work
from referrals import queries
from referrals.actions import open_bundle
from referrals.domain import sealing
from referrals.enums import Step
from referrals.models import Bundle, BundleOpening, Referral
from tests.concerns.answers import agree_to_conciliation
from tests.factories.concerns import CANARY, NOW, by, do, lodge
from tests.factories.councils import Town
from tests.factories.referrals import CODE, latest, sealed, sent, take


def pdf_file(text: bytes = b"") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.docinfo["/Title"] = text.decode() or "x"
        made.save(out)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (200, 10, 10, 128)).save(out, format="PNG")
    return out.getvalue()


def bundle_of(referral: Referral, person: Person) -> Bundle:
    with by(person):
        found = queries.bundle_of(referral)
        assert found is not None
        return found


def pdf_text(content: bytes) -> str:
    """Every word of it, without line ends."""
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


@contextmanager
def past_the_trigger(as_owner: Any, table: str, trigger: str) -> Iterator[None]:
    """As an attacker with the owner's role would: the trigger is off."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@pytest.fixture
def papers(weston: Town) -> tuple[Concern, dict[str, Any]]:
    """A referred concern with a PDF, a picture and a text file, and one paper added during a conciliation."""
    officer, clerk = weston["officer1"], weston["clerk"]
    concern = lodge(weston, officer, weston["councillor2"])
    do(Action.ACCEPT, concern, clerk, note=f"{CANARY} private note")
    files = {
        name: do(Action.ADD_DOCUMENT, concern, clerk, name=name, content=content, now=NOW.replace(minute=minute))
        for minute, (name, content) in enumerate(
            {"letter.pdf": pdf_file(), "picture.png": picture(), "plain.txt": b"Plain words of the file"}.items()
        )
    }
    agree_to_conciliation(concern)
    mediator = concern.protocol_version.protocol.mediators[0].token
    do(
        Action.CONCILIATE, concern, clerk, mediator=mediator, summary=f"{CANARY} agreed summary", mediator_name="Ms Wise",
        other_side_agreed_on=NOW.date(), now=NOW.replace(hour=13),
    )  # fmt: skip
    files["mediation.txt"] = do(Action.ADD_DOCUMENT, concern, clerk, name="mediation.txt", content=f"{CANARY} mediation".encode(),
                                now=NOW.replace(hour=14))  # fmt: skip
    later = NOW.replace(hour=15)
    do(Action.INFORMAL_OVER, concern, clerk, kind="failed", reason=f"{CANARY} why", now=later)
    files["after.txt"] = do(Action.ADD_DOCUMENT, concern, clerk, name="after.txt", content=b"Afterwards",
                            now=later.replace(minute=30))  # fmt: skip
    do(Action.REFER_CODE, concern, clerk, override_reason="x", reason=f"{CANARY} reason", now=later, **CODE)
    return concern, files


def test_the_bundle_holds_exactly_the_papers_chosen(weston: Town, papers: Any) -> None:
    concern, files = papers
    clerk = weston["clerk"]
    chosen = ["steps", *(str(files[name].pk) for name in ("letter.pdf", "picture.png", "plain.txt"))]
    called = {str(files["letter.pdf"].pk): " Minutes of the meeting "}
    found = bundle_of(sealed(concern, clerk, papers=chosen, called=called, now=NOW.replace(hour=16)), clerk)
    with zipfile.ZipFile(io.BytesIO(bytes(found.zip))) as bundle:
        names = bundle.namelist()
        manifest = json.loads(bundle.read("manifest.json"))
        assert bundle.read("05-document.txt") == b"Plain words of the file"
    listed = ["00-letter.pdf", "01-what-was-written.pdf", "02-steps.pdf", "03-document.pdf", "04-document.png", "05-document.txt"]
    assert names == ["00-cover-sheet.pdf", "manifest.json", "manifest.txt", *listed]
    assert [paper["file"] for paper in manifest["papers"]] == listed
    titles = ["Document 1.pdf: Minutes of the meeting", "Document 2.png", "Document 3.txt"]
    assert [paper["title"] for paper in manifest["papers"]][3:] == titles
    with by(clerk):
        originals = [files[name].sha256 for name in ("letter.pdf", "picture.png", "plain.txt")]
    assert [paper.get("original_sha256", "") for paper in manifest["papers"]] == ["", "", "", *originals]
    assert "letter.pdf\"" not in json.dumps(manifest["papers"][3:]).replace("-letter.pdf", "")
    assert (manifest["concern"], manifest["number"]) == (concern.reference, "1")
    text = pdf_text(bytes(found.pdf))
    for wanted in ("Referral under the Code of Conduct", "3.1 respect", found.seal[:20], "what happened", "Plain words of the file", "Informal means"):
        assert wanted in text, wanted
    for hidden in ("private note", "agreed summary", "mediation", "Ms Wise", f"{CANARY} why", f"{CANARY} reason"):
        assert hidden not in text, hidden
    with pikepdf.open(io.BytesIO(bytes(found.pdf))) as document:
        assert len(document.pages) >= 6
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bytes(found.pdf))).pages]
    reference = manifest["referral"]
    assert [f"Referral {reference}, page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    letter = " ".join(pages[0].split())
    for wanted in (
        "A matter is referred", f"Our reference: {reference}", "Dear Sir or Madam", "Paragraph of the code of conduct: 3.1 respect",
        "1. What was written 2. What has been done so far 3. Document 1.pdf: Minutes of the meeting 4. Document 2.png 5. Document 3.txt",
        clerk.full_name,
    ):  # fmt: skip
        assert wanted in letter, wanted


def test_papers_of_a_conciliation_are_never_offered(weston: Town, papers: Any) -> None:
    concern, files = papers
    with by(weston["clerk"]):
        assert [row.name for row in queries.papers_offered(concern)] == ["letter.pdf", "picture.png", "plain.txt", "after.txt"]
    with pytest.raises(Refusal, match="Choose papers from the list"):
        sealed(concern, weston["clerk"], papers=[str(files["mediation.txt"].pk)], now=NOW.replace(hour=16))


def test_a_paper_with_a_virus_is_never_sealed(weston: Town, papers: Any) -> None:
    concern, files = papers
    with system_work():
        Document.objects.filter(pk=files["plain.txt"].pk).update(scan="infected", scanned_at=NOW)
    with by(weston["clerk"]):
        assert [row.name for row in queries.papers_offered(concern)] == ["letter.pdf", "picture.png", "after.txt"]
    with pytest.raises(Refusal, match="Choose papers from the list"):
        sealed(concern, weston["clerk"], papers=[str(files["plain.txt"].pk)], now=NOW.replace(hour=16))


def test_the_listing_is_checked_by_sha256sum(weston: Town, concern: Concern, tmp_path: Path) -> None:
    found = bundle_of(sealed(concern, weston["clerk"]), weston["clerk"])
    with zipfile.ZipFile(io.BytesIO(bytes(found.zip))) as bundle:
        bundle.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "manifest.txt"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "00-letter.pdf: OK\n01-what-was-written.pdf: OK\n02-steps.pdf: OK\n"


def test_nothing_leaves_without_the_warning_the_answers_and_the_telling(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    for change, words in (
        ({"identity_warned": False}, "normally told who complained"),
        ({"confidentiality_asked": None}, "whether confidentiality"),
        ({"confidentiality_asked": True}, "reason for asking"),
        ({"subject_told": ""}, "has been told"),
        ({"subject_told": "by_office"}, "left to the office"),
    ):
        with pytest.raises(Refusal, match=words):
            sealed(concern, clerk, **change)
    with pytest.raises(Refusal, match="seal the papers first"):
        take(Step.SEND, latest(concern, clerk), clerk, way="post", sent_on=NOW.date())


def test_confidentiality_and_who_tells_stand_on_the_cover(weston: Town, concern: Concern) -> None:
    answers = {"confidentiality_asked": True, "confidentiality_reason": "They work in one room", "subject_told": "by_office",
               "subject_told_reason": "Because of that"}  # fmt: skip
    found = bundle_of(sealed(concern, weston["clerk"], **answers), weston["clerk"])
    text = pdf_text(bytes(found.pdf))
    assert "asks that their identity isn't disclosed" in text
    assert "They work in one room" in text and "Because of that" in text
    assert "The office is asked to tell the councillor" in text


def test_sealing_again_makes_another_and_the_last_is_sent(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    sealed(concern, clerk)
    do(Action.ADD_DOCUMENT, concern, clerk, name="late.txt", content=b"Late")
    with by(clerk):
        late = concern.documents.get()
    referral = sealed(concern, clerk, papers=[str(late.pk)])
    take(Step.SEND, referral, clerk, way="by_hand", sent_on=NOW.date())
    assert bundle_of(referral, clerk).number == 2
    with by(clerk):
        assert referral.bundles.count() == 2


@pytest.mark.parametrize("broken", [b"%PDF-1.4 broken", b"", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_cant_be_shown_as_pages_is_in_the_zip_only(broken: bytes, db: None) -> None:
    from referrals.reports.bundle import Contents, File, make

    kind = "image/png" if broken.startswith(b"\x89") else "application/pdf"
    about = {"concern": "x", "referral": "y", "number": "1", "sealed_at": "z"}
    at = datetime(2026, 1, 15, tzinfo=UTC)
    made, plain = (
        make(Contents(about=about, cover={}, written=[("", "w")], steps=None, files=files, at=at)) for files in ([File("odd", kind, broken)], [])
    )
    with zipfile.ZipFile(io.BytesIO(made.zip)) as bundle:
        assert bundle.read(f"02-document{'.png' if kind == 'image/png' else '.pdf'}") == broken
    with pikepdf.open(io.BytesIO(made.pdf)) as document, pikepdf.open(io.BytesIO(plain.pdf)) as without:
        assert len(document.pages) == len(without.pages)
    assert "Only in the ZIP file" in pdf_text(made.pdf)


def test_a_script_in_a_pdf_does_not_come_along() -> None:
    from referrals.reports.bundle import _merge

    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.pages[0]["/AA"] = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))
        made.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(2)")
        made.save(out)
    merged = _merge([(pdf_file(), True), (out.getvalue(), False)], reference="X")
    assert b"JavaScript" not in merged and b"app.alert" not in merged


def test_an_untouched_bundle_is_intact_and_each_opening_is_logged(weston: Town, concern: Concern) -> None:
    clerk = weston["clerk"]
    found = bundle_of(sent(concern, clerk), clerk)
    with by(clerk):
        check = queries.check(found)
        assert (check.intact, check.papers, check.wrong) == (True, 3, ())
        assert sealing.sha256(open_bundle(bundle=found, part="pdf", by=clerk, now=NOW)) == found.pdf_sha256
        assert sealing.sha256(open_bundle(bundle=found, part="zip", by=clerk, now=NOW)) == found.zip_sha256
        assert [(row.person, row.part) for row in BundleOpening.objects.filter(bundle=found).order_by("part")] == [(clerk, "pdf"), (clerk, "zip")]


@pytest.mark.parametrize("column", ["pdf", "zip", "manifest"])
def test_a_changed_bundle_is_found_and_not_given_out(weston: Town, concern: Concern, as_owner: Any, column: str) -> None:
    clerk = weston["clerk"]
    found = bundle_of(sent(concern, clerk), clerk)
    with past_the_trigger(as_owner, "referrals_bundle", "keep_bundle"):
        Bundle.objects.filter(pk=found.pk).update(**{column: "{}" if column == "manifest" else b"something else"})
    found = bundle_of(latest(concern, clerk), clerk)
    with by(clerk):
        assert not queries.check(found).intact
        with pytest.raises(Refusal, match="isn't as it was sealed"):
            open_bundle(bundle=found, part="pdf", by=clerk, now=NOW)
        assert not BundleOpening.objects.filter(bundle=found).exists()


@pytest.mark.parametrize("statement", [
    "UPDATE referrals_bundle SET seal = 'x'", "UPDATE referrals_bundle SET pdf = 'x'", "DELETE FROM referrals_bundle",
    "DELETE FROM referrals_bundleopening", "UPDATE referrals_entry SET letter = 'x'", "DELETE FROM referrals_entry",
])  # fmt: skip
def test_the_database_refuses_every_later_change(weston: Town, concern: Concern, as_owner: Any, statement: str) -> None:
    from tests.factories.referrals import LETTER

    referral = sent(concern, weston["clerk"])
    take(Step.ACKNOWLEDGE, referral, weston["clerk"], **LETTER)
    found = bundle_of(referral, weston["clerk"])
    with by(weston["clerk"]):
        open_bundle(bundle=found, part="pdf", by=weston["clerk"], now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_verify_names_what_is_wrong() -> None:
    paper = sealing.Paper("01-a.txt", "A", "document", "text/plain", b"one")
    manifest = sealing.manifest([paper], {"number": "1"})
    zip_ = sealing.archive([paper], manifest, b"cover", at=datetime(2026, 1, 15, tzinfo=UTC))
    good = {"pdf": b"pdf", "zip_": zip_, "manifest_json": manifest, "seal": sealing.sha256(manifest), "pdf_sha256": sealing.sha256(b"pdf"),
            "zip_sha256": sealing.sha256(zip_)}  # fmt: skip
    assert sealing.verify(**good) == sealing.Check(1)
    other = sealing.archive([sealing.Paper("01-a.txt", "A", "document", "text/plain", b"two")], manifest, b"", at=datetime(2026, 1, 15, tzinfo=UTC))
    assert sealing.verify(**{**good, "zip_": other, "zip_sha256": sealing.sha256(other)}).wrong == ("01-a.txt",)
    assert sealing.verify(**{**good, "pdf": b"PDF"}).wrong == ("bundle.pdf",)
    assert sealing.verify(**{**good, "zip_": b"PK"}).wrong == ("bundle.zip",)
    assert sealing.verify(**{**good, "manifest_json": b"[]"}).wrong == ("manifest.json",)
    extra = io.BytesIO(zip_)
    with zipfile.ZipFile(extra, "a") as bundle:
        bundle.writestr("zz-more.txt", b"more")
    assert sealing.verify(**{**good, "zip_": extra.getvalue()}).wrong == ("bundle.zip", "zz-more.txt")


def test_the_same_papers_give_the_same_bytes() -> None:
    paper = sealing.Paper("01-a.txt", "A", "document", "text/plain", b"one")
    made = [sealing.archive([paper], sealing.manifest([paper], {}), b"c", at=datetime(2026, 1, 15, tzinfo=UTC)) for _n in range(2)]
    assert made[0] == made[1]


def test_what_it_says_is_encrypted_in_the_database(weston: Town, concern: Concern, as_owner: Any) -> None:
    sealed(concern, weston["clerk"], confidentiality_asked=True, confidentiality_reason=f"{CANARY} room")
    with as_owner(), connection.cursor() as cursor:
        for table in ("referral", "bundle", "entry", "measure"):
            cursor.execute(f"SELECT t::text FROM referrals_{table} t")
            assert all(CANARY not in row[0] and "3.1 respect" not in row[0] for row in cursor.fetchall())




def test_after_a_change_of_keys_everything_is_readable_and_intact(weston: Town, concern: Concern, settings: Any) -> None:
    from django.core.management import call_command

    from referrals.enums import Outcome
    from referrals.models import Entry, Measure
    from tests.factories.referrals import answered

    clerk = weston["clerk"]
    referral = answered(concern, clerk, outcome=Outcome.BREACH, measures=[("training", "A day")])
    before = bytes(bundle_of(referral, clerk).pdf)
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode(), *settings.PORTAL_FIELD_KEYS]
    call_command("rotate_field_keys", verbosity=0, stdout=io.StringIO())
    settings.PORTAL_FIELD_KEYS = settings.PORTAL_FIELD_KEYS[:1]
    found = bundle_of(referral, clerk)
    with by(clerk):
        assert queries.check(found).intact and bytes(found.pdf) == before
        assert Measure.objects.get(referral=referral).words == "A day"
        assert {row.letter for row in Entry.objects.filter(referral=referral, copied=True)} == {"Letter of the office", ""}
        assert latest(concern, clerk).outcome_reference == "Letter of the office"
