"""`fieldkit withdraw`: erasing what a person said, by their receipt code."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.parameters import argument
from fieldkit.cli.prompts import typed_or_given
from fieldkit.presentation.exchange.withdrawals import withdraw as withdraw_by_code
from fieldkit.store.kit import Kit


@command(writes=True)
def withdraw(
    kit: Kit,
    code: Annotated[
        str,
        argument(
            "[CODE]",
            "The receipt code on the person's slip, as K7Q2-M9XD-4TBW; asked for, or - for standard input.",
        ),
    ] = "-",
) -> Answer:
    """Erase what a person said, by the receipt code that they were given; any laptop can.

    Without CODE it is asked for, so that no shell remembers it. The withdrawal reaches every other laptop with
    the next bundles and network files.
    """
    done = withdraw_by_code(kit, typed_or_given("The receipt code", code))
    return Answer(
        {"code": done.code, "erased": done.erased, "withdrawn_before": done.before},
        [done.sentence("fieldkit network invite -o FILE.fkn")],
    )
