"""Set everything up from a bare checkout: a Python environment, Node, the front end.

    python3 scripts/bootstrap.py run      what `make run` needs
    python3 scripts/bootstrap.py dev      that, and what checks and tests need

Runs on any Python 3.8 or newer with nothing installed, says in one sentence
what it cannot get, and does nothing that is already done.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
LOCKS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "static" / ".vite" / "manifest.json"
NEEDED_PYTHON = (3, 12)
NEEDED_NODE = (20, 19)


class CannotSetUp(Exception):
    """Something is missing that only a person can bring."""


def say(text):
    print(text, flush=True)


def run(*command, **options):
    """Run a command quietly; what it printed is shown only if it fails."""
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )
    if done.returncode:
        sys.stdout.write(done.stdout.decode(errors="replace"))
        raise CannotSetUp(
            "'%s' failed; what it said stands above." % " ".join(str(part) for part in command[:4])
        )
    return done.stdout.decode(errors="replace")


def fingerprint(*paths):
    """A hash over files and folders, by name and content."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


class Stamp:
    """Remembers with what something was done, so that it is not done again."""

    def __init__(self, path, value):
        self.path, self.value = path, value

    @property
    def fresh(self):
        return self.path.exists() and self.path.read_text() == self.value

    def set(self):
        self.path.write_text(self.value)


# -- Python


def version_of(python):
    """(major, minor) of an interpreter, or None if it does not run."""
    try:
        told = subprocess.run(
            [str(python), "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    parts = told.stdout.split()
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 else None


def candidates():
    """Interpreters that may be new enough, the likeliest first."""
    yield sys.executable
    for minor in (12, 13, 14):
        found = shutil.which("python3.%d" % minor)
        if found:
            yield found
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in (12, 13, 14):
        try:
            yield from sorted(versions.glob("3.%d.*/bin/python" % minor), reverse=True)
        except OSError:  # somebody else's
            return


def find_python():
    """A Python that is new enough, or None."""
    return next((path for path in candidates() if (version_of(path) or (0, 0)) >= NEEDED_PYTHON), None)


def fetch_python():
    """A Python that uv brings, where the machine has none."""
    say("No Python %d.%d here: asking uv to bring one." % NEEDED_PYTHON)
    tools = ROOT / "var" / "tools"
    run(sys.executable, "-m", "venv", tools)
    python = tools / BIN.name / "python"
    run(python, "-m", "pip", "install", "--require-hashes", "-r", LOCKS / "bootstrap.txt")
    try:
        run(tools / BIN.name / "uv", "python", "install", "3.12")
        return run(tools / BIN.name / "uv", "python", "find", "3.12").strip()
    except CannotSetUp:
        raise CannotSetUp(
            "Wireloom needs Python 3.12 or newer, and none could be fetched: install one and try again."
        ) from None


def set_up_python(lock):
    """An environment in .venv with exactly what the lock lists."""
    stamp = Stamp(VENV / "wireloom-lock", fingerprint(LOCKS / "bootstrap.txt", lock))
    wider = Stamp(VENV / "wireloom-lock", fingerprint(LOCKS / "bootstrap.txt", LOCKS / "dev.txt"))
    if PYTHON.exists() and (stamp.fresh or wider.fresh):
        return
    if not PYTHON.exists():
        python = find_python() or fetch_python()
        say("Making a Python environment in .venv …")
        try:
            run(python, "-m", "venv", VENV)
        except CannotSetUp:
            raise CannotSetUp(
                "This Python cannot make environments: install its venv package (Debian: python3-venv)."
            ) from None
    run(PYTHON, "-m", "pip", "install", "--require-hashes", "-r", LOCKS / "bootstrap.txt")
    say("Installing Python packages …")
    run(BIN / "uv", "pip", "sync", "--python", PYTHON, "--require-hashes", lock)
    stamp.set()


# -- Node and the front end


def node_version():
    node = shutil.which("node")
    if node is None:
        return (0, 0)
    found = re.match(
        r"v(\d+)\.(\d+)", subprocess.run([node, "--version"], stdout=subprocess.PIPE).stdout.decode()
    )
    return (int(found[1]), int(found[2])) if found else (0, 0)


def set_up_node():
    """Node on the PATH: the machine's own, or one from a package in .venv."""
    if node_version() >= NEEDED_NODE and shutil.which("npm"):
        return
    # The package's node must come first, or npm runs the machine's old one.
    os.environ["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    if node_version() < NEEDED_NODE:
        say("Fetching Node …")
        run(BIN / "uv", "pip", "install", "--python", PYTHON, "--require-hashes", "-r", LOCKS / "node.txt")


def set_up_frontend():
    """The front end's packages, and its built form in static/."""
    packages = Stamp(FRONTEND / "node_modules" / ".wireloom", fingerprint(FRONTEND / "package-lock.json"))
    names = ("src", "public", "vite", "index.html", "vite.config.ts", "package-lock.json")
    sources = [FRONTEND / name for name in names]
    build = Stamp(ROOT / "static" / ".wireloom", fingerprint(*[path for path in sources if path.exists()]))
    if BUILT.exists() and build.fresh and (packages.fresh or not wants_tests()):
        return
    set_up_node()
    if not packages.fresh:
        say("Installing the front end's packages …")
        run("npm", "ci", "--no-audit", "--no-fund", cwd=str(FRONTEND))
        packages.set()
    if not (BUILT.exists() and build.fresh):
        say("Building the front end …")
        run("npm", "run", "build", cwd=str(FRONTEND))
        build.set()


def wants_tests():
    return "dev" in sys.argv[1:]


def main():
    try:
        set_up_python(LOCKS / ("dev.txt" if wants_tests() else "server.txt"))
        try:
            set_up_frontend()
        except (CannotSetUp, OSError) as problem:
            if wants_tests():
                raise
            say("The pages are left out, the API works: the front end could not be built (%s)." % problem)
    except CannotSetUp as problem:
        say(str(problem))
        return 1
    except OSError as problem:
        say("Setting up failed: %s." % problem)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
