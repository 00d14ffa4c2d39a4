"""The matrix in words: who finds which case, and what each address answers to whom.

Whoever adds an address adds a row here; ``test_routes.py`` fails until then.
"""

from __future__ import annotations

from tests.matrix.rows import ROUTES as ROOM_ROUTES

METHODS = ("get", "head", "post")

# What each person of the world is to the cases; every kind the matrix promises is here at least once.
KINDS = {
    "nobody signed in": ("visitor",),
    "raiser": ("councillor3", "officer2", "councillor4", "leaver", "officer3", "councillor6"),
    "recipient": ("chair", "clerk", "manager"),
    "second recipient": ("manager", "clerk"),
    "handler": ("clerk", "manager", "chair"),
    "subject": ("officer1", "clerk", "chair", "double", "councillor8", "deputy"),
    "deputy of the subject": ("deputy",),
    "clerk who isn't on it": ("clerk",),
    "chair who isn't on it": ("chair",),
    "another councillor": ("councillor1",),
    "ex-councillor": ("former", "leaver"),
    "administrator": ("admin",),
    "operator": ("operator", "superuser"),
    "asked for a panel, stage and dates only": ("councillor2", "councillor3"),
    "panel member with a conflict": ("councillor4", "councillor5"),
    "exception holder, stage and dates only": ("vice",),
    "raiser whose case went to discipline, stage and dates only": ("twoplaces",),
    "outsider of another council": ("outsider",),
    "person with roles in two councils": ("twoplaces",),
    "person who passed it on": ("clerk",),
    "person who withdrew from the circle by declaring a conflict": ("councillor5",),
    "witness": ("witness",),
}

# case: (raiser, who else reads it, who sees stage and dates only). Everybody else finds nothing, ever.
CIRCLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "draft": ("councillor3", (), ()),
    "clerk": ("councillor3", ("chair",), ()),
    "chair": ("officer2", ("clerk", "manager"), ()),
    "acting": ("councillor4", ("chair",), ()),
    "leaver": ("leaver", ("clerk",), ()),
    "double": ("officer3", ("clerk",), ()),
    "grievance": ("officer2", ("clerk", "manager"), ("councillor2", "councillor3")),
    "nobody": ("councillor6", (), ("vice",)),
    "settled": ("councillor7", ("clerk",), ()),
    "referral": ("officer3", ("clerk",), ()),
    "several": ("councillor3", ("chair",), ()),
    "redirected": ("councillor1", (), ()),
    "passed": ("councillor5", ("chair",), ()),
    "discipline": ("", ("clerk",), ("twoplaces",)),
    "running": ("councillor6", ("chair",), ()),
    "withdrawn": ("councillor2", (), ()),
}
RAISERS = {name: circle[0] for name, circle in CIRCLES.items()} | {"discipline": "twoplaces"}

# case: whom it is about. They are in no circle above.
SUBJECTS = {
    "draft": ("officer1",), "clerk": ("clerk",), "chair": ("chair",), "acting": ("clerk",), "leaver": ("officer1",),
    "double": ("double",), "grievance": ("councillor8",), "nobody": ("deputy",), "settled": ("officer1",),
    "referral": ("councillor2",), "several": ("officer1", "manager", "deputy"), "redirected": (), "passed": ("officer3",),
    "discipline": ("officer1",), "running": ("officer2",), "withdrawn": ("officer3",),
}  # fmt: skip

# The steps open to each person of the circle, by case; all others answer "not open to you now" (409).
OPEN: dict[str, dict[str, str]] = {
    "draft": {},
    "clerk": {
        "chair": "accept add_document add_note ask_consent declare_conflict no_handler pass_on redirect straight_to_formal",
        "councillor3": "add_document add_note add_witness straight_to_formal take_up_directly withdraw",
    },
    "chair": {
        "clerk": "accept add_document add_note ask_consent declare_conflict no_handler redirect straight_to_formal",
        "manager": "accept add_document add_note ask_consent declare_conflict no_handler redirect straight_to_formal",
        "officer2": "add_document add_note add_witness formal_code_complaint refer_code straight_to_formal withdraw",
    },
    "acting": {
        "chair": "accept add_document add_note ask_consent declare_conflict no_handler pass_on redirect straight_to_formal",
        "councillor4": "add_document add_note add_witness straight_to_formal take_up_directly withdraw",
    },
    "leaver": {
        "clerk": "accept add_document add_note ask_consent declare_conflict no_handler pass_on redirect straight_to_formal",
        "leaver": "add_document add_note add_witness straight_to_formal withdraw",
    },
    "double": {
        "clerk": "accept add_document add_note ask_consent declare_conflict no_handler redirect straight_to_formal",
        "officer3": "add_document add_note add_witness formal_code_complaint refer_code straight_to_formal withdraw",
    },
    "grievance": {
        "clerk": "add_document add_note add_witness ask_consent declare_conflict hand_over hold no_handler refer_code tell_subject",
        "manager": "add_document add_note add_witness ask_consent declare_conflict hand_over hold no_handler refer_code tell_subject",
        "officer2": "add_document add_note add_witness formal_code_complaint refer_code withdraw",
        "councillor2": "declare_conflict",
        "councillor3": "declare_conflict",
    },
    "nobody": {"vice": "assign declare_conflict", "councillor6": "add_document add_note add_witness withdraw"},
    "settled": {"clerk": "reopen", "councillor7": "reopen"},
    "referral": {
        "clerk": "add_document add_note add_witness ask_consent close_no_action declare_conflict hand_over hold tell_subject",
        "officer3": "add_document add_note add_witness",
    },
    "several": {
        "chair": "accept add_document add_note ask_consent declare_conflict no_handler pass_on redirect straight_to_formal",
        "councillor3": "add_document add_note add_witness straight_to_formal withdraw",
    },
    "redirected": {"councillor1": ""},
    "passed": {
        "chair": "accept add_document add_note ask_consent declare_conflict no_handler pass_on redirect straight_to_formal",
        "councillor5": "add_document add_note add_witness straight_to_formal withdraw",
    },
    "discipline": {
        "clerk": "add_document add_note add_witness ask_consent declare_conflict hand_over hold record_outcome",
        "twoplaces": "",
    },
    "running": {
        "chair": "add_document add_note declare_conflict hand_over no_handler release",
        "councillor6": "add_document add_note answer_consent withdraw",
    },
    "withdrawn": {"councillor2": "reopen"},
}
# An open step that asks for nothing is done by an empty form (302); every other one asks again (422).
DONE_WHEN_EMPTY = {"accept", "declare_conflict", "release", "take_up_directly", "withdraw"}

# Addresses of one case. What they answer to GET, HEAD and POST (an empty form), by what the person is to the case:
#   owner    raised it and it is still a draft        raiser   raised it and reads it
#   reads    in the circle, reads it                  status   in the circle, stage and dates only (the raiser or not)
#   stranger everybody else                           visitor  nobody signed in
# 302 goes to the page of the case or the next screen; "login" to sign in, with the way back; 401 gives back what was typed.
DRAFT = {"raiser": "302 302 302", "reads": "302 302 302", "status": "302 302 302", "stranger": "404 404 404", "visitor": "login login 401"}
CASE_ROUTES: dict[str, dict[str, str]] = {
    "concerns:page": {
        "owner": "302 302 405", "raiser": "200 200 405", "reads": "200 200 405", "status": "200 200 405",
        "stranger": "404 404 405", "visitor": "login login 405",
    },
    "concerns:circle": {
        "owner": "200 200 405", "raiser": "200 200 405", "reads": "200 200 405", "status": "200 200 405",
        "stranger": "404 404 405", "visitor": "login login 405",
    },
    "concerns:sent": {
        "owner": "302 302 405", "raiser": "200 200 405", "reads": "302 302 405", "status": "302 302 405",
        "stranger": "404 404 405", "visitor": "login login 405",
    },
    "concerns:document": {
        "owner": "200 200 405", "raiser": "200 200 405", "reads": "200 200 405", "status": "404 404 405",
        "stranger": "404 404 405", "visitor": "login login 405",
    },
    "concerns:draft-who": {"owner": "200 200 422", **DRAFT},
    "concerns:draft-where": {"owner": "200 200 422", **DRAFT},
    "concerns:draft-writing": {"owner": "200 200 422", **DRAFT},
    "concerns:draft-check": {"owner": "200 200 422", **DRAFT},
    "concerns:draft-elsewhere": {"owner": "200 200 422", **DRAFT},
    "concerns:draft-delete": {"owner": "200 200 302", **DRAFT},
    "concerns:draft-file-remove": {
        "owner": "405 405 302", "raiser": "405 405 302", "reads": "405 405 302", "status": "405 405 302",
        "stranger": "405 405 404", "visitor": "405 405 401",
    },
}  # fmt: skip
# Where a case differs from the row above: its raiser sees stage and dates only, or its papers are gone.
DIFFERS = {
    ("discipline", "concerns:sent", "twoplaces"): "200 200 405",
    ("redirected", "concerns:document", "councillor1"): "404 404 405",
}
STEP_ROUTE = "concerns:do"  # by OPEN

# Addresses of a council, for: its administrator, its other people, and everybody else (ended posts, other councils,
# operators). A visitor is sent to sign in. A form that reads only asks again (422) or is done (302).
READS, ADMIN = "200 200 405", "200 200 422"
COUNCIL_ROUTES: dict[str, tuple[str, str, str]] = {
    "councils:council": (READS, READS, "404 404 405"),
    "councils:protocol": (READS, READS, "404 404 405"),
    "councils:protocol-versions": (READS, READS, "404 404 405"),
    "councils:protocol-version": (READS, READS, "404 404 405"),
    "councils:protocol-approve": ("404 404 404", "404 404 404", "404 404 404"),  # the version in force is past that
    "councils:protocol-force": ("404 404 404", "404 404 404", "404 404 404"),
    "councils:review": (READS, READS, "404 404 405"),
    "councils:review-open": (ADMIN, "404 404 404", "404 404 404"),
    "councils:review-conclude": ("404 404 404", "404 404 404", "404 404 404"),  # none is open
    "councils:review-date": (ADMIN, "404 404 404", "404 404 404"),
    "councils:review-occasion": (ADMIN, "404 404 404", "404 404 404"),
    "councils:occasion-withdraw": ("404 404 404", "404 404 404", "404 404 404"),  # one that isn't there any more
    "councils:people": (READS, READS, "404 404 405"),
    "councils:person": (READS, READS, "404 404 405"),
    "councils:person-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:reporting-line": (ADMIN, "404 404 404", "404 404 404"),
    "councils:appointment-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:appointment-end": (ADMIN, "404 404 404", "404 404 404"),
    "councils:bodies": (READS, READS, "404 404 405"),
    "councils:body-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:body-member": (ADMIN, "404 404 404", "404 404 404"),
    "councils:body-member-end": (ADMIN, "404 404 404", "404 404 404"),
    "councils:external-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:external-officer-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:external-officer-end": (ADMIN, "404 404 404", "404 404 404"),
    "councils:absences": (READS, READS, "404 404 405"),
    "councils:absence-book": (ADMIN, ADMIN, "404 404 404"),  # everybody may book their own
    "councils:absence-end": ("404 404 404", "404 404 404", "404 404 404"),  # one that isn't there any more
    "councils:absence-cancel": ("404 404 404", "404 404 404", "404 404 404"),
    "councils:election": (ADMIN, "404 404 404", "404 404 404"),
    "councils:closures": (READS, READS, "404 404 405"),
    "councils:closure-add": (ADMIN, "404 404 404", "404 404 404"),
    "councils:closure-remove": ("404 404 404", "404 404 404", "404 404 404"),  # one that isn't there any more
    "councils:relationships": (READS, READS, "404 404 405"),
    "councils:relationship-add": (ADMIN, ADMIN, "404 404 404"),  # everybody may disclose their own
    "councils:relationship-end": (ADMIN, "404 404 404", "404 404 404"),  # the two people may too; the row asked for is others'
    "concerns:new-in": (ADMIN, ADMIN, "404 404 404"),  # but for an administrator without a side
}
# Addresses without a case and without a council: signed in (whoever it is), and a visitor.
PLAIN_ROUTES: dict[str, tuple[str, str]] = {
    "concerns:home": ("200 200 405", "login login 405"),
    "concerns:list": ("200 200 405", "login login 405"),
    "concerns:new": ("any any any", "login login 401"),  # on to one's council, a choice, or why not
    "councils:switch": ("any any any", "any any any"),
    "councils:account": ("200 200 any", "login login any"),
    "councils:sign-ins": ("200 200 302", "login login login"),
    "councils:language": ("302 302 405", "302 302 405"),
    "councils:reviews": ("200 200 405", "login login 405"),
    "healthz": ("200 200 405", "200 200 405"),
    "accessibility": ("200 200 405", "200 200 405"),
    "privacy": ("200 200 405", "200 200 405"),
}
# The library's own addresses. Nothing of a case is ever on them; the answers are the library's (below 500).
ACCOUNT_ROUTES = {
    "account_login", "account_logout", "account_signup", "account_email", "account_inactive", "account_reauthenticate",
    "account_change_password", "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_index", "mfa_authenticate",
    "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_list_webauthn", "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
    "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "socialaccount_signup", "socialaccount_connections",
}  # fmt: skip


def kind_of(who: str, case: str) -> str:
    """What ``who`` is to ``case``: a column of CASE_ROUTES."""
    raiser, readers, status = CIRCLES[case]
    if who == "visitor":
        return "visitor"
    if who == raiser:
        return "owner" if case == "draft" else "raiser"
    if who in readers:
        return "reads"
    return "status" if who in status else "stranger"


def expected(who: str, case: str, route: str) -> list[str]:
    """The three answers of an address of a case."""
    return DIFFERS.get((case, route, who), CASE_ROUTES[route][kind_of(who, case)]).split()


def all_routes() -> set[str]:
    """Every address that has a row."""
    return {*CASE_ROUTES, STEP_ROUTE, *COUNCIL_ROUTES, *PLAIN_ROUTES, *ACCOUNT_ROUTES, *ROOM_ROUTES}
