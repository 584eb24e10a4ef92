"""The reasons why two names of people are alike."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why two names are alike, as people read it."""

    SAME = "the same name"
    ORDER = "the same name in another order"
    SPACING = "the same name with other spaces"
    SPELLING = "another spelling"
    SCRIPT = "another script"
    SHORT = "a short form"
    TYPING = "a typing error, perhaps"
    INITIAL = "an initial"
    MORE = "one has a name more"
    ONLY = "only one name is given"
