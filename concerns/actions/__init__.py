"""One verb, one function, one transaction. Import an action from the module of its family; ``verb.ACTIONS`` lists all."""

from concerns.actions import close, consent, copies, formal, handover, informal, intake, papers, triage

__all__ = ["close", "consent", "copies", "formal", "handover", "informal", "intake", "papers", "triage"]
