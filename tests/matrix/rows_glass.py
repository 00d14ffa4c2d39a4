"""What the addresses of hand-over and of breaking the glass answer. ``tests/concerns/test_glass.py`` holds them.

asker  asked for access     approver  was asked to approve it (it waits for them)     stranger  everybody else
"""

NONE = "404 404 404"
ROUTES: dict[str, dict[str, str]] = {
    "concerns:hand-over": {"anybody": "200 200 422", "visitor": "login login 401"},
    "concerns:glass-list": {"anybody": "200 200 405", "visitor": "login login 405"},
    "concerns:glass-new": {"member": "200 200 422", "stranger": NONE, "visitor": "login login 401"},
    "concerns:glass": {"approver": "200 200 422", "asker": "200 200 302", "stranger": NONE, "visitor": "login login 401"},
    "concerns:glass-end": {
        "stranger": "405 405 404", "visitor": "405 405 401", "approver": "405 405 302", "asker": "405 405 302",
    },
}  # fmt: skip
