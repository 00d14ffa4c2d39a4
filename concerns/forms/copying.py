"""What is taken out of a copy that may be shown to others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from concerns.files import pictures
from concerns.files.blanking import Area
from concerns.files.sniffing import PDF
from concerns.forms.fields import Words

NUMBERS = {4, 5}


class CopyForm(forms.Form):
    """Words and areas to remove, as far as this kind of file has them, and why."""

    hide_optional = True
    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    words = Words(
        label=_("Words to take out"),
        help_text=_("One word, name or phrase on each line. Each is taken out wherever its letters stand, inside longer words too. Leave empty to take out hidden data only."),
        required=False,
        rows=5,
        max_length=10_000,
    )  # fmt: skip
    areas = Words(label=_("Areas to take out"), required=False, rows=4, max_length=5_000)
    reason = Words(
        label=_("Why it's taken out"),
        help_text=_("Needed when you take out words or areas. Everyone who may read the concern sees this."),
        required=False,
        rows=3,
        max_length=2_000,
    )

    def __init__(self, *args: Any, media_type: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_picture = media_type in pictures.FORMATS
        if is_picture:
            del self.fields["words"]
            self.fields["areas"].help_text = _(
                "One area on each line: left, top, right, bottom, in per cent of the picture from its top left corner. For example, 10 5 60 20."
            )
        elif media_type == PDF:
            self.fields["areas"].help_text = _(
                "One area on each line: page, left, top, right, bottom, in per cent of the page from its top left corner. For example, 2 0 10 100 25. Lines of text that touch an area go from their beginning."
            )
        else:
            del self.fields["areas"]

    def clean_words(self) -> list[str]:
        """The words, one a line."""
        return [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]

    def clean_areas(self) -> list[Area]:
        """The areas; raises ValidationError for a line that isn't one."""
        found: list[Area] = []
        for number, line in enumerate(self.cleaned_data["areas"].splitlines(), 1):
            parts = line.replace(",", " ").replace("%", " ").split()
            if not parts:
                continue
            try:
                values = [float(part) for part in parts]
                if len(values) not in NUMBERS or ("words" in self.fields and len(values) != max(NUMBERS)):
                    raise ValueError
                page, left, top, right, bottom = [1.0, *values] if len(values) == min(NUMBERS) else values
                if page != int(page) or any(value != value or abs(value) > 10_000 for value in values):
                    raise ValueError
            except (ValueError, OverflowError) as error:
                raise ValidationError(_("Line %(number)d isn't an area. Write numbers as in the example."), params={"number": number}) from error
            found.append((int(page), left, top, right, bottom))
        return found
