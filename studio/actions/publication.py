"""What a council's public pages show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from councils.actions.ground import lock_council, plain, record, require_admin
from councils.errors import Refusal
from councils.models import Council, CouncilEventKind, Person
from councils.roles import SINGLE_HOLDER
from studio.models import ImportedDocument, Publication


@transaction.atomic
def choose_publication(
    *,
    council: Council,
    is_public: bool,
    named_roles: Iterable[str] = (),
    contact: str = "",
    document: ImportedDocument | None = None,
    revision: int = 0,
    by: Person | None,
    now: datetime,
) -> Publication:
    """Sets whether the adopted protocol is public, which offices are shown with a name, and whom to ask. Raises Refusal.

    Only offices with one holder can be named: nobody is published as one councillor or officer among several.
    """
    council = lock_council(council)
    require_admin(council, by, now)
    roles = sorted(set(named_roles))
    if not set(roles) <= set(SINGLE_HOLDER):
        raise Refusal(_("Only an office that one person holds can be shown with a name. Choose from the list."), field="named_roles")
    line = plain(contact, field="contact", limit=200, what=_("Whom to ask"), required=False)
    if document is not None and not ImportedDocument.objects.filter(pk=document.pk, council=council, finished_at__isnull=False).exists():
        raise Refusal(_("Choose a document of your council that has been checked."), field="document")
    row = Publication.objects.filter(council=council).first() or Publication(council=council, changed_at=now)
    if revision != row.revision:
        raise Refusal(_("Somebody changed this in the meantime. Look at what is there now, then choose again."))
    row.is_public, row.named_roles, row.contact, row.document = is_public, roles, line, document
    row.revision, row.changed_at, row.changed_by = row.revision + 1, now, by
    row.save()
    record(
        CouncilEventKind.COUNCIL_CHANGED, council=council, by=by, now=now, what="publication", public=is_public, roles=roles,
        document=document.pk if document else None,
    )  # fmt: skip
    return row
