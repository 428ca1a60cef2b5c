"""`python -m bot`: the program that wires everything is found by its installed name."""

import sys
from importlib.metadata import entry_points

(program,) = entry_points(group="console_scripts", name="medkarta")
program.load()(["bot", *sys.argv[1:]])
