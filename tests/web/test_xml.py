"""What XML can hold of a text."""

import xml.etree.ElementTree as ElementTree

from service.web import xml


def test_all_that_is_left_of_a_text_can_be_read_again() -> None:
    clean = xml.clean("T\0e\x1f\ufffea\uffff\n\U0001f375")
    assert ElementTree.fromstring(f"<a>{clean}</a>").text == "Tea\n\U0001f375"  # noqa: S314 - our own
