"""PURE: pictures as SVG text. Words come in ready to be read; nothing here knows a protocol, a council or a language.

Every picture has a title, a description and ``role="img"``; colour is never the only sign; no style attribute is used,
so that a strict Content-Security-Policy shows it as it is.
"""
