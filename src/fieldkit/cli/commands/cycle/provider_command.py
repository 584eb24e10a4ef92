"""`fieldkit provider`: the names of providers in feedback, binding a name to a provider, and undoing that."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.options import add, new_app
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import argument
from fieldkit.presentation.cycle.providers import bind, names_in_use, unbind
from fieldkit.store.kit import Kit

Name = Annotated[str, argument("NAME", "A name as feedback has it, in any spelling.")]

providers = new_app(
    "See the names of providers in feedback, and which of them mean one provider.\n\n"
    "Providers themselves are recorded as every record is: fieldkit record provider."
)


@command()
def names(kit: Kit) -> Answer:
    """List the names of providers in feedback: how often each is there, and which provider it means."""
    rows = names_in_use(kit)

    def print_names() -> None:
        if not rows:
            say("No feedback names a provider yet.")
            return
        print_table(
            ["name", "records", "counts as", "also written"],
            [[each.name, each.records, each.provider, "; ".join(each.spellings)] for each in rows],
            numbers=(1,),
        )

    return Answer([asdict(each) for each in rows], print_names)


@command(writes=True)
def merge(
    kit: Kit,
    name: Name,
    provider: Annotated[
        str, argument("PROVIDER", "The provider: its name, its ODS code, a spelling, or its id.")
    ],
) -> Answer:
    """Let a name mean a provider, so that its feedback counts as one; `provider separate` undoes it.

    The feedback stays as it was written. A provider that is not recorded yet is recorded under the name given.
    """
    bound = bind(kit, name, provider)
    return Answer({"provider": bound.provider_id, "changes": len(bound.refs)}, [bound.sentence])


@command(writes=True)
def separate(kit: Kit, name: Name) -> Answer:
    """Let a name no longer mean the provider of whose spellings it is."""
    bound = unbind(kit, name)
    return Answer({"provider": bound.provider_id, "changes": len(bound.refs)}, [bound.sentence])


add(providers, "names", names)
add(providers, "merge", merge)
add(providers, "separate", separate)
