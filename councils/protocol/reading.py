"""From bytes to plain data, refusing anything that could hurt or mislead: too big, too deep, twice-named, not text."""

import re
from typing import Any

import yaml

from councils.protocol.words import _

LARGEST_FILE = 2 * 1024 * 1024
DEEPEST = 40
MOST_NODES = 200_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069]")


class ProtocolFileError(ValueError):
    """The file cannot be read as a protocol configuration; the message says why and what to do."""


_FastestSafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FastestSafeLoader):
    """The safe loader, which also refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _value in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            try:
                repeated = key in seen
            except TypeError:
                raise yaml.constructor.ConstructorError(None, None, _("a key must be a single word"), key_node.start_mark) from None
            if repeated:
                raise yaml.constructor.ConstructorError(
                    None, None, _("the key “{key}” is given twice").format(key=key), key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _decode(text: str | bytes, name: str) -> str:
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST_FILE:
        raise ProtocolFileError(
            _("{name} is larger than 2 MB. A protocol configuration is far smaller: check that it is the right file.").format(name=name)
        )
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ProtocolFileError(
                _("{name} is not UTF-8 text. Save it as plain text in UTF-8 and try again.").format(name=name)
            ) from None
    text = text.removeprefix("\ufeff")
    found = _CONTROLS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise ProtocolFileError(
            _("{name}, line {line}: there is a character that cannot be seen (code {code}). Delete it.").format(
                name=name, line=line, code=f"U+{ord(found.group()):04X}"
            )
        )
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ProtocolFileError(_("{name} holds broken characters. Save it again as UTF-8.").format(name=name))
    return text


def _check_depth(text: str, name: str) -> None:
    level = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.events.CollectionStartEvent):
            level += 1
            if level > DEEPEST:
                raise ProtocolFileError(
                    _("{name}, line {line}: lists inside lists more than {limit} deep.").format(
                        name=name, line=event.start_mark.line + 1, limit=DEEPEST
                    )
                )
        elif isinstance(event, yaml.events.CollectionEndEvent):
            level -= 1
        elif isinstance(event, yaml.events.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise ProtocolFileError(
                    _("{name} holds more than one document (a line “---”). Keep one council in a file.").format(name=name)
                )


def _weight(node: yaml.Node, known: dict[int, int], open_nodes: set[int], name: str) -> int:
    """How many values the node stands for once its aliases are written out."""
    if id(node) in known:
        return known[id(node)]
    if id(node) in open_nodes:
        raise ProtocolFileError(_("{name}: a part of the file refers to itself.").format(name=name))
    open_nodes.add(id(node))
    total = 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            total += _weight(key, known, open_nodes, name) + _weight(value, known, open_nodes, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            total += _weight(value, known, open_nodes, name)
    open_nodes.discard(id(node))
    if total > MOST_NODES:
        raise ProtocolFileError(
            _("{name} would unfold to more than {limit} values. Write repeated parts out, or make it smaller.").format(
                name=name, limit=MOST_NODES
            )
        )
    known[id(node)] = total
    return total


def read_yaml(text: str | bytes, *, name: str) -> dict[str, Any]:
    """The file's content as plain data.

    Raises ProtocolFileError, in words for a person, for anything that is not one safe, modest YAML mapping.
    """
    text = _decode(text, name)
    try:
        _check_depth(text, name)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise ProtocolFileError(_("{name} is empty.").format(name=name))
            _weight(node, {}, set(), name)
            data = loader.construct_document(node)
        finally:
            loader.dispose()
    except ProtocolFileError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ProtocolFileError(
            _("{name}, line {line}: this is not valid YAML: {problem}.").format(
                name=name, line=mark.line + 1 if mark else "?", problem=error.problem or error.context
            )
        ) from None
    except (yaml.YAMLError, ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise ProtocolFileError(
            _("{name} cannot be read: {problem}.").format(name=name, problem=str(error).splitlines()[0] if str(error) else "?")
        ) from None
    if not isinstance(data, dict):
        raise ProtocolFileError(
            _("{name} does not hold a protocol configuration: it must begin with keys such as “key:” and “routes:”.").format(name=name)
        )
    return data
