"""`fieldkit erase`: erasing a record for good."""

from __future__ import annotations

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Id, Yes
from fieldkit.cli.prompts import demand_yes
from fieldkit.cli.record_arguments import demand_by_hand, record_named
from fieldkit.errors import Misuse
from fieldkit.presentation.exchange.device_names import DeviceNames
from fieldkit.presentation.record_names import named_record
from fieldkit.records.schema.kind import kinds
from fieldkit.store.kit import Kit


@command(writes=True)
def erase(kit: Kit, record_id: Id, yes: Yes = False) -> Answer:
    """Erase a record for good, here and, by the next bundles, everywhere. Only a coordinator's laptop can.

    Unlike `delete`, this takes the words out of every copy; nothing restores them.
    """
    record = record_named(kit, record_id)
    kind = kinds().get(record.kind)
    if kind is None:
        raise Misuse(
            f"A newer fieldkit made this record of the kind “{record.kind}”.",
            kept="Nothing was changed.",
            hint="Erase it with the newer fieldkit.",
        )
    demand_by_hand(kind)
    if kind.shared and not DeviceNames(kit).coordinating:
        raise Misuse(
            "Only a coordinator's laptop can erase records.",
            kept="Nothing was changed.",
            hint="Ask the coordinator; or, with the person's receipt code: fieldkit withdraw",
        )
    demand_yes(f"Erase for good, in every copy: {named_record(kit, record, kit.terms())}?", yes)
    kit.erase(record.name)
    lines = ["Erased here."]
    if kind.shared:
        lines += [
            "The other laptops erase it when they merge the next network file: fieldkit network invite -o FILE.fkn",
            "See who has not yet: fieldkit erasures",
        ]
    return Answer({"id": record.record_id, "erased": True}, lines)
