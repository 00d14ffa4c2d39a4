"""What the addresses of a document that was brought answer; each person is asked in tests/studio/test_import_pages.py.

admin     the council's administrator        member   its other people
stranger  everybody else                     visitor  nobody signed in
"""

NONE = {"member": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}
LOOK = {"member": "404 404 405", "stranger": "404 404 405", "visitor": "login login 405"}
STEP = {"member": "405 405 404", "stranger": "405 405 404", "visitor": "405 405 401"}

ROUTES: dict[str, dict[str, str]] = {
    "studio:imports": {"admin": "200 200 422", **NONE},
    "studio:import": {"admin": "200 200 405", **LOOK},
    "studio:import-row": {"admin": "200 200 422", **NONE},
    "studio:import-split": {"admin": "200 200 422", **NONE},
    "studio:import-do": {"admin": "405 405 422", **STEP},
    "studio:import-remove": {"admin": "200 200 302", **NONE},
}
