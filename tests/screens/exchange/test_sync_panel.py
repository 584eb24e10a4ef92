"""What a narrow screen shows about this laptop: its complete name and role, and its network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from fieldkit.screens.exchange.sync_panel import State, this_laptop


@pytest.mark.parametrize("role", ["field", "deputy", "coordinator"])
def test_the_network_s_name_is_whole_beside_every_role(role: str) -> None:
    key = SimpleNamespace(public=SimpleNamespace(six_words="one two three four five six"))
    me = cast("Any", SimpleNamespace(name="St Mary", key=key, network_name="Bradford health champions"))
    nothing = cast("Any", None)
    state = State(nothing, nothing, (), 0, 0, 1, 0, role, True, 0)
    shown = " ".join(this_laptop(me, state, 19).plain.split())
    assert "laptop of Bradford health champions w its six words" in shown
