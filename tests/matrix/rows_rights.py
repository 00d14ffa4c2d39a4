"""What the addresses of data rights answer; each person is asked in tests/rights/test_doors.py.

admin     administers the council's set-up     keeper    keeps its records, with a seat on the matter
party     keeps its records and is a party: passed over unseen
own       asked, complained or reported        member    has another post there
handler   deals with the concern               stranger  everybody else        visitor  nobody signed in
"""

NONE, LOOK, FORM = "404 404 404", "200 200 405", "200 200 422"
LOOK_NONE = "404 404 405"
OUT = {"stranger": NONE, "visitor": "login login 401"}
OUT_LOOK = {"stranger": LOOK_NONE, "visitor": "login login 405"}
MEMBERS = {"admin": LOOK, "keeper": LOOK, "member": LOOK, **OUT_LOOK}
STEP = {"admin": NONE, "party": NONE, "member": NONE, **OUT}
ADMIN = {"admin": FORM, "keeper": NONE, "member": NONE, "stranger": NONE, "visitor": "login login 401"}
ROW = {"keeper": LOOK, "admin": LOOK_NONE, "party": LOOK_NONE, "member": LOOK_NONE, **OUT_LOOK}

ROUTES: dict[str, dict[str, str]] = {
    "rights:council": MEMBERS,
    "rights:register": MEMBERS,
    "rights:keeper-add": ADMIN,
    "rights:keeper-end": {**ADMIN, "admin": "200 200 302"},
    "rights:retention": ADMIN,
    "rights:council-hold": {"keeper": FORM, "admin": NONE, "member": NONE, "stranger": NONE, "visitor": "login login 401"},
    "rights:breach-new": {"admin": FORM, "keeper": FORM, "member": FORM, **OUT},
    "rights:access-new": {"admin": "200 200 302", "keeper": "200 200 302", "member": "200 200 302", **OUT},
    "rights:complaint-new": {"anybody": FORM},
    "rights:concern-hold": {"handler": FORM, "own": NONE, "member": NONE, **OUT},
    "rights:disposal": ROW,
    "rights:disposal-do": {**STEP, "keeper": FORM},
    "rights:access": {**ROW, "own": LOOK},
    "rights:access-do": {**STEP, "keeper": FORM, "own": "409 409 409"},  # a keeper's step
    "rights:access-item": {**STEP, "keeper": FORM, "own": NONE},
    "rights:access-item-file": {**ROW, "own": LOOK_NONE},
    "rights:access-fetch": {**ROW, "keeper": LOOK_NONE, "own": LOOK},
    "rights:complaint": {**ROW, "own": LOOK},
    "rights:complaint-do": {**STEP, "keeper": FORM, "own": "409 409 409"},
    "rights:breach": {**ROW, "own": LOOK},
    "rights:breach-do": {**STEP, "keeper": FORM, "own": "409 409 409"},
}
