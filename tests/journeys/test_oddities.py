"""Whatever people do that nobody asked for: each has a kind answer, takes effect at most once, and loses nothing."""

from typing import Any

from tests.journeys.applying import new_citizen, question_of, signed_in, spoken, with_card, with_consent
from tests.journeys.house import House
from tests.journeys.person import Person, scan, words

VOICE = b"OggS" + bytes(64)


def in_the_form(person: Person) -> dict[str, Any]:
    """Stand at the СНИЛС with two answers typed."""
    citizen = signed_in(person, known="contacts")
    said = spoken(citizen)
    person.tap("медкарт", "известно с портала")
    person.tap("Всё верно", question_of("birth_date"))
    person.say(said["birth_date"], question_of("sex"))
    person.say(said["sex"], question_of("snils"))
    return citizen


def last_update(person: Person) -> int:
    """Return the id of the person's latest update, as Telegram delivered it."""
    found = 0
    for call in person.http.get("/calls", params={"after": -300}).json():
        if call["method"].lower() != "getupdates" or not isinstance(call["answer"], dict):
            continue
        for update in call["answer"].get("result") or []:
            event = next(value for name, value in update.items() if name != "update_id")
            if event["from"]["id"] == person.id:
                found = max(found, update["update_id"])
    assert found
    return found


def sent_to(person: Person, after: int) -> list[str]:
    """Return which methods wrote into this chat since a call."""
    calls = person.http.get("/calls", params={"after": after}).json()
    return [
        each["method"]
        for each in calls
        if str(each["parameters"].get("chat_id")) == str(person.id) and each["method"] != "deleteMessage"
    ]


def calls_so_far(person: Person) -> int:
    calls = person.http.get("/calls", params={"after": -1}).json()
    return int(calls[-1]["seq"]) if calls else 0


def test_before_anything_any_text_file_or_voice_is_led_to_the_menu(person: Person) -> None:
    person.say("Здравствуйте", "Доброго здоровья.*Медкарта")
    person.say("👍", "Здесь текст не нужен")
    person.upload(VOICE, kind="voice", name="v.ogg", expect="Голос я не разбираю")
    person.upload(scan(), expect="Здесь файл не нужен")
    person.say("/start wrong<b>payload", "войдите через портал")
    person.say("/nonsense", "Такой команды нет")
    person.act("start", payload="card")
    person.answer("сначала нужно войти")


def test_in_the_form_whatever_is_no_text_is_answered_kindly_and_the_question_stays(person: Person) -> None:
    citizen = in_the_form(person)
    stays = question_of("snils")
    person.upload(VOICE, kind="voice", name="v.ogg", expect=f"ответ текстом.*{stays}")
    person.upload(scan(form="PNG"), kind="sticker", name="s.webp", expect=f"ответ текстом.*{stays}")
    person.upload(scan(), kind="photo", expect=f"ответ текстом.*{stays}")
    person.upload(scan(), expect=f"ответ текстом.*{stays}")
    person.act("location", latitude=56.86, longitude=35.9)
    person.answer(f"ответ текстом.*{stays}")
    person.act("contact")
    person.answer(f"ответ текстом.*{stays}")
    person.say("/nonsense", f"Такой команды нет.*{stays}")
    person.say("/help", "103")
    person.say("/status", "Статус")
    person.say("/cancel", "Ничего не пропало: продолжить можно командой /card")
    person.say("/card", stays)
    person.say(citizen["snils"], question_of("passport_number"))


def test_an_edited_message_is_not_read_again_and_that_is_said(person: Person) -> None:
    person.say("/start", "портал")
    start = next(each["id"] for each in person.messages() if each["from"] == "person")
    person.act("edit", message_id=start, text="Здравствуйте")
    person.answer("Исправленные сообщения я не перечитываю")


def test_a_button_of_an_old_window_is_answered_and_shows_where_one_is(person: Person) -> None:
    person.say("/start", "портал")
    message, button = person.button("Помощь")
    person.say("/language", "На каком языке")
    person.act("tap", message_id=message, data=button["data"], forged=True)
    person.answer("На каком языке")
    person.alert("уже не действует")


def test_a_button_that_comes_from_nowhere_does_no_harm(person: Person) -> None:
    in_the_form(person)
    message = person.last()["id"]
    for data in ("x", "go:nowhere", "go:signin.move", "aiogd_i1\x1dgone", "🙂" * 8):
        before = len(person.alerts())
        person.act("tap", message_id=message, data=data, forged=True)
        while len(person.alerts()) == before:
            person.chat(person.chat()["seq"], 0.05)
    person.say("/card", question_of("snils"))


def test_buttons_of_another_persons_chat_do_nothing_to_that_person(person: Person, house: House) -> None:
    citizen = signed_in(person)
    with_card(person, citizen)
    person.say("/consent", "Вы дали согласие")
    person.tap("Отозвать", "Остановится")
    _, button = person.button("Да, отозвать")
    thief = Person.new(house.playground, "Чужой")
    theirs = signed_in(thief)
    with_consent(thief, theirs)
    thief.act("tap", message_id=thief.last()["id"], data=button["data"], forged=True)
    thief.alert("")
    thief.say("/consent", "Вы дали согласие")
    person.tap("Нет, оставить", "Вы дали согласие")
    person.say("/card", "Действует")


def test_removing_somebody_elses_document_by_its_id_changes_nothing(person: Person, house: House) -> None:
    citizen = signed_in(person)
    with_consent(person, citizen)
    person.say("/start scans", "Всё нужное на месте")
    person.tap("СНИЛС", "Прислан")
    person.tap("Убрать", "Убрать этот документ")
    _, theirs = person.button("Да, убрать")
    thief = Person.new(house.playground, "Чужой")
    with_consent(thief, signed_in(thief))
    thief.say("/start scans", "Всё нужное на месте")
    thief.tap("СНИЛС", "Прислан")
    thief.tap("Убрать", "Убрать этот документ")
    message, own = thief.button("Да, убрать")
    stolen = own["data"].rsplit(":", 1)[0] + ":" + theirs["data"].rsplit(":", 1)[1]
    thief.act("tap", message_id=message, data=stolen, forged=True)
    thief.answer("Такого документа нет")
    person.say("/start scans", "СНИЛС: есть")
    thief.say("/start scans", "СНИЛС: есть")


def test_a_double_tap_takes_effect_once(person: Person) -> None:
    citizen = signed_in(person)
    with_consent(person, citizen)
    message, button = person.button("Отправить заявку")
    for _ in range(2):
        person.http.post(f"/people/{person.id}/tap", json={"message_id": message, "data": button["data"]})
    person.wait("Последний шаг: код из SMS")
    person.code(citizen["phone"])
    person.say("/card", "Последний шаг: код из SMS")
    texts = person.http.get("/sms/messages", params={"to": citizen["phone"]}).json()
    assert len(texts) == 1


def test_an_update_delivered_twice_has_one_effect_and_one_answer(person: Person) -> None:
    citizen = in_the_form(person)
    person.say(citizen["snils"], question_of("passport_number"))
    update, mark, calls = last_update(person), person.chat()["seq"], calls_so_far(person)
    person.http.post("/updates/repeat", json={"update_id": update}).raise_for_status()
    person.say("/help", "103")
    assert sent_to(person, calls).count("sendMessage") == 1
    said = [words(each) for each in person.chat(mark)["messages"] if each["from"] == "bot"]
    assert len(said) == 1
    person.say("/card", question_of("passport_number"))


def test_html_in_names_and_texts_is_shown_as_it_is_and_breaks_nothing(house: House) -> None:
    person = Person.new(house.playground, "<b>Анна</b> & <i>Ко")
    citizen = new_citizen(person, full_name="О'Коннор-Иванова Анна-Мария Сергеевна")
    person.say("/start", "портал")
    person.sign_in(citizen["login"], citizen["password"], "Вы вошли как Анна-Мария О")
    person.say("<b>жирно</b> & <script>", "нет ответа|Не уверен")
    person.say("/card", "известно с портала")
    person.correct("ФИО", "Шаг 1 из 9")
    person.say("<b>Иванова</b> Анна", "Имя.*Например.*Шаг 1 из 9")
    person.say("я" * 4000, "Имя|имени.*Шаг 1 из 9")
    person.say("\u202eavonavI", "Шаг 1 из 9")
