"""The publication and the noticeboard page on paper (PDF/UA). A paper is made once for what it says, then kept for a day.

The pages that offer them need no signing in: without that, anybody could keep the machine busy by asking again and again.
"""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import pypdf
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import get_language

from concerns.reports import pdf
from studio.reports.noticeboard import notice_of
from studio.reports.publication import Published, title_of

KEPT_FOR = 24 * 60 * 60
#: The largest letters with which the notice fits one page; the smallest are used whatever it takes.
NOTICE_SIZES = {"a4": (8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.5, 16.0), "a5": (6.5, 7.0, 7.5, 8.0, 8.5, 9.5, 10.5, 11.5)}


def publication(published: Published) -> bytes:
    """Takes a publication; returns it as a tagged PDF with its title, its language and a text for every picture."""
    pictures = [
        {"title": stage.title, "alt": stage.alt, "sheets": [_data(sheet) for sheet in stage.sheets], "rules": stage.rules}
        for stage in published.map.stages
    ]
    return made("report/protocol.html", {**_context(published), "pictures": pictures, "legend": _data(published.map.legend)})


def noticeboard(published: Published, size: str) -> bytes:
    """Takes a publication and ``a4`` or ``a5``; returns the page "who to go to" as a tagged PDF."""
    context = {**_context(published), "notice": notice_of(published), "size": size}
    sizes = NOTICE_SIZES[size]
    low, high, best = 0, len(sizes) - 1, b""
    while low <= high:
        middle = (low + high + 1) // 2
        paper = made("report/noticeboard.html", {**context, "points": sizes[middle]})
        if len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 1:
            low, best = middle + 1, paper
        else:
            high = middle - 1
    return best or made("report/noticeboard.html", {**context, "points": sizes[0]})


def _context(published: Published) -> dict[str, Any]:
    return {"published": published, "protocol": published.protocol, "title": title_of(published), "language": get_language() or "en-gb"}


def made(template: str, context: dict[str, Any]) -> bytes:
    """Takes a template of papers and what it reads; returns the PDF, the one of before where it says the same."""
    html = render_to_string(template, {**context, "paper_styles": render_to_string(pdf.STYLES)})
    key = f"paper-{hashlib.sha256(html.encode('utf-8', 'surrogatepass')).hexdigest()}"
    found = cache.get(key)
    if isinstance(found, bytes):
        return found
    paper = pdf.from_html(html)
    cache.set(key, paper, KEPT_FOR)
    return paper


def _data(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
