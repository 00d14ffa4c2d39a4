"""The web server's entry point."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "protocol_portal.settings")

_CHARSET = re.compile(r"charset\s*=\s*(?!\"?utf-?8\"?\s*(?:;|$))[^;]*", re.IGNORECASE)
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request.

    Another charset than UTF-8 is hidden from the framework, which would stumble over one that is no text (``base64``)
    before any middleware runs; the middleware then answers that it wasn't understood.
    """
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = _CHARSET.sub("charset=not-utf-8", environ["CONTENT_TYPE"])
    return _django(environ, start_response)
