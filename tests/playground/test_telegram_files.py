"""Photos, documents, albums: sizes, kinds, downloads."""

import io
import json

import pytest
from PIL import Image

from playground.settings import PlaygroundSettings
from playground.telegram import files as files_module
from playground.telegram.app import TelegramApp
from playground.telegram.files import FileStore
from tests.playground.talking import BotSide, PersonSide

PDF = ("справка.pdf", b"%PDF-1.4 body", "application/pdf")


def picture(width: int = 1600, height: int = 1200, kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(written, kind)
    return written.getvalue()


async def test_a_photo_of_a_person_becomes_jpeg_in_several_sizes(
    bot: BotSide, anna: PersonSide, settings: PlaygroundSettings
) -> None:
    await anna.upload(("скан.png", picture(), "image/png"), kind="photo", caption="Паспорт")
    message = (await bot.updates())[0]["message"]
    assert [one["width"] for one in message["photo"]] == [90, 320, 800, 1280]
    assert message["caption"] == "Паспорт"
    told = await bot.call("getFile", file_id=message["photo"][-1]["file_id"])
    loaded = await bot.client.get(f"/file/bot{settings.token}/{told['file_path']}")
    assert Image.open(io.BytesIO(loaded.content)).format == "JPEG"
    assert len(loaded.content) == told["file_size"]
    assert (await bot.client.get(f"/file/bot1:x/{told['file_path']}")).status_code == 401
    shown = (await anna.last())["file"]
    assert (shown["kind"], shown["width"], shown["height"]) == ("photo", 1280, 960)
    assert (await bot.client.get(shown["url"])).headers["content-type"] == "image/jpeg"


async def test_several_files_are_one_album(bot: BotSide, anna: PersonSide) -> None:
    ids = await anna.upload(PDF, ("b.jpg", picture(20, 20, "JPEG"), "image/jpeg"), caption="Документы")
    messages = [update["message"] for update in await bot.updates()]
    assert [one["message_id"] for one in messages] == ids
    assert len({one["media_group_id"] for one in messages}) == 1
    assert [one.get("caption") for one in messages] == ["Документы", None]
    assert messages[0]["document"]["file_name"] == "справка.pdf"
    assert messages[0]["document"]["mime_type"] == "application/pdf"


async def test_a_document_of_the_bot_is_uploaded_shown_and_sent_again_by_its_id(bot: BotSide, anna: PersonSide) -> None:
    sent = await bot.call("sendDocument", files={"document": PDF}, chat_id=str(anna.id), caption="Готово")
    shown = (await anna.last())["file"]
    assert (shown["name"], shown["mime"], shown["size"]) == ("справка.pdf", "application/pdf", 13)
    page = await bot.client.get(shown["url"])
    assert page.content == PDF[1]
    file_id = sent["document"]["file_id"]
    again = await bot.call("sendDocument", chat_id=anna.id, document=file_id)
    assert again["document"]["file_id"] == file_id
    assert await bot.refused("sendPhoto", chat_id=anna.id, photo=file_id) == (
        "Bad Request: can't use file of type Document as Photo"
    )


async def test_a_page_among_the_uploads_is_never_run(bot: BotSide, anna: PersonSide) -> None:
    await anna.upload(("a.html", b"<script>alert(1)</script>", "text/html"))
    answer = await bot.client.get((await anna.last())["file"]["url"])
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_an_album_of_the_bot_and_its_bounds(bot: BotSide, anna: PersonSide) -> None:
    photo = {"type": "photo", "media": "attach://a"}
    files = {"a": ("a.jpg", picture(40, 30, "JPEG"), "image/jpeg"), "b": PDF}
    media = json.dumps([{**photo, "caption": "<b>Снимки</b>", "parse_mode": "HTML"}, photo])
    sent = await bot.call("sendMediaGroup", files=files, chat_id=str(anna.id), media=media)
    assert len({one["media_group_id"] for one in sent}) == 1
    assert sent[0]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    mixed = json.dumps([photo, {"type": "document", "media": "attach://b"}])
    for wrong, text in (
        ("[]", "there are no messages to send"),
        (json.dumps([photo]), "too few messages to send as an album"),
        (json.dumps([photo] * 11), "too many messages to send as an album"),
        (mixed, "document can't be mixed with other media types"),
        (json.dumps([{"type": "photo", "media": "attach://нет"}] * 2), "there is no photo in the request"),
        ("{", "can't parse media JSON object"),
    ):
        refusal = await bot.refused("sendMediaGroup", files=files, chat_id=str(anna.id), media=wrong)
        assert refusal == f"Bad Request: {text}"


async def test_files_that_telegram_does_not_take(bot: BotSide, anna: PersonSide) -> None:
    chat = str(anna.id)
    assert await bot.refused("sendDocument", chat_id=anna.id) == "Bad Request: there is no document in the request"
    empty = {"document": ("a.pdf", b"", "application/pdf")}
    assert await bot.refused("sendDocument", files=empty, chat_id=chat) == "Bad Request: file must be non-empty"
    text = {"photo": ("a.jpg", b"no picture", "image/jpeg")}
    assert await bot.refused("sendPhoto", files=text, chat_id=chat) == "Bad Request: IMAGE_PROCESS_FAILED"
    thin = {"photo": ("a.png", picture(2100, 100), "image/png")}
    assert await bot.refused("sendPhoto", files=thin, chat_id=chat) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    heavy = {"photo": ("a.jpg", bytes(10 * 1024 * 1024 + 1), "image/jpeg")}
    assert "is too big for a photo" in await bot.refused("sendPhoto", files=heavy, chat_id=chat)
    big = {"document": ("a.bin", bytes(50 * 1024 * 1024 + 1), "application/zip")}
    assert (await bot.raw("sendDocument", files=big, chat_id=chat))["error_code"] == 413
    unknown = await bot.refused("sendDocument", chat_id=anna.id, document="BQAC-нет")
    assert unknown == "Bad Request: wrong file identifier/HTTP URL specified"
    long = {"document": PDF}
    refusal = await bot.refused("sendDocument", files=long, chat_id=chat, caption="я" * 1025)
    assert refusal == "Bad Request: message caption is too long"


async def test_more_than_twenty_megabytes_cannot_be_fetched(bot: BotSide, anna: PersonSide) -> None:
    await anna.upload(("большой.zip", bytes(20 * 1024 * 1024 + 1), "application/zip"))
    file_id = (await bot.updates())[0]["message"]["document"]["file_id"]
    assert await bot.refused("getFile", file_id=file_id) == "Bad Request: file is too big"
    assert await bot.refused("getFile", file_id="x") == (
        "Bad Request: wrong file_id or the file is temporarily unavailable"
    )


async def test_media_and_captions_are_edited(bot: BotSide, anna: PersonSide) -> None:
    sent = await bot.call("sendDocument", files={"document": PDF}, chat_id=str(anna.id), caption="раз")
    where = {"chat_id": anna.id, "message_id": sent["message_id"]}
    await bot.call("editMessageCaption", **where, caption="<i>два</i>", parse_mode="HTML")
    assert (await anna.last())["caption"] == "два"
    media = json.dumps({"type": "photo", "media": "attach://p", "caption": "три"})
    where_text = {key: str(value) for key, value in where.items()}
    files = {"p": ("p.jpg", picture(30, 30, "JPEG"), "image/jpeg")}
    await bot.call("editMessageMedia", files=files, **where_text, media=media)
    seen = await anna.last()
    assert (seen["file"]["kind"], seen["caption"]) == ("photo", "три")
    assert await bot.refused("editMessageText", **where, text="a") == (
        "Bad Request: there is no text in the message to edit"
    )


def test_the_oldest_files_go_when_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "TOTAL_LIMIT", 100)
    store = FileStore()
    first, second = (store.add("document", "a.bin", "", bytes(60)) for _ in range(2))
    assert store.get(first.file_id) is None
    assert store.by_path(second.path) is second


@pytest.mark.parametrize("kind", ["voice", "video", "audio", "sticker", "animation", "video_note"])
async def test_the_other_kinds_of_files_travel_too(bot: BotSide, anna: PersonSide, kind: str) -> None:
    method = "send" + "".join(word.capitalize() for word in kind.split("_"))
    sent = await bot.call(method, files={kind: ("a.bin", b"12345", "video/mp4")}, chat_id=str(anna.id))
    assert sent[kind]["file_size"] == 5
    assert (await anna.last())["file"]["kind"] == kind


async def test_protected_content_is_neither_copied_nor_forwarded(
    bot: BotSide, anna: PersonSide, telegram: TelegramApp
) -> None:
    secret = await bot.send(anna.id, "Диагноз", protect_content=True)
    plain = await bot.send(anna.id, "Открытое")
    where = {"chat_id": anna.id, "from_chat_id": anna.id}
    assert await bot.refused("copyMessage", **where, message_id=secret) == "Bad Request: message can't be copied"
    assert await bot.refused("forwardMessage", **where, message_id=secret) == (
        "Bad Request: message can't be forwarded"
    )
    await bot.call("copyMessage", **where, message_id=plain)
    await bot.call("forwardMessage", **where, message_id=plain)
    copied, forwarded = (await anna.chat())["messages"][-2:]
    assert (copied["text"], copied["forwarded"]) == ("Открытое", False)
    assert (forwarded["text"], forwarded["forwarded"]) == ("Открытое", True)
    assert (await anna.chat())["messages"][-4]["protected"] is True
    assert await bot.refused("copyMessage", **where, message_id=7) == "Bad Request: message to copy not found"
