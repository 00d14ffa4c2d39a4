"""What the addresses of reports answer: to the administrator, to the council's own Monitoring Officer, and to everybody else."""

NONE, PRESS = "404 404 404", "405 405 404"
EVERYBODY = ("admin", "officer", "clerk", "councillor", "stranger", "visitor")
LOOK_NONE = {"clerk": "404 404 405", "councillor": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}

ROUTES: dict[str, dict[str, str]] = {
    "reporting:list": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
    "reporting:ask": {
        "admin": "200 200 422", "officer": NONE, "clerk": NONE, "councillor": NONE, "stranger": NONE, "visitor": "login login 401",
    },
    "reporting:report": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
    "reporting:download": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
    "reporting:publish": {"admin": "405 405 302", "officer": PRESS, "clerk": PRESS, "councillor": PRESS, "stranger": PRESS, "visitor": "405 405 401"},
    "reporting:withdraw": {"admin": "405 405 302", "officer": PRESS, "clerk": PRESS, "councillor": PRESS, "stranger": PRESS, "visitor": "405 405 401"},
    # nothing is published; tests/reporting/test_publishing.py reads what is
    "reporting:public": dict.fromkeys(EVERYBODY, "404 404 405"),
    "reporting:public-report": dict.fromkeys(EVERYBODY, "404 404 405"),
    "reporting:public-download": dict.fromkeys(EVERYBODY, "404 404 405"),
}  # fmt: skip
