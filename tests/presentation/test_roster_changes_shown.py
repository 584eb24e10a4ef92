"""What a revoked laptop changed: a line for each new laptop, and the values of others indented below their names."""

from __future__ import annotations

from fieldkit.presentation.exchange.roster_change_texts import change_lines
from fieldkit.sync.peers.roster_changes import RosterChange


def test_each_value_has_a_line_of_its_own() -> None:
    changes = [
        RosterChange("device", "a", "Lent laptop", {"role": "deputy"}, True, ()),
        RosterChange("device", "b", "Gurdwara", {"name": "Gurdwara", "role": "deputy"}, False, (), "St Mary"),
        RosterChange("policy", "c", "network rules", {"retention_months": 6}, False, ()),
    ]
    assert change_lines(changes) == [
        "Lent laptop: trusted as deputy coordinator",
        "Gurdwara (under the name of “St Mary”)",
        "    name: Gurdwara",
        "    may do: deputy coordinator",
        "Network rules",
        "    months that free text is kept: 6",
    ]
