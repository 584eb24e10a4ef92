"""The rules of a network until its coordinator sets others."""

from __future__ import annotations

CONFIRM_DAYS = 3
"""Days that entries may wait for the coordinator's receipt before the home screen warns."""
BACKUP_DAYS = 30
"""Days after which a tested backup is too old."""
IDLE_LOCK_MINUTES = 5
"""Minutes without a key press after which a screen locks."""
