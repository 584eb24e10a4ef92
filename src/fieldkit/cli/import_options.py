"""Options of an import: how the command line says to understand a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fieldkit.cli.parameters import flag, option
from fieldkit.errors import Misuse
from fieldkit.importing.choices import Choices
from fieldkit.text import quoted

From = Annotated[
    str | None,
    option(
        "--from",
        "FILE|-",
        "Import the rows of this .csv, .xlsx, .xls or .ods file; - reads CSV from standard input.",
    ),
]
Map = Annotated[
    list[str] | None,
    option(
        "--map",
        "COLUMN=FIELD",
        "Which column goes into which field (FIELD/ANSWER: its ticks), or into none (COLUMN=); may be repeated.",
    ),
]
Consent = Annotated[
    str | None, option("--consent", "GROUND", "On what ground the people of the file agreed to be recorded.")
]
Understood = Annotated[bool, flag("--understood", "Every doubtful column is as --dry-run shows it.")]
OtherWay = Annotated[
    list[str] | None,
    option(
        "--other-way",
        "COLUMN",
        "Read this doubtful column the other way round, for example a scale; may be repeated.",
    ),
]
Dates = Annotated[str | None, option("--dates", "ORDER", "The order of all dates: day-first or month-first.")]
HiddenRows = Annotated[
    str | None, option("--hidden-rows", "keep|leave", "Whether rows that the spreadsheet hides are stored.")
]
TotalRows = Annotated[
    str | None, option("--totals", "keep|leave", "Whether rows that seem to sum up others are stored.")
]
HeadingRows = Annotated[
    int | None, option("--heading-rows", "N", "How many rows the headings take up.", min=1, max=5)
]
Again = Annotated[bool, flag("--again", "Store rows that are here already once more.")]
SheetName = Annotated[
    str | None, option("--sheet", "NAME", "Which sheet of a workbook; else the first with anything in it.")
]
Mapping = Annotated[
    str | None,
    option(
        "--mapping", "FILE|NAME", "Understand the file as this mapping says: a .toml file or a kept name."
    ),
]
SaveMapping = Annotated[
    str | None,
    option("--save-mapping", "FILE.toml", "Write down how the file was understood, for the next one."),
]


@dataclass(frozen=True)
class Options:
    """The options given for an import."""

    consent: str | None = None
    understood: bool = False
    other_way: tuple[str, ...] = ()
    dates: str | None = None
    hidden_rows: str | None = None
    totals: str | None = None
    heading_rows: int | None = None
    again: bool = False
    sheet: str | None = None
    mapping: str | None = None
    save_mapping: str | None = None
    dry_run: bool = False
    add_terms: bool = False

    def demand_none(self, columns: bool) -> None:
        """Raise Misuse if an option is given that belongs to an import."""
        given = replace(self, dry_run=False, add_terms=False)
        if columns or given != Options():
            raise Misuse(
                "--map, --sheet, --consent and the like belong to an import.",
                hint="Name the file with --from FILE.",
            )

    def over(self, choices: Choices) -> Choices:
        """`choices`, with those that the options override.

        Raises:
            Misuse: an option has an invalid value.
        """
        for name, value, answers in (
            ("--dates", self.dates, ("day-first", "month-first")),
            ("--hidden-rows", self.hidden_rows, ("keep", "leave")),
            ("--totals", self.totals, ("keep", "leave")),
        ):
            if value is not None and value not in answers:
                raise Misuse(
                    f"{name} is {' or '.join(answers)}, not {quoted(value, 30)}.", kept="Nothing was stored."
                )
        if self.consent is not None and not self.consent.strip():
            raise Misuse(
                "No ground follows --consent.",
                kept="Nothing was stored.",
                hint='Say how the people agreed, for example --consent "signed forms, kept at the church"',
            )
        given = {
            name: value
            for name in ("consent", "dates", "hidden_rows", "totals", "heading_rows")
            if (value := getattr(self, name)) is not None
        }
        return replace(choices, again=self.again, understood=self.understood, **given)
