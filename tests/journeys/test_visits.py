"""«История посещений врачей» over HTTP: filtered, read in full, as PDF, handed over, opened once by a doctor, taken back."""

import re
from typing import Any

from tests.journeys.applying import signed_in, with_card
from tests.journeys.browser import Browser
from tests.journeys.delivering import visited
from tests.journeys.house import House
from tests.journeys.person import Person, words


def a_patient(person: Person, house: House) -> dict[str, Any]:
    """Somebody with a card, six visits, and open sections."""
    citizen = signed_in(person, age=34)
    with_card(person, citizen)
    person.set_up_authenticator()
    visited(house, person)
    return citizen


def test_visits_are_filtered_and_read_to_the_last_line(person: Person, house: House) -> None:
    with_card(person, signed_in(person, age=34))
    person.set_up_authenticator()
    person.say("/visits", "Посещений пока нет")
    assert not person.has_button("Отобрать|PDF|Передать")
    visited(house, person)

    person.say("/visits", "Найдено 6 посещений, за всё время.*Страница 1 из 2")
    person.tap("Следующая", "6\\. .*Страница 2 из 2")
    person.tap("Отобрать", "Отобрать посещения")
    person.tap("^Специальность", "К какому врачу")
    assert person.has_button("Терапия: 3")
    assert person.has_button("Эндокринология: 1")
    person.tap("Кардиология: 2", "Специальность: Кардиология.*Найдено 2 посещения")
    person.tap("^Клиника", "В какой клинике")
    assert not person.has_button("поликлиника")
    person.tap("Кардиологический центр: 2", "Найдено 2 посещения")
    person.tap("^Период", "За какое время")
    person.tap("За месяц: 1", "Период: за месяц.*Найдено 1 посещение")
    person.tap("Показать посещения", "Найдено 1 посещение, за месяц · Кардиология · Кардиологический центр")
    read = person.tap("1. Кардиология", "Посещение врача")
    for told in (
        "I10 Гипертоническая болезнь",
        "Меньше соли",
        "Лозартан 50 мг",
        "Тимофеев Андрей Львович · Кардиология",
    ):
        assert told in read
    person.tap("Скачать PDF", "Посещение врача")
    person.tap("Назад", "Найдено 1 посещение")
    person.tap("Сбросить", "Найдено 6 посещений, за всё время")
    person.tap("Отобрать", "Отобрать посещения")
    person.tap("^Период", "За какое время")
    person.say("вчера", "Не получилось понять даты")
    person.say("1.1.2001 - 2.1.2001", "с 1 января 2001.*С такими условиями посещений нет")
    assert not person.has_button("Показать посещения")
    person.tap("Сбросить", "Найдено 6 посещений")
    person.tap("Показать посещения", "Страница 1 из 2")
    person.tap("Скачать PDF", "Страница 1 из 2")
    files = [each for each in person.messages() if each.get("file")]
    assert [each["protected"] for each in files] == [True, True]
    assert all(person.http.get(str(each["file"]["url"])).content.startswith(b"%PDF-") for each in files)


def test_a_doctor_opens_what_was_handed_over_once_and_the_patient_is_told(person: Person, house: House) -> None:
    citizen = a_patient(person, house)
    person.say("/visits", "История посещений")
    person.tap("Передать врачу", "Отметьте, что показать")
    person.tap("Дальше", "Отметьте хотя бы одно")
    person.tap("☐ .*Эндокринология", "Отмечено: 1")
    person.tap("☐ .*Кардиология", "Отмечено: 2")
    person.tap("Дальше", "Сколько времени")
    person.tap("^Час$", "Для кого это")
    person.say("Кардиологу Петровой", "Кому передано.*Кардиологу Петровой.*2 посещения.*Ещё не открыто")
    assert person.until(lambda chat: not any(words(each) == "Кардиологу Петровой" for each in chat))
    made = next(each for each in person.messages() if "Ссылка готова" in words(each))
    assert made["protected"]
    link = made["keyboard"][0][0]["copy_text"]
    code = re.findall(r"\w{4}-\w{4}-\w{4}", words(made))[-1]

    with Browser() as doctor, Browser() as somebody:
        doctor.open(link)
        assert "Кардиологу Петровой" in doctor.text
        assert citizen["full_name"].split()[0] not in doctor.text
        mark = person.chat()["seq"]
        doctor.submit()
        assert doctor.page.status_code == 200
        for told in (citizen["full_name"], "I10 Гипертоническая болезнь", "Лозартан 50 мг", "E11.9"):
            assert told in doctor.text
        assert "J06.9" not in doctor.text
        assert "Посещения, которые вы передали врачу, открыты" in person.wait("открыты", mark)
        assert somebody.open(link).page.status_code == 410
        somebody.open(f"{house.api}/handover").submit(code=code)
        assert "Этот код не открывается" in somebody.text
        assert doctor.open(f"{house.api}/handover/visits").page.status_code == 200

        person.tap("Кому передано", "Открыто .*, читать можно до")
        person.tap("Отозвать", "Отозвано\\. По этой ссылке.*отозвано")
        assert doctor.open(f"{house.api}/handover/visits").page.status_code == 410


def test_a_dictated_code_opens_and_one_that_was_taken_back_does_not(person: Person, house: House) -> None:
    a_patient(person, house)
    person.say("/visits", "История посещений")
    codes = []
    for number in (1, 2):
        person.tap("Передать врачу", "Отметьте, что показать")
        person.tap("Отметить все", "Отмечено: 6")
        person.tap("Дальше", "Сколько времени")
        person.tap("Трое суток", "Для кого это")
        person.tap("Не указывать", f"Кому передано.*{number}\\. Врачу")
        codes.append(re.findall(r"\w{4}-\w{4}-\w{4}", " ".join(words(each) for each in person.messages()))[-1])
        person.tap("Назад", "История посещений")
    person.tap("Кому передано", "Ещё не открыто")
    person.tap("Отозвать №.1", "Отозвано")
    with Browser() as doctor:
        doctor.open(f"{house.api}/handover").submit(code=codes[1])
        assert doctor.page.status_code == 410
        doctor.submit(code=codes[0].lower().replace("-", " "))
        assert doctor.page.status_code == 200
        assert doctor.text.count("Терапия") == 3
