"""Addresses: random ids and fixed words, nothing readable about anybody."""

from django.urls import path

from correspondence.views import letters, messages, reports

app_name = "correspondence"
ONE = "concerns/<uuid:concern>/"
MESSAGE = "messages/<uuid:message>/"
LETTER = "letters/<uuid:letter>/"

urlpatterns = [
    path(f"{ONE}messages/", messages.conversation, name="messages"),
    path(f"{ONE}messages/new/", messages.new, name="message-new"),
    path(MESSAGE, messages.one, name="message"),
    path(f"{MESSAGE}reply/", messages.reply, name="message-reply"),
    path(f"{MESSAGE}copy/", messages.copy, name="message-copy"),
    path(f"{MESSAGE}unmark/", messages.unmark, name="message-unmark"),
    path(f"{ONE}letters/", letters.on_concern, name="letters"),
    path(f"{ONE}letters/new/", letters.new, name="letter-new"),
    path(LETTER, letters.read, name="letter"),
    path(f"{LETTER}edit/", letters.edit, name="letter-edit"),
    path(f"{LETTER}send/", letters.send, name="letter-send"),
    path(f"{LETTER}discard/", letters.discard, name="letter-discard"),
    path(f"{LETTER}pdf/", letters.pdf, name="letter-pdf"),
    path(f"{ONE}report/", reports.page, name="report"),
    path(f"{ONE}report/write/", reports.write, name="report-write"),
    path(f"{ONE}report/final/", reports.seal, name="report-seal"),
    path(f"{ONE}report/resolution/", reports.resolution, name="report-resolution"),
    path(f"{ONE}report/presented/", reports.present, name="report-present"),
    path(f"{ONE}report/pdf/", reports.pdf, name="report-pdf"),
]
