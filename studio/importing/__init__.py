"""PURE: a document's bytes → blocks of text → numbered clauses. No Django."""
