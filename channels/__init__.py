"""The doors: each brings messages in and carries replies out; none decides anything."""
