"""PURE: a document's bytes → blocks of text → numbered clauses, and what can be corrected in them. No Django.

``text.read`` · ``word.read`` · ``pdf.read`` give a ``Reading``; ``splitting.split`` makes rows of it; ``correcting`` changes rows;
``giving.clauses`` writes them as a protocol configuration's ``clauses``.
"""
