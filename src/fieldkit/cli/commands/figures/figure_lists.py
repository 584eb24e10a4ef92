"""`fieldkit figures list`, `show`, `match` and `districts`."""

from __future__ import annotations

from typing import Annotated

from fieldkit.cli.decorator import Answer, command
from fieldkit.cli.file_arguments import path_of
from fieldkit.cli.output import print_table, say
from fieldkit.cli.parameters import argument, option
from fieldkit.importing.figures.populations import open_population
from fieldkit.presentation.figures.figure_overview import (
    dataset_named,
    datasets,
    decide,
    facts,
    figure_dict,
    open_labels,
    perhaps,
)
from fieldkit.presentation.figures.figure_report import group_title
from fieldkit.spelling import folded
from fieldkit.store.kit import Kit

_HEADINGS = ("id", "data set", "measure", "of", "period", "unit", "figures", "no group")
_FIGURES = ("dimension", "label", "group", "ages", "shown", "read as")


@command(to_read=True)
def list_figures(kit: Kit) -> Answer:
    """List the data sets of figures that are held here."""
    held = datasets(kit)

    def print_datasets() -> None:
        if not held:
            say("There are no figures yet.", "Import some with: fieldkit figures import FILE")
            return
        print_table(_HEADINGS, [each.cells() for each in held], numbers=(6, 7))

    return Answer([each.as_dict() for each in held], print_datasets)


@command(to_read=True)
def show_figures(
    kit: Kit,
    dataset: Annotated[
        str, argument("ID|TITLE", "The data set: its id, or a part of its title and measure.")
    ],
) -> Answer:
    """Show the figures of one data set as they were published, and what each is read as."""
    held = dataset_named(kit, dataset)

    def print_figures() -> None:
        say(*facts(held), "")
        print_table(
            _FIGURES,
            [
                (
                    row.dimension,
                    row.label,
                    "" if row.derived else group_title(row),
                    row.age,
                    row.shown,
                    row.statistic or str(row.interval),
                )
                for row in held.rows
            ],
            numbers=(4, 5),
        )

    return Answer({**held.as_dict(), "rows": [figure_dict(row) for row in held.rows]}, print_figures)


@command(writes=lambda options: bool(options["code"]))
def match(
    kit: Kit,
    dimension: Annotated[
        str, argument("DIMENSION", "What the groups differ in: ethnic, religion, age …")
    ] = "",
    label: Annotated[
        str, argument("LABEL", "The label as published, as “Group: Label” if it has a group.")
    ] = "",
    code: Annotated[str, argument("CODE", "The code of the group, or its name.")] = "",
) -> Answer:
    """Say which group a label means, for everybody; alone it lists the labels that have none.

    The decision travels with the next bundle, and holds for figures that were stored before.
    """
    if dimension and label and code:
        sentence, data = decide(kit, dimension, label, code)
        return Answer(data, [sentence])
    labels = open_labels(kit, dimension)

    def print_labels() -> None:
        if not labels:
            say("Every label of the figures here has a group.")
            return
        print_table(
            ("dimension", "label", "figures", "perhaps"),
            [(each["dimension"], each["label"], each["figures"], perhaps(each)) for each in labels],
            numbers=(2,),
        )
        say("Say which it is with: fieldkit figures match DIMENSION LABEL CODE")

    return Answer(labels, print_labels)


@command()
def districts(
    text: Annotated[str, argument("TEXT", "Only districts whose name holds this.")] = "",
    file: Annotated[
        str | None, option("--population", "FILE", "Those of this file, not of the census.")
    ] = None,
) -> Answer:
    """List the districts of the census that is shipped, or of another population."""
    areas = open_population(path_of(file) if file else None).areas
    districts_held = [
        (area.code, area.name) for area in areas if folded(text) in folded(f"{area.name} {area.code}")
    ]

    def print_districts() -> None:
        if districts_held:
            print_table(("code", "name"), districts_held)
        else:
            say("No district is called so.")

    return Answer([{"code": code, "name": name} for code, name in districts_held], print_districts)
