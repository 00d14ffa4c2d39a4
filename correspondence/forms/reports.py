"""Writing, finishing and recording a report to council."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Words
from correspondence import wording
from correspondence.forms.letters import RevisionForm
from protocol_portal.widgets import DatePartsField


class WriteForm(RevisionForm):
    """The report's three texts and its meeting."""

    meeting_on = DatePartsField(label=_("The date of the meeting"), error_messages={"required": _("Give the date of the meeting")})
    agenda_item = Words(
        label=wording.REPORT_PARTS["agenda_item"], rows=3, max_length=1_000,
        help_text=_("Anybody can read an agenda: it says nothing of who or what it is about."),
        error_messages={"required": _("Write the item on the agenda")},
    )  # fmt: skip
    body = Words(label=wording.REPORT_PARTS["body"], rows=12, max_length=20_000, error_messages={"required": _("Write the report")})
    may_be_told = Words(
        label=wording.REPORT_PARTS["may_be_told"], rows=6, max_length=5_000,
        help_text=_("A sheet for whoever presents it: this, and no more."),
        error_messages={"required": _("Write what the council may be told")},
    )  # fmt: skip


class ResolutionForm(RevisionForm):
    """That the public was excluded."""

    resolution_on = DatePartsField(label=_("When did the council resolve it?"), error_messages={"required": _("Give the date of the resolution")})
    resolution = Words(
        label=_("The resolution"), rows=3, max_length=2_000, help_text=_("Its words, with the reason stated in it, or the reference of its minute."),
        error_messages={"required": _("Give the words of the resolution or its minute")},
    )  # fmt: skip


class PresentForm(RevisionForm):
    """That the meeting had it."""

    presented_on = DatePartsField(label=_("The date of the meeting"), error_messages={"required": _("Give the date of the meeting")})
    minute_ref = forms.CharField(
        label=_("Minute reference"), max_length=80, error_messages={"required": _("Give the reference of the minute")}
    )

    def answers(self) -> dict[str, Any]:
        """The action's keyword arguments."""
        return dict(self.cleaned_data)
