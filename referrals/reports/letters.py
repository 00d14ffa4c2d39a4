"""The letter that a referral goes with, and what a referral knows for other letters. In the council's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from concerns import rooms
from concerns.models import Concern
from concerns.reports import pdf
from correspondence import queries as correspondence
from correspondence import wording as letters
from correspondence.domain import tokens
from correspondence.enums import LetterKind
from correspondence.reports.letters import paragraphs
from councils.models import Person
from referrals import queries
from referrals.enums import Paper
from referrals.models import Bundle, Referral

# What is only known as the bundle is sealed: the form shows these in braces.
LATER = ("name", "destination", "papers")


def facts(concern: Concern, kind: str, *, to: Person | None, by: Person, now: datetime) -> Mapping[str, str]:
    """Words for the names in braces of a referral's letter (``rooms.LETTER_FACTS``)."""
    referral = queries.latest(concern) if kind == LetterKind.REFERRAL else None
    if referral is None:
        return {}
    bundle = queries.bundle_of(referral)
    return {
        "destination": str(referral.destination or ""),
        "code_paragraph": str(referral.code_paragraph or ""),
        "papers": enclosed(titles(bundle)) if bundle else "",
    }


def titles(bundle: Bundle) -> list[str]:
    """What the papers of a sealed bundle are called, without its letter."""
    return [str(paper["title"]) for paper in queries.papers_in(bundle) if paper["kind"] != Paper.LETTER]


def enclosed(papers: Sequence[str]) -> str:
    """The papers as a numbered list."""
    return "\n".join(f"{number}. {title}" for number, title in enumerate(papers, 1))


def draft(concern: Concern, *, by: Person, now: datetime) -> str:
    """The letter from its template, for whoever seals the papers to change; what is known only then stays in braces."""
    known = {
        **correspondence.tokens_for(concern, by=by, name="", now=now),
        **rooms.letter_facts(concern, LetterKind.REFERRAL, to=None, by=by, now=now),
    }
    values = {key: value for key, value in known.items() if key not in LATER}
    return tokens.fill(str(letters.LETTERS[LetterKind.REFERRAL][1]), values)


def filled(text: str, *, name: str, destination: str, papers: Sequence[str]) -> str:
    """The letter with what is known as the papers are sealed."""
    return tokens.fill(text, {"name": name, "destination": destination, "papers": enclosed(papers)})


def missing(text: str) -> list[str]:
    """What would still stand in braces once it is sealed."""
    return [name for name in tokens.left(text) if name.strip("{}") not in LATER]


def paper(referral: Referral, text: str, *, to: Sequence[str], day: str) -> bytes:
    """The letter as a PDF. ``to``: whom it is to and where, a line each."""
    context = {
        "title": letters.heading(LetterKind.REFERRAL), "council": referral.council.name, "reference": referral.reference, "day": day,
        "to": to[0], "address": list(to[1:]), "marking": _("In confidence. For the addressee only"), "paragraphs": paragraphs(text), "unnumbered": True,
    }  # fmt: skip
    return pdf.render("report/letter.html", context)
