"""What the addresses of requests and questions answer, by what the person is to the request or the question.

owner      wrote it and it is still a draft      requester  asked for the papers
determiner decides it                            refuser    may refuse it
adviser    was asked for advice                  reviewer   reviews the decision
passed     had it and passed it on               stranger   everybody else        visitor  nobody signed in

asker and answerer are the two sides of a question. The steps of each part by state are in tests/information/test_matrix.py.
"""

SEES, DRAFT, NONE = "200 200 405", "200 200 422", "404 404 404"
LOOK_NONE = {"passed": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}
STEP_NONE = {"passed": NONE, "stranger": NONE, "visitor": "login login 401"}
SEATED = ("determiner", "refuser", "adviser", "reviewer")
MINE = {"owner": DRAFT, "requester": "302 302 302", **dict.fromkeys(SEATED, "302 302 302"), **STEP_NONE}
MEMBERS = {"councillor": "any any any", "officer": SEES.replace("405", "200"), "visitor": "login login 401"}
ALL = {"anybody": SEES, "visitor": "login login 405"}

ROUTES: dict[str, dict[str, str]] = {
    "information:list": ALL,
    "information:questions": ALL,
    "information:new": {"councillor": "302 302 302", "officer": "200 200 200", "visitor": "login login 401"},
    "information:new-in": {"councillor": DRAFT, "officer": NONE, "stranger": NONE, "visitor": "login login 401"},
    "information:question-new": {"councillor": "302 302 302", "officer": "302 302 302", "visitor": "login login 401"},
    "information:question-new-in": {"councillor": DRAFT, "officer": DRAFT, "stranger": NONE, "visitor": "login login 401"},
    "information:published": {"councillor": SEES, "officer": SEES, "admin": SEES, "stranger": "404 404 405", "visitor": "login login 405"},
    "information:draft-what": MINE,
    "information:draft-why": {**MINE, "owner": "200 200 302"},
    "information:draft-send": MINE,
    "information:draft-delete": {**MINE, "owner": "200 200 302"},
    "information:page": {"owner": "302 302 405", "requester": SEES, **dict.fromkeys(SEATED, SEES), **LOOK_NONE},
    # an open step; one that isn't open to them answers 409
    "information:do": {"owner": NONE, "requester": DRAFT, **dict.fromkeys(SEATED, DRAFT), **STEP_NONE},
    "information:question": {"asker": SEES, "answerer": SEES, **LOOK_NONE},
    "information:question-do": {"asker": DRAFT, "answerer": DRAFT, **STEP_NONE},
    # agreements on contact and groups' requests; each person is asked in tests/information/test_arrangements.py
    "information:arrangements": ALL,
    "information:arrangement-new": {"councillor": "302 302 302", "officer": "200 200 200", "visitor": "login login 401"},
    "information:arrangement-new-in": {"councillor": DRAFT, "officer": NONE, "stranger": NONE, "visitor": "login login 401"},
    "information:arrangement": {"asker": SEES, "decider": SEES, "officer": SEES, **LOOK_NONE},
    "information:arrangement-do": {"asker": "409 409 409", "decider": DRAFT, "officer": "404 404 404", **STEP_NONE},
}
