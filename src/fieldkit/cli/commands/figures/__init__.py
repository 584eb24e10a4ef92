"""`fieldkit figures`: provider figures and populations, from import to stored data sets."""

from fieldkit.cli.commands.figures.figure_import import import_figures
from fieldkit.cli.commands.figures.figure_lists import districts, list_figures, match, show_figures
from fieldkit.cli.options import add, new_app

figures = new_app("Import a provider's figures and populations, look at them, match their labels.")
add(figures, "import", import_figures)
add(figures, "list", list_figures)
add(figures, "show", show_figures)
add(figures, "match", match)
add(figures, "districts", districts)
