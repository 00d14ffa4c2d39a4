"""What a check says, in the words of the pages: a file calls a thing by its code, a person doesn't."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from councils import wording
from councils.protocol import Problem, Protocol
from councils.protocol import vocabulary as v
from studio.editing.choices import BASES, ENABLED, INTERVALS, MODES
from studio.editing.sections import BY_CODE, RULE, STEP_FIELDS

FORM_WORDS: Mapping[str, Any] = {
    **{field.name: field.label for field in (*RULE, *STEP_FIELDS) if "_" in field.name},
    "vocabulary": BY_CODE["words"].title,
    "bodies": BY_CODE["panels"].title,
    "external_bodies": BY_CODE["outside"].title,
}
TOKEN = re.compile(r"(?<![\w/.])(?:role|body|ext|rel|proc|party):[a-z][a-z0-9_]*")
RULE_AT = re.compile(r"(?<!\w)routes\[(\d+)\]")
KEY = re.compile(r"“(" + "|".join(FORM_WORDS) + r")”")
CODE = re.compile(r"(?<![\w:/.@-])[a-z]+(?:_[a-z0-9]+)+(?![\w:/@-])")
PERIOD = re.compile(r"\s*\((P\d+Y)\)")


def spoken(text: str, protocol: Protocol) -> str:
    """Takes a sentence of a check and the protocol; returns it with the form's and the council's words for what a file calls by a code.

    A word nobody knows stays as it was typed: it is what is to be mended.
    """
    text = KEY.sub(lambda found: f"“{FORM_WORDS[found[1]]}”", text)
    text = RULE_AT.sub(lambda found: _rule(int(found[1]), protocol), text)
    text = TOKEN.sub(lambda found: wording.token_label(found[0], protocol) if _is_known(found[0], protocol) else found[0], text)
    text = PERIOD.sub(lambda found: "" if found[1] in INTERVALS else found[0], text)
    return wording.with_clause_labels(CODE.sub(lambda found: _label(found[0], protocol), text), protocol)


def in_full(problem: Problem, protocol: Protocol) -> str:
    """A problem and how to mend it, as one text."""
    return spoken(" ".join(filter(None, (problem.message, problem.mend))), protocol)


def _rule(index: int, protocol: Protocol) -> str:
    return _("rule %s") % protocol.routes[index].id if index < len(protocol.routes) else _("another rule")


def _is_known(token: str, protocol: Protocol) -> bool:
    kind, _colon, code = token.partition(":")
    known: dict[str, Any] = {
        "role": {*v.COUNCILLOR_ROLES, *v.OFFICER_ROLES, *protocol.roles},
        "body": {*v.BODY_CODES, *protocol.bodies},
        "ext": {*v.EXTERNAL_CODES, *protocol.external_bodies},
    }
    return code in known[kind] if kind in known else token in (*v.REL_TOKENS, *v.PROC_TOKENS, v.PARTY_SUBJECT)


def _label(code: str, protocol: Protocol) -> str:
    if code in FORM_WORDS:
        return f"“{FORM_WORDS[code]}”"
    for table in (MODES, BASES, ENABLED):
        if code in table:
            return f"“{table[code]}”"
    if code in v.STAGES:
        return wording.stage_label(code)
    if code in (*v.TOPICS, *protocol.topics):
        return wording.topic_label(code)
    if _is_known(f"role:{code}", protocol):
        return wording.role_label(code, protocol)
    if _is_known(f"body:{code}", protocol) or _is_known(f"ext:{code}", protocol):
        kind = "body" if _is_known(f"body:{code}", protocol) else "ext"
        return wording.token_label(f"{kind}:{code}", protocol)
    return code


__all__ = ["FORM_WORDS", "in_full", "spoken"]
