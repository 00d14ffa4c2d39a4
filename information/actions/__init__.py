"""What people do with requests and questions: one verb, one function, one transaction."""

from . import arranging, asking, deciding, questions, reviewing

__all__ = ["arranging", "asking", "deciding", "questions", "reviewing"]
