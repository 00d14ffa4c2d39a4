"""What isn't for this procedure, or leaves it: other channels keep nothing, a formal Code complaint locks the internal routes."""

import pytest

from tests.journeys import raising
from tests.journeys.raising import Raised

COUNCILS = ("ilminster",)
pytestmark = pytest.mark.browser


@pytest.fixture
def ilminster(towns):
    return towns("ilminster")


@pytest.mark.parametrize(
    ("raiser", "subject", "topic", "channel"),
    [
        ("officer1", "officer2", "Conduct", "grievance"),
        ("councillor3", "councillor5", "Conduct", "Code of Conduct"),
        ("officer1", "councillor5", "Wrongdoing in the public interest", "whistleblowing"),
    ],
)
def test_other_channel_is_shown_and_nothing_kept(ilminster, visit, raiser, subject, topic, channel):
    visitor = visit(ilminster[raiser])
    raising.say_who(visitor, ilminster, subject, topic=topic)
    assert visitor.heading == "This belongs somewhere else"
    assert channel.lower() in visitor.text.lower()
    visitor.press("redirect")
    assert visitor.state == "REDIRECTED"
    assert channel.lower() in visitor.text.lower()
    assert ilminster[subject].full_name not in visitor.page.content()
    assert visitor.circle == {str(ilminster[raiser].pk)}
    assert visitor.actions == set()


def test_formal_code_complaint_locks_the_internal_routes(ilminster, visit):
    officer = visit(ilminster["officer1"])
    raising.say_who(officer, ilminster, "councillor5")
    officer.follow("Continue")
    raising.write(officer)
    officer.answer(formal="yes")
    officer.press("submit")
    assert officer.errors != []
    officer.answer(code_paragraph="3.1 respect", official_capacity=True)
    officer.press("submit")
    concern = Raised(officer.page.url.split("/")[4], officer.page.get_by_test_id("reference").inner_text())
    officer.go(concern.path)
    assert officer.state == "CODE_REFERRAL"
    assert not officer.actions & {"accept", "settle", "conciliate", "start_grievance", "pass_on", "withdraw"}
    for name in ("clerk", "chair", "deputy", "councillor5", "admin"):
        assert visit(ilminster[name]).circle_of(concern.pk)[0] == 404
    assert not officer.actions & {"sent_back", "record_outcome", "close_no_action"}  # only the office's answer moves it on
    assert "Nothing has left the council" in officer.page.get_by_test_id("referral").inner_text()
