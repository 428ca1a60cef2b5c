"""Benchmarks: every number stands beside a peer's, taken in the same run on the same machine."""
