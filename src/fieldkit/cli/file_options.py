"""Options that say which part of a file of figures is meant and how its signs are read, for every command that reads one."""

from __future__ import annotations

from typing import Annotated

import typer

Districts = Annotated[
    list[str] | None,
    typer.Option(
        "--districts",
        metavar="NAME,NAME…",
        help="The districts that the figures are of, by name or code, with commas between.",
    ),
]
Dimension = Annotated[
    str,
    typer.Option(
        "--dimension",
        metavar="NAME",
        help="What the groups differ in: ethnic, religion, orientation, disability, age, gender.",
    ),
]
Organisation = Annotated[
    str,
    typer.Option("--org", metavar="CODE", help="The organisation, by code or name, if the file has several."),
]
Period = Annotated[str, typer.Option("--period", metavar="NAME", help="The period, if the file has several.")]
Source = Annotated[
    str,
    typer.Option(
        "--source", metavar="NAME", help="Whose stars and rounding the file has: tt, fft, hes, ten or exact."
    ),
]
Dash = Annotated[
    str, typer.Option("--dash", metavar="MEANING", help="What a dash means: zero, missing or star.")
]
Sheet = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="The sheet, if the workbook has several.")
]
