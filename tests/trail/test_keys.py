"""When the field keys change, second factors change with them: dropping the old key must lock nobody out."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from protocol_portal import checks
from protocol_portal.trail import digest
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


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"PORTAL_BACKUP_KEYS": "FIELD"}, "both in PORTAL_BACKUP_KEYS and in PORTAL_FIELD_KEYS"),
        ({"PORTAL_DIGEST_KEY": "short"}, "PORTAL_DIGEST_KEY isn't a key"),
        ({"PORTAL_DIGEST_TO": "a@example.invalid"}, "PORTAL_DIGEST_TO needs PORTAL_DIGEST_KEY"),
    ],
)
def test_keys_that_cannot_serve_stop_the_start(given: dict[str, str], words: str) -> None:
    field = Fernet.generate_key().decode()
    sound = {"PORTAL_FIELD_KEYS": field, "SECRET_KEY": "".join(chr(33 + n) for n in range(60)), "PORTAL_DIGEST_PUBLIC": digest.new_key()[1]}
    assert checks.secret_problems(sound) == []
    (problem,) = checks.secret_problems({**sound, **{name: field if value == "FIELD" else value for name, value in given.items()}})
    assert words in problem
