"""The work that merged files require after their commit, outside its transaction."""

from __future__ import annotations

import contextlib
from typing import Any

from fieldkit.errors import BundleRefused
from fieldkit.store.journal.bundle_reader import base_of
from fieldkit.store.journal.ingest import Ingested
from fieldkit.store.kit import Kit
from fieldkit.store.local.known_settings import CLONES, DEVICE_AGES, DEVICE_NAMES, Setting
from fieldkit.sync.merge.many_erasures import state_refusal
from fieldkit.sync.merge.one_file import one_file
from fieldkit.sync.network.identity import Identity, part
from fieldkit.sync.network.roster import Roster
from fieldkit.sync.peers.reports import Incoming, remember


class AfterCommit:
    """Collects the follow-up work of a commit's files; `finish` does it."""

    def __init__(self, kit: Kit, me: Identity) -> None:
        self._kit, self._me = kit, me
        self.names: dict[str, str] = {}
        """Device -> the name that it states for itself."""
        self.ages: dict[str, str] = {}
        """Device -> its sealing key."""
        self.reports: list[Incoming] = []
        self.erased = False
        """Whether something was erased, so that no trace of it may be left in the file."""
        self._people = False
        """Whether joined people may have been erased in only some of their records."""
        self._refused: set[bytes] = set()
        self._parted: dict[str, int] = {}
        self._origin, self._copied = kit.origin, False

    def note(self, ingested: Ingested) -> None:
        """Note what ingesting a bundle did."""
        self._parted |= ingested.parted
        # Only a copy of this folder writes under this laptop's present origin.
        self._copied |= any(base_of(name) == self._origin for name, _, _ in ingested.spans)
        self.erased |= ingested.records.cleared
        self._people |= ingested.records.erased > 0 or "same_person" in ingested.kinds
        self._refused |= ingested.refused

    def finish(self) -> None:
        """Record refusals, fork from a copy, remove traces of what was erased, store what laptops report."""
        if self._refused:
            state_refusal(self._kit, self._me, self._refused)
            # The orders that a restore would repeat are written anew, too.
            self.erased, self._refused = True, set()
        if self._copied:
            part(self._kit, goes_on=True)
        self._origin, self._copied = self._kit.origin, False
        if self._people and Roster(self._kit, self._me).coordinating:
            self._kit.erase_joined()
        if self.erased:
            self._kit.scrub()
        self.erased = self._people = False
        self._remember_reports()
        remembered: tuple[tuple[Setting[Any], dict[str, Any]], ...] = (
            (DEVICE_NAMES, self.names),
            (DEVICE_AGES, self.ages),
            (CLONES, self._parted),
        )
        for setting, fresh in remembered:
            known: dict[str, Any] = self._kit.settings.get(setting)
            if fresh and not fresh.items() <= known.items():
                self._kit.settings.put(setting, {**known, **fresh})

    def fill_in(self) -> None:
        """Complete the roster for laptops whose names or keys arrived."""
        if learnt := self.names.keys() | self.ages.keys():
            Roster(self._kit, self._me).fill_in(learnt)
            self.names, self.ages = {}, {}

    def _remember_reports(self) -> None:
        """Store the reports in the bundles of this commit, without those that can't be understood."""
        try:
            with one_file(self._kit.folder):
                remember(self._kit, self.reports)
        except BundleRefused:
            for report in self.reports:
                with contextlib.suppress(BundleRefused), one_file(self._kit.folder):
                    remember(self._kit, [report])
        self.reports.clear()
