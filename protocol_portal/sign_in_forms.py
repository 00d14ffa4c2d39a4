"""The few sign-in forms that say more, or bear more, than the library's."""

from __future__ import annotations

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 60
#: What comes of reading an answer that no passkey gave.
NONSENSE = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError, struct.error)


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

    def clean_name(self) -> str:
        """The name, or one that is made for it."""
        return str(super().clean_name())[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError for what no passkey made."""
        if "name" in self.errors or "credential" in self.errors:
            return self.cleaned_data  # the question is asked anew
        try:
            return super().clean()
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class EditPasskeyForm(EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label=_("Name of the passkey"), max_length=LONGEST_NAME)


class _Borne:
    """An answer that no passkey gave is a wrong one."""

    def clean_credential(self) -> Any:
        """Raises ValidationError for it."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class LoginPasskeyForm(_Borne, LoginWebAuthnForm):
    """Signing in with a passkey alone."""


class AuthenticatePasskeyForm(_Borne, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ReauthenticatePasskeyForm(_Borne, ReauthenticateWebAuthnForm):
    """A passkey before something is changed."""
