"""A council's protocol as data: read it, check it, ask it. No Django here.

`read_yaml` turns a file into plain data, `validate` lists what is wrong with it, `parse` makes the frozen Protocol.
"""

from collections.abc import Mapping
from typing import Any

from councils.protocol.checking import validate
from councils.protocol.model import (
    Clause,
    Condition,
    ConfidentialityRule,
    Deputy,
    ExceptionRoute,
    Mediator,
    Problem,
    Protocol,
    ReviewRule,
    Route,
    Stage,
    Step,
    Vocabulary,
    Word,
)
from councils.protocol.parsing import build, route_tokens
from councils.protocol.reading import LARGEST_FILE, ProtocolFileError, read_yaml
from councils.protocol.shaping import unwrap
from councils.protocol.vocabulary import ANYONE, MODES, SIDE_COUNCILLOR, SIDE_OFFICER, STAGES, TOPICS, is_a, side
from councils.protocol.words import use_translator

__all__ = [
    "ANYONE",
    "LARGEST_FILE",
    "MODES",
    "SIDE_COUNCILLOR",
    "SIDE_OFFICER",
    "STAGES",
    "TOPICS",
    "Clause",
    "Condition",
    "ConfidentialityRule",
    "Deputy",
    "ExceptionRoute",
    "Mediator",
    "Problem",
    "Protocol",
    "ProtocolError",
    "ProtocolFileError",
    "ReviewRule",
    "Route",
    "Stage",
    "Step",
    "Vocabulary",
    "Word",
    "is_a",
    "parse",
    "read_yaml",
    "route_tokens",
    "side",
    "unwrap",
    "use_translator",
    "validate",
]


class ProtocolError(ValueError):
    """The configuration has errors; `problems` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def parse(data: Mapping[str, Any]) -> Protocol:
    """The Protocol of one council's configuration, wrapped or not.

    Raises ProtocolError, holding every problem, when `validate` finds an error. Warnings do not stop it.
    """
    problems = [problem for problem in validate(data) if problem.level == "error"]
    if problems:
        raise ProtocolError(problems)
    return build(unwrap(data))
