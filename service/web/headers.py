"""The security headers of every answer, and of our HTML pages."""

from collections.abc import Iterable

from flask import Flask, Response

from service import origins
from service.records import Question
from service.web import current

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# Owners see the pictures of choices from wherever they are, as they type the address.
ADMIN_POLICY = POLICY.replace("img-src", "img-src https:")
EVERYWHERE = {"X-Content-Type-Options": "nosniff"}
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
ADMIN_HEADERS = {
    "Content-Security-Policy": ADMIN_POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def register(app: Flask) -> None:
    """Put the headers on every answer of the app, errors too."""
    app.after_request(_secure)


def allow_images(response: Response, shown: Iterable[Question]) -> None:
    """Let the page show images from the origins of these questions' images, and from no other."""
    images = (choice.image_url for question in shown for choice in question.choices)
    sources = sorted({source for each in images if (source := _source(each))})
    if sources:
        policy = POLICY.replace("img-src 'self'", f"img-src 'self' {' '.join(sources)}")
        response.headers["Content-Security-Policy"] = policy


def _source(address: str | None) -> str | None:
    """What the policy calls the address's origin; None where it cannot be allowed."""
    try:
        return origins.policy_source(address) if address else None
    except ValueError:
        return None


def _secure(response: Response) -> Response:
    response.headers.update(EVERYWHERE)
    if response.mimetype == "text/html":
        for name, value in PAGE_HEADERS.items():
            response.headers.setdefault(name, value)
    if current.is_admin():
        response.headers.update(ADMIN_HEADERS)
    return response
