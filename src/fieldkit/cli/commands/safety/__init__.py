"""Commands that keep the kit and people's rights safe: backups, erasure, withdrawal, retention."""
