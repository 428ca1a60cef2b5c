"""A Telegram of one's own: the Bot API on one side, people on the other."""
