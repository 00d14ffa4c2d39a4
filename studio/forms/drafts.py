"""Forms of the editor: one for any item of any section, and the few about a draft as a whole. They parse; the actions decide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from councils import wording
from councils.protocol import LARGEST_FILE, Protocol
from protocol_portal.widgets import Checkboxes, DatePartsField, Radios
from studio.domain.parts import at, put, shown
from studio.editing.fields import Field, Section
from studio.forms.rows import RowsField, with_kept

UNSET = gettext_lazy("Nothing is said")
FEW = 6
NARROW = {"class": "govuk-input--width-4", "inputmode": "numeric"}
REF = re.compile(r"[,;\n]+")
TITLE_BLOCK = "hdr"


class RevisionForm(forms.Form):
    """Which state of the draft the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)


class ItemForm(RevisionForm):
    """Every field of a section for one of its items. `item()` gives the item with what was typed; the rest stays as it was."""

    def __init__(
        self, data: Any = None, *, section: Section, item: Mapping[str, Any], protocol: Protocol, revision: int, key_choices: Any = None
    ) -> None:
        super().__init__(data, initial={"revision": revision})
        self.section, self.before, self.protocol = section, item, protocol
        if key_choices is not None:
            self.fields["key"] = forms.ChoiceField(label=_("Which one"), choices=[("", ""), *key_choices])
        for field in section.fields:
            made = self._made(field)
            self.fields[field.control] = made

    def _made(self, field: Field) -> forms.Field:
        value = shown(field.kind, at(self.before, field.name))
        common: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": field.required, "initial": value}
        offered = field.choices(self.protocol) if field.choices else []
        if field.kind in ("steps", "tokens"):
            return RowsField(choices=with_kept(offered, value), places=field.places, **common)
        if field.kind == "many":
            if len(offered) > FEW:
                return RowsField(choices=with_kept(offered, value), places=1, **common)
            return forms.MultipleChoiceField(choices=with_kept(offered, value), widget=Checkboxes, **common)
        if field.kind in ("choice", "truth", "token", "role"):
            return self._choice(field, with_kept(offered, [value]), common)
        if field.kind == "yes":
            return forms.BooleanField(**{**common, "required": False})
        if field.kind == "number":
            wrong = dict.fromkeys(("invalid", "min_value", "max_value"), _("Enter a whole number from 1 to 3650"))
            return forms.IntegerField(min_value=1, max_value=3650, widget=forms.TextInput(attrs=NARROW), error_messages=wrong, **common)
        if field.kind == "date":
            return DatePartsField(**{**common, "initial": _day(value)})
        if field.kind == "cites":
            return forms.CharField(max_length=400, **{**common, "initial": ", ".join(_("title block") if ref == TITLE_BLOCK else ref for ref in value)})
        if field.kind == "long":
            return forms.CharField(max_length=field.most, widget=forms.Textarea(attrs={"rows": 3}), **common)
        return forms.CharField(max_length=field.most, **common)

    def _choice(self, field: Field, offered: list[tuple[Any, Any]], common: dict[str, Any]) -> forms.Field:
        grouped = any(isinstance(words, list) for _key, words in offered)
        if grouped or len(offered) > FEW:
            return forms.ChoiceField(choices=[("", ""), *offered], **common)
        return forms.ChoiceField(choices=offered if field.required else [*offered, ("", UNSET)], widget=Radios, **common)

    @property
    def first(self) -> list[Any]:
        """What everybody fills in."""
        more = {field.control for field in self.section.fields if field.is_more}
        return [bound for bound in self if bound.name not in more]

    @property
    def more(self) -> list[Any]:
        """What few fill in."""
        return [self[field.control] for field in self.section.fields if field.is_more]

    @property
    def more_filled(self) -> int:
        """How many of those say something."""
        return sum(bool(bound.value()) for bound in self.more)

    @property
    def more_is_wrong(self) -> bool:
        """Is one of them to be mended?"""
        return any(bound.errors for bound in self.more)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field in self.section.fields:
            if field.kind == "cites" and field.control in data:
                data[field.control] = self._cited(field, data[field.control])
        return data

    def _cited(self, field: Field, typed: str) -> list[str]:
        """The clauses typed. One that isn't there is refused when it is new: what stood there before may be mended later."""
        shown_as = {wording.clause_label(ref, self.protocol).casefold(): ref for ref in self.protocol.clauses} | {_("title block").casefold(): TITLE_BLOCK}
        before = shown("cites", at(self.before, field.name))
        found = []
        for word in filter(None, (part.strip() for part in REF.split(typed or ""))):
            ref = shown_as.get(word.casefold(), word)
            if ref != TITLE_BLOCK and ref not in self.protocol.clauses and ref not in before:
                self.add_error(field.control, _("There is no clause %s. Check its number, or add the clause first.") % word)
            found.append(ref)
        return list(dict.fromkeys(found))

    def item(self) -> Mapping[str, Any]:
        """The item with what was typed."""
        found: Any = self.before
        for field in self.section.fields:
            if field.control in self.cleaned_data:
                value = self.cleaned_data[field.control]
                found = put(found, field.name, field.kind, value.isoformat() if isinstance(value, date) else value)
        return found if isinstance(found, dict) else dict(found)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


class StartForm(forms.Form):
    """What a draft begins with."""

    begins_with = forms.ChoiceField(
        label=gettext_lazy("Begin with"), widget=Radios, error_messages={"required": gettext_lazy("Choose what the draft begins with")}
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Your own document"), required=False, widget=Radios,
        help_text=gettext_lazy("With its clauses, every rule is “not in your protocol” until you tie it to one of them."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, sources: list[tuple[str, Any, Any]], documents: list[tuple[str, Any]], chosen: Any = None) -> None:
        """`chosen` is what a link from elsewhere suggests."""
        first = {"begins_with": sources[0][0]} if sources else {}
        super().__init__(data, initial=first | {name: value for name, value in (chosen or {}).items() if name in ("begins_with", "document")})
        self.fields["begins_with"].choices = [(code, label) for code, label, _hint in sources]
        self.fields["begins_with"].widget.option_hints = {code: hint for code, _label, hint in sources if hint}
        if documents:
            self.fields["document"].choices = [*documents, ("", _("None: keep the clauses that come with it"))]
        else:
            del self.fields["document"]


class ClausesForm(RevisionForm):
    """Which document the clauses come from."""

    document = forms.ChoiceField(label=gettext_lazy("Your own document"), widget=Radios)

    def __init__(self, data: Any = None, *, documents: list[tuple[str, Any]], revision: int, chosen: str = "") -> None:
        super().__init__(data, initial={"revision": revision, "document": chosen})
        self.fields["document"].choices = documents


class BringFileForm(forms.Form):
    """A protocol as a YAML file."""

    file = forms.FileField(
        label=gettext_lazy("Protocol file (YAML)"), allow_empty_file=True, error_messages={"required": gettext_lazy("Choose the file")},
        help_text=gettext_lazy("A file taken from here, or written by the same rules. At most 2 MB."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.pop("file", None)
        if file is not None:
            data |= {"name": file.name, "content": file.read(LARGEST_FILE + 1)}
        return data


class PutForwardForm(RevisionForm):
    """What the new version changes, for the amendment record."""

    what = forms.CharField(
        label=gettext_lazy("What does this version change?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One or two sentences for the amendment record. Everybody at the council reads them. No names of people."),
    )  # fmt: skip


class LabelForm(RevisionForm):
    """What a draft is called while it is written."""

    label = forms.CharField(label=gettext_lazy("Name of the draft"), max_length=200, help_text=gettext_lazy("Only administrators see it."))


class DecisionForm(RevisionForm):
    """What the council decided about one gap, who, when and by which minute."""

    choice = forms.ChoiceField(label=gettext_lazy("What the council decided"), widget=Radios)
    body = forms.CharField(
        label=gettext_lazy("Decided by"), max_length=200, help_text=gettext_lazy("The council or the committee."),
        error_messages={"required": gettext_lazy("Enter the body that decided it")},
    )  # fmt: skip
    decided_on = DatePartsField(label=gettext_lazy("Decided on"), error_name=gettext_lazy("The date of the decision"))
    minute_ref = forms.CharField(label=gettext_lazy("Minute"), max_length=200, help_text=gettext_lazy("The number of the minute that records it."))

    def __init__(self, data: Any = None, *, choices: list[tuple[str, Any]], hints: Mapping[str, Any], initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["choice"].choices = choices
        self.fields["choice"].widget.option_hints = dict(hints)


__all__ = ["BringFileForm", "ClausesForm", "DecisionForm", "ItemForm", "LabelForm", "PutForwardForm", "RevisionForm", "StartForm"]
