"""What the subject is told and says, and where a disciplinary procedure stands."""

from .disclosure import DisclosedPaper, Disclosure, PaperOpening, SubjectPaper, allowed_pairs
from .pointer import Pointer

__all__ = ["DisclosedPaper", "Disclosure", "PaperOpening", "Pointer", "SubjectPaper", "allowed_pairs"]
