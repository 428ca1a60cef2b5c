"""Use cases: each a frozen dataclass named by a verb, one transaction, told who acts."""
