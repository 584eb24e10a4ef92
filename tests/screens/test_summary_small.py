"""The summary's changes of ratings in a small window: figures line up, what they rest on lies below them."""

from __future__ import annotations

from fieldkit.insight.summary_model import Change
from fieldkit.screens.summary.summary_pages import _change


def test_what_a_change_rests_on_is_indented_where_it_does_not_fit_beside_it() -> None:
    change = Change(3.0, 7.0, 4.0, 1, 1, rose=1)
    assert len(_change("confidence", change, 100).plain.splitlines()) == 1
    first, second = _change("confidence", change, 56).plain.splitlines()
    assert first.startswith("  confidence")
    assert second.startswith("    1 of 1 pair")
