"""Running it: settings, wiring, processes, the command line. Here alone everything meets."""
