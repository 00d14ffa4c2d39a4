"""The filter of the desk's inbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals import wording


class FilterForm(forms.Form):
    """By state and by council. What isn't understood filters nothing."""

    hide_optional = True
    state = forms.ChoiceField(label=_("Where it stands"), required=False)
    council = forms.ChoiceField(label=_("Council"), required=False)

    def __init__(self, *args: Any, councils: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state, label) for state, (label, _more) in wording.STATES.items() if state != "PREPARED"]
        self.fields["state"].choices = [("", _("All")), ("open", _("Not ended")), *states]
        self.fields["council"].choices = [("", _("All")), *councils]
