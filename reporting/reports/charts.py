"""Small bar charts as SVG, for a page and a paper: no scripts, no styles, and beside each its table."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

BAR, GAP, WIDE, ROOM = 22, 12, 340, 90
LETTER = 7.6  # about as wide as a letter is on average
INK, FILL, PALE = "#0b0c0c", "#12436d", "#858686"


def bars(name: str, heading: str, rows: Sequence[tuple[str, int | None]], hidden: str) -> SafeString:
    """Takes an id, what it shows, and (label, number or None) rows; returns the picture with a title and a description.

    A number that isn't shown has an outline of one and the same length, so that it gives nothing away.
    """
    most = max([number for _label, number in rows if number is not None] or [1])
    height = len(rows) * (BAR + GAP) + GAP
    left = 20 + int(LETTER * max(len(label) for label, _number in rows))
    said = "; ".join(_("%(label)s: %(number)s") % {"label": label, "number": hidden if number is None else number} for label, number in rows)
    drawn = format_html_join("", "{}", ((_row(place, label, number, most, hidden, left),) for place, (label, number) in enumerate(rows)))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="portal-chart" role="img" aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1} {2}"'
        ' width="{1}" height="{2}"><title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>'
        '<line x1="{5}" y1="0" x2="{5}" y2="{2}" stroke="{6}" stroke-width="1"></line>{7}</svg>',
        name, left + WIDE + ROOM, height, heading, said, left, INK, drawn,
    )  # fmt: skip


def _row(place: int, label: str, number: int | None, most: int, hidden: str, left: int) -> SafeString:
    top = GAP + place * (BAR + GAP)
    middle = top + BAR // 2 + 5
    shown = WIDE * number // most if number is not None else 0
    bar = (
        format_html('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"></rect>', left, top, shown, BAR, FILL)
        if number is not None
        else format_html(
            '<rect x="{}" y="{}" width="40" height="{}" fill="none" stroke="{}" stroke-dasharray="4 3"></rect>', left, top, BAR, PALE
        )
    )
    return format_html(
        '<text x="{}" y="{}" text-anchor="end" font-size="14" font-family="Liberation Sans, Arial, sans-serif" fill="{}">{}</text>{}'
        '<text x="{}" y="{}" font-size="14" font-family="Liberation Sans, Arial, sans-serif" fill="{}">{}</text>',
        left - 8, middle, INK, label, bar, left + (shown if number is not None else 40) + 8, middle, INK, hidden if number is None else number,
    )  # fmt: skip
