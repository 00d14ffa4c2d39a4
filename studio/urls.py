"""Addresses of the studio: a council's key, ids and fixed words."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from studio.views import decisions, drafts, imports, overview, people_import, proof, public, publication, set_up, set_up_protocol, tying

app_name = "studio"
STUDIO = "c/<slug:key>/studio/"
PUBLIC = "public/<slug:key>/"

urlpatterns: list[URLPattern | URLResolver] = []

# Pictures, and the adopted protocol as a publication; what begins with PUBLIC needs no signing in.
urlpatterns += [
    path(f"{STUDIO}picture/", publication.picture, name="picture"),
    path(f"{STUDIO}picture/<uuid:draft>/", publication.picture_draft, name="picture-draft"),
    path(f"{STUDIO}panels/", publication.panel_feasibility, name="panels"),
    path(f"{STUDIO}publication/", publication.publication, name="publication"),
    path(PUBLIC, public.protocol, name="public"),
    path(f"{PUBLIC}protocol.pdf", public.paper, name="public-paper"),
    path(f"{PUBLIC}who-to-go-to/", public.notice, name="public-notice"),
    path(f"{PUBLIC}who-to-go-to/<slug:size>.pdf", public.notice_paper, name="public-notice-paper"),
    path(f"{PUBLIC}register/", public.public_register, name="public-register"),
]

# Setting a council up, and a list of people for one that is there.
SET_UP = "setup/<uuid:set_up>/"
urlpatterns += [
    path("setup/", set_up.set_ups, name="set-ups"),
    path("setup/new/", set_up.invite, name="set-up-invite"),
    path(SET_UP, set_up.set_up, name="set-up"),
    path(f"{SET_UP}council/", set_up.council, name="set-up-council"),
    path(f"{SET_UP}people/", set_up.people, name="set-up-people"),
    path(f"{SET_UP}protocol/", set_up_protocol.protocol, name="set-up-protocol"),
    path(f"{SET_UP}who/", set_up.who, name="set-up-who"),
    path(f"{SET_UP}rehearsal/", set_up_protocol.rehearsal, name="set-up-rehearsal"),
    path(f"{SET_UP}adoption/", set_up_protocol.adoption, name="set-up-adoption"),
    path(f"{SET_UP}invite/", set_up.ask_people, name="set-up-ask"),
    path("c/<slug:key>/people/import/", people_import.people_import, name="people-import"),
    path("c/<slug:key>/people/import/example.csv", people_import.template, name="people-import-template"),
]

# Bring the document.
IMPORT = f"{STUDIO}import/<uuid:document>/"
urlpatterns += [
    path(f"{STUDIO}import/", imports.imports, name="imports"),
    path(IMPORT, imports.document, name="import"),
    path(f"{IMPORT}rows/<int:row>/", imports.row, name="import-row"),
    path(f"{IMPORT}rows/<int:row>/split/", imports.split, name="import-split"),
    path(f"{IMPORT}do/<slug:step>/", imports.do, name="import-do"),
    path(f"{IMPORT}remove/", imports.remove, name="import-remove"),
]

# Proof: the linter, the rehearsal, one question at a time.
urlpatterns += [
    path(f"{STUDIO}check/", proof.check, name="check"),
    path(f"{STUDIO}check/<uuid:draft>/", proof.check_draft, name="check-draft"),
    path(f"{STUDIO}rehearsal/", proof.rehearsal, name="rehearsal"),
    path(f"{STUDIO}rehearsal/<uuid:draft>/", proof.rehearsal_draft, name="rehearsal-draft"),
    path(f"{STUDIO}what-if/", proof.what_if, name="what-if"),
    path(f"{STUDIO}what-if/<uuid:draft>/", proof.what_if_draft, name="what-if-draft"),
]

# The editor: drafts, versions compared, what the council decided.
DRAFT = f"{STUDIO}draft/<uuid:draft>/"
VERSION = f"{STUDIO}versions/<uuid:version>/"
urlpatterns += [
    path(STUDIO, overview.overview, name="overview"),
    path(f"{STUDIO}draft/start/", overview.start, name="draft-start"),
    path(f"{STUDIO}draft/file/", overview.bring_file, name="draft-file"),
    path(f"{STUDIO}decisions/", decisions.decisions, name="decisions"),
    path(f"{STUDIO}record/", overview.record, name="record"),
    path(f"{VERSION}differences/", overview.version_differences, name="version-differences"),
    path(f"{VERSION}protocol.yaml", overview.version_export, name="version-export"),
    path(DRAFT, drafts.draft, name="draft"),
    path(f"{DRAFT}name/", drafts.draft_name, name="draft-name"),
    path(f"{DRAFT}clauses/", drafts.draft_clauses, name="draft-clauses"),
    path(f"{DRAFT}document/", tying.about, name="draft-about"),
    path(f"{DRAFT}ties/", tying.ties, name="draft-ties"),
    path(f"{DRAFT}differences/", drafts.differences, name="draft-differences"),
    path(f"{DRAFT}protocol.yaml", drafts.export, name="draft-export"),
    path(f"{DRAFT}put-forward/", drafts.put_forward, name="draft-put-forward"),
    path(f"{DRAFT}reopen/", drafts.reopen, name="draft-reopen"),
    path(f"{DRAFT}discard/", drafts.discard, name="draft-discard"),
    path(f"{DRAFT}decisions/<slug:setting>/", decisions.decision, name="decision"),
    path(f"{DRAFT}in/<slug:section>/", drafts.section, name="draft-section"),
    path(f"{DRAFT}in/<slug:section>/<slug:item>/", drafts.item, name="draft-item"),
    path(f"{DRAFT}in/<slug:section>/<slug:item>/remove/", drafts.item_remove, name="draft-item-remove"),
    path(f"{DRAFT}in/<slug:section>/<slug:item>/move/", drafts.item_move, name="draft-item-move"),
]
