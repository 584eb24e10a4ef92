"""The settings of a kit, read and written by their schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic

import msgspec
from sqlalchemy import Connection

from fieldkit.errors import InUse, VaultError
from fieldkit.store.db.sql import execute
from fieldkit.store.local.known_settings import Setting, T

Transaction = Callable[[], AbstractContextManager[Connection]]


def get_setting(connection: Connection, setting: Setting[T]) -> T:
    """One setting within a transaction; its default if it was never set.

    Raises:
        VaultError: the stored value does not have the setting's type.
    """
    row = execute(connection, "SELECT value FROM setting WHERE key = ?", (setting.name,)).fetchone()
    if row is None or row[0] == "null":
        return deepcopy(setting.default)
    try:
        value: T = msgspec.convert(json.loads(row[0]), setting.type)
    except (msgspec.ValidationError, ValueError, TypeError, RecursionError) as error:
        raise VaultError(
            f"The setting “{setting.name}” of this kit is damaged.",
            kept="Records are kept as they are.",
            hint="Restore a backup: fieldkit restore",
        ) from error
    return value


def put_setting(connection: Connection, setting: Setting[T], value: T) -> None:
    """Set one setting within a transaction."""
    execute(
        connection,
        "INSERT INTO setting (key, value) VALUES (?,?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (setting.name, json.dumps(msgspec.to_builtins(value))),
    )


@dataclass
class Changing(Generic[T]):
    """A setting that is being changed."""

    value: T


class Settings:
    """The settings of one kit. Never in a bundle: no op is made of them."""

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        self._reading, self._writing = reading, writing

    def get(self, setting: Setting[T]) -> T:
        """The value of a setting, its default if it was never set.

        Raises:
            VaultError: the stored value does not have the setting's type.
        """
        with self._reading() as connection:
            return get_setting(connection, setting)

    def put(self, setting: Setting[T], value: T) -> None:
        """Set one setting."""
        self.put_all({setting: value})

    def put_all(self, values: Mapping[Setting[Any], Any]) -> None:
        """Set several settings, all or none."""
        with self._writing() as connection:
            for setting, value in values.items():
                put_setting(connection, setting, value)

    def remember(self, setting: Setting[T], value: T) -> None:
        """Set a convenience setting, such as the last folder used; a read-only window skips it without an error."""
        with suppress(InUse):
            self.put(setting, value)

    @contextmanager
    def changing(self, setting: Setting[T]) -> Iterator[Changing[T]]:
        """Read a setting and store its `value` at the end, in one transaction; stores nothing if the block raises."""
        with self._writing() as connection:
            change = Changing(before := get_setting(connection, setting))
            yield change
            if change.value != before:
                put_setting(connection, setting, change.value)

    def forget(self, *settings: Setting[Any]) -> None:
        """Reset settings as if they had never been set, all or none."""
        with self._writing() as connection:
            for setting in settings:
                execute(connection, "DELETE FROM setting WHERE key = ?", (setting.name,))
