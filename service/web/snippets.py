"""What is pasted into pages, mails and feeds to have a poll there."""

from datetime import datetime

from markupsafe import Markup, escape

from service.domain import questions
from service.records import Poll, Status
from service.web import amp, assets, confirming, frames, pictures
from service.web.addresses import page_address
from service.web.pictures import directions

BUTTON = (
    "display:block;margin:0 0 8px;padding:10px 14px;border:1px solid #d5d8de;border-radius:3px;"
    "color:#16181d;text-decoration:none"
)


def of_poll(poll: Poll, now: datetime, public_url: str) -> dict[str, str]:
    """All of them, by the way the poll comes there."""
    height = frames.height_of(poll)
    title = poll.questions[0].text
    return {
        "script": script(poll, public_url),
        "pinned": pinned(poll, public_url),
        "div": division(poll, public_url),
        "frame": frames.snippet(poll, title, height, public_url),
        "amp": amp.snippet(poll, title, height, public_url),
        "mail": mail(poll, now, public_url),
        "link": page_address(poll, public_url),
    }


def script(poll: Poll, public_url: str) -> str:
    """The script and the element."""
    return f"{_script(public_url)}\n{_element(poll, public_url)}"


def pinned(poll: Poll, public_url: str) -> str:
    """The script as it is now, whatever comes later, and the element."""
    return f"{assets.pinned_script(public_url)}\n{_element(poll, public_url)}"


def division(poll: Poll, public_url: str) -> str:
    """The script and a `div`."""
    inside, voter = _link(poll, public_url), _voter(poll, "data-voxpop-voter")
    return f'{_script(public_url)}\n<div data-voxpop="{poll.slug}"{voter}>\n  {inside}\n</div>'


def place(site: str, public_url: str) -> str:
    """What is pasted once, to have the site's current poll there from then on."""
    return (
        f'{_script(public_url)}\n<vox-pop poll="current" site="{site}">\n'
        f'  <a href="{public_url}/sites/{site}/current">Vote in our poll</a>\n</vox-pop>'
    )


def mail(poll: Poll, now: datetime, public_url: str) -> str:
    """The picture, and below it a link for each choice, for newsletters and feeds: no script, no
    style sheet, and words for those who see no pictures. The links cast nothing by themselves."""
    lines = [_picture(poll, now, public_url)]
    if poll.status_at(now) is Status.OPEN and not poll.takes_accounts:
        question = questions.offered(poll)[0]
        for choice in question.choices:
            address = confirming.address(poll, question, choice, public_url)
            lines.append(_choice(address, choice.text))
    direction = "rtl" if directions.runs_left(poll.questions[0].text) else "ltr"
    inside = Markup("\n  ").join(lines)
    begin = Markup('<div dir="{}" lang="{}" style="max-width:600px;{}">').format(
        direction, poll.locale, "font:16px/1.4 Helvetica,Arial,sans-serif"
    )
    return f"{begin}\n  {inside}\n</div>"


def _picture(poll: Poll, now: datetime, public_url: str) -> Markup:
    return Markup(
        '<a href="{}">\n    <img src="{}" width="600" alt="{}"'
        ' style="display:block;width:100%;height:auto;border:0"></a>'
    ).format(
        page_address(poll, public_url),
        pictures.picture_address(public_url, poll.slug),
        poll.subject_at(now),
    )


def _choice(address: str, text: str) -> Markup:
    return Markup('<a href="{}" style="{}">{}</a>').format(address, BUTTON, text)


def _voter(poll: Poll, attribute: str) -> str:
    """Where the publisher's server is to put its reader's token, if the poll asks for one."""
    return f' {attribute}="TOKEN"' if poll.takes_accounts else ""


def _element(poll: Poll, public_url: str) -> str:
    inside, voter = _link(poll, public_url), _voter(poll, "voter")
    return f'<vox-pop poll="{poll.slug}"{voter}>\n  {inside}\n</vox-pop>'


def _script(public_url: str) -> str:
    return f'<script async src="{public_url}/widget.js"></script>'


def _link(poll: Poll, public_url: str) -> str:
    return f'<a href="{escape(page_address(poll, public_url))}">Vote in our poll</a>'
