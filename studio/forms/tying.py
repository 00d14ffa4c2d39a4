"""Forms of what a document says of itself, and of everything that rests on no clause. They parse; the actions decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import wording
from councils.protocol import Protocol
from protocol_portal.widgets import DatePartsField
from studio.editing.fields import Section
from studio.editing.ties import Tie
from studio.forms.drafts import NARROW, RevisionForm
from studio.importing.about import MOST_YEARS, TITLE_BLOCK

MOST_SHOWN = 80  # letters of a clause in a list


def clause_choices(protocol: Protocol) -> list[tuple[str, str]]:
    """Every clause with its heading and its first words; the title block first. Parts are tied on the page of the thing itself."""
    rows = [(ref, _one_line(ref, protocol)) for ref, clause in protocol.clauses.items() if not clause.parent and not clause.deleted]
    return [(TITLE_BLOCK, _("The title block, or what stands after the clauses")), *rows]


def _one_line(ref: str, protocol: Protocol) -> str:
    clause = protocol.clauses[ref]
    label = wording.clause_label(ref, protocol)
    said = f"{label}: {clause.gist}" if clause.gist else f"{label} {clause.heading}"
    return said if len(said) <= MOST_SHOWN else f"{said[:MOST_SHOWN].rsplit(' ', 1)[0]}…"


class AboutForm(RevisionForm):
    """The title, the reviews and the last adoption of a document, found in it and to be confirmed."""

    title = forms.CharField(label=gettext_lazy("Title of the protocol"), max_length=200, error_messages={"required": gettext_lazy("Enter the title of the protocol")})
    every = forms.IntegerField(
        label=gettext_lazy("Reviewed every so many years"), required=False, min_value=1, max_value=MOST_YEARS, widget=forms.TextInput(attrs=NARROW),
        help_text=gettext_lazy("In years. Leave it empty if your document gives no interval."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Enter a number of years from 1 to 10, or leave it empty")),
    )  # fmt: skip
    every_clause = forms.ChoiceField(label=gettext_lazy("Clause that says so"), required=False)
    day = DatePartsField(
        label=gettext_lazy("Next review on a day"), required=False, error_name=gettext_lazy("The day of the review"),
        help_text=gettext_lazy("Leave it empty if your document gives no day. For a month, its last day counts."),
    )  # fmt: skip
    day_clause = forms.ChoiceField(label=gettext_lazy("Clause that gives the day"), required=False)
    body = forms.CharField(label=gettext_lazy("Last adopted by"), required=False, max_length=200, help_text=gettext_lazy("The council or the committee."))
    adopted_on = DatePartsField(label=gettext_lazy("Last adopted on"), required=False, error_name=gettext_lazy("The day of the adoption"))
    minute = forms.CharField(label=gettext_lazy("Minute"), required=False, max_length=200, help_text=gettext_lazy("The number of the minute that records it."))

    hide_optional = True

    def __init__(self, data: Any = None, *, protocol: Protocol, initial: Mapping[str, Any], revision: int) -> None:
        super().__init__(data, initial={**initial, "revision": revision})
        choices = [("", _("None: not in your protocol")), *clause_choices(protocol)]
        for name in ("every_clause", "day_clause"):
            kept = initial.get(name)
            self.fields[name].choices = choices if not kept or kept in dict(choices) else [*choices, (kept, wording.clause_label(str(kept), protocol))]


class TiesForm(RevisionForm):
    """One select for each thing no clause is tied to. `cleaned_data["ties"]`: the clauses chosen, by ``Tie.control``."""

    hide_optional = True

    def __init__(self, data: Any = None, *, parts: list[tuple[Section, list[Tie]]], protocol: Protocol, revision: int) -> None:
        super().__init__(data, initial={"revision": revision})
        self.parts = parts
        choices = [("", _("Not in your protocol")), *clause_choices(protocol)]
        for _section, ties in parts:
            for tie in ties:
                self.fields[tie.control] = forms.ChoiceField(choices=choices, label=tie.title, help_text=escape(tie.says), required=False)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Each section with its selects; open where something was chosen or is wrong."""
        found = [(section, [self[tie.control] for tie in ties]) for section, ties in self.parts]
        return [{"section": section, "fields": bound, "is_open": any(one.value() or one.errors for one in bound)} for section, bound in found]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {"revision": data.get("revision"), "ties": {name: ref for name, ref in data.items() if name != "revision" and ref}}


__all__ = ["AboutForm", "TiesForm", "clause_choices"]
