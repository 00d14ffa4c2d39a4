"""What a form says of a field left empty reads as a sentence, whatever the field is called."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from django import forms

ROOMS = ("councils", "concerns", "correspondence", "disclosures", "grievances", "referrals", "information", "clocks", "studio", "reporting", "rights")
#: A label that is no noun: "Enter the approved by", "Enter the since".
DANGLING = re.compile(r"^(?:Enter|Choose) the (?:\S+ ){0,2}(?:about|at|by|for|from|in|of|on|since|to|until|with)\.?$")
ASKED = re.compile(r"^(?:Enter|Choose) (?:the )?(\w+)")
#: What may stand after "Enter" and "Choose" without an article.
ALONE = {
    "a", "an", "any", "at", "each", "every", "for", "how", "its", "one", "some", "the", "their", "to", "what", "when", "where", "whether", "which", "who",
    "whom", "whose", "why", "yes", "your",
}  # fmt: skip


def _asked(room: str) -> dict[str, str]:
    """"module.Form.field" → what is said of it, empty; forms that a module makes itself."""
    found = {}
    package = importlib.import_module(f"{room}.forms")
    for info in pkgutil.iter_modules(package.__path__, f"{room}.forms."):
        module = importlib.import_module(info.name)
        for name, made in vars(module).items():
            if isinstance(made, type) and issubclass(made, forms.BaseForm) and made.__module__ == info.name:
                for field_name, field in getattr(made, "base_fields", {}).items():
                    alone = type("Alone", (forms.Form,), {field_name: field})({})
                    for message in alone.errors.get(field_name, []):
                        found[f"{info.name}.{name}.{field_name}"] = str(message)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_required_message_has_its_article_and_does_not_dangle(room: str) -> None:
    said = _asked(room)
    assert said
    wrong = {where: words for where, words in said.items() if DANGLING.search(words) or _bare(words)}
    assert wrong == {}


def _bare(words: str) -> bool:
    match = ASKED.match(words)
    return bool(match and not re.match(r"^(?:Enter|Choose) the ", words) and match[1] not in ALONE)


@pytest.mark.parametrize(("label", "words"), [
    ("Minute", "Enter the minute"), ("Name of the council", "Enter the name of the council"), ("Your question", "Enter your question"),
    ("When it happened", "Enter when it happened"), ("HR panel", "Enter the HR panel"), ("The reason", "Enter the reason"), ("Why?", "Enter an answer: Why?"),
])  # fmt: skip
def test_label_reads_in_its_message(label: str, words: str) -> None:
    made = type("One", (forms.Form,), {"one": forms.CharField(label=label)})
    assert made({}).errors == {"one": [words]}
