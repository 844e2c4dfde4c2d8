#!/usr/bin/env python
"""Wireloom's commands: `serve`, `doctor`, `migrate` and Django's own."""

import os
import sys


def main() -> int:
    """Run the command that the arguments name; a bad setting is one sentence and exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    from django.core.management import execute_from_command_line

    from server.environment import BadEnvironment

    try:
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
