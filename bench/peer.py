"""The peer: a form of as many steps as the card's in bare aiogram, the way its documentation teaches.

RedisStorage, no database, no encryption, no journal, a new message with an inline keyboard a step. `python -m bench.peer`
polls; with `--port` it serves a webhook with aiogram's own aiohttp handler.
"""

import argparse
import os

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

router = Router()


class Form(StatesGroup):
    """As many states as the card's form asks questions."""

    known = State()
    birth_date = State()
    sex = State()
    snils = State()
    passport_number = State()
    passport_issued = State()
    passport_issuer = State()
    passport_code = State()
    address = State()
    policy = State()


QUESTIONS = {
    "birth_date": "Шаг 2 из 9\n\n<b>Дата рождения</b>\nНапример: 12.04.1985",
    "sex": "Шаг 3 из 9\n\n<b>Пол</b>\nМужской или женский",
    "snils": "Шаг 4 из 9\n\n<b>СНИЛС</b>\n11 цифр, например: 112-233-445 95",
    "passport_number": "Шаг 5 из 9\n\n<b>Серия и номер паспорта</b>\nНапример: 45 10 123456",
    "passport_issued": "Шаг 5 из 9\n\n<b>Когда выдан паспорт</b>\nНапример: 12.04.2015",
    "passport_issuer": "Шаг 5 из 9\n\n<b>Кем выдан паспорт</b>\nКак в паспорте",
    "passport_code": "Шаг 5 из 9\n\n<b>Код подразделения</b>\nНапример: 770-001",
    "address": "Шаг 6 из 9\n\n<b>Адрес</b>\nГород, улица, дом, квартира",
    "policy": "Шаг 8 из 9\n\n<b>Полис ОМС</b>\n16 цифр",
}
ORDER = list(QUESTIONS)


def keyboard() -> InlineKeyboardMarkup:
    """Return what stands below every question."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text="◀ Назад", callback_data="back"),
                InlineKeyboardButton(text="В меню", callback_data="menu"),
            ]
        ]
    )


@router.message(Command("card"))
async def begin(message: Message, state: FSMContext) -> None:
    """Show what is known already."""
    await state.set_state(Form.known)
    await state.set_data({"name": "Анна Ильина"})
    confirm = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Всё верно", callback_data="known")], *keyboard().inline_keyboard]
    )
    await message.answer("<b>Вот что уже известно с портала</b>\n\nИмя: <b>Анна Ильина</b>", reply_markup=confirm)


@router.callback_query(Form.known, F.data == "known")
async def confirm_known(callback: CallbackQuery, state: FSMContext) -> None:
    """What is known is right."""
    await state.set_state(Form.birth_date)
    await callback.answer()
    if isinstance(callback.message, Message):
        await callback.message.answer(QUESTIONS["birth_date"], reply_markup=keyboard())


def take(name: str, following: str | None) -> None:
    """Register the handler of one answer."""

    @router.message(getattr(Form, name), F.text)
    async def answered(message: Message, state: FSMContext) -> None:
        await state.update_data({name: message.text})
        if following is None:
            collected = await state.get_data()
            await state.set_state(None)
            await message.answer(f"Готово: {len(collected)} полей, вот SMS с кодом", reply_markup=keyboard())
            return
        await state.set_state(getattr(Form, following))
        await message.answer(QUESTIONS[following], reply_markup=keyboard())


for each, after in zip(ORDER, [*ORDER[1:], None], strict=True):
    take(each, after)


def main() -> None:
    """Poll, or serve a webhook on `--port`."""
    parser = argparse.ArgumentParser(prog="python -m bench.peer", description=__doc__)
    parser.add_argument("--port", type=int, help="serve a webhook on this port instead of polling")
    port: int | None = parser.parse_args().port
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_API_URL"]))
    bot = Bot(os.environ["BOT_TOKEN"], session=session)
    dispatcher = Dispatcher(storage=RedisStorage.from_url(os.environ["REDIS_URL"]))
    dispatcher.include_router(router)
    if port is None:
        dispatcher.run_polling(bot)
        return

    async def announce(bot: Bot) -> None:
        await bot.set_webhook(f"http://127.0.0.1:{port}/webhook", secret_token=os.environ["WEBHOOK_SECRET"])

    dispatcher.startup.register(announce)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token=os.environ["WEBHOOK_SECRET"]).register(app, path="/webhook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main()
