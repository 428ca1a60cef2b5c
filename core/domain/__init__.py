"""Values, entities, rules and the collections that keep them: plain Python, one file a noun."""
