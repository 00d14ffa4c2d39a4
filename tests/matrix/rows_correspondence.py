"""What the addresses of messages, letters and reports to council answer, by what the person is to the concern.

raiser    raised it; wrote the message         handler   deals with it; the message and the letter are theirs too
reads     reads the concern, has no message    status    in the circle, stage and dates only
outside   reads one other message, no more     subject   the letter is to them       stranger  everybody else
visitor   nobody signed in

The message is marked; the letter was sent; the report is a draft of a concern that isn't before the council now. The cells
by state are in tests/correspondence/.
"""

KINDS = ("raiser", "handler", "reads", "status", "outside", "subject", "stranger", "visitor")
LOOK = {kind: "login login 405" if kind == "visitor" else "404 404 405" for kind in KINDS}
STEP = {kind: "login login 401" if kind == "visitor" else "404 404 404" for kind in KINDS}
SEEN = "200 200 405"
CLOSED = "409 409 409"

ROUTES: dict[str, dict[str, str]] = {
    "correspondence:messages": {**LOOK, "raiser": SEEN, "handler": SEEN, "reads": SEEN, "status": SEEN},
    "correspondence:message-new": {**STEP, "raiser": "200 200 422", "handler": "200 200 422", "reads": "200 200 422"},
    "correspondence:message": {**LOOK, "raiser": "302 302 405", "handler": "302 302 405"},
    "correspondence:message-reply": {**STEP, "raiser": "200 200 422", "handler": "200 200 422"},
    "correspondence:message-copy": {**STEP, "raiser": "200 200 422", "handler": "200 200 422"},
    "correspondence:message-unmark": {**STEP, "raiser": "200 200 302", "handler": "200 200 302"},
    "correspondence:letters": {**LOOK, "raiser": SEEN, "handler": SEEN, "reads": SEEN},
    "correspondence:letter-new": {**STEP, "raiser": CLOSED, "handler": "200 200 422", "reads": CLOSED},
    "correspondence:letter": {**LOOK, "handler": SEEN, "subject": SEEN},
    "correspondence:letter-edit": {**STEP, "handler": CLOSED},
    "correspondence:letter-send": {**STEP, "handler": CLOSED},
    "correspondence:letter-discard": {**STEP, "handler": CLOSED},
    "correspondence:letter-pdf": {**LOOK, "handler": SEEN, "subject": SEEN},
    "correspondence:report": {**LOOK, "raiser": SEEN, "handler": SEEN, "reads": SEEN},
    "correspondence:report-write": {**STEP, "raiser": CLOSED, "handler": CLOSED, "reads": CLOSED},
    "correspondence:report-seal": {**STEP, "raiser": CLOSED, "handler": CLOSED, "reads": CLOSED},
    "correspondence:report-resolution": {**STEP, "raiser": CLOSED, "handler": CLOSED, "reads": CLOSED},
    "correspondence:report-present": {**STEP, "raiser": CLOSED, "handler": CLOSED, "reads": CLOSED},
    "correspondence:report-pdf": {**LOOK},
}
