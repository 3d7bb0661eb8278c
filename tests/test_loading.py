"""What a web process does beside loading the app; how it ends while it loads is a fault's test."""

import subprocess
import sys

from service import loading
from tests.support.service import ROOT

TELL = """
import gc
from service import loading
loading._collect_seldom()
print(gc.get_freeze_count() > 1_000, gc.get_threshold()[0])
"""


def test_what_stays_is_not_searched_for_garbage_and_the_rest_seldom() -> None:
    told = subprocess.check_output([sys.executable, "-c", TELL], cwd=ROOT, text=True)
    assert told == f"True {loading.NEW_OBJECTS}\n"
