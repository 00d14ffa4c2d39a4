"""Alsager: to the officer or that officer's line manager and no other officer; the Clerk's case to the panel; a report to the council."""

from datetime import date

import pytest

from tests.journeys.course import Course, step, walk

COUNCILS = ("alsager", "weston")
pytestmark = pytest.mark.browser

COURSES = [
    Course(
        "member about officer, to the line manager alone", "councillor6", "officer1",
        ways={"party:subject": "", "rel:line_manager_of_subject": "manager"},
        words=("directly and in private", "as line manager of the person it is about"), choose="rel:line_manager_of_subject",
        received="manager", onlookers="deputy clerk officer2",
        steps=(
            step("manager", "accept", "INFORMAL"),
            step("manager", "settle", "RESOLVED", summary="Talked over.", raiser_agrees="yes"),
        ),
    ),
    Course(
        "member about the Clerk, to the HR Sub-Committee", "councillor6", "clerk",
        ways={"party:subject": "", "body:hr_panel": "councillor2 councillor3 councillor4 councillor5", "role:chair_of_council": "chair"},
        words=("as member of the HR Sub-Committee", "as Chairman of the Council"), choose="body:hr_panel",
        received="councillor2 councillor3 councillor4 councillor5", onlookers="deputy chair vice",
        steps=(
            step("councillor2", "accept", "INFORMAL"),
            step("councillor2", "informal_over", "DECIDING", kind="failed", reason="No way was found."),
            step("councillor2", "start_disciplinary", "DISCIPLINARY", reference="HR minute 4", seriousness="serious", reason="It was grave.",
                 subject_told=True, told_on=date.today(), told_how="In a meeting.", override_reason="The duty to act."),
            step("councillor2", "record_outcome", "OUTCOME_RECORDED", outcome="disciplinary_outcome_recorded", reference="File 1",
                 on="councillor6 councillor2"),
        ),
    ),
    Course(
        "officer about member, reported to the council", "officer1", "councillor4",
        ways={"role:proper_officer": "clerk"}, words=("as Town Clerk",), received="clerk", onlookers="deputy manager chair councillor3",
        steps=(
            step("clerk", "accept", "INFORMAL"),
            step("clerk", "informal_over", "DECIDING", kind="failed", reason="The member did not answer."),
            step("clerk", "report_to_council", "COUNCIL_REPORT", session_type="confidential_session", meeting_on=date(2027, 2, 2),
                 minor=True, subject_told=True, told_on=date.today(), told_how="In a meeting.", override_reason="The protocol asks for it."),
        ),  # the report itself, its meeting and its end: test_correspondence
    ),
]  # fmt: skip


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_in_alsager(course, towns, visit):
    walk(course, towns("alsager"), towns("weston")["clerk"], visit)
