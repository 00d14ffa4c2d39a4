"""The tests' own servers are real, and commit what they say."""

import socket
import threading

import pytest
import redis
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.mail import EmailMessage, send_mail
from django.db import connection
from django.urls import reverse


def people() -> list[str]:
    """Everybody's address."""
    return list(get_user_model().objects.order_by("email").values_list("email", flat=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", [1, 2])
def test_committed_rows_are_seen_by_other_threads_and_gone_in_the_next_test(round_number) -> None:
    assert people() == []
    get_user_model().objects.create_user("ada@portal.example", full_name="Ada Test")
    seen: list[list[str]] = []

    def look() -> None:
        seen.append(people())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [["ada@portal.example"]]
    assert ContentType.objects.filter(app_label="councils", model="person").count() == 1


@pytest.mark.django_db(transaction=True)
def test_second_connection_is_no_part_of_the_runtime_role(owner_connection) -> None:
    get_user_model().objects.create_user("ada@portal.example", full_name="Ada Test")
    assert owner_connection.execute("SELECT current_user::text, count(*) FROM councils_person").fetchone() == ("portal_super", 1)


def test_redis_loses_everything_when_it_is_stopped(redis_server) -> None:
    client = redis.Redis.from_url(redis_server.url)
    client.set("a", "1")
    assert client.get("a") == b"1"
    redis_server.stop()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", redis_server.port)) != 0
    redis_server.start()
    assert client.get("a") is None
    client.close()


@pytest.mark.django_db
def test_sign_in_works_while_redis_is_away(client, redis_server, settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "protocol_portal.cache.ForgivingRedisCache",
            "LOCATION": redis_server.url,
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }
    get_user_model().objects.create_user("ada@portal.example", "correct-horse-battery", full_name="Ada Test")
    cache.set("seen", 1)
    assert cache.get("seen") == 1
    redis_server.stop()
    try:
        assert cache.get("seen", "gone") == "gone"
        assert cache.add("seen", 1) is True
        wrong = client.post(reverse("account_login"), {"login": "ada@portal.example", "password": "wrong"})
        right = client.post(reverse("account_login"), {"login": "ada@portal.example", "password": "correct-horse-battery"})
    finally:
        redis_server.start()
    assert (wrong.status_code, right.status_code) == (200, 302)
    assert SESSION_KEY in client.session


def test_mail_reaches_the_sink_with_one_recipient_a_message(smtp_sink) -> None:
    send_mail("Subject", "Body", "from@portal.example", ["to@portal.example"])
    EmailMessage("Another", "Body", "from@portal.example", ["other@portal.example"]).send()
    assert [recipients for _sender, recipients, _content in smtp_sink.raw] == [["to@portal.example"], ["other@portal.example"]]
    assert [message["Subject"] for message in smtp_sink.messages] == ["Subject", "Another"]
