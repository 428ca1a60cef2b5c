"""A browser without a screen: follows links, fills forms in, keeps cookies."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urljoin

import httpx


class Forms(HTMLParser):
    """The forms of a page: where each goes, its hidden fields and its buttons' names and values."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({"action": values.get("action", ""), "fields": {}, "buttons": []})
        elif self.forms and tag == "input" and values.get("name"):
            self.forms[-1]["fields"][values["name"]] = values.get("value", "")
        elif self.forms and tag == "button" and values.get("name"):
            self.forms[-1]["buttons"].append((values["name"], values.get("value", "")))


class Browser:
    """One browser of one person. `page` is what it shows."""

    def __init__(self) -> None:
        self.http = httpx.Client(timeout=60, trust_env=False, follow_redirects=True)
        self.page = httpx.Response(204)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.http.close()

    @property
    def text(self) -> str:
        """What a person reads."""
        body = re.sub(r"<(script|style)\b.*?</\1>", " ", self.page.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def forms(self) -> list[dict[str, Any]]:
        return Forms(self.page.text).forms

    def open(self, url: str) -> Self:
        self.page = self.http.get(url)
        return self

    def submit(self, press: str = "", **typed: str) -> Self:
        """Fill the form in that has such a field or button (the first one otherwise) and send it."""
        form = next(
            (
                each
                for each in self.forms
                if set(typed) & set(each["fields"]) or press in {value for _, value in each["buttons"]}
            ),
            self.forms[0],
        )
        values = form["fields"] | typed | {name: value for name, value in form["buttons"] if value == press}
        self.page = self.http.post(urljoin(str(self.page.url), form["action"] or str(self.page.url)), data=values)
        return self
