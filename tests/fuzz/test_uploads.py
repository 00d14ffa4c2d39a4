"""Every upload of the hostile corpus: accepted or refused with exactly its words, nothing run, nothing left in a copy."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from concerns.actions import copies
from concerns.files.refusals import WORDS, FileRefused, Why
from concerns.files.sniffing import ENDING, sniff
from concerns.models import Document
from concerns.reports import pdf
from tests.fuzz import samples
from tests.fuzz.corpus import ACCEPTED, Sample, everything
from tests.matrix.cells import ask
from tests.matrix.world import World

CORPUS = everything()
TAKEN = [sample for sample in CORPUS if sample.wanted == ACCEPTED]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
watching: list[str] | None = None
RUNS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "socket.connect", "socket.getaddrinfo", "urllib.Request",
        "ctypes.dlopen", "webbrowser.open", "ftplib.connect", "smtplib.connect", "os.startfile", "os.symlink", "os.remove", "shutil.unpack_archive")  # fmt: skip


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if watching is None:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+")
    if event in RUNS or writes:
        watching.append(f"{event} {str(arguments)[:120]}")


sys.addaudithook(_watch)  # it can't be taken away; outside ``quiet`` it looks at nothing


@contextmanager
def quiet() -> Iterator[None]:
    """What runs inside starts no program, asks no network and writes no file."""
    global watching
    watching = []
    try:
        yield
        assert watching == []
    finally:
        watching = None


def said(sample: Sample) -> str:
    """What the door says of a sample."""
    try:
        sniff(sample.name, sample.content)
    except FileRefused as refused:
        return refused.why if (str(refused), refused.field) == (str(WORDS[refused.why]), "file") else str(refused)
    return ACCEPTED


def test_corpus_is_as_large_and_as_mixed_as_promised() -> None:
    classes = Counter(sample.wanted for sample in CORPUS)
    assert len(CORPUS) >= 400
    assert len({sample.title for sample in CORPUS}) == len(CORPUS)
    refusals = {why for why in Why if why not in (Why.INFECTED, Why.NO_WORDS, Why.WORDS_ELSEWHERE, Why.AREAS_ELSEWHERE, Why.NO_SUCH_PAGE)}
    assert set(classes) == {ACCEPTED, *refusals}
    assert min(classes.values()) >= 5


def test_every_upload_is_taken_or_refused_as_it_must_be() -> None:
    pdf.from_html("<html lang='en'><title>One</title><p>One</p></html>")  # its library makes Pillow forgiving, once it's loaded
    with quiet():
        wrong = [f"{sample.title}: {got}, not {sample.wanted}" for sample in CORPUS if (got := said(sample)) != sample.wanted]
    assert wrong == []


def unpacked(content: bytes, media_type: str) -> list[bytes]:
    """Everything a file holds, as plain as it gets."""
    if media_type == "application/pdf":
        with pikepdf.open(BytesIO(content)) as pdf:
            plain = BytesIO()
            pdf.save(plain, qdf=True, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized)
        return [content, plain.getvalue()]
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            return [content, *(archive.read(name) for name in archive.namelist())]
    return [content]


@pytest.mark.parametrize("sample", TAKEN, ids=lambda sample: sample.title)
def test_copy_of_what_is_taken_tells_nothing_of_people_or_machines(sample: Sample) -> None:
    content = sample.content
    media_type = sniff(sample.name, content)
    with quiet():
        clean = copies.scrubbed(Document(content=content, media_type=media_type))
    assert clean.media_type == media_type
    assert clean.name == f"Document 1{ENDING[media_type]}"
    assert sniff(clean.name, clean.content) == media_type  # what is given out would be taken in
    for part in unpacked(clean.content, media_type):
        assert samples.WHO.encode() not in part and samples.WHO.encode("utf-16-be") not in part
    if media_type == "application/pdf":
        with pikepdf.open(BytesIO(clean.content)) as pdf:
            assert "/Info" not in pdf.trailer and "/Metadata" not in pdf.Root and not pdf.is_encrypted
            assert len(pdf.attachments) == 0 and "/OpenAction" not in pdf.Root
    elif media_type.startswith("image/"):
        with Image.open(BytesIO(clean.content)) as picture:
            assert dict(picture.getexif()) == {}
            assert not {"exif", "comment", "Author", "Comment", "icc_profile", "XML:com.adobe.xmp", "xmp"} & set(picture.info)
    elif content.startswith(b"PK"):
        with ZipFile(BytesIO(clean.content)) as archive:
            assert not [name for name in archive.namelist() if name.startswith("docProps/")]
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.django_db
def test_upload_gets_its_words_on_the_page_and_no_accident(world: World) -> None:
    case = world.cases["chair"]  # a sent concern whose recipients may add files
    url = reverse("concerns:do", kwargs={"concern": case.pk, "action": "add_document"})
    wrong: list[str] = []
    some = [*CORPUS[::3], *(next(sample for sample in CORPUS if sample.wanted == wanted) for wanted in {one.wanted for one in CORPUS})]
    for sample in some:
        upload = SimpleUploadedFile(sample.name, sample.content, content_type="text/html")
        answer = ask(world, "clerk", "post", url, {"file": upload})
        body = answer.content.decode("utf-8", "replace")
        if sample.wanted == ACCEPTED:
            right = answer.status_code == 302
        else:
            words = str(WORDS[Why(sample.wanted)])
            right = answer.status_code == 422 and re.sub(r"&#x27;|&#39;", "'", body).count(words) >= 1
        if not right:
            wrong.append(f"{sample.title}: {answer.status_code}")
    assert wrong == []


@pytest.mark.django_db
def test_what_is_taken_is_only_ever_a_download(world: World) -> None:
    case = world.cases["chair"]
    url = reverse("concerns:do", kwargs={"concern": case.pk, "action": "add_document"})
    some = [sample for sample in TAKEN if sample.title.startswith(("sound", "text that speaks"))]
    page = reverse("concerns:page", kwargs={"concern": case.pk})
    before = re.findall(r'data-document="([0-9a-f-]{36})"', ask(world, "clerk", "get", page).content.decode())
    for sample in some + [sample for sample in TAKEN if sample.title.startswith("name")][::4]:
        with transaction.atomic():
            upload = SimpleUploadedFile(sample.name, sample.content, content_type="text/html")
            assert ask(world, "clerk", "post", url, {"file": upload}, keep=True).status_code == 302
            after = ask(world, "clerk", "get", page).content.decode()
            (pk,) = set(re.findall(r'data-document="([0-9a-f-]{36})"', after)) - {*before}
            answer = ask(world, "clerk", "get", reverse("concerns:document", kwargs={"concern": case.pk, "document": pk}))
            assert answer.content == sample.content
            assert answer["Content-Disposition"].startswith(f'attachment; filename="{case.concern.reference}-')
            assert re.fullmatch(r'attachment; filename="[\w-]{9,16}\.(pdf|png|jpg|docx|xlsx|odt|txt)"', answer["Content-Disposition"])
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert answer["Content-Type"] == sniff(sample.name, sample.content)
            transaction.set_rollback(True)
