"""The environment that tests and checks run in.

Loaded by pytest before Django's settings (see ``addopts``); ``python -m tests.environment COMMAND …`` runs any command in it.
Secrets are made for the run; nothing here is worth keeping.
"""

import os
import secrets
import sys

RUN = os.environ.setdefault("PORTAL_TEST_RUN", str(os.getpid()))
# Empty: every run is the same. See tests.seeds.
SEEDS = os.environ.get("PORTAL_SEEDS", "")
if SEEDS == "random":
    SEEDS = os.environ["PORTAL_SEEDS"] = secrets.token_hex(4)
if not SEEDS:
    os.environ.setdefault("PYTHONHASHSEED", "0")  # for the workers: sets are walked in the same order
os.environ["PORTAL_MODE"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "protocol_portal.settings"
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(64))
if "PORTAL_FIELD_KEYS" not in os.environ:
    import base64

    os.environ["PORTAL_FIELD_KEYS"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
# The real address is set once the test cluster runs; until then nothing answers here.
os.environ.setdefault("DATABASE_URL", "postgres://portal_app:none@127.0.0.1:1/none")
os.environ.setdefault("DATABASE_OWNER_URL", "postgres://portal_owner:none@127.0.0.1:1/none")
# Playwright's synchronous interface keeps an event loop in the thread that also talks to the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from protocol_portal.compile_messages import compile_all  # noqa: E402 (before the settings look for what it makes)

compile_all()

if __name__ == "__main__":
    os.execvp(sys.argv[1], sys.argv[1:])
