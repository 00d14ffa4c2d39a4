"""When the field keys change, second factors change with them: dropping the old key must lock nobody out."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from tests.factories.councils import Town

COUNCILS = ("yateley",)


def test_second_factors_work_after_the_old_key_is_gone(yateley: Town, settings: Any) -> None:
    app = Authenticator.objects.create(user=yateley["clerk"], type="totp", data={"secret": encrypt("SECRET")})
    codes = Authenticator.objects.create(
        user=yateley["clerk"], type="recovery_codes", data={"migrated_codes": [encrypt("one"), encrypt("two")], "used_mask": 1}
    )
    new = Fernet.generate_key().decode()
    settings.PORTAL_FIELD_KEYS = [new, *settings.PORTAL_FIELD_KEYS]
    said = StringIO()
    call_command("rotate_field_keys", stdout=said)
    assert "mfa_authenticator: 2 rows" in said.getvalue()
    settings.PORTAL_FIELD_KEYS = [new]
    app.refresh_from_db()
    codes.refresh_from_db()
    assert decrypt(app.data["secret"]) == "SECRET"
    assert [decrypt(code) for code in codes.data["migrated_codes"]] == ["one", "two"]
    assert codes.data["used_mask"] == 1


def test_a_second_factor_of_an_unknown_key_stops_the_rotation(yateley: Town, settings: Any) -> None:
    Authenticator.objects.create(user=yateley["clerk"], type="totp", data={"secret": encrypt("SECRET")})
    settings.PORTAL_FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="Put the key it was written with back into the list"):
        call_command("rotate_field_keys", stdout=StringIO())
