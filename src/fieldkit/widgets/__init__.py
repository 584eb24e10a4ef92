"""What several screens share: the frame, lists, forms, charts and dialogs. Nothing here knows how records
are stored.
"""

from __future__ import annotations

from pathlib import Path


def stylesheet(name: str) -> str:
    """The text of `name`.tcss in this folder. A widget can't name a file itself, only a screen or an app
    can.
    """
    return Path(__file__).with_name(f"{name}.tcss").read_text("utf-8")
