"""The house rules that a reader can't check by eye: layers, purity, size, names."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("protocol_portal", "clocks", "councils", "concerns", "correspondence", "disclosures", "grievances", "information", "operations", "referrals", "reporting", "studio")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
CODE = [path for path in SOURCES if "migrations" not in path.parts]
PURE = [
    *(path for package in PACKAGES for path in (ROOT / package / "domain").rglob("*.py")), ROOT / "concerns" / "enums.py", *(ROOT / "councils" / "protocol").rglob("*.py"),
    ROOT / "councils" / "rehearsal.py", ROOT / "councils" / "cast.py", ROOT / "councils" / "law.py",
]  # fmt: skip


def imports(path: Path) -> set[str]:
    """The modules a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_import_contracts_are_kept() -> None:
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_modules_import_no_framework(path: Path) -> None:
    roots = {name.partition(".")[0] for name in imports(path)}
    assert not roots & {"django", "celery", "guardian", "psycopg", "django_fsm"}


def test_only_the_policy_asks_guardian() -> None:
    users = {str(path.relative_to(ROOT)) for path in CODE if any(name.split(".")[0] == "guardian" for name in imports(path))}
    assert users == {"concerns/policy.py", "concerns/models/access.py"}  # the second for the table's base class alone


def test_only_tasks_and_commands_do_system_work() -> None:
    users = {str(path.relative_to(ROOT)) for path in CODE if "councils.rls.system_work" in imports(path)}
    assert all(user.endswith("tasks.py") or "/management/" in user for user in users), users


def test_only_the_database_person_is_set_in_one_place() -> None:
    users = {str(path.relative_to(ROOT)) for path in CODE if "portal.person" in path.read_text(encoding="utf-8")}
    assert users <= {"councils/rls.py"}


def test_no_file_is_longer_than_400_lines() -> None:
    folders = [ROOT / name for name in (*PACKAGES, "tests")]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    long = {str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert long == {}


def test_there_is_no_drawer() -> None:
    drawers = {"common", "utils", "util", "helpers", "helper", "misc", "shared"}
    assert [str(path.relative_to(ROOT)) for path in SOURCES if path.stem in drawers or drawers & set(path.parent.parts)] == []


def test_no_council_is_named_in_python() -> None:
    """Words of a council are in its YAML (house rule 11); the names looked for are read from there."""
    names = set()
    for file in (ROOT / "fixtures" / "protocols").glob("*.yaml"):
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        data = data.get("council", data) if isinstance(data.get("council"), dict) else data
        names |= {file.stem, str(data.get("key", file.stem))}
    assert len(names) >= 5
    found = []
    for path in CODE:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings else ""
            text = text or (node.id if isinstance(node, ast.Name) else "")
            if any(name in text.lower() for name in names):
                found.append((str(path.relative_to(ROOT)), text))
    assert found == []


def test_state_changes_only_in_actions() -> None:
    """A transition is called by an action and by nobody else (house rule 2)."""
    steps = {
        "submit", "redirect", "no_handler", "assign", "take_up_directly", "accept", "accept_complaint", "pass_on", "settle",
        "direct_failed", "conciliate", "instigate_investigation", "informal_over", "straight_to_formal", "start_grievance",
        "start_disciplinary", "refer_code", "formal_code_complaint_received", "report_to_council", "record_outcome", "sent_back",
        "close_no_action", "withdraw", "reopen", "hand_over", "hold_or_release",
    }  # fmt: skip
    callers = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in steps:
                owner = node.func.value
                if isinstance(owner, ast.Name) and owner.id in ("concern", "new", "old"):
                    callers.add(str(path.relative_to(ROOT)))
    assert callers and all(caller.startswith("concerns/actions/") for caller in callers), callers


def test_nothing_happens_in_signals_or_in_save() -> None:
    for path in CODE:
        assert not any(name.startswith("django.db.models.signals") or name == "django.dispatch" for name in imports(path)), path
    for path in (ROOT / "concerns" / "models").glob("*.py"):
        names = {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.FunctionDef)}
        assert not names & {"save", "delete"}, path


def test_image_takes_every_package_along() -> None:
    image, ignored = (ROOT / "Dockerfile").read_text(encoding="utf-8"), (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert [name for name in PACKAGES if f"COPY {name} {name}\n" not in image] == []
    assert [name for name in PACKAGES if f"!{name}" not in ignored] == []
