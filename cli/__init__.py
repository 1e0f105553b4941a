"""The `tellergate` command."""
