"""A search that fails leaves a trace in errors.log: the form goes on without it."""

from __future__ import annotations

from typing import Any

import pytest

from fieldkit.faultlog import ERRORS_FILE
from fieldkit.presentation.lists.answer_options import link_search
from fieldkit.store.kit import Kit


def test_an_unforeseen_error_of_a_search_is_logged(kit: Kit) -> None:
    no_text: Any = None
    with pytest.raises(AttributeError):
        link_search(kit, "event")(no_text, 50)
    assert "searching records" in (kit.folder / ERRORS_FILE).read_text()
