"""The screens on which a concern is raised, as forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from concerns import wording
from concerns.enums import InformalOver, RedirectReason, SaidInPublic, WiderCircle
from concerns.forms.fields import Files, PeopleField, Words
from councils.models import Person
from protocol_portal.widgets import AutocompleteSelect, DatePartsField, Radios

People = Iterable[tuple[Person, str]]
SHORT_TEXT = 1_000


class CouncilForm(forms.Form):
    """Which of one's councils it is about."""

    page_heading = "council"
    council = forms.ChoiceField(label=_("Which council is this about?"), widget=Radios())

    def __init__(self, *args: Any, councils: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = list(councils)


class WhoForm(forms.Form):
    """Who and what."""

    subjects = PeopleField(
        label=_("Who is it about?"),
        help_text=_("A councillor or officer of this council. Nobody is told by your choosing them."),
        more=_("It's about more than one person"),
        error_messages={"required": _("Choose the person it is about")},
    )
    topic = forms.ChoiceField(
        label=_("What is it about?"), widget=AutocompleteSelect(), error_messages={"required": _("Choose what it is about")}
    )
    happened_on = DatePartsField(
        label=_("When did it happen?"),
        error_name=_("The date it happened"),
        help_text=_("Or the latest time, if it happened more than once. For example, 27 3 2026."),
        required=False,
    )
    said_in_public = forms.ChoiceField(
        label=_("Has this been said in public, at a meeting or on social media?"),
        widget=Radios(),
        error_messages={"required": _("Say whether it has been said in public")},
    )
    where_said = Words(label=_("If so, where and when?"), required=False, rows=2, max_length=SHORT_TEXT)

    def __init__(
        self, *args: Any, people: People, topics: Iterable[tuple[str, str]], today: date, caution: str = "",
        called_meetings: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["subjects"].offer(people)
        self.fields["topic"].choices = [("", _("Choose a topic")), *topics]
        self.fields["happened_on"].latest = today
        said = self.fields["said_in_public"]
        said.choices = [
            (code.value, words)
            for code, words in wording.SAID_IN_PUBLIC.items()
            if called_meetings or code != SaidInPublic.MEETING_FOR_PURPOSE
        ]
        if caution:
            said.help_text = format_html("{}", caution)


class WhereForm(forms.Form):
    """Which of the people offered, and who is connected."""

    chosen_token = forms.ChoiceField(
        label=_("Choose who it goes to"), widget=Radios(), error_messages={"required": _("Choose who it goes to")}
    )
    connected = PeopleField(
        label=_("Who has a connection with somebody in this?"),
        help_text=_("Family, a close friend, business, or part of what happened. They won't receive it. You needn't say why."),
        required=False,
        more=_("Somebody else as well"),
    )

    def __init__(self, *args: Any, ways: Iterable[tuple[str, str, str]], people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(ways)
        self.fields["connected"].offer(people)
        if len(offered) < 2:
            del self.fields["chosen_token"]
            return
        field = self.fields["chosen_token"]
        field.widget = Radios(option_hints={token: hint for token, _label, hint in offered})
        field.choices = [(token, label) for token, label, _hint in offered]


class WritingForm(forms.Form):
    """The concern itself."""

    what_happened = Words(
        label=_("What happened?"),
        help_text=_("What was said or done, when and where, and what it led to. Facts first, in your own words."),
        rows=12,
        error_messages={"required": _("Say what happened")},
    )
    wanted_outcome = Words(label=_("What would put it right?"), required=False, rows=5)
    files = Files(
        label=_("Files that show what happened"),
        help_text=_("PDF, Word, OpenDocument, Excel, picture or plain text. At most 5 MB each, ten in all."),
        required=False,
    )
    witnesses = PeopleField(
        label=_("Did anybody see it?"),
        help_text=_("A witness can't be the one who deals with it. They aren't told."),
        required=False,
        more=_("Another witness"),
    )

    def __init__(self, *args: Any, people: People, finished: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["witnesses"].offer(people)
        self.fields["what_happened"].required = finished


class SendForm(forms.Form):
    """The last answers before it goes."""

    hide_optional = True
    reveals = {"formal": {"yes": ["code_paragraph", "official_capacity"]}}
    revision = forms.IntegerField(widget=forms.HiddenInput(), required=False)
    skip_direct_reason = Words(
        label=_("Is there a reason you can't speak to them first?"),
        help_text=_("Leave empty to start with a private talk. With a reason it goes straight to the next person shown above."),
        required=False,
        rows=3,
        max_length=SHORT_TEXT,
    )
    formal = forms.ChoiceField(
        label=_("Is this a formal written complaint that the councillors' Code of Conduct was broken?"),
        choices=[("no", _("No, I want it settled here if it can be")), ("yes", _("Yes, it is a formal complaint under the Code"))],
        widget=Radios(
            option_hints={
                "yes": _("It leaves this procedure and can't be taken back. The councillor is normally told who complained.")
            }
        ),
        error_messages={"required": _("Say whether it is a formal complaint under the Code")},
    )
    code_paragraph = forms.CharField(
        label=_("Which paragraph of the Code was broken?"), required=False, max_length=200, help_text=_("For example, 3.1 respect.")
    )
    official_capacity = forms.BooleanField(
        label=_("The councillor was acting as a councillor"), required=False, help_text=_("The Code doesn't cover private life.")
    )
    wider_circle = forms.ChoiceField(
        label=_("Before anybody else sees it"),
        widget=Radios(option_hints={code.value: hint for code, (_label, hint) in wording.WIDER_CIRCLE.items()}),
        choices=[(code.value, label) for code, (label, _hint) in wording.WIDER_CIRCLE.items()],
        initial=WiderCircle.ASK_FIRST.value,
        required=False,
    )
    private_confirmed = forms.BooleanField(label=_("I've told the truth about where this has been spoken of"), required=False)
    constructive_confirmed = forms.BooleanField(
        label=_("It is well founded, says what would put it right, and is no personal attack on anyone"), required=False
    )
    kind = forms.ChoiceField(
        label=_("Why no informal step?"),
        choices=[(code.value, words) for code, words in wording.INFORMAL_OVER.items()],
        widget=Radios(),
        required=False,
    )
    reason = Words(label=_("The reason, in your own words"), required=False, rows=4, max_length=5_000)

    def __init__(
        self, *args: Any, ask_formal: bool, ask_direct: bool, kept_private: bool, straight: bool, checks: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if not ask_formal:
            for name in ("formal", "code_paragraph", "official_capacity"):
                del self.fields[name]
        elif straight:
            self.fields["formal"].required = False
        if not ask_direct:
            del self.fields["skip_direct_reason"]
        if kept_private:
            self.fields["private_confirmed"].label = _("I haven't raised this in public, at an open meeting or on social media")
        self.fields["kind"].choices = [pair for pair in self.fields["kind"].choices if pair[0] != InformalOver.FAILED.value]


class ElsewhereForm(forms.Form):
    """Which other channel it belongs to."""

    reason_code = forms.ChoiceField(
        label=_("Where does it belong?"),
        widget=Radios(option_hints={code.value: words for code, (_title, words) in wording.CHANNELS.items()}),
        choices=[(code.value, title) for code, (title, _words) in wording.CHANNELS.items()],
        error_messages={"required": _("Choose where it belongs")},
    )


def channel(reason: str) -> RedirectReason | None:
    """A reason code from an address, or None."""
    return RedirectReason(reason) if reason in list(RedirectReason) else None
