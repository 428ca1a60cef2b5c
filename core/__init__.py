"""What the product knows and does, without a word about Telegram or HTTP."""
