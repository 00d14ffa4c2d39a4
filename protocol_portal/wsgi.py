"""The web server's entry point."""

import gc
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "protocol_portal.settings")

_CHARSET = re.compile(r"charset\s*=\s*(?!\"?utf-?8\"?\s*(?:;|$))[^;]*", re.IGNORECASE)
_django = get_wsgi_application()


def _warm_up() -> None:
    """Read every address and every page's template now, not while the first people wait.

    Done as this module is imported: a server that loads it before it divides (``--preload``) does it once for all its
    processes, and what was read stays shared between them.
    """
    get_resolver().check()  # imports every page's code and compiles its address
    for engine in engines.all():
        for folder in map(Path, engine.dirs):
            for page in folder.rglob("*.*"):
                engine.get_template(page.relative_to(folder).as_posix())
    gc.collect()
    gc.freeze()


_warm_up()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request.

    Another charset than UTF-8 is hidden from the framework, which would stumble over one that is no text (``base64``)
    before any middleware runs; the middleware then answers that it wasn't understood.
    """
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = _CHARSET.sub("charset=not-utf-8", environ["CONTENT_TYPE"])
    return _django(environ, start_response)
