"""What the subject is told and says, and where a disciplinary procedure stands."""

from .disclosure import DisclosedPaper, Disclosure, SubjectPaper, allowed_pairs
from .pointer import Pointer

__all__ = ["DisclosedPaper", "Disclosure", "Pointer", "SubjectPaper", "allowed_pairs"]
