"""Packages as a machine has them: the example, built and installed as anybody would, and made-up ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "wireloom-plugin-example"
NAME = "wireloom-plugin-example"
#: Builds a wheel through the build backend, as installers do (PEP 517).
_BUILD = "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))"


@cache
def installed_example() -> Path:
    """A folder for the path of modules in which the example package is installed."""
    folder = Path(mkdtemp(prefix="wireloom-plugin-"))
    source = shutil.copytree(EXAMPLE, folder / "source")
    built = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD, str(folder)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    wheel = folder / built.stdout.split()[-1]
    target = folder / "installed"
    # A wheel without scripts is installed by unpacking it (PEP 427).
    shutil.unpack_archive(wheel, target, "zip")
    return target


def made_up(folder: Path, name: str, code: str, *, nodes: str = "", tools: str = "") -> None:
    """Install a package of one module into `folder`; `nodes` and `tools` are entry points, `name = module:what`."""
    (folder / f"{name.replace('-', '_')}.py").write_text(code, encoding="utf-8")
    about = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    groups = {"wireloom.nodes": nodes, "wireloom.tools": tools}
    points = [f"[{group}]\n{lines}\n" for group, lines in groups.items() if lines]
    (about / "entry_points.txt").write_text("".join(points), encoding="utf-8")
