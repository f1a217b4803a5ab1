"""What goes wrong for the user of a tool: a message that says what to do, shown without a traceback."""

from __future__ import annotations


class UsageError(Exception):
    """The tool cannot go on; str() is the whole message."""
