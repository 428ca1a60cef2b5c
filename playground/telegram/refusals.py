"""What Telegram answers when it refuses: codes and texts as the real Bot API words them."""

from typing import Any


class TelegramRefusal(Exception):
    """A refused Bot API call; `description` is sent to the bot word for word."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        """The body of the answer, as Telegram shapes it."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(text: str) -> TelegramRefusal:
    """400 with Telegram's prefix. `text` comes as it follows "Bad Request: "."""
    return TelegramRefusal(400, f"Bad Request: {text}")


def forbidden(text: str) -> TelegramRefusal:
    return TelegramRefusal(403, f"Forbidden: {text}")


def conflict(text: str) -> TelegramRefusal:
    return TelegramRefusal(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> TelegramRefusal:
    """429; `retry_after` in seconds."""
    return TelegramRefusal(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def unauthorized() -> TelegramRefusal:
    return TelegramRefusal(401, "Unauthorized")


def not_found() -> TelegramRefusal:
    return TelegramRefusal(404, "Not Found")


def payload_too_large() -> TelegramRefusal:
    return TelegramRefusal(413, "Request Entity Too Large")
