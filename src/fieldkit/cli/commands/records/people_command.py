"""`fieldkit people`: who may be one person, joining two records of a person, parting them, and undoing that."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import Yes, add, new_app
from fieldkit.cli.output import print_table, progress, say
from fieldkit.cli.parameters import argument, flag, option
from fieldkit.cli.prompts import demand_yes
from fieldkit.errors import Misuse
from fieldkit.presentation.people import person_joins
from fieldkit.presentation.people.look_alike_list import names_apart, none_waiting, reason_of
from fieldkit.presentation.people.look_alike_search import MOST_COMPARED, find_look_alikes
from fieldkit.presentation.people.named_people import person_named, records_named
from fieldkit.presentation.wording import counted
from fieldkit.records.schema.codes import code_list
from fieldkit.store.kit import Kit
from fieldkit.store.oplog.record_ids import short_id
from fieldkit.sync.network.identity import identity
from fieldkit.text import quoted

Person = Annotated[str, argument("PERSON", "A name in any spelling, or an id or its end.", asks="The person")]
Other = Annotated[
    str, argument("OTHER", "The other record: a name, or an id or its end.", asks="The other record")
]

people = new_app(
    "See who may be one person, join two records of a person, part them again.\n\n"
    "No record is changed by that: whatever leads to either leads to the person, on every laptop that the join reaches."
)


@command(writes=True)
def alike(
    kit: Kit,
    everybody: Annotated[
        bool,
        flag(
            "--all", f"Compare everybody, however many there are, and not the newest {MOST_COMPARED:,} alone."
        ),
    ] = False,
) -> Answer:
    """List the records that may be of one person and that nobody has decided on, the likeliest first."""
    with progress() as on_progress:
        look_alikes = find_look_alikes(kit, on_progress, everybody=everybody)
    names, none_left = names_apart(kit, look_alikes), none_waiting(kit)

    def print_pairs() -> None:
        if not look_alikes:
            say(none_left)
            return
        print_table(
            ["one record", "other record", "why"],
            [
                [
                    f"{first} ({short_id(each.one)})",
                    f"{second} ({short_id(each.other)})",
                    reason_of(each),
                ]
                for each, (first, second) in zip(look_alikes, names, strict=True)
            ],
        )

    return Answer([asdict(each) for each in look_alikes], print_pairs)


@command(writes=True)
def join(
    kit: Kit,
    kept: Annotated[
        str, argument("KEPT", "The record to keep: a name, or an id or its end.", asks="The record to keep")
    ],
    other: Other,
    take: Annotated[
        list[str] | None,
        option("--take", "FIELD", "A field in which the other record's answer counts; may be repeated."),
    ] = None,
) -> Answer:
    """Make one person of two records; `people part` makes two of them again. Only a coordinator's laptop can.

    KEPT is shown from now on, with its own answers; where it has none, with those of OTHER.
    """
    done = person_joins.join(
        kit, identity(kit), person_named(kit, kept), person_named(kit, other), take or ()
    )
    return _as_answer(done)


@command(writes=True)
def part(
    kit: Kit,
    person: Person,
    other: Annotated[
        str,
        argument(
            "[OTHER]",
            "Which of the person's records to part, if there are more than two.",
            asks="The other record",
        ),
    ] = "",
) -> Answer:
    """Make two people again of two records that were joined, here and wherever this arrives."""
    return _as_answer(person_joins.part(kit, identity(kit), *records_named(kit, person, other)))


@command(writes=True)
def answer(
    kit: Kit,
    person: Person,
    other: Other,
    same_person: Annotated[str, argument("ANSWER", "same, different or not_sure.")],
) -> Answer:
    """Say whether two records are of one person; any laptop can. Joining them is for a coordinator."""
    same_person = same_person.replace("-", "_")
    if same_person not in code_list("same_person_answer").codes:
        raise Misuse(
            f"{quoted(same_person, 40)} is not an answer.",
            kept="Nothing was changed.",
            hint="Answer same, different or not_sure.",
        )
    return _as_answer(
        person_joins.answer(
            kit, identity(kit), person_named(kit, person), person_named(kit, other), same_person
        )
    )


@command(writes=True)
def erase(kit: Kit, yes: Yes = False) -> Answer:
    """Erase the joined records of people who were erased or withdrew by another record. Only a coordinator's laptop can.

    Up to ten are erased by themselves after a merge. More wait for you: look at the joins first (people part).
    """
    waiting = len(kit.joined_to_erase())
    if not waiting:
        return Answer({"erased": 0}, ["Nothing waits to be erased."])
    demand_yes(f"Erase {counted(waiting, 'record')} in every copy, for good?", yes)
    erased = person_joins.erase_waiting(kit, identity(kit))
    return Answer({"erased": erased}, [f"Erased: {counted(erased, 'record')}."])


@command(writes=True)
def undo(kit: Kit) -> Answer:
    """Undo the last answer, join or parting of this laptop."""
    sentence = person_joins.undo_last(kit)
    return Answer({"undone": sentence}, [sentence])


def _as_answer(done: person_joins.Answered) -> Answer:
    return Answer({"record": done.record_id, "changes": len(done.refs)}, [done.sentence])


add(people, "alike", alike)
add(people, "join", join)
add(people, "part", part)
add(people, "answer", answer)
add(people, "erase", erase)
add(people, "undo", undo)
