"""The sections that every pack ends with: gaps, methods, data quality, sources, how to reproduce it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fieldkit import __version__
from fieldkit.documents.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Document,
    Heading,
    Items,
    Note,
    Paragraph,
    Table,
    printed,
)
from fieldkit.documents.table_cells import distinct
from fieldkit.insight.disclosure.definitions import TOTAL
from fieldkit.presentation.pack.material import STARRED, Material
from fieldkit.presentation.pack.people_sections import hidden_note
from fieldkit.presentation.pack.phrases import at_most, population_name
from fieldkit.presentation.pack.use_sections import NONE_YET
from fieldkit.presentation.utilisation.use_caveats import CLASSIFICATION
from fieldkit.printed_figure import STAR
from fieldkit.records.schema.codes import code_list
from fieldkit.records.schema.dates import short_date
from fieldkit.records.schema.parse import heading_in_words
from fieldkit.text import ended, plural

TOO_FEW = "Too few people gave feedback for all of it to be shown."
RATIO_METHODS = (
    "Rates: events for each 1,000 residents.",
    "Ratios: observed for each 100 expected if all groups used the service alike (indirectly standardised ratio).",
    "Limits of counts: Byar's method from 10 events, exact (chi-square) below. Limits of shares: Wilson's score method.",
    "Funnel: exact Poisson control limits at 95 % and 99.8 %. Limits are not widened where groups of one provider "
    "differ more than chance allows (overdispersion): that difference is the finding.",
    "Rounded and starred numbers of a source are kept as the range of what they may be. The band of a chart shows it.",
    "Ratios have one decimal, rates two.",
)
METHODS = (
    "Percentages are rounded to whole numbers, halves up.",
    "People, visits and comments are different units; each table names its own. One person with several comments is "
    "counted once, with their latest answer.",
)


def gaps(material: Material) -> list[Block]:
    """What is not known."""
    sentences = missing_of(material)
    sentences += [note for stage in material.facts.view.stages for note in stage.notes]
    # Missing figures already mean that nothing can be compared.
    known = {NONE_YET} if material.facts.view.stages[0].missing else set()
    sentences += [sentence for sentence in material.missing if sentence not in {*known, *sentences}]
    title = "Gaps in knowledge"
    return [
        Heading(title),
        Items(tuple(sentences)) if sentences else Paragraph("Nothing that the cycle needs is missing."),
    ]


def missing_of(material: Material) -> list[str]:
    """What the cycle lacks, without numbers of people that are printed nowhere else."""
    sentences = [missing.sentence for stage in material.facts.view.stages for missing in stage.missing]
    return [TOO_FEW if " gave feedback; " in each else each for each in sentences]


def effectiveness(material: Material) -> list[Block]:
    """Published sources on what works, marked as such."""
    sources = [
        values for values in material.facts.sources.values() if values.get("source_kind") == "effectiveness"
    ]
    if not sources:
        return material.lacks("What is known to work", "No published source on what works is recorded.")
    return [
        Heading("What is known to work"),
        Note("These findings are from published sources, not from this cycle.", "Desk research"),
        Items(tuple(f"{_cited(values)}: {values.get('finding')}" for values in sources)),
    ]


def rationale(material: Material) -> list[Block]:
    """Clinical rationales with their sources."""
    if not material.facts.rationales:
        return material.lacks("Clinical rationale", "No clinical rationale is recorded.")
    blocks: list[Block] = [Heading("Clinical rationale")]
    for values in material.facts.rationales:
        blocks += [Heading(str(values.get("claim") or ""), 2), Paragraph(str(values.get("because") or ""))]
        sources = [
            material.facts.sources[each]
            for each in values.get("sources") or ()
            if each in material.facts.sources
        ]
        if sources:
            blocks.append(Items(tuple(map(_cited, sources))))
        by = ", ".join(filter(None, (str(values.get("written_by") or ""), str(values.get("role") or ""))))
        if by:
            reviewed = ended(f" Reviewed by {values['reviewed_by']}") if values.get("reviewed_by") else ""
            blocks.append(Paragraph(ended(f"Written by {by}") + reviewed))
    return blocks


def race_equality_framework(material: Material) -> list[Block]:
    """The three parts of the patient and carer race equality framework, with what this cycle has of each."""
    rated = material.figure("experience", TOTAL, TOTAL)
    changes = at_most(
        [f"change {row.number}, {row.title}: {row.status_label}" for row in material.facts.view.rows], "; "
    )
    parts = ("Data", "Feedback mechanism", "Actions", "Partnership")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            part,
            "; ".join(filter(None, held)) or "nothing",
            _without_people([each.sentence for each in stage.missing]),
        )
        for part, stage, held in zip(
            parts,
            material.facts.view.stages,
            (
                _held(material, 0),
                ("" if rated == STAR else f"{printed(rated)} people rated the service", *_held(material, 1)),
                (changes,),
                _held(material, 3),
            ),
            strict=True,
        )
    )
    table = Table(
        "race-equality-framework",
        "Parts of the framework in this cycle",
        (Column("Part"), Column("Here"), Column("Missing")),
        rows,
    )
    return [
        Heading("Patient and carer race equality framework"),
        Paragraph(
            "Mental health trusts have to show data, a way for patients and carers to be heard, and actions. Other services "
            "may use the same framework."
        ),
        table,
    ]


def not_recorded(title: str, what: str) -> list[Block]:
    """A section for records that do not exist."""
    return [Heading(title), Paragraph(f"{what} are not recorded here. Add them by hand where you have them.")]


def methods(material: Material) -> list[Block]:
    """How the figures were made."""
    tables = distinct(Document("", material.before).tables())
    stars = sum(
        cell == STAR for table in tables if STARRED in table.notes for row in table.rows for cell in row
    )
    hidden = (
        plural(
            stars,
            "1 number of people is shown as a star in the tables of this pack.",
            "{n} numbers of people are shown as stars in the tables of this pack.",
        )
        if stars
        else "No number of people is shown as a star in the tables of this pack."
    )
    titles = {table.name: table.title for table in tables}
    merged = [
        f"“{titles.get(name, name)}” is shown {'for everybody together' if level == 'total' else f'by {level}'}, so that "
        "numbers are large enough to print."
        for name, level in sorted(material.protected.merged.items())
        if name in titles
    ]
    ratios = material.audience.ratios and bool(material.facts.uses)
    return [
        Heading("Methods"),
        Items((*(RATIO_METHODS if ratios else ()), *METHODS)),
        hidden_note(material),
        Items(
            (
                hidden,
                *merged,
                *((CLASSIFICATION,) if ratios and "ethnic" in material.facts.dimensions else ()),
            )
        ),
        Paragraph(
            "Why numbers are hidden: each small number could be any small number, given everything that is printed here and "
            "everything released before. Stars for small numbers and stars that protect them look alike on purpose."
        ),
    ]


def quality(material: Material) -> list[Block]:
    """The basis of the figures."""
    known = material.facts.quality
    people = material.figure("experience", TOTAL, TOTAL)
    sentences = []
    if people != STAR:
        sentences.append(f"{printed(people)} people rated the service in feedback that counts here.")
    sentences += [
        plural(
            rows,
            f"1 row of {name} was refused at import. Refused rows are not counted.",
            f"{{n}} rows of {name} were refused at import. Refused rows are not counted.",
        )
        for name, rows in known.refused
    ]
    if known.repeated:
        sentences.append("Rows of a file that were here twice or more count once.")
    if known.without_respondent:
        sentences.append("Comments from files without a respondent ID count as one person each.")
    if known.conflicts:
        sentences.append(
            plural(
                known.conflicts,
                "1 answer in feedback is in conflict: the value shown now counts.",
                "{n} answers in feedback are in conflict: the value shown now counts.",
            )
        )
    if known.not_understood:
        sentences.append(
            "Some records hold answers that only another version of fieldkit knows: those are not counted."
        )
    sentences += [
        plural(
            missing,
            f"1 change to records of laptop {laptop} has not arrived.",
            f"{{n}} changes to records of laptop {laptop} have not arrived.",
        )
        for laptop, missing in known.gaps
    ]
    if not known.gaps:
        sentences.append("Everything that other laptops are known to have sent has arrived.")
    sentences += [sentence for stage in material.facts.view.stages for sentence in stage.notes]
    blocks: list[Block] = [Heading("Data quality"), Items(tuple(sentences))]
    of_file: Counter[str] = Counter()
    for values in material.facts.datasets:
        file = str(values.get("sha256") or "")[:8]
        of_file[file] += 1
        blocks += _dataset(values, of_file[file])
    return blocks


def sources(material: Material) -> list[Block]:
    """Where the figures and findings come from."""
    lines = []
    for values in material.facts.datasets:
        parts = (values.get("title"), values.get("publisher"), values.get("url"), values.get("licence"))
        lines.append(
            ", ".join(str(part) for part in parts if part)
            + f". Retrieved {short_date(str(values.get('retrieved') or ''))}."
        )
    used = {report.basis.population_file for report in material.facts.uses if report.basis.population_file}
    used |= {population.source for population in material.facts.residents.values()}
    lines += [f"Residents: {population_name(source)}." for source in sorted(used)]
    lines += [
        f"{ended(_cited(values))} {values.get('url') or ''}".strip()
        for values in material.facts.sources.values()
    ]
    return [Heading("Sources"), Items(tuple(lines)) if lines else Paragraph("No source is recorded.")]


def reproduce(material: Material) -> list[Block]:
    """How somebody else gets the same pack, and how this one is checked."""
    return [
        Heading("How to reproduce this pack"),
        Items(
            (
                "Any laptop that holds the same records writes the same files, byte for byte.",
                f"State of the records: {material.facts.state_hash}.",
                f"Program: fieldkit {__version__}. Charts: matplotlib {_version('matplotlib')}.",
                "The file manifest.json lists every number as printed and the checksum of every file.",
            )
        ),
        Paragraph("Check the files of this pack with:"),
        Code("fieldkit evidence --verify FOLDER"),
    ]


def _dataset(values: Mapping[str, Any], number: int) -> list[Block]:
    """How a data set was read; `number`: its position among those from the same file, from 1."""
    rounding = (
        f"rounded to {values['round_base']}"
        if values.get("round_base")
        else "not rounded, as far as is known"
    )
    low, high = values.get("star_low"), values.get("star_high")
    star = "not known" if low is None else f"{low} or more" if high is None else f"{low} to {high}"
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Measure", heading_in_words(str(values.get("measure") or ""))),
        ("Counts", _label("count_unit", values.get("unit"))),
        ("Ages", _label("age_cover", values.get("who"))),
        (
            "Period",
            " to ".join(
                short_date(str(values[name])) for name in ("period_from", "period_to") if values.get(name)
            ),
        ),
        ("A star in the file means", star),
        ("Rounding", rounding),
        (
            "Totals rounded by themselves",
            {"Y": "yes", "N": "no"}.get(str(values.get("totals_rounded_apart")), "not known"),
        ),
        ("Checksum of the file", str(values.get("sha256") or "")),
    )
    name = "".join(letter if letter.isalnum() else "-" for letter in str(values.get("sha256") or "")[:8])
    title = f"How “{values['title']}” was read" if values.get("title") else "How the file was read"
    again = f"-{number}" if number > 1 else ""
    return [Table(f"reading-{name or 'file'}{again}", title, (Column("What"), Column("Reading")), rows)]


def _held(material: Material, stage: int) -> tuple[str, ...]:
    """What a stage has, without counts of people, which are not printed figures."""
    return tuple(each for each in material.facts.view.stages[stage].has if " gave feedback" not in each)


def _without_people(sentences: Sequence[str]) -> str:
    """What a stage lacks, without counts of people."""
    return at_most([TOO_FEW if " gave feedback; " in each else each for each in sentences]) or "nothing"


def _label(codes: str, code: object) -> str:
    return code_list(codes).label(str(code)) if code else "not known"


def _cited(values: Mapping[str, Any]) -> str:
    year = f" ({values['year']})" if values.get("year") else ""
    authors = f"{values['authors']}: " if values.get("authors") else ""
    return f"{authors}{values.get('title') or ''}{year}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
