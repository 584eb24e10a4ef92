"""Head counts at the stall: people without names are never lost, and the network chooses which groups are counted."""

from __future__ import annotations

from pathlib import Path

from commanding import Run
from fieldkit.presentation.stall.head_count_groups import (
    count_heads,
    count_unnamed,
    counted_groups,
    counted_in_all,
)
from fieldkit.store.kit import Kit
from fieldkit.sync.network.identity import identity
from fieldkit.sync.network.network_rules import set_rules


def test_who_gives_no_name_is_never_lost_among_the_groups(folder: Path) -> None:
    with Kit.open(folder) as kit:
        origin = kit.origin
        event = kit.page("event")[0].record_id

        def total() -> int:
            groups = counted_groups(kit, event, origin)
            return counted_in_all((group.code, group.mine, group.others) for group in groups)

        assert count_unnamed(kit, origin, event, "") is not None and total() == 1
        count_heads(kit, origin, event, "patient", 4, "")
        assert total() == 5, "who gave no name is no patient"
        count_unnamed(kit, origin, event, "")
        assert total() == 6
        count_heads(kit, origin, event, "all", 9, "")
        count_unnamed(kit, origin, event, "")
        assert total() == 10, "where everybody was counted, everybody becomes one more"
        assert count_heads(kit, origin, event, "other", 2, "") is None, "nothing changed, so no step"


def test_the_network_sets_the_groups_and_no_count_is_hidden(folder: Path) -> None:
    with Kit.open(folder) as kit:
        event, me = kit.page("event")[0].record_id, identity(kit)

        def codes() -> list[str]:
            return [group.code for group in counted_groups(kit, event, kit.origin)]

        assert codes() == ["patient", "carer", "family-member", "staff", "under-16", "other", "all"]
        kit.add("term", {"list_name": "attendee_group", "code": "walker", "label": "walkers"})
        assert codes()[-2:] == ["walker", "all"]
        set_rules(kit, me, head_count_groups=["volunteer", "walker"])
        assert codes() == ["volunteer", "walker", "all"]
        count_heads(kit, kit.origin, event, "carer", 2, "")
        assert codes() == ["volunteer", "walker", "carer", "all"], "what was counted stays in view"


def test_the_coordinator_sets_the_groups_by_command(run: Run, tmp_path: Path) -> None:
    run("network", "create", "N", "--no-passphrase")
    usual = run("network", "rules").out
    assert "The stall board counts patients; carers; family members" in usual
    assert "counts carers; volunteers." in run("network", "rules", "--groups", "volunteers; Carers").out
    refused = run("network", "rules", "--groups", "dragons")
    assert refused.code != 0 and "No group is called “dragons”." in refused.err
    assert "the total" in run("network", "rules", "--groups", "everybody").err
    assert run("network", "rules", "--groups", "usual").out.startswith(usual.rstrip())
