"""The portal's health as text: for Prometheus, and for an operator who asks /healthz."""

from __future__ import annotations

from operations.queries import Health

HELP = {
    "portal_info": "The portal's version.",
    "portal_heartbeat_age_seconds": "Seconds since this part was last heard of; -1 when it never was.",
    "portal_notices_waiting": "Notices that are due and not sent.",
    "portal_notices_oldest_seconds": "For how long the oldest of them has been due.",
    "portal_notices_failed": "Notices that were given up and that nobody has dealt with.",
    "portal_figures_age_seconds": "Seconds since the last tick counted what follows.",
    "portal_files_not_scanned": "Files that no virus scanner has seen.",
    "portal_files_infected": "Files in which a virus was found; they are kept, and nobody can open them.",
    "portal_reminders_oldest_seconds": "For how long the oldest reminder has waited for the clock.",
    "portal_well": "1 when everything that has to run runs.",
}


def exposition(health: Health, version: str) -> str:
    """Prometheus' text format, version 0.0.4. All gauges; labels are fixed words."""

    def age(value: float | None) -> str:
        return "-1" if value is None else f"{value:.0f}"

    lines: list[tuple[str, str, str]] = [
        ("portal_info", f'{{version="{version}"}}', "1"),
        ("portal_heartbeat_age_seconds", '{part="worker"}', age(health.worker)),
        ("portal_heartbeat_age_seconds", '{part="beat"}', age(health.beat)),
        ("portal_notices_waiting", "", str(health.waiting)),
        ("portal_notices_oldest_seconds", "", f"{health.oldest:.0f}"),
        ("portal_notices_failed", "", str(health.failed)),
        ("portal_figures_age_seconds", "", age(health.counted_age)),
        *((f"portal_{name}", "", f"{value:.0f}") for name, value in sorted(health.counted.items())),
        ("portal_well", "", str(int(health.well))),
    ]
    out, told = [], set[str]()
    for name, labels, value in lines:
        if name not in told:
            told.add(name)
            out += [f"# HELP {name} {HELP.get(name, 'Counted by the tick.')}", f"# TYPE {name} gauge"]
        out.append(f"{name}{labels} {value}")
    return "\n".join(out) + "\n"


def plain(health: Health, version: str) -> str:
    """A line each: what an operator reads at /healthz."""

    def ago(value: float | None) -> str:
        return "never" if value is None else f"{value:.0f}s ago"

    return (
        f"ok\nversion {version}\nworker {ago(health.worker)}\nbeat {ago(health.beat)}\n"
        f"notices waiting {health.waiting}, oldest {health.oldest:.0f}s\nnotices failed {health.failed}\n"
        + "".join(f"{name.replace('_', ' ')} {value:.0f}\n" for name, value in sorted(health.counted.items()))
        + f"{'well' if health.well else 'LOOK AT THIS'}\n"
    )
