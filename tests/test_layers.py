"""The layers: who may import whom. The contracts stand in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.support.service import ROOT


def lint_imports(*words: str | Path) -> tuple[int, str]:
    """Exit code and output of import-linter."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_layers_are_kept() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    code, output = lint_imports()
    assert code == 0, output
    assert f"Contracts: {len(contracts['contracts'])} kept, 0 broken." in output


def test_an_arrow_that_points_up_would_be_noticed(tmp_path: Path) -> None:
    upside_down = tmp_path / "importlinter.ini"
    upside_down.write_text(
        "[importlinter]\nroot_package = service\n"
        "[importlinter:contract:1]\nname = upside down\ntype = layers\n"
        "layers =\n    service.stores\n    service.domain\n"
    )
    code, output = lint_imports("--config", upside_down)
    assert code == 1, output
    assert "0 kept, 1 broken." in output
