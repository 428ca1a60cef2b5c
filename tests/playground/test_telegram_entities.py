"""Formatted text: read as Telegram reads it, refused in its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.telegram.entities import format_text, utf16_length
from playground.telegram.refusals import TelegramRefusal


def html(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    text, entities = format_text(source, "HTML", None)
    return text, [(one["type"], one["offset"], one["length"]) for one in entities]


def refused(source: str, mode: str) -> str:
    with pytest.raises(TelegramRefusal) as caught:
        format_text(source, mode, None)
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


def test_nested_tags_become_entities_with_utf16_offsets() -> None:
    assert html("😀 <b>жир <i>и курсив</i></b> <code>x</code>") == (
        "😀 жир и курсив x",
        [("bold", 3, 12), ("italic", 7, 8), ("code", 16, 1)],
    )


def test_references_are_decoded_and_unknown_ones_stay() -> None:
    assert html("&lt;b&gt; &amp; &quot; &#1103; &nbsp; & b") == ('<b> & " я &nbsp; & b', [])


def test_links_languages_spoilers_and_quotes() -> None:
    text, entities = format_text(
        '<a href="https://a.ru/?b=1&amp;c=2">ссылка</a> <pre><code class="language-python">x</code></pre>'
        '<span class="tg-spoiler">s</span><blockquote expandable>q</blockquote><a href="tg://user?id=5">u</a>',
        "html",
        None,
    )
    assert text == "ссылка xsqu"
    assert entities == [
        {"type": "text_link", "offset": 0, "length": 6, "url": "https://a.ru/?b=1&c=2"},
        {"type": "pre", "offset": 7, "length": 1, "language": "python"},
        {"type": "spoiler", "offset": 8, "length": 1},
        {"type": "expandable_blockquote", "offset": 9, "length": 1},
        {"type": "text_mention", "offset": 10, "length": 1, "user": {"id": 5, "is_bot": False, "first_name": ""}},
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("я<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a<", "Unclosed start tag at byte offset 1"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>я</i>", 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ('<a href="b', "Unclosed start tag at byte offset 0"),
        ("<a href>b</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<span>b</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_wrong_html_is_refused_with_the_byte_offset(source: str, text: str) -> None:
    assert refused(source, "HTML") == text


def test_markdown_v2_is_read() -> None:
    text, entities = format_text(
        "*жир _курсив_* __под__ ~нет~ ||тайна|| `код` [сайт](http://a.ru/\\)) ок\\.\n>цитата", "MarkdownV2", None
    )
    assert text == "жир курсив под нет тайна код сайт ок.\nцитата"
    assert [one["type"] for one in entities] == [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "text_link",
        "blockquote",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Готово.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("я *a", "Can't find end of Bold entity at byte offset 3"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
    ],
)
def test_wrong_markdown_is_refused(source: str, text: str) -> None:
    assert refused(source, "MarkdownV2") == text


def test_commands_addresses_and_mails_are_found_but_not_inside_code() -> None:
    assert html("/start a@b.ru https://a.ru/x. <code>/help</code>") == (
        "/start a@b.ru https://a.ru/x. /help",
        [("bot_command", 0, 6), ("email", 7, 6), ("url", 14, 14), ("code", 30, 5)],
    )


def test_white_space_around_goes_and_entities_follow() -> None:
    assert html("  \n<b> a </b>\n ") == ("a", [("bold", 0, 1)])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_escaped_text_comes_back_as_it_was(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text, _ = format_text(escaped, "HTML", None)
    assert text == source.strip()


@given(
    st.text(alphabet='<>/b iа&;😀"=a*_[]()`~|!\\.\n', max_size=40), st.sampled_from(["HTML", "MarkdownV2", "Markdown"])
)
def test_any_text_is_either_read_with_sane_entities_or_refused(source: str, mode: str) -> None:
    try:
        text, entities = format_text(source, mode, None)
    except TelegramRefusal:
        return
    for one in entities:
        assert one["length"] > 0
        assert 0 <= one["offset"] <= utf16_length(text) - one["length"]
