"""A Word document's parts → blocks, as it reads with every change accepted: insertions taken, deletions left out and counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from studio.importing import numbering
from studio.importing.blocks import Block, Kind, Note, Reading, Unreadable, settled, tidy
from studio.importing.numbering import W, is_on, value

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
GONE = (f"{W}del", f"{W}moveFrom")
COME = (f"{W}ins", f"{W}moveTo")
ASIDE = {f"{W}del", f"{W}moveFrom", f"{W}txbxContent", FALLBACK}
DEEPEST = 30


def read(parts: Mapping[str, bytes]) -> Reading:
    """The blocks of the unpacked ``parts``. Raises Unreadable when the document is damaged, empty or far too long."""
    body = _xml(parts, "word/document.xml")
    if body is None:
        raise Unreadable("damaged")
    reader = _Reader(numbering.styles_of(_xml(parts, "word/styles.xml")), numbering.Counter(_xml(parts, "word/numbering.xml")))
    content = body.find(f"{W}body")
    reader.take(content if content is not None else body)
    reader.close()
    for note in _footnotes(_xml(parts, "word/footnotes.xml")) if "word/footnotes.xml" in parts else ():
        reader.blocks.append(Block(note, Kind.FOOTNOTE))
    notes = []
    came, gone = sum(1 for _one in body.iter(*COME)), sum(1 for _one in body.iter(*GONE))
    if came or gone:
        notes.append(Note("tracked", {"taken": came, "left_out": gone}))
    if any(name.startswith("word/comments") for name in parts):
        notes.append(Note("comments"))
    return settled(reader.blocks, notes)


class _Reader:
    """Walks the document's body in order."""

    def __init__(self, styles: numbering.Styles, counter: numbering.Counter) -> None:
        self.styles, self.counter = styles, counter
        self.blocks: list[Block] = []
        self.carried: tuple[str, Any] | None = None  # a paragraph whose end was deleted goes on in the next

    def take(self, element: Any, depth: int = 0) -> None:
        """Every paragraph and table in ``element``. Raises Unreadable when they're nested without end."""
        if depth > DEEPEST:
            raise Unreadable("damaged")
        for child in element:
            if child.tag == f"{W}p":
                self.paragraph(child)
            elif child.tag == f"{W}tbl":
                self.table(child)
            elif child.tag not in ASIDE and isinstance(child.tag, str):
                self.take(child, depth + 1)

    def paragraph(self, element: Any) -> None:
        """One paragraph, and the text boxes that hang on it."""
        properties = element.find(f"{W}pPr")
        mark = properties.find(f"{W}rPr") if properties is not None else None
        said = tidy(_words(element, self.styles))
        if self.carried is not None:
            said, properties = f"{self.carried[0]} {said}".strip(), self.carried[1]
            self.carried = None
        if mark is not None and any(mark.find(tag) is not None for tag in GONE):
            if said:
                self.carried = (said, properties)
        else:
            self.put(said, properties)
        for box in element.iter(f"{W}txbxContent"):
            if not any(above.tag == FALLBACK for above in box.iterancestors()):
                for line in box.iter(f"{W}p"):
                    self.put(tidy(_words(line, self.styles, inside=box)), line.find(f"{W}pPr"))

    def put(self, said: str, properties: Any) -> None:
        """Adds a paragraph, counted when it's in a list."""
        if not said:
            return
        style = value(properties, "pStyle")
        if style in self.styles.contents:
            self.blocks.append(Block(said, Kind.CONTENTS))
            return
        own = value(properties, "outlineLvl")
        level = numbering.number(own) + 1 if own and own != "9" else self.styles.heading.get(style)
        listed = numbering.list_of(properties, style, self.styles, self.counter)
        label = self.counter.label(*listed) if listed else ""
        kind = Kind.HEADING if level is not None else Kind.ITEM if label == "•" else Kind.PARAGRAPH
        self.blocks.append(Block(said, kind, level or 0, label))

    def table(self, element: Any) -> None:
        """Each row as one block."""
        for row in element.iter(f"{W}tr"):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            cells = [" ".join(filter(None, (tidy(_words(line, self.styles)) for line in cell.iter(f"{W}p")))) for cell in row.findall(f"{W}tc")]
            if any(cells):
                self.blocks.append(Block(tidy(" | ".join(cells).replace("\n", " ")), Kind.TABLE))

    def close(self) -> None:
        """What was still to go on is put."""
        if self.carried is not None:
            said, properties = self.carried
            self.carried = None
            self.put(said, properties)


def _words(paragraph: Any, styles: numbering.Styles, inside: Any = None) -> str:
    """What a paragraph says. Struck words stand between ``~~``."""
    said: list[str] = []
    is_struck = False
    for run in _runs(paragraph, inside):
        properties = run.find(f"{W}rPr")
        if is_on(properties, "vanish"):
            continue
        words = "".join(_of_run(run))
        if not words:
            continue
        strike = is_on(properties, "strike") or is_on(properties, "dstrike") or value(properties, "rStyle") in styles.struck
        if strike != is_struck and (words.strip() or not strike):
            said.append("~~")
            is_struck = strike
        said.append(words.replace("~~", "~"))
    return "".join(said) + ("~~" if is_struck else "")


def _runs(paragraph: Any, inside: Any) -> Iterator[Any]:
    for run in paragraph.iter(f"{W}r"):
        above = []
        for ancestor in run.iterancestors():
            if ancestor is paragraph:
                break
            above.append(ancestor.tag)
        if not ASIDE & set(above) and f"{W}p" not in above:
            yield run


def _of_run(run: Any) -> Iterator[str]:
    for node in run:
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in (f"{W}tab", f"{W}ptab"):
            yield "\t"
        elif node.tag == f"{W}noBreakHyphen":
            yield "-"
        elif node.tag in (f"{W}br", f"{W}cr"):
            yield "\n"
        elif node.tag == f"{W}sym":
            yield "•"


def _footnotes(root: Any) -> Iterator[str]:
    for note in root.iter(f"{W}footnote"):
        if note.get(f"{W}type") in (None, "normal"):
            said = tidy(" ".join(_words(line, numbering.Styles()) for line in note.iter(f"{W}p")))
            if said:
                yield said.replace("\n", " ")


def _xml(parts: Mapping[str, bytes], name: str) -> etree._Element | None:
    """A part's XML; nothing is looked up or expanded."""
    if name not in parts:
        return None
    try:
        return etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable("damaged") from None
