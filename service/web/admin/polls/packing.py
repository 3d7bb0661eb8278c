"""A poll's form in one field, as the page sends along the version that the editor began from.

It is compressed: whatever letters a poll is in, a form would make fifteen bytes of each otherwise.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from service.web.admin.access import LARGEST_POLL_FORM
from service.web.admin.polls import form
from service.web.admin.polls.form import PollForm


def packed(shown: PollForm | None) -> str:
    """The field; nothing for no form."""
    if shown is None:
        return ""
    return urlsafe_b64encode(zlib.compress(urlencode(form.to_fields(shown)).encode())).decode()


def unpacked(sent: str, timezone: str) -> PollForm | None:
    """The form in the field; none where it holds none, or more than a form could."""
    try:
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(urlsafe_b64decode(sent), LARGEST_POLL_FORM).decode()
    except (ValueError, zlib.error):
        return None
    if not unpacking.eof or not text:
        return None
    return form.of_fields(MultiDict(parse_qsl(text, keep_blank_values=True)), timezone)
