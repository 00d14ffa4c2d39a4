"""All the concerns a person may see, and only those: search, filter, order, pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from concerns import lists
from concerns.forms.listing import FilterForm
from concerns.views._loading import signed_in
from concerns.views.home import rows
from councils import queries as councils
from councils import wording as council_words

PER_PAGE = 25


@require_safe
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """One page of the list. The number of results is the number of what the person may see."""
    person = request.user
    today = timezone.localdate()
    mine = councils.councils_of(person, on=today)
    request.my_councils = mine  # type: ignore[attr-defined]  # the frame's menu needs them too
    form = FilterForm(request.GET or None, topics=[(code, str(words)) for code, words in council_words.TOPICS.items()], councils=[(c.key, c.name) for c in mine])
    wanted = form.understood() if form.is_bound else {}
    page = None
    if request.GET.get("page", "1") == "1" and set(wanted) <= {"sort", "state"} and wanted.get("state", "open") in ("open", "closed"):
        page = lists.first_page(person, size=PER_PAGE, **wanted)
    page = page or lists.page_of(lists.caseload(person, **wanted), request.GET.get("page"), size=PER_PAGE)
    table = rows(list(page.object_list), today)
    for row in table:
        concern = row["concern"]
        row["topic"] = council_words.topic_label(concern.topic) if concern.readable and concern.topic else ""  # type: ignore[attr-defined]
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "form": form,
        "rows": table,
        "page_obj": page,
        "count": page.paginator.count,
        "query": query.urlencode(),
        "filtered": bool(set(wanted) - {"sort"}),
    }
    return render(request, "concerns/list.html", context)
