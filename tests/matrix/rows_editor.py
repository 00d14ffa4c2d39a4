"""What the addresses of the editor answer: the council's administrator works there, nobody else is told that it is there.

Every row is held in tests/studio/test_editor_pages.py, with every kind of person and method.
"""

NONE = {"member": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}
LOOK = {"member": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}
POST = {"member": "405 405 404", "stranger": "405 405 404", "visitor": "405 405 401"}
SEES = {"admin": "200 200 405", **LOOK}
FORM = {"admin": "200 200 422", **NONE}

ROUTES: dict[str, dict[str, str]] = {
    "studio:overview": SEES,
    "studio:draft-start": FORM,
    "studio:draft-file": FORM,
    "studio:decisions": SEES,
    "studio:record": SEES,
    "studio:version-differences": SEES,
    "studio:version-export": SEES,
    "studio:draft": SEES,
    "studio:draft-differences": SEES,
    "studio:draft-export": SEES,
    "studio:draft-section": SEES,
    "studio:draft-name": FORM,
    "studio:draft-clauses": FORM,
    "studio:draft-about": {"admin": "404 404 404", **NONE},  # of a draft without a document
    "studio:draft-ties": FORM,
    "studio:draft-put-forward": FORM,
    "studio:draft-discard": FORM,
    "studio:draft-reopen": {"admin": "404 404 404", **NONE},  # of a draft that wasn't put forward
    "studio:decision": FORM,
    "studio:draft-item": FORM,
    "studio:draft-item-remove": FORM,
    "studio:draft-item-move": {"admin": "405 405 302", **POST},
}
