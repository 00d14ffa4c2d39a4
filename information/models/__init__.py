"""Requests to see papers and questions about the protocol: facts, constraints and which state may follow which."""

from .arrangement import Arrangement
from .question import GuidanceQuestion, PublishedAnswer, QuestionSeat
from .request import AccessDecision, AccessRequest, RequestSeat
from .trail import Advice, Line

__all__ = [
    "AccessDecision", "AccessRequest", "Advice", "Arrangement", "GuidanceQuestion", "Line", "PublishedAnswer", "QuestionSeat", "RequestSeat",
]  # fmt: skip
