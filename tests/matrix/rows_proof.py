"""What the pages of the linter, the rehearsal and "what if" answer; each person is asked in tests/studio/test_proof.py."""

OTHERS = {"member": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}
ASKED = {"member": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}

ROUTES: dict[str, dict[str, str]] = {
    "studio:check": {"admin": "200 200 405", **OTHERS},
    "studio:check-draft": {"admin": "200 200 405", **OTHERS},
    "studio:rehearsal": {"admin": "200 200 302", **ASKED},
    "studio:rehearsal-draft": {"admin": "200 200 405", **OTHERS},
    "studio:what-if": {"admin": "200 200 422", **ASKED},
    "studio:what-if-draft": {"admin": "200 200 422", **ASKED},
}
