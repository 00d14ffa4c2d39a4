"""What the addresses of a council's set-up and of a list of people answer; each person is asked in tests/studio/test_setup_doors.py.

owner     was invited to set the council up         operator  an operator of the portal
admin     the council's administrator               stranger  everybody else        visitor  nobody signed in
"""

NONE = "404 404 404"
LOGIN = {"stranger": NONE, "visitor": "login login 401"}
LOOK = {"owner": "200 200 405", "operator": "200 200 405", "stranger": "404 404 405", "visitor": "login login 405"}
STEP = {"owner": "200 200 422", "operator": "200 200 422", **LOGIN}

ROUTES: dict[str, dict[str, str]] = {
    "studio:set-ups": {"owner": "302 302 405", "operator": "200 200 405", "stranger": "404 404 405", "visitor": "login login 405"},
    "studio:set-up-invite": {"operator": "200 200 422", "owner": NONE, **LOGIN},
    "studio:set-up": LOOK,
    "studio:set-up-council": STEP,
    "studio:set-up-people": LOOK,
    "studio:set-up-protocol": STEP,
    "studio:set-up-who": {**STEP, "owner": "200 200 302", "operator": "200 200 302"},
    "studio:set-up-rehearsal": STEP,
    "studio:set-up-adoption": {**LOGIN, "owner": "302 302 302", "operator": "302 302 302"},  # before the rehearsal was looked at
    "studio:set-up-ask": {**LOGIN, "owner": "302 302 302", "operator": "302 302 302"},  # before a protocol is in force
    "studio:people-import": {"admin": "200 200 422", **LOGIN},
    "studio:people-import-template": {"admin": "200 200 405", "stranger": "404 404 405", "visitor": "login login 405"},
}
