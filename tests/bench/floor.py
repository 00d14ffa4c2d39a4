"""The floor: what the same page costs with nothing of ours behind it.

A bare Django view with session and sign-in, one query written by hand for what the page shows (25 rows, whom they are about,
what may be read, and how many there are), and the page's own template. No row security, no forms to bind, no policy.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
QUERY = """
WITH seen AS (
    SELECT c.id, c.updated_at, count(*) OVER () AS total
    FROM concerns_concernuserobjectpermission g JOIN concerns_concern c ON c.id = g.content_object_id
    WHERE g.user_id = %(me)s AND g.permission_id = (SELECT id FROM auth_permission WHERE codename = 'view_concern')
      AND g.content_object_id NOT IN (SELECT concern_id FROM concerns_exclusion WHERE person_id = %(me)s)
    ORDER BY c.updated_at DESC, c.id LIMIT 25
)
SELECT c.id, c.reference, c.state, c.topic, c.updated_at, c.raiser_id, r.full_name, k.name, seen.total,
    (SELECT string_agg(p.full_name, ', ' ORDER BY p.full_name) FROM concerns_concernsubject s
     JOIN councils_person p ON p.id = s.person_id WHERE s.concern_id = c.id),
    EXISTS (SELECT FROM concerns_concernuserobjectpermission g WHERE g.content_object_id = c.id AND g.user_id = %(me)s
            AND g.permission_id = (SELECT id FROM auth_permission WHERE codename = 'read_concern'))
FROM seen JOIN concerns_concern c ON c.id = seen.id JOIN councils_person r ON r.id = c.raiser_id
JOIN councils_council k ON k.id = c.council_id ORDER BY c.updated_at DESC, c.id
"""
frame: dict[str, Any] = {}  # what the page's frame shows: taken from the real page once, so that it costs no query


def floor(request: WSGIRequest) -> HttpResponse:
    """The list, the short way."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, {"me": request.user.pk})
        found = cursor.fetchall()
    rows = [
        {
            "concern": SimpleNamespace(
                pk=pk, reference=reference, state=state, updated_at=updated_at, raiser_id=raiser_id,
                raised_by=raiser, in_council=council,
            ),
            "about": about,
            "state": frame["states"][state],
            "topic": frame["topics"].get(topic, "") if readable else "",
        }
        for pk, reference, state, topic, updated_at, raiser_id, raiser, council, _total, about, readable in found
    ]  # fmt: skip
    request.my_councils = frame["councils"]  # type: ignore[attr-defined]
    total = found[0][8] if found else 0
    page = SimpleNamespace(number=1, has_previous=False, has_next=total > 25, next_page_number=2)
    context = {"form": frame["form"](), "rows": rows, "page_obj": page, "count": total, "query": "", "filtered": False}
    return render(request, "concerns/list.html", context)
