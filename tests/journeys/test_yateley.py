"""Yateley: everything starts with the Clerk, save what is about the Clerk; conciliation with the raiser's consent; discipline."""

from datetime import date

import pytest

from tests.journeys.course import Course, step, walk

COUNCILS = ("yateley", "weston")
pytestmark = pytest.mark.browser

DISCIPLINE = {
    "seriousness": "serious", "reason": "It was grave.", "subject_told": True, "told_on": date.today(), "told_how": "In a meeting.",
    "override_reason": "The duty to act.",
}  # fmt: skip
COURSES = [
    Course(
        "councillor about officer, to the disciplinary procedure", "councillor4", "officer1",
        ways={"role:proper_officer": "clerk"}, words=("as Town Clerk",), received="clerk", onlookers="deputy manager chair",
        steps=(
            step("clerk", "accept", "INFORMAL"),
            step("clerk", "informal_over", "DECIDING", kind="failed", reason="Talking led nowhere."),
            step("clerk", "start_disciplinary", "DISCIPLINARY", **DISCIPLINE),
            step("clerk", "record_outcome", "OUTCOME_RECORDED", outcome="disciplinary_outcome_recorded", reference="File 9"),
        ),
    ),
    Course(
        "councillor about the Clerk, first in person, then the HR Panel", "councillor4", "clerk",
        ways={"party:subject": "", "body:hr_panel": "councillor3 councillor5 chair"},
        words=("directly and in private", "as member of the HR Panel"), sent="DIRECT", received="", onlookers="deputy vice",
        steps=(
            step("councillor4", "direct_failed", "LODGED", on="councillor4 councillor3 councillor5 chair"),
            step("councillor3", "accept", "INFORMAL"),
            step("councillor3", "settle", "RESOLVED", summary="Both agreed on a way of working.", raiser_agrees="no",
                 on="councillor4 councillor3"),
        ),
    ),
    Course(
        "officer about councillor, conciliated and settled", "officer1", "councillor4",
        ways={"role:proper_officer": "clerk"}, words=("as Town Clerk",), received="clerk", onlookers="deputy manager chair",
        steps=(
            step("clerk", "accept", "INFORMAL"),
            step("clerk", "ask_consent", "INFORMAL", kind="conciliation", wording="May the conciliator be asked?"),
            step("officer1", "answer_consent", "INFORMAL", agree="yes"),
            step("clerk", "conciliate", "CONCILIATION", mediator="ext:conciliator", other_side_agreed_on=date(2026, 1, 14),
                 summary="Both wish to work in peace."),
            step("clerk", "settle", "RESOLVED", summary="Settled with the conciliator.", raiser_agrees="yes"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_in_yateley(course, towns, visit):
    walk(course, towns("yateley"), towns("weston")["clerk"], visit)
