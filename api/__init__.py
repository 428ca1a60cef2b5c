"""The desk of those who help, the pages that a citizen's browser sees on the way to the portal, and the REST under both."""
