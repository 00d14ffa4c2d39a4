"""Addresses of a grievance. What each answers to GET, HEAD and POST (an empty form), by what the person is to it.

``convener`` here reads the concern too (is its handler); ``candidate`` was asked and hasn't declared; a page's form asks
again (422); a step that isn't open now is refused (409).
"""

PARTS = {"convener": "200 200 405", "reads": "200 200 405", "raiser": "200 200 405", "candidate": "200 200 405"}
OUT = {"stranger": "404 404 405", "visitor": "login login 405"}
ROUTES: dict[str, dict[str, str]] = {
    "grievances:page": {**PARTS, **OUT},
    "grievances:do": {  # by step and part: tests/grievances/test_matrix.py
        "convener": "any any any", "reads": "409 409 409", "raiser": "409 409 409", "candidate": "any any any", "stranger": "404 404 404",
        "visitor": "login login 401",
    },
    "grievances:support": {
        "convener": "200 200 422", "reads": "200 200 422", "raiser": "200 200 422", "candidate": "409 409 409", "stranger": "404 404 404",
        "visitor": "login login 401",
    },
    "grievances:flag": {
        "told": "200 200 422", "convener": "404 404 404", "reads": "404 404 404", "raiser": "404 404 404", "candidate": "404 404 404",
        "stranger": "404 404 404", "visitor": "login login 401",
    },
}  # fmt: skip
