"""Weston: one of three chosen, the Clerk's own case to the Mayor, an officer's to two at once and on to a grievance."""

import pytest

from tests.journeys.course import Course, step, walk

COUNCILS = ("weston", "yateley")
pytestmark = pytest.mark.browser

COURSES = [
    Course(
        "member about officer, settled by the line manager", "councillor4", "officer1",
        ways={"role:proper_officer": "clerk", "rel:line_manager_of_subject": "manager", "role:chair_of_council": "chair"},
        words=("as Town Clerk", "as line manager of the person it is about", "as Town Mayor"),
        choose="rel:line_manager_of_subject", received="manager", onlookers="deputy clerk chair",
        steps=(
            step("manager", "accept", "INFORMAL"),
            step("manager", "settle", "RESOLVED", summary="They talked it over.", raiser_agrees="yes"),
        ),
    ),
    Course(
        "member about the Clerk, who never learns of it, nor the deputy", "councillor4", "clerk",
        ways={"role:chair_of_council": "chair", "party:subject": ""}, words=("as Town Mayor", "directly and in private"),
        choose="role:chair_of_council", received="chair", onlookers="deputy vice",
        steps=(
            step("chair", "accept", "INFORMAL"),
            step("councillor4", "informal_over", "DECIDING", kind="failed", reason="We got nowhere."),
            step("chair", "close_no_action", "NO_ACTION", reason="Nothing more can be shown."),
        ),
    ),
    Course(
        "officer about member, to a grievance", "officer1", "councillor4",
        ways={"rel:line_manager_of_raiser": "manager", "role:proper_officer": "clerk"},
        words=("as line manager of the person raising it", "as Town Clerk"), received="manager clerk", onlookers="deputy chair",
        steps=(
            step("clerk", "accept", "INFORMAL"),
            step("clerk", "informal_over", "DECIDING", kind="failed", reason="They did not settle."),
            step("officer1", "start_grievance", "GRIEVANCE", reason="I ask for other working arrangements.",
                 on="officer1 manager clerk councillor2 councillor3 councillor5"),
            step("officer1", "withdraw", "WITHDRAWN", on="officer1 manager clerk"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_in_weston(course, towns, visit):
    walk(course, towns("weston"), towns("yateley")["clerk"], visit)
