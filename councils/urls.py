"""Addresses of the council side. Keys and ids only; nothing readable about anybody."""

from django.urls import path

from councils.views import absences, bodies, closures, council, people, protocol, reviews, sign_ins

app_name = "councils"
C = "c/<slug:key>/"

urlpatterns = [
    path("councils/", council.switch, name="switch"),
    path("account/", council.account, name="account"),
    path("account/sessions/", sign_ins.sign_ins, name="sign-ins"),
    path("language/", sign_ins.language, name="language"),
    path(C, council.council, name="council"),
    path(f"{C}protocol/", protocol.protocol, name="protocol"),
    path(f"{C}protocol/versions/", protocol.protocol_versions, name="protocol-versions"),
    path(f"{C}protocol/versions/<uuid:version>/", protocol.protocol_version, name="protocol-version"),
    path(f"{C}protocol/versions/<uuid:version>/approve/", protocol.approve, name="protocol-approve"),
    path(f"{C}protocol/versions/<uuid:version>/force/", protocol.bring_into_force, name="protocol-force"),
    path("reviews/", reviews.calendar, name="reviews"),
    path(f"{C}protocol/review/", reviews.review, name="review"),
    path(f"{C}protocol/review/open/", reviews.review_open, name="review-open"),
    path(f"{C}protocol/review/conclude/", reviews.review_conclude, name="review-conclude"),
    path(f"{C}protocol/review/date/", reviews.review_date, name="review-date"),
    path(f"{C}protocol/review/occasion/", reviews.occasion, name="review-occasion"),
    path(f"{C}protocol/review/occasion/<uuid:occasion>/withdraw/", reviews.occasion_withdraw, name="occasion-withdraw"),
    path(f"{C}people/", people.people, name="people"),
    path(f"{C}people/add/", people.person_add, name="person-add"),
    path(f"{C}people/<uuid:person>/", people.person, name="person"),
    path(f"{C}people/<uuid:person>/line-manager/", people.reporting_line, name="reporting-line"),
    path(f"{C}appointments/add/", people.appointment_add, name="appointment-add"),
    path(f"{C}appointments/<uuid:appointment>/end/", people.appointment_end, name="appointment-end"),
    path(f"{C}bodies/", bodies.bodies, name="bodies"),
    path(f"{C}bodies/add/", bodies.body_add, name="body-add"),
    path(f"{C}bodies/<uuid:body>/member/", bodies.body_member, name="body-member"),
    path(f"{C}members/<uuid:membership>/end/", bodies.body_member_end, name="body-member-end"),
    path(f"{C}outside-bodies/add/", bodies.external_add, name="external-add"),
    path(f"{C}outside-bodies/<uuid:body>/officers/", bodies.external_officer_add, name="external-officer-add"),
    path(f"{C}outside-officers/<uuid:officer>/end/", bodies.external_officer_end, name="external-officer-end"),
    path(f"{C}absences/", absences.absences, name="absences"),
    path(f"{C}absences/book/", absences.absence_book, name="absence-book"),
    path(f"{C}absences/<uuid:absence>/end/", absences.absence_end, name="absence-end"),
    path(f"{C}absences/<uuid:absence>/cancel/", absences.absence_cancel, name="absence-cancel"),
    path(f"{C}election/", absences.election, name="election"),
    path(f"{C}closures/", closures.closures, name="closures"),
    path(f"{C}closures/add/", closures.closure_add, name="closure-add"),
    path(f"{C}closures/<uuid:closure>/remove/", closures.closure_remove, name="closure-remove"),
    path(f"{C}relationships/", bodies.relationships, name="relationships"),
    path(f"{C}relationships/add/", bodies.relationship_add, name="relationship-add"),
    path(f"{C}relationships/<uuid:relationship>/end/", bodies.relationship_end, name="relationship-end"),
]
