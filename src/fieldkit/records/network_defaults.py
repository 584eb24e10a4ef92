"""What holds in a network until its coordinator sets something else."""

from __future__ import annotations

CONFIRM_DAYS = 3
"""Days that entries may wait for the coordinator's receipt before home warns."""
BACKUP_DAYS = 30
"""Days after which a proven backup is too old."""
IDLE_LOCK_MINUTES = 5
"""Minutes without a key until a screen locks."""
