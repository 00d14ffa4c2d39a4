"""What the room keeps: messages with their audience, letters, reports to council."""

from .letters import Letter
from .messages import Audience, Message
from .reports import CouncilReport

__all__ = ["Audience", "CouncilReport", "Letter", "Message"]
