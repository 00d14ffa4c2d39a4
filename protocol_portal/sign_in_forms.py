"""The few sign-in forms that say more than the library's."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60


class AddPasskeyForm(AddWebAuthnForm):
    """A passkey to be made: its name, and whether it opens the account by itself."""

    passwordless = forms.BooleanField(
        label=_("Let this passkey sign me in by itself, without my password"),
        help_text=_("The device then asks for your fingerprint, face or PIN each time."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("A name for it"), help_text=_("So that you know it again, such as “Work laptop”."), max_length=LONGEST_NAME, required=False
        )
        self.order_fields(["name", "passwordless", "credential"])


class RenamePasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=LONGEST_NAME)
