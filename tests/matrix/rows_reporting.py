"""What the addresses of reports answer: to the administrator, to the council's own Monitoring Officer, and to everybody else."""

NONE = "404 404 404"
LOOK_NONE = {"clerk": "404 404 405", "councillor": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}

ROUTES: dict[str, dict[str, str]] = {
    "reporting:list": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
    "reporting:ask": {
        "admin": "200 200 422", "officer": NONE, "clerk": NONE, "councillor": NONE, "stranger": NONE, "visitor": "login login 401",
    },
    "reporting:report": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
    "reporting:download": {"admin": "200 200 405", "officer": "200 200 405", **LOOK_NONE},
}  # fmt: skip
