"""The security headers of every answer, and of our HTML pages."""

from flask import Flask, Response

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


def _secure(response: Response) -> Response:
    response.headers.update(EVERYWHERE)
    if response.mimetype == "text/html":
        response.headers.update(PAGE_HEADERS)
    if current.is_admin():
        response.headers.update(ADMIN_HEADERS)
    return response
