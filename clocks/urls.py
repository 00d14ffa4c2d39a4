"""Addresses of dates and reminders. Keys, ids and fixed words only; a calendar's address is a secret of its owner's."""

from django.urls import path

from clocks.views import due, feed, reminders, targets

app_name = "clocks"
C = "c/<slug:key>/"

urlpatterns = [
    path("due/", due.listing, name="due"),
    path("concerns/<uuid:concern>/due/", due.concern, name="concern"),
    path("concerns/<uuid:concern>/due/<uuid:obligation>/more-time/", due.extend, name="extend"),
    path(f"{C}targets/", targets.listing, name="targets"),
    path(f"{C}targets/<slug:code>/", targets.change, name="target"),
    path("account/reminders/", feed.mine, name="mine"),
    path("account/calendar/on/", feed.calendar_on, name="calendar-on"),
    path("account/calendar/off/", feed.calendar_off, name="calendar-off"),
    path("calendar/<str:token>.ics", feed.calendar, name="calendar"),
    path(f"{C}reminders/", reminders.habits, name="habits"),
    path(f"{C}reminders/hours/", reminders.hours, name="habit-hours"),
    path(f"{C}reminders/<slug:kind>/", reminders.habit, name="habit"),
    path(f"{C}reminders/<slug:kind>/reset/", reminders.habit_reset, name="habit-reset"),
]
