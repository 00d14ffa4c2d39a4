"""What a list of one's sessions says of a browser and where it was: enough to recognise one's own, no more. Pure."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

# First match wins: what a browser is built on is in its name too.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"), ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(user_agent: str) -> str:
    """Takes what a browser calls itself; returns its make, or nothing."""
    return next((name for sign, name in BROWSERS if sign in user_agent), "")


def system_of(user_agent: str) -> str:
    """Takes what a browser calls itself; returns what it runs on, or nothing."""
    return next((name for sign, name in SYSTEMS if sign in user_agent), "")


def shortened(address: str) -> str:
    """Takes an internet address; returns its network, without the part that tells one connection: ``203.0.113.x``. Nothing for nonsense."""
    try:
        ip = ip_address(address.strip())
    except ValueError:
        return ""
    if getattr(ip, "ipv4_mapped", None):
        ip = ip.ipv4_mapped  # type: ignore[union-attr]
    if isinstance(ip, IPv4Address):
        return str(ip).rpartition(".")[0] + ".x"
    return str(ip_network(f"{ip}/48", strict=False).network_address)
