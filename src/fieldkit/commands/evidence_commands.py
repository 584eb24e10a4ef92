"""The commands of the reverse-commissioning cycle at a coordinator's desk."""

from __future__ import annotations

from fieldkit.commands import command as places
from fieldkit.commands.command import Command, CommandMaker

_figures = CommandMaker(places.FIGURES_IMPORT)
_names = CommandMaker(places.PROVIDER_NAMES)
_cycles = CommandMaker(places.CYCLES)
_cycle = CommandMaker(places.CYCLE)
_use = CommandMaker(places.USE)
_feedback_givers = CommandMaker(places.FEEDBACK_GIVERS)
_changes = CommandMaker(places.CHANGES)
_support = CommandMaker(places.SUPPORT)
_quotes = CommandMaker(places.QUOTES)
_excerpt = CommandMaker(places.EXCERPT)
_quote = CommandMaker(places.QUOTE)
_pack = CommandMaker(places.PACK)
_bulletin = CommandMaker(places.BULLETIN)

EVIDENCE_COMMANDS: tuple[Command, ...] = (
    CommandMaker(
        places.CYCLES,
        places.CYCLE,
        places.USE,
        places.FEEDBACK_GIVERS,
        places.CHANGES,
        places.SUPPORT,
        places.QUOTES,
        places.EXCERPT,
        places.QUOTE,
        places.BULLETIN,
    )("back", "escape", "back", "Go back; while something is being done, stop it."),
    _cycles("open", "enter", "open", "Open the cycle under the cursor.", built_in=True),
    _cycles("new", "n", "begin a cycle", "Begin a cycle: a question about one service."),
    _cycles(
        "bulletin",
        "b",
        "bulletin",
        "One page on a period: what happened, what people said, what changed.",
    ),
    _cycle("do", "enter", "do this", "Do what the line under the cursor asks for."),
    _cycle(
        "point",
        "up,down,j,k",
        "point",
        "Go to another line that asks for something; if none does, scroll.",
        show=False,
        built_in=True,
    ),
    _cycle("number", "digits", "do it", "Do what the line with this number asks for.", built_in=True),
    _cycle("everything", "v", "all that is missing", "Choose from everything that is missing, in full."),
    _cycle("use", "f", "figures", "How far each community uses the service, as a chart.", show=False),
    _cycle("heard", "h", "who was heard", "Who gave feedback, against who lives there.", show=False),
    _cycle("themes", "t", "themes", "What people spoke about, and how they rated the service.", show=False),
    _cycle(
        "changes",
        "c",
        "changes",
        "What should change, who owns it, and what the provider answered.",
        show=False,
    ),
    _cycle(
        "quotes", "q", "quotes", "People's words: propose them for print, and decide on them.", show=False
    ),
    _cycle("pack", "e", "evidence pack", "Write the evidence of this cycle for one audience.", show=False),
    _cycle("bulletin", "b", "bulletin", "Write one page on a period.", show=False),
    _cycle("names", "n", "provider names", "Say which names in feedback mean which provider.", show=False),
    _cycle(
        "edit",
        "o",
        "cycle",
        "Look at the cycle's own answers: its service, area, dates and question.",
        show=False,
    ),
    CommandMaker(places.FIGURES_IMPORT)(
        "back", "escape", "back", "Go back to the question before; while something is being done, stop it."
    ),
    _figures(
        "go",
        "enter",
        "go on",
        "Take the file, or the answer under the cursor; store at the end.",
        built_in=True,
    ),
    _figures("answer", "0-9", "answer", "Give the answer with this number.", built_in=True),
    _figures("type", "t", "type an answer", "Type an answer that is not in the list."),
    _figures("other", "o", "other place", "Type the name of a file."),
    _figures("undo", "u", "undo it", "Once it is stored: undo the whole import."),
    _figures("warnings", "v", "the file", "How the file is understood, and what to look at, in full."),
    _names("back", "escape", "back", "Go back."),
    _names(
        "choose",
        "digits",
        "same as",
        "Let the name under the cursor mean the provider with this number; two providers become one.",
        built_in=True,
    ),
    _names("own", "n", "its own", "Record a provider with the name under the cursor."),
    _names("other", "o", "other", "Type the name or the ODS code of the provider that the name means."),
    _names("separate", "s", "separate", "Let the name under the cursor mean its provider no longer."),
    _names("undo", "u", "undo", "Undo what was done last here, then what was done before it."),
    _use(
        "open",
        "enter",
        "its figures",
        "List the published figures that this group's ratio comes from.",
        built_in=True,
    ),
    _use(
        "point",
        "up,down,j,k,home,end,pageup,pagedown",
        "point",
        "Go to another group.",
        show=False,
        built_in=True,
    ),
    _use("measure", "m", "other figures", "Choose another measure or comparison."),
    _use("caveats", "v", "caveats", "Everything to know before using these figures."),
    _use("import", "i", "import", "Import figures or a population for this cycle."),
    _feedback_givers(
        "turn",
        "tab,shift+tab",
        "other page",
        "From who was heard to the themes, and on to the next comparison.",
        built_in=True,
    ),
    _feedback_givers("up", "up,k", "up", "Scroll up.", show=False),
    _feedback_givers("down", "down,j", "down", "Scroll down.", show=False),
    _changes("open", "enter", "edit", "Open the form of the change under the cursor.", built_in=True),
    _changes("new", "n", "new", "Propose a change."),
    _changes("support", "s", "support", "Choose comments and figures that the change rests on."),
    _changes("answer", "a", "answer", "Record that an answer was asked for, or the provider's answer."),
    _changes("full", "v", "in full", "You said, we did: all of this change in full."),
    _support("open", "enter", "add", "Let the change rest on the line under the cursor.", built_in=True),
    _support("turn", "tab", "lists", "From comments to figures, and back."),
    _support("other", "o", "other", "Add a case study, a published source or a rationale."),
    _support("undo", "u", "undo", "Take away the support that was added last here."),
    _support("full", "v", "in full", "Show the comment under the cursor in full."),
    _quotes(
        "open",
        "enter",
        "look at it",
        "Propose the answer under the cursor, or decide on the quote.",
        built_in=True,
    ),
    _quotes(
        "turn",
        "tab,shift+tab",
        "next list",
        "Answers that may be quoted, quotes that wait, and quotes that were decided on.",
        built_in=True,
    ),
    _excerpt("propose", "f2", "propose", "Propose these words; a second person then looks at them."),
    _quote("approve", "y", "may be printed", "Let the words be printed, once you gave your name."),
    _quote("refuse", "n", "refuse", "Refuse the words, with a reason."),
    _pack("back", "escape", "back", "Go back a step; while something is being done, stop it."),
    _pack("go", "enter", "go on", "Take the audience under the cursor; then write the pack.", built_in=True),
    _pack("preset", "p", "threshold", "Choose how small numbers are hidden."),
    _pack("addressee", "a", "addressee", "Say whom the pack is addressed to, as they are called now."),
    _pack("full", "v", "in full", "Show the line under the cursor in full."),
    _bulletin("write", "f2", "write it", "Choose a place, and write the bulletin."),
    _bulletin("dates", "f3", "dates", "Choose other dates; the text is drafted anew."),
    _bulletin("again", "f4", "draft anew", "Throw away what was edited, and draft the text anew."),
)
