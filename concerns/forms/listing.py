"""The filter of one's list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import wording

Choices = Iterable[tuple[str, str]]


class FilterForm(forms.Form):
    """Search, state, topic, council and order; all optional. What isn't understood is left out."""

    hide_optional = True
    search = forms.CharField(label=_("Search"), help_text=_("Reference, name, topic or stage"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("Stage"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    council = forms.ChoiceField(label=_("Council"), required=False)
    sort = forms.ChoiceField(
        label=_("Order"),
        choices=[("recent", _("Changed last")), ("due", _("Due first")), ("oldest", _("Sent first")), ("reference", _("Reference")), ("state", _("Stage"))],
        required=False,
    )

    def __init__(self, *args: Any, topics: Choices, councils: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, label) for state, (label, _more) in wording.STATES.items()]
        self.fields["state"].choices = [("", _("All")), ("open", _("All that are open")), ("closed", _("All that are closed")), *states]
        self.fields["topic"].choices = [("", _("All")), *topics]
        offered = list(councils)
        self.fields["council"].choices = [("", _("All")), *offered]
        if len(offered) < 2:
            del self.fields["council"]

    def understood(self) -> dict[str, str]:
        """The answers that make sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
