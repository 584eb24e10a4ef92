"""Every screen that the program opens by name exists."""

from __future__ import annotations

import importlib

import pytest

from fieldkit.screens.base.screen_table import SCREENS


@pytest.mark.parametrize("name", SCREENS)
def test_the_module_and_the_class_of_a_screen_exist(name: str) -> None:
    module, _, class_name = SCREENS[name].partition(":")
    assert getattr(importlib.import_module(f"fieldkit.screens.{module}"), class_name)


@pytest.mark.parametrize("name", SCREENS)
def test_the_help_of_a_screen_has_no_mark_left_in_it(name: str) -> None:
    module, _, class_name = SCREENS[name].partition(":")
    screen = getattr(importlib.import_module(f"fieldkit.screens.{module}"), class_name)
    assert "{" not in getattr(screen, "HELP", "")
