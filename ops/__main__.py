"""`python -m ops`: the same as `medkarta`."""

from ops.cli import app

app()
