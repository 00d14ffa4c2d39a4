"""The unnamed authority: written complaints to the Director, the Chief Executive or the Monitoring Officer, by whom they are about."""

from datetime import date

import pytest

from tests.journeys.course import Course, step, walk

COUNCILS = ("auth5c", "weston")
pytestmark = pytest.mark.browser

DISCIPLINE = {
    "seriousness": "serious", "reason": "It was grave.", "subject_told": True, "told_on": date.today(), "told_how": "In a meeting.",
    "override_reason": "The duty to act.",
}  # fmt: skip
COURSES = [
    Course(
        "member about officer, to the Director and to discipline", "councillor4", "officer1",
        ways={"rel:director_of_subject": "director1"}, words=("as director of the person it is about",), received="director1",
        onlookers="director2 chiefexecutive mo assistantdirector",
        steps=(
            step("director1", "accept_complaint", "COMPLAINT"),
            step("director1", "informal_over", "DECIDING", kind="not_appropriate", reason="It is too grave."),
            step("director1", "start_disciplinary", "DISCIPLINARY", **DISCIPLINE),
            step("director1", "record_outcome", "OUTCOME_RECORDED", outcome="not_upheld", reference="File 9"),
        ),
    ),
    Course(
        "member about a Director, to the Chief Executive", "councillor4", "director1",
        ways={"role:chief_executive": "chiefexecutive"}, words=("as Chief Executive",), received="chiefexecutive",
        onlookers="director2 assistantdirector mo",
        steps=(
            step("chiefexecutive", "accept_complaint", "COMPLAINT"),
            step("chiefexecutive", "settle", "RESOLVED", summary="Settled.", raiser_agrees="yes"),
        ),
    ),
    Course(
        "member about the Chief Executive, to the Monitoring Officer", "councillor4", "chiefexecutive",
        ways={"role:monitoring_officer": "mo"}, words=("as Monitoring Officer",), received="mo",
        onlookers="director1 deputymo leader",
        steps=(
            step("mo", "accept_complaint", "COMPLAINT"),
            step("mo", "close_no_action", "NO_ACTION", reason="It was a decision of the council, not the Chief Executive's own."),
        ),
    ),
    Course(
        "officer about member, to the Chief Executive and the Code", "officer1", "councillor4",
        ways={"role:chief_executive": "chiefexecutive"}, words=("as Chief Executive",), received="chiefexecutive",
        onlookers="director1 leader",
        steps=(
            step("chiefexecutive", "accept_complaint", "COMPLAINT"),
            step("officer1", "refer_code", "CODE_REFERRAL", code_paragraph="Respect", official_capacity=True,
                 on="officer1 chiefexecutive"),
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_in_auth5c(course, towns, visit):
    walk(course, towns("auth5c"), towns("weston")["clerk"], visit)
