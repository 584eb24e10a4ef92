"""What belongs to this device alone: settings and drafts."""
