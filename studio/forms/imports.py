"""Forms of an imported document. They parse nothing of it; the actions do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.files.sniffing import LARGEST_FILE
from studio.importing.correcting import MOST_GIST, MOST_NUMBER, MOST_TEXT
from studio.importing.splitting import CLAUSE, HEADING, OTHER


def _narrow() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})


class BringDocumentForm(forms.Form):
    """A file, and for a PDF the pages of it."""

    file = forms.FileField(
        label=_("The protocol document"), allow_empty_file=True, help_text=_("A Word document (.docx), a PDF with text, or plain text (.txt). At most 5 MB."),
        error_messages={"required": _("Choose the document")},
    )  # fmt: skip
    first_page = forms.IntegerField(label=_("First page"), required=False, min_value=1, max_value=9999, widget=_narrow(), help_text=_("Only when the protocol is part of a longer PDF."))
    last_page = forms.IntegerField(label=_("Last page"), required=False, min_value=1, max_value=9999, widget=_narrow())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.pop("file", None)
        if file is not None and file.size > LARGEST_FILE:
            self.add_error("file", _("The file must be smaller than 5 MB."))
        elif file is not None:
            data |= {"name": file.name, "content": file.read()}
        first, last = data.get("first_page"), data.get("last_page")
        if first and last and last < first:
            self.add_error("last_page", _("The last page can’t come before the first."))
        return data


class RowForm(forms.Form):
    """What a row is, its number and its words."""

    hide_optional = True

    kind = forms.ChoiceField(
        label=_("What is this?"), widget=forms.RadioSelect,
        choices=[(CLAUSE, _("A clause")), (HEADING, _("A heading")), (OTHER, _("Not part of the protocol: leave it out"))],
    )  # fmt: skip
    number = forms.CharField(label=_("Number"), required=False, max_length=MOST_NUMBER, widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}))
    text = forms.CharField(
        label=_("The council’s words"), required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Begin a part on a line of its own, with (a), (i) or a hyphen."),
    )  # fmt: skip
    gist = forms.CharField(
        label=_("The gist, in one short sentence"), required=False, max_length=MOST_GIST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown in lists and beside routes. Left empty, the first words are shown."),
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("If it is a heading"), coerce=int, choices=[(1, _("Main heading")), (2, _("Heading under it")), (3, _("Third level"))], required=False, empty_value=1
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class SplitForm(forms.Form):
    """Where the second clause begins."""

    place = forms.TypedChoiceField(label=_("The second clause begins with"), coerce=int, widget=forms.RadioSelect, error_messages={"required": _("Choose where the second clause begins.")})
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(start, words if len(words) <= 110 else f"{words[:110].rsplit(' ', 1)[0]}…") for start, words in places]


class StepForm(forms.Form):
    """A button beside a row: which row, and the document as it was seen."""

    row = forms.IntegerField(required=False)
    revision = forms.IntegerField()
