"""The codes of reports: plain enums, no Django."""

from enum import StrEnum


class Audience(StrEnum):
    """Who a report is for."""

    PUBLIC = "public"
    COUNCIL = "council"  # in the part of a meeting from which the public is excluded
    MONITORING_OFFICER = "monitoring_officer"


class RunStatus(StrEnum):
    """Where the making of a report stands."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class Format(StrEnum):
    """What a report can be taken away as."""

    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
