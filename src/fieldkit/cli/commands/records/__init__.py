"""Commands on records: recording, lists, one record, changes, undo."""
