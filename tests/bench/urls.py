"""The portal's addresses and the floor's."""

from django.urls import path

from protocol_portal import urls as portal
from tests.bench.floor import floor

handler400, handler403, handler404, handler500 = portal.handler400, portal.handler403, portal.handler404, portal.handler500
urlpatterns = [path("floor/", floor), *portal.urlpatterns]
