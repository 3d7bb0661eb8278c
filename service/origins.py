"""Origins (RFC 6454): scheme, host and port of a page, as a browser writes them."""

import ipaddress
import re
from urllib.parse import urlsplit

ORIGIN = re.compile(
    r"(?P<scheme>https?)://(\[(?P<ipv6>[0-9a-f:.]+)\]|(?P<name>[^\s/?#@:\\\[\]]+))"
    r"(:(?P<port>[0-9]{1,5}))?/?",
    re.IGNORECASE,
)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
UNDERSCORED = re.compile(r"^.*_[^.]*\.")
DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST = 255
RULE = "Must be an origin such as https://news.example.org: scheme, host, perhaps a port."


def normalised(origin: str) -> str:
    """The origin as browsers send it: in lower case, its host in ASCII, without a default port.

    A slash at the end is dropped. Raises ValueError, with a sentence for whoever wrote it, for
    whatever else a URL may hold: user, path, query, fragment.
    """
    match = ORIGIN.fullmatch(origin.strip())
    try:
        if match is None:
            raise ValueError
        host = _ipv6(match["ipv6"]) if match["ipv6"] else _host(match["name"])
        normal = match["scheme"].lower() + "://" + host + _port(match)
    except ValueError:  # the codec of host names raises these too
        raise ValueError(RULE) from None
    if len(normal) > LONGEST:
        raise ValueError(RULE)
    return normal


def policy_source(address: str) -> str:
    """What a Content-Security-Policy calls the origin of an https:// address.

    Its grammar has neither IPv6 addresses nor underscores: a host whose name has one, as some
    buckets have, is allowed with its neighbours (`*.s3.amazonaws.com`). Raises ValueError for an
    address that no policy can allow.
    """
    parts = urlsplit(address)
    scheme, _, host = normalised(f"{parts.scheme}://{parts.netloc}").partition("://")
    if scheme != "https" or "[" in host or host.endswith("."):
        raise ValueError
    named = UNDERSCORED.sub("*.", host)
    if "_" in named or (named.count(".") < 2 and named != host):
        raise ValueError
    return f"https://{named}"


def _ipv6(address: str) -> str:
    return f"[{ipaddress.IPv6Address(address).compressed}]"


def _host(name: str) -> str:
    """The host's name as it stands in the URLs that browsers keep."""
    host = name.encode("idna").decode().lower()
    labels = host.removesuffix(".").split(".")
    if not all(LABEL.fullmatch(label) for label in labels):
        raise ValueError
    return str(ipaddress.IPv4Address(host)) if labels[-1].isdecimal() else host


def _port(match: re.Match[str]) -> str:
    """The port as it is written after the host: not at all where it is the scheme's own."""
    if match["port"] is None:
        return ""
    port = int(match["port"])
    if not 1 <= port <= 65535:
        raise ValueError
    return "" if port == DEFAULT_PORTS[match["scheme"].lower()] else f":{port}"
