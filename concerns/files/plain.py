"""Plain text: UTF-8, nothing but text, and not some other kind of file under a quiet name."""

from concerns.files.refusals import FileRefused, Why

# What a browser, a shell or an office program would take for its own by its first characters.
OTHERS = (
    "<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<?php", "<iframe", "<img", "#!", "%pdf", "{\\rtf", "mime-version:",
    "@echo off", "<%", "<job", "<package", "[internetshortcut]", "windows registry", "set-executionpolicy",
)  # fmt: skip
ALLOWED = {"\t", "\n", "\r", "\f"}


def check(content: bytes) -> None:
    """Raises FileRefused unless ``content`` is plain text."""
    text = read(content)
    if any(ord(c) < 32 and c not in ALLOWED for c in text) or "\x7f" in text:
        raise FileRefused(Why.NOT_WHAT_IT_SAYS)
    if text.lstrip().lower().startswith(OTHERS):
        raise FileRefused(Why.NOT_WHAT_IT_SAYS)


def read(content: bytes) -> str:
    """The text. Raises FileRefused when it isn't UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(Why.NOT_WHAT_IT_SAYS) from error
