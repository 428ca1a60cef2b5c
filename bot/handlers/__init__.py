"""What is not a dialog: commands and deep links, faults, and whatever nobody else took."""
