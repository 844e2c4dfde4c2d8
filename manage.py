#!/usr/bin/env python
"""Wireloom's commands: `serve`, `doctor`, `migrate` and Django's own."""

import os
import sys


def main() -> int:
    """Run the command that the arguments name; what stops a start is one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    from django.core.management import execute_from_command_line

    from server.environment import StartRefused
    from server.logs import as_line

    try:
        execute_from_command_line(sys.argv)
    except StartRefused as error:
        sys.stderr.write(f"{as_line(str(error))}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
