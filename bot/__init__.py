"""The Telegram front-end: updates become use-case calls, results become windows."""
