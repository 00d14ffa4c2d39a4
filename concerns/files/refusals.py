"""Why a file isn't accepted: a code, and words that say what to do."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from councils.errors import Refusal


class Why(StrEnum):
    """The class of a refusal."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_ACCEPTED = "not_accepted"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    DAMAGED = "damaged"
    PASSWORD = "password"
    ACTIVE = "active"
    HOLDS_FILES = "holds_files"
    FETCHES = "fetches"
    TWO_IN_ONE = "two_in_one"
    TOO_MUCH_INSIDE = "too_much_inside"
    INFECTED = "infected"
    # about copies
    NO_WORDS = "no_words"
    WORDS_ELSEWHERE = "words_elsewhere"
    AREAS_ELSEWHERE = "areas_elsewhere"
    NO_SUCH_PAGE = "no_such_page"


WORDS = {
    Why.EMPTY: _("The file is empty. Choose another one."),
    Why.TOO_LARGE: _("The file must be smaller than 5 MB."),
    Why.NOT_ACCEPTED: _("Choose a PDF, Word, OpenDocument, Excel, PNG, JPEG or plain text file."),
    Why.NOT_WHAT_IT_SAYS: _("This file isn't what its name says. Save it again, or choose another one."),
    Why.DAMAGED: _("The file is damaged and can't be opened. Save it again, or choose another one."),
    Why.PASSWORD: _("The file is locked with a password. Save it without one, then choose it again."),
    Why.ACTIVE: _("The file holds a program (a macro or a script). Print it to a PDF, and choose that."),
    Why.HOLDS_FILES: _("Other files are packed inside this one. Take them out and add each by itself, or print it to a PDF."),
    Why.FETCHES: _("The file takes part of its content from somewhere else when it's opened. Print it to a PDF, and choose that."),
    Why.TWO_IN_ONE: _("There is something else hidden in this file beside what its name says. Save it again, or choose another one."),
    Why.TOO_MUCH_INSIDE: _("The file is small but unpacks to far more than a document needs. Make it smaller, or print it to a PDF."),
    Why.INFECTED: _("A virus was found in this file. It isn't kept. Tell whoever looks after your computer."),
    Why.NO_WORDS: _("No text can be read from this file; perhaps it's a scan. Add it as a picture, and mark areas instead of words."),
    Why.WORDS_ELSEWHERE: _("Words can't be found in a picture. Mark the areas to remove instead."),
    Why.AREAS_ELSEWHERE: _("Areas can be marked in pictures and PDFs only. Give the words to remove instead."),
    Why.NO_SUCH_PAGE: _("There is no such page in this file. Check the numbers of the pages."),
}  # fmt: skip


class FileRefused(Refusal):
    """A file that isn't accepted, or of which no such copy can be made; ``why`` is the class, ``message`` the words."""

    def __init__(self, why: Why, *, field: str = "file") -> None:
        super().__init__(str(WORDS[why]), field=field)
        self.why = why
