"""One function per verb of a grievance."""

from grievances.actions import course, decision, flags, panel, support

__all__ = ["course", "decision", "flags", "panel", "support"]
