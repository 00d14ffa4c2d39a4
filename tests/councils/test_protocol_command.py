"""The command others' scripts call: exits, JSON, and no need of a database or an environment with --file."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from django.core.management import CommandError, call_command

from councils.models import ProtocolVersion
from tests.councils.small_council import ROOT, council, rule

CLERK, CHAIR, PANEL, OUTSIDE = "role:proper_officer", "role:chair_of_council", "body:hr_panel", "ext:principal_mo"
SOUND = council(
    rule("R1", "councillor", "officer", [CLERK, CHAIR], if_conflicted=[PANEL, OUTSIDE]),
    rule("R2", "councillor", "proper_officer", [CHAIR], if_conflicted=[PANEL, OUTSIDE]),
    rule("R3", "officer", "councillor", [CLERK], if_conflicted=[PANEL, OUTSIDE]),
)


@pytest.fixture
def bare(tmp_path):
    """The command where the environment names neither secrets nor a database."""

    def running(*words):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run([sys.executable, "manage.py", "protocol", *words], cwd=ROOT, env=environment, capture_output=True, text=True)

    return running


@pytest.fixture
def run(tmp_path, bare):
    def running(verb, data, *words):
        path = tmp_path / "council.yaml"
        path.write_bytes(data if isinstance(data, bytes) else (data if isinstance(data, str) else yaml.safe_dump(data)).encode())
        return bare(verb, "--file", str(path), *words)

    return running


ASK = ("--raiser", "councillor", "--subject", "officer", "--stage", "informal")


def test_check_passes_a_sound_file(run):
    done = run("check", SOUND, "--json")
    assert (done.returncode, json.loads(done.stdout)["errors"]) == (0, 0)


def test_check_fails_a_faulty_file_and_says_where(run):
    done = run("check", council(rule("R1", "wizard", "officer", [CLERK, OUTSIDE])), "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["ok"], said["problems"][0]["path"]) == (1, False, "routes[0].raiser")
    assert "routes[0].raiser" in run("check", council(rule("R1", "wizard", "officer", [CLERK]))).stdout


@pytest.mark.parametrize("text", ["", "a: [", "key: a\nkey: b\n", "a: !!python/object/apply:os.system ['true']"])
def test_check_of_an_unreadable_file_is_words_and_json(run, text):
    done = run("check", text, "--json")
    assert (done.returncode, json.loads(done.stdout)["problems"][0]["code"]) == (1, "unreadable")
    assert "Traceback" not in done.stderr


def test_route_prints_the_promised_object(run):
    done = run("route", SOUND, *ASK, "--conflicted", CLERK, "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert list(answer)[:9] == ["rule", "mode", "to", "fallback_used", "cites", "basis", "warnings", "blocked", "needs_handler"]
    assert (answer["rule"], answer["to"], answer["blocked"][0]["token"]) == ("R1", [CHAIR], CLERK)


@pytest.mark.parametrize(
    "words", [("--conflicted", CLERK, CHAIR), ("--conflicted", CLERK, "--conflicted", CHAIR), ("--conflicted", f"{CLERK},{CHAIR}")]
)
def test_route_takes_tokens_in_every_way_people_write_them(run, words):
    answer = json.loads(run("route", SOUND, *ASK, "--json", *words).stdout)
    assert (answer["to"], answer["fallback_used"]) == ([PANEL, OUTSIDE], True)


@pytest.mark.parametrize(
    "words",
    [
        ("--raiser", "wizard", "--subject", "officer", "--stage", "informal"),
        ("--raiser", "councillor", "--subject", "wizard", "--stage", "informal"),
        ("--raiser", "councillor", "--subject", "officer", "--stage", "never"),
        (*ASK, "--topic", "weather"),
        (*ASK, "--conflicted", "role:wizard"),
        (*ASK, "--vacant", "proper_officer"),
        (*ASK, "--on", "tomorrow"),
    ],
)
def test_route_refuses_unknown_words_with_those_there_are(run, words):
    done = run("route", SOUND, *words, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_route_reads_as_plain_text(run):
    said = run("route", SOUND, *ASK).stdout
    assert "Clerk [role:proper_officer]" in said


def test_route_answers_a_file_with_two_equal_rules(run):
    data = council(rule("R1", "councillor", "officer", [CLERK]), rule("R2", "councillor", "officer", [CHAIR]))
    answer = json.loads(run("route", data, *ASK, "--json").stdout)
    assert (answer["rule"], len(answer["warnings"])) == ("R1", 1)


def test_rehearse_passes_a_sound_file_and_fails_a_dead_end(run):
    assert run("rehearse", SOUND).returncode == 0
    done = run("rehearse", council(rule("R1", "councillor", "officer", [CLERK])), "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"]) == (1, False)


def test_missing_file_is_said(run, tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "protocol", "check", "--file", str(tmp_path / "none.yaml")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "cannot be opened" in done.stderr


@pytest.mark.parametrize("dressed", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")], ids=["bom", "crlf"])
def test_file_saved_on_windows_is_read_the_same(run, dressed):
    done = run("route", dressed(yaml.safe_dump(SOUND)).encode(), *ASK, "--json")
    assert (done.returncode, json.loads(done.stdout)["to"]) == (0, [CLERK, CHAIR])


def test_council_is_answered_from_its_shipped_file_where_no_database_is_named(bare):
    done = bare("route", "--council", "yateley", *ASK, "--json")
    assert (done.returncode, json.loads(done.stdout)["rule"]) == (0, "Y-R01")
    assert bare("rehearse", "--council", "alsager").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("check", "--council", "nowhere"), "No council with the key"),
        (("check",), "Give --file"),
        ((), "required: verb"),
        (("rehearse", "--council", "yateley", "--people"), "DATABASE_URL is missing"),
        (("load", "fixtures/protocols/yateley.yaml"), "DATABASE_URL is missing"),
    ],
)
def test_what_cannot_be_done_without_a_database_is_a_sentence(bare, words, said):
    done = bare(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_people_of_a_file_are_refused_in_words(run):
    done = run("rehearse", SOUND, "--people")
    assert (done.returncode, done.stderr) == (2, "CommandError: Give --council with a council's key: a file holds no people.\n")


def test_file_of_another_council_is_not_taken_for_the_one_named(run):
    assert run("route", SOUND, *ASK, "--council", "smallton").returncode == 0
    done = run("route", SOUND, *ASK, "--council", "bigton")
    assert (done.returncode, done.stdout) == (2, "")
    assert "smallton" in done.stderr
    said = json.loads(run("check", SOUND, "--council", "bigton", "--json").stdout)
    assert (said["ok"], [problem["code"] for problem in said["problems"]]) == (False, ["several_councils"])


def test_one_of_several_councils_can_be_picked(run):
    data = {"councils": [SOUND, {**SOUND, "key": "bigton"}]}
    assert run("route", data, *ASK).returncode == 2
    assert run("route", data, *ASK, "--council", "bigton").returncode == 0
    assert run("check", data, "--council", "bigton").returncode == 0
    assert run("check", data).returncode == 1


@pytest.mark.django_db
def test_load_is_idempotent_and_can_then_be_asked_by_key(tmp_path, capsys):
    path = tmp_path / "council.yaml"
    path.write_text(yaml.safe_dump(SOUND), encoding="utf-8")
    for _time in range(2):
        call_command("protocol", "load", str(path))
    assert ProtocolVersion.objects.filter(council__key="smallton").count() == 1
    capsys.readouterr()
    call_command("protocol", "route", "--council", "smallton", *ASK, "--json")
    assert json.loads(capsys.readouterr().out)["rule"] == "R1"


@pytest.mark.django_db
def test_load_refuses_a_faulty_file(tmp_path):
    path = tmp_path / "council.yaml"
    path.write_text(yaml.safe_dump(council(rule("R1", "wizard", "officer", [CLERK]))), encoding="utf-8")
    with pytest.raises(CommandError, match="unknown|no role"):
        call_command("protocol", "load", str(path))
    assert ProtocolVersion.objects.count() == 0


@pytest.mark.django_db
def test_council_not_loaded_is_read_from_its_file(capsys):
    call_command("protocol", "route", "--council", "weston", *ASK, "--json")
    assert json.loads(capsys.readouterr().out)["rule"] == "W-R01"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["nowhere", "../weston", ""])
def test_council_nobody_knows_is_refused(key):
    with pytest.raises(CommandError):
        call_command("protocol", "route", "--council", key, *ASK)
