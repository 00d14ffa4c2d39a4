"""What the addresses of the subject's side answer, by what the person is to the concern and to the disclosure.

told      it was disclosed to them          told_ex   the same, and they hold no office any more
other     another subject, told otherwise   raiser    raised the concern
handler   deals with it                     reads     reads it, and doesn't deal with it
status    in the circle, stage and dates    stranger  everybody else        visitor  nobody signed in

An address that is about a state: the cell is for a disclosure that was opened and not answered; the cells by state are
in tests/disclosures/test_matrix.py.
"""

NOBODY = {"other": "404 404 404", "raiser": "404 404 404", "handler": "404 404 404", "reads": "404 404 404",
          "status": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}  # fmt: skip
LOOK = {kind: "login login 405" if kind == "visitor" else "404 404 405" for kind in NOBODY}
MINE = {"told": "200 200 422", "told_ex": "200 200 422"}
MINE_LOOK = {"told": "200 200 405", "told_ex": "200 200 405"}
TELLS = {**NOBODY, "told": "404 404 404", "told_ex": "404 404 404", "reads": "409 409 409"}
TELLS_LOOK = {**LOOK, "told": "404 404 405", "told_ex": "404 404 405", "handler": "200 200 405", "reads": "200 200 405"}
EVERYBODY = {kind: "login login 405" if kind == "visitor" else "200 200 405" for kind in {**NOBODY, **MINE}}

ROUTES: dict[str, dict[str, str]] = {
    "disclosures:told-list": EVERYBODY,
    "disclosures:told": {**LOOK, **MINE_LOOK},
    "disclosures:told-answer": {**NOBODY, **MINE},
    "disclosures:told-papers": {**NOBODY, **MINE},
    "disclosures:told-paper": {**LOOK, **MINE_LOOK},
    "disclosures:told-disclosed": {**LOOK, **MINE_LOOK},
    "disclosures:told-companion": {**NOBODY, **MINE},
    "disclosures:telling-new": {**TELLS, "handler": "200 200 422"},
    "disclosures:telling": TELLS_LOOK,
    "disclosures:telling-paper": TELLS_LOOK,
    # of what was disclosed: too late, but for closing, for which it is too early
    "disclosures:telling-write": {**TELLS, "handler": "409 409 409"},
    "disclosures:telling-disclose": {**TELLS, "handler": "302 302 409"},
    "disclosures:telling-discard": {**TELLS, "handler": "409 409 409"},
    "disclosures:telling-close": {**TELLS, "handler": "409 409 409"},
    # where there is no disciplinary procedure
    "disclosures:discipline-began": {**NOBODY, "told": "404 404 404", "told_ex": "404 404 404"},
    "disclosures:discipline-over": {**NOBODY, "told": "404 404 404", "told_ex": "404 404 404"},
}
