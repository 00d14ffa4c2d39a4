"""What the pictures and the public pages answer. The public ones are the same for everybody, signed in or not.

``anybody``: whoever asks, of a council with a protocol in force; for one without, 404 for all.
"""

ADMIN = {"admin": "200 200 405", "member": "404 404 405", "stranger": "404 404 405", "visitor": "login login 401"}
PUBLIC = {"anybody": "200 200 405"}

ROUTES: dict[str, dict[str, str]] = {
    "studio:picture": ADMIN,
    "studio:picture-draft": {**ADMIN, "admin": "404 404 405"},  # of another council's draft
    "studio:panels": ADMIN,
    "studio:publication": {"admin": "200 200 422", "member": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"},
    "studio:public": PUBLIC,
    "studio:public-paper": PUBLIC,
    "studio:public-notice": PUBLIC,
    "studio:public-notice-paper": PUBLIC,
    "studio:public-register": PUBLIC,
}
