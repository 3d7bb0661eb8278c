"""Where a poll's pictures are."""

from urllib.parse import urlencode

CARD_SIZE = (1200, 630)
PICTURE_WIDTH = 600  # the place to give it; it has twice as many pixels


def card_address(public_url: str, slug: str, locale: str | None = None) -> str:
    """The picture for cards of links, of CARD_SIZE, in one of the poll's other languages."""
    query = f"?{urlencode({'locale': locale})}" if locale else ""
    return f"{public_url}/polls/{slug}/card.png{query}"


def picture_address(public_url: str, slug: str) -> str:
    """The picture for mails and feeds."""
    return f"{public_url}/polls/{slug}/picture.png"
