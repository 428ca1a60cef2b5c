"""Three hundred invented doctors: fifteen a clinic, what they are for, and when they receive."""

from dataclasses import dataclass
from datetime import time
from functools import cache

from playground.outside import numbers
from playground.outside.schedules.towns import TOWNS, Town


@dataclass(frozen=True, slots=True)
class Speciality:
    """`code` is the product's word, `snomed` a code of FHIR's practice settings where there is one; `minutes` a visit."""

    code: str
    snomed: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Every week: `weekday` 0 is Monday."""

    weekday: int
    start: time
    end: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Doctor:
    """Who receives; `id` names them within their clinic."""

    id: str
    name: str
    speciality: Speciality
    room: str
    note: str
    terms: str
    hours: tuple[Hours, ...]


SPECIALITIES = {
    each.code: each
    for each in (
        Speciality("therapist", "394814009", "Терапевт", 15),
        Speciality("paediatrician", "", "Педиатр", 15),
        Speciality("dentist", "408444009", "Стоматолог", 30),
        Speciality("gynaecologist", "394585009", "Акушер-гинеколог", 20),
        Speciality("ophthalmologist", "394594003", "Офтальмолог", 15),
        Speciality("ent", "418960008", "Оториноларинголог", 15),
        Speciality("surgeon", "394609007", "Хирург", 15),
        Speciality("paediatric_surgeon", "394539006", "Детский хирург", 15),
        Speciality("dermatologist", "394582007", "Дерматовенеролог", 15),
        Speciality("cardiologist", "394579002", "Кардиолог", 20),
        Speciality("paediatric_cardiologist", "408459003", "Детский кардиолог", 20),
        Speciality("neurologist", "394591006", "Невролог", 20),
        Speciality("endocrinologist", "394583002", "Эндокринолог", 20),
        Speciality("gastroenterologist", "394584008", "Гастроэнтеролог", 20),
        Speciality("urologist", "394612005", "Уролог", 15),
        Speciality("allergist", "408480009", "Аллерголог-иммунолог", 20),
        Speciality("rheumatologist", "394810000", "Ревматолог", 20),
        Speciality("traumatologist", "394801008", "Травматолог-ортопед", 15),
        Speciality("pulmonologist", "418112009", "Пульмонолог", 20),
        Speciality("oncologist", "394592004", "Онколог", 20),
        Speciality("vaccination_room", "", "Прививочный кабинет", 10),
        Speciality("ultrasound", "", "Кабинет УЗИ", 20),
        Speciality("ecg", "", "Кабинет ЭКГ", 10),
        Speciality("blood_test", "", "Сдать кровь", 5),
        Speciality("checkup", "409968004", "Диспансеризация", 15),
    )
}
EVERYWHERE = (
    "therapist", "therapist", "therapist", "paediatrician", "dentist", "gynaecologist", "ophthalmologist", "ent", "surgeon",
    "cardiologist", "neurologist",
)  # fmt: skip
FOR_CHILDREN = (
    "paediatrician", "paediatrician", "paediatrician", "paediatrician", "paediatric_surgeon", "paediatric_cardiologist",
    "dentist", "ophthalmologist", "ent", "neurologist", "vaccination_room",
)  # fmt: skip
IN_TURN = (
    "dermatologist", "endocrinologist", "urologist", "ultrasound", "gastroenterologist", "blood_test", "allergist",
    "traumatologist", "ecg", "pulmonologist", "rheumatologist", "oncologist", "checkup",
)  # fmt: skip
"""Four of these a clinic, so that each is found somewhere and none everywhere."""
NOTES = {
    "blood_test": "Утром натощак: последний раз есть вечером, пить можно воду",
    "ultrasound": "Возьмите с собой полотенце",
    "gynaecologist": "Возьмите прошлые снимки и заключения",
    "oncologist": "Возьмите прошлые снимки и заключения",
    "vaccination_room": "Возьмите прививочный сертификат",
}
TERMS = {
    "checkup": "Для прикреплённых к этой поликлинике",
    "vaccination_room": "Для прикреплённых к этой поликлинике",
    "ultrasound": "По направлению врача этой поликлиники",
}
"""Who may come, where a clinic says so in words."""
FAMILIES = (
    "Алмазов", "Бережной", "Ветров", "Горский", "Дубравин", "Ершов", "Жаворонков", "Заречный", "Ивлев", "Калинкин",
    "Ласточкин", "Мезенцев", "Неверов", "Озёров", "Полянский", "Радугин", "Синицын", "Тополев", "Уткин", "Фролов",
    "Холмский", "Цветков", "Чайкин", "Шелестов", "Щеглов", "Юрьев", "Яковлев", "Беляков", "Вишневский", "Грушин",
)  # fmt: skip
MEN, SONS = ("Андрей", "Борис", "Виктор", "Глеб", "Денис", "Егор", "Илья", "Кирилл", "Лев", "Марат", "Никита", "Тимур"), (
    "Алексеевич", "Борисович", "Викторович", "Григорьевич", "Ильич", "Маратович", "Олегович", "Павлович", "Юрьевич",
)  # fmt: skip
WOMEN, DAUGHTERS = ("Алина", "Вера", "Галина", "Дина", "Елена", "Зоя", "Инна", "Лариса", "Майя", "Нина", "Ольга", "Юлия"), (
    "Алексеевна", "Борисовна", "Викторовна", "Григорьевна", "Ильинична", "Маратовна", "Олеговна", "Павловна", "Юрьевна",
)  # fmt: skip
MORNING, EVENING = (time(8), time(14)), (time(14), time(20))


@cache
def doctors_of(town: Town) -> tuple[Doctor, ...]:
    """The fifteen of a clinic: the same on every start."""
    place = TOWNS.index(town)
    turns = tuple(IN_TURN[(place * 4 + turn) % len(IN_TURN)] for turn in range(4))
    codes = (FOR_CHILDREN if town.children else EVERYWHERE) + turns
    return tuple(_doctor(town, number, SPECIALITIES[code]) for number, code in enumerate(codes, start=1))


def doctor_of(town: Town, id_: str) -> Doctor | None:
    """One of them, by the id."""
    return next((doctor for doctor in doctors_of(town) if doctor.id == id_), None)


def person(seed: str) -> str:
    """Somebody's name: «Фамилия Имя Отчество»."""
    family = numbers.pick(f"{seed} family", FAMILIES)
    if int(numbers.digits(f"{seed} sex", 3)) % 3:
        family = f"{family[:-2]}ая" if family.endswith(("ий", "ой", "ый")) else f"{family}а"
        return f"{family} {numbers.pick(f'{seed} name', WOMEN)} {numbers.pick(f'{seed} father', DAUGHTERS)}"
    return f"{family} {numbers.pick(f'{seed} name', MEN)} {numbers.pick(f'{seed} father', SONS)}"


def _doctor(town: Town, number: int, speciality: Speciality) -> Doctor:
    seed = f"{town.code} doctor {number}"
    early = int(numbers.digits(f"{seed} shift", 3)) % 2
    hours = []
    for weekday in range(5):
        start, end = (MORNING, EVENING)[(weekday + early) % 2]
        if speciality.code == "blood_test":
            start, end = time(8), time(11)
        hours.append(Hours(weekday, start, end, speciality.minutes))
    if int(numbers.digits(f"{seed} saturday", 3)) % 3 == 0:
        hours.append(Hours(5, time(9), time(13), speciality.minutes))
    room = f"{number // 5 + 1}{number:02}"
    note, terms = (words.get(speciality.code, "") for words in (NOTES, TERMS))
    return Doctor(f"d{number:02}", person(seed), speciality, room, note, terms, tuple(hours))
