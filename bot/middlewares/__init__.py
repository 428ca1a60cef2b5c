"""What stands around every update: once, who acts, shown again."""
