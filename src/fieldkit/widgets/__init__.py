"""What several screens share: the frame, lists, forms, charts and dialogs. Nothing here knows how records are stored."""

from __future__ import annotations

from pathlib import Path


def stylesheet(name: str) -> str:
    """The text of `name`.tcss in this folder (`folder/name`: below it).

    Only a screen or an app can name a stylesheet file, a widget can't.
    """
    return (Path(__file__).parent / f"{name}.tcss").read_text("utf-8")
