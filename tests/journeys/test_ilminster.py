"""Ilminster: first to the Chair, who passes it on; about the Clerk a talk, then the Personnel Group; a Code complaint locks the rest."""

from datetime import date

import pytest

from tests.journeys.course import Course, step, walk

COUNCILS = ("ilminster", "weston")
pytestmark = pytest.mark.browser

DISCIPLINE = {
    "seriousness": "serious", "reason": "It was grave.", "subject_told": True, "told_on": date.today(), "told_how": "In a meeting.",
    "override_reason": "The duty to act.",
}  # fmt: skip
CODE = {"declared": True, "code_paragraph": "Respect", "official_capacity": True}
COURSES = [
    Course(
        "councillor about officer, by the Chair to the Clerk", "councillor6", "officer1",
        ways={"role:chair_of_council": "chair", "role:proper_officer": "clerk"}, words=("as Chair", "as Proper Officer (Clerk)"),
        received="chair", onlookers="deputy manager",
        steps=(
            step("chair", "pass_on", "LODGED", on="councillor6 clerk"),
            step("clerk", "accept", "INFORMAL"),
            step("clerk", "settle", "RESOLVED", summary="An apology was given.", raiser_agrees="yes"),
        ),
    ),
    Course(
        "councillor about the Clerk, by the Chair to a talk and the Personnel Group", "councillor6", "clerk",
        ways={"role:chair_of_council": "chair", "party:subject": "", "body:hr_panel": "councillor3 councillor4 councillor5 chair"},
        words=("as Chair", "directly and in private", "as member of the Personnel Group"), received="chair", onlookers="deputy vice",
        steps=(
            step("chair", "pass_on", "LODGED", on="councillor6"),
            step("councillor6", "take_up_directly", "DIRECT"),
            step("councillor6", "direct_failed", "LODGED", on="councillor6 councillor3 councillor4 councillor5 chair"),
            step("councillor4", "accept", "INFORMAL"),
            step("councillor4", "informal_over", "DECIDING", kind="not_appropriate", reason="It is too grave for a talk."),
            step("councillor4", "start_disciplinary", "DISCIPLINARY", **DISCIPLINE, reference="HR minute 4"),
            step("councillor4", "record_outcome", "OUTCOME_RECORDED", outcome="no_case", reference="File 3", on="councillor6 councillor4"),
        ),
    ),
    Course(
        "officer about councillor, to the Code of Conduct", "officer1", "councillor4",
        ways={"role:proper_officer": "clerk"}, words=("as Proper Officer (Clerk)",), received="clerk", onlookers="deputy chair manager",
        steps=(
            step("clerk", "accept", "INFORMAL"),
            step("officer1", "formal_code_complaint", "CODE_REFERRAL", **CODE),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_in_ilminster(course, towns, visit):
    walk(course, towns("ilminster"), towns("weston")["clerk"], visit)
