"""A start with a missing or weak secret stops, and says what to do."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from protocol_portal import checks
from protocol_portal.embedded import BASE

SOUND_SECRET = "t9Xw2Qv7Lr4Zk8Np3Jh6Bd1Gf5Ms0Yc-Ua_Ei.Oo~Rb!Tn+Wq*Vz=Px"


def sound(**changes: str) -> dict[str, str]:
    """A production environment with nothing wrong, with changes; an empty value removes the variable."""
    environment = {
        "PORTAL_MODE": "production",
        "SECRET_KEY": SOUND_SECRET,
        "PORTAL_FIELD_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": "postgres://portal_app:x@127.0.0.1:1/portal",
        "ALLOWED_HOSTS": "portal.example.gov.uk",
        "PORTAL_URL": "https://portal.example.gov.uk",
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "CACHE_URL": "rediscache://127.0.0.1:1/1",
        "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:1",
        **changes,
    }
    return {name: value for name, value in environment.items() if value}


def problems(environment: dict[str, str]) -> list[str]:
    """What is wrong, as the first word of each problem."""
    return [problem.split()[0] for problem in checks.secret_problems(environment) + checks.production_problems(environment)]


def test_sound_environment_has_no_problem() -> None:
    assert problems(sound()) == []


@pytest.mark.parametrize(
    ("changes", "first_words"),
    [
        ({"SECRET_KEY": ""}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "short"}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "a" * 80}, ["SECRET_KEY"]),
        ({"SECRET_KEY": "django-insecure-" + SOUND_SECRET}, ["SECRET_KEY"]),
        ({"PORTAL_FIELD_KEYS": ""}, ["PORTAL_FIELD_KEYS"]),
        ({"PORTAL_FIELD_KEYS": "not a key"}, ["Key"]),
        ({"PORTAL_FIELD_KEYS": "A" * 43 + "="}, ["Key"]),
        ({"DEBUG": "True"}, ["DEBUG"]),
        ({"DATABASE_URL": ""}, ["DATABASE_URL"]),
        ({"ALLOWED_HOSTS": "*"}, ["ALLOWED_HOSTS"]),
        ({"ALLOWED_HOSTS": ""}, ["ALLOWED_HOSTS"]),
        ({"CELERY_BROKER_URL": "memory://"}, ["CELERY_BROKER_URL"]),
        ({"PORTAL_URL": "http://portal.example.gov.uk"}, ["PORTAL_URL"]),
        ({"EMAIL_URL": ""}, ["EMAIL_URL"]),
        ({"CACHE_URL": ""}, ["CACHE_URL"]),
    ],
)
def test_unsound_environment_names_its_problem(changes: dict[str, str], first_words: list[str]) -> None:
    assert problems(sound(**changes)) == first_words


def test_one_key_for_two_purposes_is_refused() -> None:
    key = Fernet.generate_key().decode()
    assert problems(sound(SECRET_KEY=key + "0123456789", PORTAL_FIELD_KEYS=key)) == ["A"]
    assert problems(sound(SECRET_KEY_FALLBACKS=key, PORTAL_FIELD_KEYS=key)) == ["A"]
    assert problems(sound(PORTAL_FIELD_KEYS=f"{key},{key}")) == ["PORTAL_FIELD_KEYS"]


def run_check(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py check`` in a process that has this environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        cwd=BASE, env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_deployment_check_with_a_sound_environment_is_clean() -> None:
    done = run_check(sound(), "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout, "WARNINGS" in done.stderr) == (0, done.stdout, False), done.stderr


def test_production_without_any_environment_stops_and_names_every_secret() -> None:
    done = run_check({})
    assert done.returncode == 1
    for name in ("SECRET_KEY", "PORTAL_FIELD_KEYS", "DATABASE_URL", "ALLOWED_HOSTS", "CELERY_BROKER_URL", "EMAIL_URL"):
        assert f"{name} is missing" in done.stderr


def test_weak_secret_is_never_quoted() -> None:
    done = run_check(sound(SECRET_KEY="hunter2hunter2"))
    assert done.returncode == 1
    assert "hunter2" not in done.stderr + done.stdout


def test_owner_role_without_its_address_stops() -> None:
    done = run_check(sound(PORTAL_DB_ROLE="owner"))
    assert done.returncode == 1
    assert "DATABASE_OWNER_URL" in done.stderr
