"""Files that are broken, hostile or merely strange: refused in words, never with a traceback."""

import pytest

from councils.protocol import LARGEST_FILE, ProtocolFileError, read_yaml, validate

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [" + ",".join([f"*{chr(97 + level)}"] * 10) + "]\n" for level in range(8)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# only a remark\n", "is empty"),
        ("just words", "must begin with keys"),
        ("- a\n- b\n", "must begin with keys"),
        ("42", "must begin with keys"),
        ("key: a\nkey: b\n", "given twice"),
        ("routes:\n  - id: A\n    id: B\n", "given twice"),
        ("a: [1, 2", "not valid YAML"),
        ("a: b: c", "not valid YAML"),
        ("\tkey: a", "not valid YAML"),
        ("a: *nobody", "not valid YAML"),
        ("a: !!python/object/apply:os.system ['true']", "not valid YAML"),
        ("a: !made_up b", "not valid YAML"),
        ("when: 2024-13-45", "cannot be read"),
        ("a: &a [*a]", "refers to itself"),
        ("a: &a {b: *a}", "refers to itself"),
        (BOMB, "would unfold"),
        ("a: " + "[" * 60 + "]" * 60, "lists inside lists"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("key: a\x00b", "cannot be seen"),
        ("key: a\x07b", "cannot be seen"),
        ("key: abc\u202edef", "cannot be seen"),
        ("? [a, b]\n: c\n", "a key must be"),
        (b"\xff\xfe\x00k", "not UTF-8"),
        ("k: " + "x" * LARGEST_FILE, "larger than 2 MB"),
        ("key: \ud800", "broken characters"),
    ],
)
def test_bad_file_is_refused_in_words(text, words):
    with pytest.raises(ProtocolFileError, match=words) as refused:
        read_yaml(text, name="council.yaml")
    assert str(refused.value).startswith("council.yaml")


def test_line_is_named():
    with pytest.raises(ProtocolFileError, match="line 3"):
        read_yaml("a: 1\nb: 2\na: 3\n", name="council.yaml")


@pytest.mark.parametrize("text", ["\ufeffkey: smallton", b"\xef\xbb\xbfkey: smallton", "key: smallton\r\n"])
def test_byte_order_mark_and_windows_lines_are_read(text):
    assert read_yaml(text, name="council.yaml") == {"key": "smallton"}


def test_modest_aliases_and_merges_are_read():
    text = "a: &a {x: 1}\nb: *a\nc:\n  <<: *a\n  y: 2\n"
    assert read_yaml(text, name="council.yaml") == {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1, "y": 2}}


@pytest.mark.parametrize(
    "data",
    [
        None, [], "text", 7, {}, {"routes": None}, {"routes": "x"}, {"routes": [None]}, {"routes": [1, "x", []]}, {"routes": [{}]},
        {"routes": [{"id": [], "raiser": {}, "subject": 3, "stage": None, "steps": [None, 3, {"to": {"to": 4}}]}]},
        {"key": 1, "routes": {"a": 1}}, {"key": "a", "routes": [{"steps": "role:x"}], "vocabulary": [], "stages_enabled": 3, "topics": "x"},
        {"key": "a", "routes": [{"id": "a", "also_when": []}], "deputies": {"principal": "x"}, "clauses": "x", "protocol": []},
        {"councils": []}, {"councils": [1]}, {"councils": {"a": 1}}, {"council": 3}, {"councils": [{"key": "a"}, {"key": "b"}]},
        {1: 2, None: 3, "routes": [{True: False}]},
        {"key": "a", "routes": [{"id": "R", "deputies": 1, "when_subject_is_x": 3}], "exception_route": 7, "conflict_rules": [1], "visibility": "x"},
    ],
    ids=repr,
)  # fmt: skip
def test_any_data_is_checked_without_breaking(data):
    problems = validate(data, file="council.yaml")
    assert problems[0].level == "error"
    assert all(problem.message and problem.file == "council.yaml" for problem in problems)
