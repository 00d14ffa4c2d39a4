"""What the addresses of reminders and calendars answer, by what the person is to the council.

admin keeps the council's people and protocol   member has another post there   stranger has none
holder asks with a calendar's address, signed in or not; guesser with another; anybody is whoever is signed in
"""

OWN = {"visitor": "login login 401"}
OTHERS = {"member": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}

ROUTES: dict[str, dict[str, str]] = {
    "clocks:mine": {"anybody": "200 200 422", **OWN},
    "clocks:calendar-on": {"anybody": "200 200 200", **OWN},
    "clocks:calendar-off": {"anybody": "200 200 302", **OWN},
    "clocks:calendar": {"holder": "200 200 405", "guesser": "404 404 405"},
    "clocks:habits": {"admin": "200 200 405", "member": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"},
    "clocks:habit": {"admin": "200 200 302", **OTHERS},
    "clocks:habit-hours": {"admin": "200 200 422", **OTHERS},
    "clocks:habit-reset": {"admin": "405 405 302", "member": "405 405 404", "stranger": "405 405 404", "visitor": "405 405 401"},
}
