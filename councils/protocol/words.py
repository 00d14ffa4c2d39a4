"""Words for people in modules that may not import Django.

`_` marks a message for translation and passes it to whichever translator the running program has plugged in; with
none, the message stands as written. Messages carry named fields: `_("… {role} …").format(role=…)`.
"""

from collections.abc import Callable

_translator: Callable[[str], str] = str


def use_translator(translator: Callable[[str], str]) -> None:
    """Take the program's own gettext; called once when the program starts."""
    global _translator
    _translator = translator


def _(message: str) -> str:
    """The message in the reader's language."""
    return _translator(message)


def gettext_noop(message: str) -> str:
    """The message as it is, marked for translation by whoever shows it."""
    return message
