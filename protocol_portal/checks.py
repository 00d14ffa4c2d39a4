"""What must be true of the environment before the portal starts."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

MODES = ("production", "demo", "test")
SHORTEST = 50
SECOND_FACTOR = {
    **dict.fromkeys(("everybody", "on", "true", "yes", "1"), "everybody"),
    "in_charge": "in_charge",
    **dict.fromkeys(("nobody", "off", "false", "no", "0"), "nobody"),
}
OIDC = ("PORTAL_OIDC_ISSUER", "PORTAL_OIDC_CLIENT_ID", "PORTAL_OIDC_CLIENT_SECRET")
#: Addresses of Microsoft's that stand for everybody's directory: anybody could make one with a councillor's address in it.
ANYBODYS = ("/common", "/organizations", "/consumers")
SHORTEST_TOKEN = 20
GENERATE_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(64))'"  # noqa: S105 (a command, not a secret)
GENERATE_FIELD_KEY = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"


def _listed(environment: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in environment.get(name, "").split(",") if part.strip()]


def secret_problems(environment: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the secrets in ``environment``, each with its mend; empty when they are sound."""
    problems = []
    secret = environment.get("SECRET_KEY", "")
    if not secret:
        problems.append(f"SECRET_KEY is missing. Make one with: {GENERATE_SECRET}")
    elif len(secret) < SHORTEST or len(set(secret)) < 10 or "insecure" in secret.lower() or "change" in secret.lower():
        problems.append(f"SECRET_KEY is weak (at least {SHORTEST} random characters). Make one with: {GENERATE_SECRET}")
    keys = _listed(environment, "PORTAL_FIELD_KEYS")
    if not keys:
        problems.append(f"PORTAL_FIELD_KEYS is missing. Make a key with: {GENERATE_FIELD_KEY}")
    for position, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            problems.append(f"Key {position} of PORTAL_FIELD_KEYS is not a Fernet key. Make one with: {GENERATE_FIELD_KEY}")
            continue
        if len(set(key)) < 10:
            problems.append(f"Key {position} of PORTAL_FIELD_KEYS is weak. Make one with: {GENERATE_FIELD_KEY}")
    if len(set(keys)) != len(keys):
        problems.append("PORTAL_FIELD_KEYS names the same key twice. List each key once, newest first.")
    secrets = {secret, *_listed(environment, "SECRET_KEY_FALLBACKS")}
    if any(key in secrets or (secret and key in secret) for key in keys):
        problems.append("A key is used both as SECRET_KEY and in PORTAL_FIELD_KEYS. Give each its own.")
    if set(keys) & set(_listed(environment, "PORTAL_BACKUP_KEYS")):
        problems.append("A key is used both in PORTAL_BACKUP_KEYS and in PORTAL_FIELD_KEYS. Give each its own.")
    for name in ("PORTAL_DIGEST_KEY", "PORTAL_DIGEST_PUBLIC"):
        if environment.get(name) and not _sound_digest_key(environment[name]):
            problems.append(f"{name} isn't a key. Make a pair with: python manage.py trail_digest --new-key")
    if environment.get("PORTAL_DIGEST_TO") and not environment.get("PORTAL_DIGEST_KEY"):
        problems.append("PORTAL_DIGEST_TO needs PORTAL_DIGEST_KEY. Make a pair with: python manage.py trail_digest --new-key")
    return problems


def _sound_digest_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == 32
    except ValueError:
        return False


def second_factor_of(words: str) -> str:
    """Takes PORTAL_REQUIRE_MFA; returns everybody, in_charge or nobody; the strictest for what isn't understood."""
    return SECOND_FACTOR.get(words.strip().lower(), "everybody")


def sign_in_problems(environment: Mapping[str, str], *, production: bool) -> list[str]:
    """Return what is wrong with how people sign in, each with its mend."""
    problems = []
    words = environment.get("PORTAL_REQUIRE_MFA", "everybody").strip().lower()
    if words not in SECOND_FACTOR:
        problems.append("PORTAL_REQUIRE_MFA must be everybody, in_charge or nobody.")
    elif production and SECOND_FACTOR[words] == "nobody":
        problems.append("PORTAL_REQUIRE_MFA can't be nobody: who deals with concerns needs a second factor. Use everybody or in_charge.")
    given = [name for name in OIDC if environment.get(name, "").strip()]
    if given and len(given) < len(OIDC):
        problems.append(f"Sign-in with the council's directory needs all of {', '.join(OIDC)}. Missing: {', '.join(sorted(set(OIDC) - set(given)))}.")
    issuer = environment.get("PORTAL_OIDC_ISSUER", "").strip()
    if issuer and not issuer.startswith("https://" if production else ("https://", "http://")):
        problems.append("PORTAL_OIDC_ISSUER must begin with https://.")
    if any(part in f"{issuer}/" for part in (f"{part}/" for part in ANYBODYS)):
        problems.append("PORTAL_OIDC_ISSUER must be your own directory's address (with its tenant id), not one for everybody's.")
    return problems


def production_problems(environment: Mapping[str, str]) -> list[str]:
    """Return what else stops a production start, each with its mend."""
    problems = []
    if environment.get("DEBUG", "").strip().lower() in ("1", "true", "yes", "on", "y", "t"):
        problems.append("DEBUG is on. Remove it: error pages with details would show case content.")
    for name, example in (
        ("DATABASE_URL", "postgres://portal_app:...@db:5432/portal"),
        ("ALLOWED_HOSTS", "portal.example.gov.uk"),
        ("PORTAL_URL", "https://portal.example.gov.uk"),
        ("CELERY_BROKER_URL", "redis://redis:6379/0"),
        ("CACHE_URL", "rediscache://redis:6379/1"),
        ("EMAIL_URL", "smtp+tls://user:password@mail:587"),
    ):
        if not environment.get(name) and not (name == "DATABASE_URL" and environment.get("PORTAL_DB_ROLE") == "owner"):
            problems.append(f"{name} is missing. For example: {name}={example}")
    if "*" in _listed(environment, "ALLOWED_HOSTS"):
        problems.append("ALLOWED_HOSTS contains '*'. Name the hosts that the portal answers for.")
    if environment.get("CELERY_BROKER_URL", "").startswith("memory:"):
        problems.append("CELERY_BROKER_URL is memory://, which is for the demo only. Give it a Redis URL.")
    if environment.get("PORTAL_URL", "https://").startswith("http://"):
        problems.append("PORTAL_URL must begin with https://.")
    return problems


def _sound_scanner(address: str) -> bool:
    """Whether ``address`` is empty, a path, or a host and a port."""
    if not address or address.startswith("/"):
        return True
    host, _colon, port = address.rpartition(":")
    return bool(host) and "/" not in host and port.isdecimal() and 0 < int(port) < 65536


def require_sound_environment(environment: Mapping[str, str]) -> None:
    """Stop the start unless the environment is sound.

    Raises ImproperlyConfigured naming every problem and its mend; never a secret's value.
    """
    mode = environment.get("PORTAL_MODE", "production")
    problems = [] if mode in MODES else [f"PORTAL_MODE must be one of {', '.join(MODES)}."]
    problems += secret_problems(environment)
    if not _sound_scanner(environment.get("PORTAL_CLAMAV", "")):
        problems.append("PORTAL_CLAMAV must be host:port or the path of a Unix socket. For example: PORTAL_CLAMAV=clamav:3310")
    if environment.get("PORTAL_DEADMAN_URL", "") and not environment["PORTAL_DEADMAN_URL"].startswith(("https://", "http://")):
        problems.append("PORTAL_DEADMAN_URL must begin with https:// or http://.")
    if 0 < len(environment.get("PORTAL_METRICS_TOKEN", "")) < SHORTEST_TOKEN:
        problems.append(f"PORTAL_METRICS_TOKEN is weak (at least {SHORTEST_TOKEN} characters). Make one with: {GENERATE_SECRET}")
    problems += sign_in_problems(environment, production=mode == "production")
    role = environment.get("PORTAL_DB_ROLE", "app")
    if role not in ("app", "owner"):
        problems.append("PORTAL_DB_ROLE must be app or owner.")
    elif role == "owner" and not environment.get("DATABASE_OWNER_URL"):
        problems.append("PORTAL_DB_ROLE=owner needs DATABASE_OWNER_URL.")
    if mode == "production":
        problems += production_problems(environment)
    if problems:
        raise ImproperlyConfigured("The portal can't start:\n" + "\n".join(f"  - {problem}" for problem in problems))
