"""Sections on what people said: experience, themes, needs, quotes. Every number may be printed."""

from __future__ import annotations

from fieldkit.documents.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Items,
    Note,
    Paragraph,
    Quotation,
    Table,
    cell_number,
    printed,
)
from fieldkit.documents.charts.chart_kinds import BackToBack, Bar, Bars, Pair, in_parts
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.insight.disclosure.protection import ProtectedTable
from fieldkit.presentation.pack.material import STARRED, Material, interval, people_table
from fieldkit.presentation.pack.phrases import (
    CHOSE_TO_SPEAK,
    decimal,
    rating_sentence,
)
from fieldkit.presentation.pack.respondents import BADLY, DECLINED, NOT_ASKED, WELL
from fieldkit.presentation.utilisation.use_caveats import DIMENSIONS
from fieldkit.printed_figure import STAR, Shown
from fieldkit.records.schema.codes import code_list
from fieldkit.text import capitalised

NOBODY = "No feedback of this cycle can be shown yet."


def experience(material: Material) -> list[Block]:
    """The six answers as bars, with the shares of good and poor, by service if there are several."""
    table = material.table("experience")
    if table is None:
        return material.lacks("Experience of the service", NOBODY)
    answers = _answers()
    printed_table = people_table(
        table,
        "Overall, how was your experience of our service?",
        "Service",
        about="People who rated the service, each counted once; percentages are of all six answers",
        columns={name: Column(name, "%", "people who rated") for name in (WELL, BADLY)},
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (answer, material.figure("experience", TOTAL, answer))
        for answer in answers
        if answer in table.columns
    )
    blocks: list[Block] = [Heading("Experience of the service"), Paragraph(_rated(material))]
    if any(isinstance(cell, Shown) and cell.value for _, cell in rows):
        whole = Table(
            "ratings",
            "Answers of everybody",
            (Column("Answer"), Column("People", "people")),
            rows,
            "People who rated the service, each counted once",
            tuple(note for note in printed_table.notes if any(cell == STAR for _, cell in rows)),
        )
        bars = Bars(tuple(Bar(str(answer), cell) for answer, cell in rows), "People")
        blocks.append(
            Chart(
                "ratings-bars",
                "How people rated their experience",
                "A bar for each of the six answers, don't know included. A star is a number that is not shown.",
                bars,
                whole,
                (*material.star_key(*(cell for _, cell in rows)), material.feedback_source),
            )
        )
    shown = any(cell != STAR for row in printed_table.rows[:-1] for cell in row[1:])
    if shown and (len([row for row in table.rows if row != TOTAL]) > 1 or not rows):
        blocks.append(printed_table)
    return blocks


def themes(material: Material) -> list[Block]:
    """Themes, with the ratings of the people who named each, back to back."""
    table = material.table("themes")
    if table is None or not [row for row in table.rows if row != TOTAL]:
        return material.lacks(
            "What people spoke about", "Too few people named each theme for themes to be shown."
        )
    labels = sorted((row for row in table.rows if row != TOTAL), key=lambda label: _place(table, label))
    ordered = ProtectedTable(table.name, table.level, (*labels, TOTAL), table.columns, table.figures)
    shown = people_table(
        ordered,
        "Themes, and how people who named them rated the service",
        "Theme",
        about="People who rated the service, each once a theme",
        columns={name: Column(name, "%", "people who named it") for name in (WELL, BADLY)},
        total="Everybody who rated",
    )
    pairs = [
        Pair(label, table.figures.get((label, BADLY), STAR), table.figures.get((label, WELL), STAR))
        for label in labels
    ]
    pairs = [
        pair for pair in pairs if cell_number(pair.left) is not None or cell_number(pair.right) is not None
    ]
    charts: list[Block] = [
        Chart(
            f"themes-{number}",
            "Themes: rated badly and rated well" + (f", part {number}" if number > 1 else ""),
            "For each theme, to the left the share that rated the service poor or very poor (hatched), to the right good or "
            "very good (filled).",
            BackToBack(part, BADLY, WELL, "Per cent of the people who named the theme"),
            shown,
            (
                *material.star_key(*(cell for pair in part for cell in (pair.left, pair.right))),
                material.feedback_source,
            ),
        )
        for number, part in enumerate(in_parts(pairs), 1)
    ]
    return [Heading("What people spoke about"), Paragraph(CHOSE_TO_SPEAK), *(charts or [shown])]


def needs(material: Material) -> list[Block]:
    """What people said they need and did not find, by theme."""
    table = material.table("needs")
    title = "What people need and did not find"
    if table is None or material.figure("needs", TOTAL, TOTAL) == STAR:
        return material.lacks(
            title, "Too few people named something that they need for it to be shown by theme."
        )
    named = material.figure("needs", TOTAL, TOTAL)
    if all(figure == STAR for (row, _), figure in table.figures.items() if row != TOTAL):
        sentence = f"{printed(named)} people named something that they need. Too few named the same theme for it to be shown."
        return [Heading(title), Paragraph(sentence)]
    shown = people_table(
        table, "Themes of those who named something that they need", "Theme",
        about="People who named a need, each once a theme", total="Everybody who named a need",
    )  # fmt: skip
    return [Heading(title), shown]


def groups(material: Material) -> list[Block]:
    """How people of each group rated the service."""
    blocks: list[Block] = []
    for dimension in material.facts.dimensions:
        table = material.table(f"experience-{dimension}")
        shares = {} if table is None else table.figures
        shown = {
            row
            for (row, column), figure in shares.items()
            if figure != STAR and row != TOTAL and column in (WELL, BADLY)
        }
        if table is None or len(shown) < 2:  # a single group can't be compared
            continue
        name = DIMENSIONS.get(dimension, dimension)
        blocks.append(
            people_table(
                table,
                f"Experience by {name}",
                capitalised(name),
                about="People who rated the service, each counted once",
                columns={each: Column(each, "%", "people of the group") for each in (WELL, BADLY)},
            )
        )
    if not blocks:
        return material.lacks(
            "Experience of different communities",
            "Too few people of each group rated the service to show them apart.",
        )
    return [Heading("Experience of different communities"), *blocks]


def periods(material: Material) -> list[Block]:
    """Ratings over time. Fewer than four periods do not make a trend."""
    table = material.table("periods")
    if table is None or len([row for row in table.rows if row != TOTAL]) < 2:
        return material.lacks(
            "Over time", "Feedback of one period alone is here: there is nothing to compare it with."
        )
    shown = people_table(
        table, "Ratings by period", "Period", about="People who rated the service, in the period of their latest comment",
        columns={name: Column(name, "%", "people who rated") for name in (WELL, BADLY)},
    )  # fmt: skip
    return [
        Heading("Over time"),
        Paragraph("Periods are compared as they are: a few of them are no trend."),
        shown,
    ]


def quotes(material: Material) -> list[Block]:
    """Approved quotes, in an order that reveals nothing about their dates."""
    if not material.quotes:
        return material.lacks("In people's own words", "No quote is approved for print.")
    blocks: list[Block] = [
        Heading("In people's own words"),
        Paragraph(
            "Each person agreed to be quoted without their name, and a second person checked the quote."
        ),
    ]
    return blocks + [Quotation(quote.text, quote.attribute) for quote in material.quotes]


def monitoring(material: Material) -> list[Block]:
    """How completely people are asked about themselves, in the provider's figures and in this feedback."""
    rows: list[tuple[Cell, ...]] = []
    few: list[str] = []
    for report in material.facts.uses:
        share = decimal(report.use.not_stated_percent)
        name = DIMENSIONS.get(report.use.dimension, report.use.dimension)
        rows.append((f"Provider's figures: {name}", _with_unit(share), ""))
    for dimension in material.facts.dimensions:
        table = material.table(f"heard-{dimension}")
        if table is None:
            continue
        name = DIMENSIONS.get(dimension, dimension)
        figures = [table.figures.get((row, TOTAL), "") for row in (DECLINED, NOT_ASKED)]
        if all(figure in (STAR, "") for figure in figures):
            few.append(f"How many people gave no answer on {name} in this feedback can't be shown.")
            continue
        rows.append((f"This feedback: {name}, preferred not to say", "", figures[0]))
        rows.append((f"This feedback: {name}, not asked", "", figures[1]))
    title = "How completely monitoring questions are answered"
    if not rows and few:
        return [Heading(title), Items(tuple(few))]
    if not rows:
        return material.lacks(title, "No monitoring question is known yet.")
    columns = (
        Column("Question"),
        Column("Not stated", "%", "records of the provider"),
        Column("People", "people"),
    )
    # Empty columns are not printed.
    used = [at for at in range(len(columns)) if any(row[at] != "" for row in rows)]
    table_block = Table(
        "monitoring",
        "Monitoring questions without an answer",
        tuple(columns[at] for at in used),
        tuple(tuple(row[at] for at in used) for row in rows),
        notes=(STARRED,) if any(cell == STAR for row in rows for cell in row) else (),
    )
    return [Heading(title), table_block, *([Items(tuple(few))] if few else [])]


def hidden_note(material: Material) -> Note:
    """What stars mean, in one note."""
    return Note(
        f"Numbers that could point to somebody are not shown: {material.preset.title}. Other numbers are hidden so that "
        "nobody can work them out.",
        "Stars",
    )


def experience_sentence(material: Material) -> str:
    """One sentence on how people rated the service."""
    return _rated(material) if material.table("experience") is not None else NOBODY


def theme_sentence(material: Material) -> str:
    """One sentence on the theme that most people named, if its number is printed."""
    table = material.table("themes")
    if table is None:
        return ""
    named = [
        (float(figure.value), row)
        for (row, column), figure in table.figures.items()
        if row != TOTAL and column == TOTAL and isinstance(figure, Shown)
    ]
    if not named:
        return ""
    people, theme = max(named, key=lambda each: (each[0], each[1]))
    share, base = table.figures.get((theme, WELL), STAR), table.figures.get((theme, TOTAL), STAR)
    rated = (
        ""
        if share == STAR
        else f"; {printed(share)} of them rated it good or very good{interval(share, base)}"
    )
    return f"{people:,.0f} people spoke about {theme[:1].lower()}{theme[1:]}{rated}."


def _answers() -> list[str]:
    return [capitalised(entry.label) for entry in code_list("fft_rating").entries]


def _rated(material: Material) -> str:
    people, share = material.figure("experience", TOTAL, TOTAL), material.figure("experience", TOTAL, WELL)
    service = f"{material.facts.service} services" if material.facts.service else "the service"
    if people == STAR:
        return f"Too few people rated {service} for their answers to be shown."
    if share == STAR:
        shown = [
            f"{printed(figure)} said {answer.lower()}"
            for answer in _answers()
            if isinstance(figure := material.figure("experience", TOTAL, answer), Shown) and figure.value
        ]
        rest = "How many gave each other answer" if shown else "How they rated it"
        sentences = [f"{'; '.join(shown)}."] if shown else []
        return " ".join(
            (
                f"{printed(people)} people rated {service}.",
                *sentences,
                f"{rest} can't be shown.",
                CHOSE_TO_SPEAK,
            )
        )
    return rating_sentence(printed(people), service, printed(share), interval(share, people))


def _place(table: ProtectedTable, label: str) -> tuple[bool, float, str]:
    """Sort by printed numbers; stars last, by name."""
    figure = table.figures.get((label, TOTAL), STAR)
    return (True, 0.0, label) if not isinstance(figure, Shown) else (False, -float(figure.value), label)


def _with_unit(figure: object) -> Cell:
    return Shown(figure.value, "%") if isinstance(figure, Shown) else "not known"
