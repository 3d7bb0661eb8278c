"""The web server, with the service's code loaded before its web processes part from it.

To load it takes a second and more, in which a web process that has died is missed: those that share
what their parent has loaded are there again at once, all of them too if they died together.
"""

import gc
import multiprocessing

from granian.cli import entrypoint

import service.app
import service.cli  # noqa: F401 - it is loaded, too

if __name__ == "__main__":
    if multiprocessing.get_start_method() == "forkserver":  # as from Python 3.14 on
        multiprocessing.set_start_method("fork", force=True)
    gc.collect()
    gc.freeze()  # what is never looked at for garbage stays shared
    entrypoint()  # type: ignore[no-untyped-call]
