"""What the addresses of dates and targets answer, by what the person is to the concern or the council.

handler deals with the concern   raiser raised it   status sees its stage and dates only   subject, stranger see nothing of it
admin keeps the council's people and protocol   member has another post there   outsider has none
"""

CASE_NONE = {"subject": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}

ROUTES: dict[str, dict[str, str]] = {
    "clocks:due": {"handler": "200 200 405", "raiser": "200 200 405", "subject": "200 200 405", "admin": "200 200 405", "visitor": "login login 405"},
    "clocks:concern": {"handler": "200 200 405", "raiser": "200 200 405", **CASE_NONE},
    "clocks:extend": {
        "handler": "200 200 422", "raiser": "409 409 409", "subject": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401",
    },
    "clocks:targets": {"admin": "200 200 405", "member": "200 200 405", "outsider": "404 404 405", "visitor": "login login 405"},
    "clocks:target": {"admin": "200 200 302", "member": "404 404 404", "outsider": "404 404 404", "visitor": "login login 401"},
}  # fmt: skip
