"""The command that compares use of a service with who lives in the area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.file_options import Dash, Dimension, Districts, Organisation, Period, Sheet, Source
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import option

if TYPE_CHECKING:
    from fieldkit.presentation.utilisation.use_report import UseReport

_PARTLY = 3


@command()
def utilisation(
    data: Annotated[str, option("--data", "FILE", "The provider's figures: .csv, .xlsx, .xls or .ods.")],
    districts: Districts = None,
    population: Annotated[
        str | None,
        option("--population", "FILE", "Residents by district and group; else the census of 2021."),
    ] = None,
    org: Organisation = "",
    measure: Annotated[str, option("--measure", "NAME", "The measure, if the file has several.")] = "",
    dimension: Dimension = "ethnic",
    period: Period = "",
    ages: Annotated[
        str,
        option(
            "--ages",
            "AGES",
            "The ages that the service takes, for example 16+; the file of residents needs ages.",
        ),
    ] = "",
    source: Source = "",
    dash: Dash = "",
    sheet: Sheet = None,
) -> Answer:
    """Compare how far each community uses a service with who lives in the area.

    Needs no kit and stores nothing. A ratio of 100 is the use that would be expected if all groups used the service alike.
    """
    from fieldkit.presentation.utilisation.use_files import UseRequest, read_use

    report = read_use(
        UseRequest(
            path_of(data),
            tuple(districts or ()),
            path_of(population) if population else None,
            org,
            measure,
            dimension,
            period,
            ages,
            source,
            dash,
            sheet,
        )
    )
    return Answer(report.as_dict(), lambda: _print(report), _PARTLY if report.basis.left_out else 0)


def _print(report: UseReport) -> None:
    from fieldkit.presentation.utilisation.use_texts import TABLE, heading, table_rows

    say(*heading(report), "")
    print_table(TABLE, table_rows(report), numbers=(1, 2, 3, 4))
    say("", "What to know before using these figures", *(f"- {caveat}" for caveat in report.caveats))
