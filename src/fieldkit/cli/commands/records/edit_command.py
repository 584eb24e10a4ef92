"""`fieldkit edit`: changing fields of a record."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Id
from fieldkit.cli.parameters import option
from fieldkit.cli.record_arguments import (
    Answers,
    demand_by_hand,
    demand_may_change,
    look_before_saving,
    pairs,
    record_named,
)
from fieldkit.presentation.record_names import named_record
from fieldkit.presentation.saved_texts import saved_sentence
from fieldkit.records.consent import without_code
from fieldkit.records.schema.kind import kind as kind_named
from fieldkit.store.kit import Kit


@command(writes=True)
def edit(
    kit: Kit,
    record_id: Id,
    settings: Annotated[
        list[str],
        option(
            "--set", "FIELD=VALUE", "A field and its new value; nothing after = empties it. May be repeated."
        ),
    ],
) -> Answer:
    """Change fields of a record; what stood there before stays in its history."""
    given = pairs(settings)
    seen = record_named(kit, record_id)
    kind = kind_named(seen.kind)
    demand_may_change(kit, kind)
    demand_by_hand(kind)
    values = Answers(kit).values(kind, given)
    warnings = look_before_saving(kit, kind, values)
    stored = kit.edit(seen, values)
    note = without_code(kind, seen.values, stored.values)
    if stored is seen:
        lines = ["Nothing differs; nothing was changed."]
    else:
        changed = [
            kind.fields[name].title for name in values if stored.values.get(name) != seen.values.get(name)
        ]
        lines = [
            saved_sentence(named_record(kit, stored, kit.terms())),
            f"Changed: {', '.join(changed)}",
            f"Its id is {stored.record_id}",
        ]
    return Answer(
        {
            **stored.as_dict(),
            **({"warnings": warnings} if warnings else {}),
            **({"notes": [note]} if note else {}),
        },
        [*lines, *([note] if note else [])],
    )
