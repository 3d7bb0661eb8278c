"""AMP: a poll on pages that take no script, and the caches that serve these pages."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

from markupsafe import escape

from service.records import Poll
from service.web import pictures

CACHES = ("cdn.ampproject.org", "bing-amp.com")
LONGEST_LABEL = 63
# Without a port: the caches take pages from the usual one alone.
CACHEABLE = re.compile(r"https://(?P<host>[^\[\]:]+)")
ACE = "xn--"
SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


def cache_origins(origins: Iterable[str]) -> Iterator[str]:
    """The origins under which AMP caches serve the pages of these origins."""
    for origin in origins:
        if found := CACHEABLE.fullmatch(origin):
            for cache in CACHES:
                yield f"https://{subdomain(found['host'])}.{cache}"


def subdomain(host: str) -> str:
    """What a cache calls the host, by the rule that AMP publishes: dots become hyphens, hyphens two
    of them; a hash where that makes no label of a host's name."""
    with suppress(UnicodeError):  # an origin may have labels that only look like Punycode
        label = _label(host)
        if "." in host and len(label) <= LONGEST_LABEL:
            return label.lower()
    digest = base64.b32encode(hashlib.sha256(host.encode()).digest())
    return digest.decode().rstrip("=").lower()


def snippet(poll: Poll, title: str, height: int, public_url: str) -> str:
    """The frame as an AMP page carries it; the picture stands there until the frame has come."""
    picture = pictures.picture_address(public_url, poll.slug)
    return (
        '<script async custom-element="amp-iframe"\n'
        '  src="https://cdn.ampproject.org/v0/amp-iframe-0.1.js"></script>\n'
        f'<amp-iframe src="{public_url}/embed/{poll.slug}" title="{escape(title)}"\n'
        f'  layout="fixed-height" height="{height}" frameborder="0" resizable\n'
        f'  sandbox="{SANDBOX}">\n'
        f'  <amp-img placeholder layout="fill" object-fit="contain" alt="{escape(title)}"\n'
        f'    src="{picture}"></amp-img>\n'
        '  <button overflow tabindex="0">Show the whole poll</button>\n'
        "</amp-iframe>"
    )


def _label(host: str) -> str:
    """The host in one label. Raises UnicodeError for what is no Punycode."""
    label = _unicode(host).replace("-", "--").replace(".", "-")
    if label[2:4] == "--":
        label = f"0-{label}-0"
    return label if label.isascii() else ACE + label.encode("punycode").decode()


def _unicode(host: str) -> str:
    labels = (
        label[len(ACE) :].encode().decode("punycode") if label.startswith(ACE) else label
        for label in host.split(".")
    )
    return ".".join(labels)
