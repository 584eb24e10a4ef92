"""The section on who was heard, compared with who lives there if the groups are the same."""

from __future__ import annotations

from fieldkit.documents.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Paragraph,
    Table,
    cell_number,
    printed,
)
from fieldkit.documents.charts.chart_kinds import Pair, SideBySide, in_parts
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.insight.disclosure.protection import ProtectedTable
from fieldkit.presentation.pack.material import Material, people_table
from fieldkit.presentation.pack.phrases import (
    CHOSE_TO_SPEAK,
    decimal,
    places,
    population_name,
)
from fieldkit.presentation.pack.residents import residents_by_group
from fieldkit.presentation.pack.respondents import DECLINED, NOT_ASKED
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.printed_figure import STAR, Shown
from fieldkit.text import capitalised


def respondents(material: Material) -> list[Block]:
    """Who was heard, compared with who lives there if the groups are the same."""
    tables: list[Block] = []
    names: list[str] = []
    total: Cell = STAR
    for dimension in material.facts.dimensions:
        table = material.table(f"heard-{dimension}")
        name = DIMENSIONS.get(dimension, dimension)
        total = (
            total if table is None or total != STAR else material.figure(f"heard-{dimension}", TOTAL, TOTAL)
        )
        if table is None or all(figure == STAR for (row, _), figure in table.figures.items() if row != TOTAL):
            names.append(name)
        else:
            tables += _respondents(material, dimension, name, table)
    sentence = f"{printed(total)} people gave feedback." if isinstance(total, Shown) else ""
    if names:
        sentence = f"{sentence} No group is large enough to be shown by {' or by '.join(names)}.".strip()
    elif not sentence:
        sentence = CHOSE_TO_SPEAK
    return [Heading("Who we heard from, and who not"), Paragraph(sentence), *tables]


def _respondents(material: Material, dimension: str, name: str, table: ProtectedTable) -> list[Block]:
    residents = _residents(material, dimension, table)
    total = material.figure(f"heard-{dimension}", TOTAL, TOTAL)
    stated = [row for row in table.rows if row not in (TOTAL, DECLINED, NOT_ASKED)]
    shown = people_table(
        table, f"People who gave feedback, by {name}", capitalised(name),
        about="People, each counted once",
    )  # fmt: skip
    if not residents or not isinstance(total, Shown) or not total.value:
        return [shown]
    rows: list[tuple[Cell, ...]] = []
    pairs: list[Pair] = []
    for row in (*stated, *(each for each in (DECLINED, NOT_ASKED) if each in table.rows)):
        figure = table.figures.get((row, TOTAL), STAR)
        share: Cell = (
            STAR if not isinstance(figure, Shown) else _percent(float(figure.value), float(total.value))
        )
        lives: Cell = residents.get(row, "")
        rows.append((row, figure, share, lives))
        if lives != "":
            pairs.append(Pair(row, share, lives))
    rows.append(("Everybody", total, "", ""))
    source = _residents_source(material, dimension)
    compared = Table(
        shown.name,
        shown.title,
        (Column(shown.columns[0].title), Column("People", "people"), Column("Heard", "%", "everybody who gave feedback"),
         Column("Live here", "%", "residents")),
        tuple(rows),
        shown.about,
        shown.notes,
    )  # fmt: skip
    charts: list[Block] = [
        Chart(
            f"heard-{dimension}-{number}",
            f"Who we heard from and who lives here, by {name}" + (f", part {number}" if number > 1 else ""),
            "Dots: share of the people who gave feedback. Squares: share of residents.",
            SideBySide(part, "Heard", "Live here", "Per cent"),
            compared,
            (
                *material.star_key(*(pair.left for pair in part)),
                material.feedback_source,
                f"Residents: {source}. Groups with no dot were too few to show.",
            ),
        )
        for number, part in enumerate(in_parts(pairs), 1)
        if any(cell_number(pair.left) is not None for pair in pairs)
    ]
    return charts or [compared]


def _residents(material: Material, dimension: str, table: ProtectedTable) -> dict[str, Cell]:
    """Printed name of a group -> its share of residents; empty if they are not known by these groups."""
    population = material.facts.residents.get(dimension)
    if population is None or not population.total:
        return {}
    people = residents_by_group(dimension, table.level, population.scheme, population.groups)
    return {label: _percent(number, population.total) for label, number in people.items()}


def _residents_source(material: Material, dimension: str) -> str:
    population = material.facts.residents.get(dimension)
    if population is None:
        return ""
    return f"{population_name(population.source)}; {places([area.name for area in population.areas])}"


def _percent(part: float, whole: float) -> Cell:
    figure = decimal(100 * part / whole)
    return STAR if not isinstance(figure, Shown) else Shown(figure.value, "%")
