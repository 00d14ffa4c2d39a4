"""The subject's forms: answer, paper, companion."""

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.fields import Words
from disclosures import wording
from protocol_portal.widgets import Radios


class AnswerForm(forms.Form):
    answer = Words(
        label=_("Your answer"),
        rows=12,
        help_text=_("Whoever deals with it reads it. It can’t be changed once you have sent it."),
        error_messages={"required": _("Write your answer")},
    )


class PaperForm(forms.Form):
    file = forms.FileField(
        label=_("A file"),
        help_text=_("PDF, Word, OpenDocument, Excel, PNG, JPEG or plain text, up to 5 MB. Whoever deals with it can open it."),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file")},
    )


class CompanionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Who is coming with you?"),
        choices=[(kind.value, words) for kind, words in wording.COMPANIONS.items()],
        widget=Radios(),
        error_messages={"required": _("Choose who they are to you")},
    )
    name = forms.CharField(label=_("Their name"), max_length=120, error_messages={"required": _("Give the name of your companion")})
