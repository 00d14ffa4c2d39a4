"""What the addresses of delivery and operations answer. ``tests/concerns/test_delivery.py`` and ``tests/operations`` hold them.

deals  deals with the concern      raiser    raised it       stranger  everybody else
operator  runs the portal          machine   brings the token of the metrics
"""

LIST = "200 200 405"
ROUTES: dict[str, dict[str, str]] = {
    "concerns:undelivered": {"anybody": LIST, "visitor": "login login 405"},
    "concerns:settle": {"deals": "405 405 302", "raiser": "405 405 404", "stranger": "405 405 404", "visitor": "405 405 401"},
    "operations:page": {"operator": LIST, "anybody": "404 404 405", "visitor": "login login 405"},
    "operations:metrics": {"machine": LIST, "anybody": "404 404 405", "visitor": "404 404 405"},
}
