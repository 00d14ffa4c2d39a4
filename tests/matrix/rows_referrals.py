"""What the addresses of a referral answer, by what the person is to the concern and to the referral.

follower  follows it for the council     reads     reads the concern, and doesn't follow it
office    has it on their desk           colleague  works for the same office, and it isn't on their desk
stranger  everybody else                 visitor   nobody signed in

The cells are for a referral that is on a desk, sent and not acknowledged; a step is asked for by its name in STEPS.
"""

NOT_THEIRS = {"office": "404 404 404", "colleague": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}
LOOK = {kind: "login login 405" if kind == "visitor" else "404 404 405" for kind in NOT_THEIRS}
NOT_OURS = {"follower": "404 404 404", "reads": "404 404 404", "colleague": "404 404 404", "stranger": "404 404 404", "visitor": "login login 401"}
DESK_LOOK = {kind: "login login 405" if kind == "visitor" else "404 404 405" for kind in NOT_OURS}

ROUTES: dict[str, dict[str, str]] = {
    "referrals:referral": {"follower": "200 200 405", "reads": "200 200 405", **LOOK},
    "referrals:referral-do": {"follower": "409 409 409", "reads": "409 409 409", **NOT_THEIRS},
    "referrals:referral-measure": {"follower": "404 404 404", "reads": "404 404 404", **NOT_THEIRS},
    "referrals:referral-papers": {"follower": "200 200 405", "reads": "200 200 405", **LOOK},
    "referrals:inbox": {
        "follower": "404 404 405", "reads": "404 404 405", "office": "200 200 405", "colleague": "200 200 405", "stranger": "404 404 405",
        "visitor": "login login 405",
    },
    "referrals:desk": {"office": "200 200 405", **DESK_LOOK},
    "referrals:desk-do": {"office": "200 200 422", **NOT_OURS},
    "referrals:desk-papers": {"office": "200 200 405", **DESK_LOOK},
}  # fmt: skip
