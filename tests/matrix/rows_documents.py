"""What the addresses of a file's copies answer: GET, HEAD, POST with an empty form. Who makes copies deals with the case."""

HIDDEN = {"status": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}
ROUTES: dict[str, dict[str, str]] = {
    "concerns:copy": {"handler": "200 200 405", "raiser": "200 200 405", "reads": "200 200 405", **HIDDEN},
    "concerns:copy-new": {
        "handler": "200 200 302", "raiser": "409 409 409", "reads": "409 409 409", "status": "404 404 404", "stranger": "404 404 404",
        "visitor": "login login 401",
    },
}  # fmt: skip
