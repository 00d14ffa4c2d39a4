"""HTML to PDF/UA. The only module that loads WeasyPrint, and only when a paper is asked for."""

from typing import Any

from django.template.loader import render_to_string

STYLES = "report/paper.css"


def render(template: str, context: dict[str, Any]) -> bytes:
    """Takes a template of ``templates/report/`` and its context; returns a tagged PDF (PDF/UA-1).

    Nothing is fetched: a paper holds its own styles and pictures, so what it says can't reach anybody else's server.
    """
    return from_html(render_to_string(template, {**context, "paper_styles": render_to_string(STYLES)}))


def from_html(html: str) -> bytes:
    """Takes a whole HTML page; returns a tagged PDF (PDF/UA-1). Raises ValueError when it points at anything outside."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    only_inside = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    try:
        return weasyprint.HTML(string=html, url_fetcher=only_inside).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as problem:  # not an Exception of Python's: nothing above would catch it
        raise ValueError("A paper must not fetch anything.") from problem
