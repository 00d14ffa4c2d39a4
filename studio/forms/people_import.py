"""The form that brings a list of people. It parses nothing; the action reads the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.setup.tables import LARGEST


class BringPeopleForm(forms.Form):
    """A file, or the list pasted."""

    file = forms.FileField(
        label=_("Upload a file"), required=False, allow_empty_file=True, help_text=_("An Excel workbook (.xlsx) or CSV, up to 1 MB. Your list is checked before anything is taken over."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or paste the list"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Copy the cells in your spreadsheet, headings included, and paste them here."),
    )  # fmt: skip

    hide_optional = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.pop("file", None)
        if file is not None and file.size > LARGEST:
            self.add_error("file", _("The file is larger than 1 MB, far more than a list of people needs. Save only the list, and choose that."))
            return data
        data["content"] = file.read() if file is not None else b""
        if file is not None and not data["content"]:
            self.add_error("file", _("The file is empty. Choose another one."))
        return data
