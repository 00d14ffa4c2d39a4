"""What people do with requests and questions: one verb, one function, one transaction."""

from . import asking, deciding, questions, reviewing

__all__ = ["asking", "deciding", "questions", "reviewing"]
