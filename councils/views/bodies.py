"""Bodies and their members, bodies outside the council, disclosed relationships."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from councils import actions
from councils.forms.bodies import BodyForm, BodyMemberForm, ExternalBodyForm, ExternalOfficerForm, OwnRelationshipForm, RelationshipForm
from councils.forms.people import EndForm
from councils.models import Body, BodyMembership, DisclosedRelationship, ExternalBody, ExternalOfficer
from councils.views._loading import Visit, carry_out, council_page, done, form_page, one, people_navigation

FORM = ["GET", "HEAD", "POST"]


@require_safe
@council_page()
def bodies(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The council's bodies with members and quorum, and the bodies outside that it may refer to."""
    members = BodyMembership.objects.current(visit.on).select_related("person").order_by("-is_chair", "is_substitute")
    rows = Body.objects.filter(council=visit.council).prefetch_related(Prefetch("memberships", members, to_attr="members"))
    officers = ExternalOfficer.objects.select_related("person").order_by("role", "person__full_name")
    externals = ExternalBody.objects.filter(council=visit.council).prefetch_related(Prefetch("officers", officers))
    context = {
        **visit.context,
        "bodies": rows.order_by("name"),
        "externals": externals.order_by("name", "-starts_on"),
        "sub_nav": people_navigation(visit, "bodies"),
    }
    return render(request, "councils/bodies.html", context)


@require_http_methods(FORM)
@council_page(admin=True)
def body_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Set up a body."""
    form = BodyForm(request.POST or None)
    if request.method == "POST" and carry_out(form, actions.create_body, by=visit.person, council=visit.council):
        return done(request, _("The body is set up. Add its members next."), "councils:bodies", key=visit.council.key)
    return form_page(request, visit, form, title=_("Add a body"), button=_("Add the body"), back="bodies")


@require_http_methods(FORM)
@council_page(admin=True)
def body_member(request: HttpRequest, visit: Visit, body: UUID) -> HttpResponse:
    """Put somebody on a body, or change their part in it."""
    row = one(Body.objects.filter(council=visit.council), body)
    form = BodyMemberForm(request.POST or None, visit=visit, initial={"starts_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.set_body_member, by=visit.person, body=row):
        return done(request, _("The membership is recorded."), "councils:bodies", key=visit.council.key)
    title = _("Add a member to %s") % row.name
    return form_page(request, visit, form, title=title, button=_("Record the membership"), back="bodies")


@require_http_methods(FORM)
@council_page(admin=True)
def body_member_end(request: HttpRequest, visit: Visit, membership: UUID) -> HttpResponse:
    """Give somebody's seat on a body its last day."""
    row = one(BodyMembership.objects.filter(body__council=visit.council).current(visit.on).select_related("body", "person"), membership)
    seat = {
        "body": row.body, "person": row.person, "starts_on": row.starts_on, "is_chair": row.is_chair, "is_substitute": row.is_substitute,
    }  # fmt: skip
    form = EndForm(request.POST or None, initial={"ends_on": row.ends_on or visit.on})
    if request.method == "POST" and carry_out(form, actions.set_body_member, by=visit.person, **seat):
        return done(request, _("The last day is recorded."), "councils:bodies", key=visit.council.key)
    title = _("End the seat of %(name)s on %(body)s") % {"name": row.person.full_name, "body": row.body.name}
    return form_page(request, visit, form, title=title, button=_("Record the last day"), back="bodies")


@require_http_methods(FORM)
@council_page(admin=True)
def external_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Record a body or officer outside the council that concerns may be referred to."""
    form = ExternalBodyForm(request.POST or None, initial={"starts_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.set_external_body, by=visit.person, council=visit.council):
        return done(request, _("The outside body is recorded."), "councils:bodies", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Add an outside body"),
        button=_("Record the outside body"),
        back="bodies",
        intro=_("Check the contact once a year. The entry of before ends the day before this one starts."),
    )


@require_http_methods(FORM)
@council_page(admin=True)
def external_officer_add(request: HttpRequest, visit: Visit, body: UUID) -> HttpResponse:
    """Say who of an outside body signs in here for what is referred to it."""
    row = one(ExternalBody.objects.filter(council=visit.council), body)
    form = ExternalOfficerForm(request.POST or None, initial={"starts_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.set_external_officer, by=visit.person, external_body=row):
        return done(request, _("The officer is recorded."), "councils:bodies", key=visit.council.key)
    intro = _("They see what is referred to them, sealed, and nothing else of the council. They get an account without a password; invite them to set one.")
    title = _("Add an officer of %s") % row.name
    return form_page(request, visit, form, title=title, button=_("Record the officer"), back="bodies", intro=intro)


@require_http_methods(FORM)
@council_page(admin=True)
def external_officer_end(request: HttpRequest, visit: Visit, officer: UUID) -> HttpResponse:
    """Give an officer of an outside body their last day."""
    row = one(ExternalOfficer.objects.filter(external_body__council=visit.council).current(visit.on).select_related("person", "external_body__council"), officer)
    form = EndForm(request.POST or None, initial={"ends_on": row.ends_on or visit.on})
    if request.method == "POST" and carry_out(form, actions.end_external_officer, by=visit.person, officer=row):
        return done(request, _("The last day is recorded."), "councils:bodies", key=visit.council.key)
    title = _("End the part of %s") % row.person.full_name
    return form_page(request, visit, form, title=title, button=_("Record the last day"), back="bodies")


@require_safe
@council_page()
def relationships(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Disclosed relationships: all of them for the administrator, one's own for anybody else."""
    context = {
        **visit.context,
        "relationships": _relationships(visit),
        "sub_nav": people_navigation(visit, "relationships"),
    }
    return render(request, "councils/relationships.html", context)


@require_http_methods(FORM)
@council_page()
def relationship_add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Disclose a relationship: one's own, or (administrator) one that two people disclosed on paper."""
    form: OwnRelationshipForm | RelationshipForm
    if visit.is_admin:
        form = RelationshipForm(request.POST or None, visit=visit, initial={"disclosed_on": visit.on})
        fields: dict[str, Any] = {}
    else:
        form = OwnRelationshipForm(request.POST or None, visit=visit, initial={"disclosed_on": visit.on})
        fields = {"person_a": visit.person}
    if request.method == "POST" and carry_out(form, actions.disclose_relationship, by=visit.person, council=visit.council, **fields):
        return done(request, _("The relationship is recorded."), "councils:relationships", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("Disclose a relationship"),
        button=_("Record the relationship"),
        back="relationships",
        intro=_(
            "Only the two people and the protocol administrator see this. The portal uses it to keep one of them out of the other’s case."
        ),
    )


@require_http_methods(FORM)
@council_page()
def relationship_end(request: HttpRequest, visit: Visit, relationship: UUID) -> HttpResponse:
    """Give a disclosed relationship its last day: either of the two, or the administrator."""
    row = one(_relationships(visit).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=visit.on)), relationship)
    form = EndForm(request.POST or None, initial={"ends_on": visit.on})
    if request.method == "POST" and carry_out(form, actions.end_relationship, by=visit.person, relationship=row):
        return done(request, _("The last day is recorded."), "councils:relationships", key=visit.council.key)
    return form_page(
        request,
        visit,
        form,
        title=_("End a disclosed relationship"),
        button=_("Record the last day"),
        back="relationships",
        intro=_("Concerns from which one of the two was kept out because of it stay closed to them."),
    )


def _relationships(visit: Visit) -> Any:
    rows = DisclosedRelationship.objects.filter(council=visit.council)
    if not visit.is_admin:
        rows = rows.filter(Q(person_a=visit.person) | Q(person_b=visit.person))
    return rows.select_related("person_a", "person_b", "disclosed_by").order_by("-disclosed_on")
