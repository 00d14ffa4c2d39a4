"""No key reaches the web server's log: neither a calendar's nor that of a link for a new password."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from protocol_portal.access_log import KeylessLogger

FORMAT = '%(h)s %(t)s %(m)s %(r)s %(U)s %({path_info}e)s %({raw_uri}e)s %({request_uri}e)s %(s)s %(D)s'


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/calendar/SECRET-key.ics", "/calendar/-"),
        ("/accounts/password/reset/key/abc-SECRET/", "/accounts/password/reset/key/-"),
        ("/concerns/", "/concerns/"),
    ],
)
def test_a_line_of_the_log_holds_no_key(path: str, logged: str, caplog: pytest.LogCaptureFixture) -> None:
    settings = Config()
    settings.set("accesslog", "-")
    settings.set("access_log_format", FORMAT)
    logger = KeylessLogger(settings)
    logger.access_log.propagate = True
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
    }  # fmt: skip
    response = SimpleNamespace(status="200 OK", sent=3, headers=[])
    with caplog.at_level(logging.INFO, logger="gunicorn.access"):
        logger.access(response, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=3))
    (record,) = caplog.records
    assert logged in record.getMessage()
    assert "SECRET" not in record.getMessage()
