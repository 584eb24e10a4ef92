"""The two things that a page may print in the place of a number, as everything of disclosure control names them."""

from __future__ import annotations

from fieldkit.printed_figure import STAR, Figure, Shown, Star

__all__ = ["STAR", "Figure", "Shown", "Star"]
