"""`python -m api`: the program that wires everything is found by its installed name."""

import sys
from importlib.metadata import entry_points

(program,) = entry_points(group="console_scripts", name="medkarta")
program.load()(["api", *sys.argv[1:]])
