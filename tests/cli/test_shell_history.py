"""A patient's words, names and receipt codes need not be on a command line, which shells remember."""

from __future__ import annotations

import re

from cli_kits import with_answers
from commanding import Run
from project_files import ROOT

COMMENT = 'She was kind; "very" kind.'


def test_a_value_is_asked_for_or_read_from_standard_input(run: Run) -> None:
    run("network", "create", "Fair", "--no-passphrase")
    given = ("record", "feedback", *with_answers("rating=2", "consent_record=yes", "experience=-"))
    piped = run(*given, "--json", piped=f"{COMMENT}\n").json
    typed = run(*given, "--json", typed=f"{COMMENT}\n")
    assert "experience: " in typed.err
    assert [record["experience"] for record in (piped, typed.json)] == [COMMENT, COMMENT]
    edited = run("edit", piped["id"], "--set", "experience=-", piped="Others\n")
    assert edited.code == 0
    assert "Others" in run("show", piped["id"]).out


def test_standard_input_is_for_one_field(run: Run) -> None:
    run("network", "create", "Fair", "--no-passphrase")
    refused = run("record", "feedback", *with_answers("experience=-", "need=-"), piped="a")
    assert refused.code == 2
    assert "once only" in refused.err


def test_a_code_is_asked_for_or_read_from_standard_input(run: Run) -> None:
    run("network", "create", "Fair", "--no-passphrase")
    codes = [
        run("record", "feedback", *with_answers(f"rating={n}", "consent_record=yes"), "--json").json[
            "receipt_code"
        ]
        for n in (1, 2, 3)
    ]
    asked = run("withdraw", typed=f"{codes[0]}\n")
    assert (asked.code, "The receipt code: " in asked.err) == (0, True)
    assert run("withdraw", "-", piped=f"{codes[1]}\n").code == 0
    assert run("withdraw", codes[2]).code == 0
    assert run("list", "feedback", "--json").json == []


def test_no_example_puts_words_names_or_codes_into_a_command_line() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for block in re.findall("```bash\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
            # The names of providers are public.
            block = re.sub(r"fieldkit record provider .*", "", block)
            assert not re.search(
                r"--set \"?(experience|need|aspiration|expectation|name|own_words|notes)=[^-]", block
            ), page
            assert not re.search(r"withdraw [0-9A-Za-z]{4}-", block), page
            assert not re.search(r"--(note|action)[ =]\"?[^-\s\"]", block), page
            assert not re.search(r"mentoring [a-z]+ \"?[A-Z][a-z]", block), page


def test_no_hint_or_help_puts_names_or_codes_into_a_command_line() -> None:
    places = [
        *(ROOT / "src").rglob("*.py"),
        *(ROOT / "docs" / "man").glob("*"),
        *(ROOT / "docs" / "completion").glob("*"),
    ]
    assert len(places) > 100
    for place in places:
        text = place.read_text("utf-8")
        assert not re.search(r"fieldkit withdraw (CODE|[0-9A-Z]{4}-)", text), place
        assert not re.search(r"fieldkit mentoring [a-z]+ NAME", text), place
        assert not re.search(
            r"--set \"?(experience|need|aspiration|expectation|name|notes?)=[^-\s…]", text
        ), place
