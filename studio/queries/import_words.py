"""Why a document can't be brought, what was noticed in it, and what is to be mended, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from councils.errors import Refusal

UNREADABLE = {
    "empty": gettext_lazy("The file is empty. Choose another one."),
    "not_text": gettext_lazy("This isn’t a plain text file. Open it in the program it was made with, save it as a Word document (.docx), and choose that."),
    "no_text": gettext_lazy("There are no words in this document. Choose another one."),
    "damaged": gettext_lazy("The file is damaged and can’t be read. Save it again, or choose another one."),
    "too_long": gettext_lazy("This document has {words} words; a protocol has {most} at most. Bring only the part that is the protocol."),
    "too_long_page": gettext_lazy("A page of this PDF holds far more than a page of text. Save the document as a Word document (.docx), and choose that."),
    "too_many_pages": gettext_lazy("That is {pages} pages; {most} can be read at once. Say on which pages the protocol stands."),
    "too_many_rows": gettext_lazy("This document falls into more than {most} pieces. Bring only the part that is the protocol."),
    "no_such_page": gettext_lazy("The document has {pages} pages. Check the numbers of the first and the last page."),
    "scanned": gettext_lazy(
        "{pages} of {count} pages are pictures without text: the document was scanned. Bring the document it was printed from (.docx or .txt), or have the text recognised (OCR) first."
    ),
    "no_pages": gettext_lazy("Only a PDF has pages to choose from. Leave both boxes empty."),
}  # fmt: skip
UNFIT = {
    "gone": gettext_lazy("This clause isn’t there any more. Look at the document again."),
    "kind": gettext_lazy("Choose what this is."),
    "number": gettext_lazy("A number begins with a letter or a digit, and has letters, digits, dots, brackets and hyphens only."),
    "no_number": gettext_lazy("Enter the clause’s number."),
    "no_heading": gettext_lazy("Enter the heading."),
    "too_many": gettext_lazy("The document has too many clauses to split another one."),
    "place": gettext_lazy("Choose where the second clause begins."),
    "nothing_before": gettext_lazy("There is no clause before it under this heading to join it to."),
}


def refusal_of(code: str, facts: Mapping[str, Any]) -> Refusal:
    """The refusal of a document that can't be read."""
    field = "last_page" if code in ("no_such_page", "too_many_pages", "no_pages") else "file"
    return Refusal(str(UNREADABLE[code]).format(**facts), field=field)


def note_in_words(note: Mapping[str, Any]) -> str:
    """Something noticed while reading."""
    code, count = note.get("code"), int(note.get("count", 0))
    if code == "windows_1252":
        return _("The text was coded for Windows. Look whether quotation marks and accents came out right.")
    if code == "tracked":
        return _("The document has tracked changes. It was read as if all were accepted. Insertions taken: {taken}. Deletions left out: {left_out}.").format(
            taken=note.get("taken", 0), left_out=note.get("left_out", 0)
        )
    if code == "comments":
        return _("Comments in the margin were left out.")
    if code == "struck":
        return ngettext(
            "{count} paragraph has words that are struck out. They are left out of the clause and can be put back.",
            "{count} paragraphs have words that are struck out. They are left out of the clauses and can be put back.",
            count,
        ).format(count=count)
    if code == "furniture":
        lines = " · ".join(str(line) for line in note.get("lines", ()))
        return _("What stands at the edge of every page was taken out: {lines}").format(lines=lines)
    if code == "silent_pages":
        return ngettext(
            "{count} page has no text. If it is a picture of text, add its words by hand.",
            "{count} pages have no text. If they are pictures of text, add their words by hand.",
            count,
        ).format(count=count)
    return ""


def problem_in_words(problem: Mapping[str, Any]) -> str:
    """Something to mend, or to look at, among the clauses."""
    number = problem.get("number", "")
    words = {
        "none": _("No clause was found. Edit what was left out below and say what is a clause."),
        "twice": _("The number {number} is given {times} times. All are kept: give each its own number."),
        "gap": _("{before} is followed by {number}. Is a clause missing, or has it a wrong number?"),
        "order": _("{number} stands after a higher number."),
        "struck": _("Part of {number} was struck out and left out. Check that what is left reads right."),
        "all_struck": _("All of {number} was struck out. It keeps its number, marked as deleted."),
        "empty": _("{number} has no words. It keeps its number, marked as deleted."),
        "long": _("{number} is very long. Does another clause begin in it?"),
    }[str(problem["code"])]
    return words.format(number=number, before=problem.get("before", ""), times=len(problem.get("rows", ())))
