"""The sample citizens, of every age and level, and new ones on demand."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from playground.outside import numbers
from playground.outside.citizens import Citizen, Known, Level, Passport, Sex

NAMES: dict[Sex, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "F": (
        (
            "Соколова",
            "Егорова",
            "Крылова",
            "Зайцева",
            "Тарасова",
            "Вольнова",
            "Журавлёва",
            "Климова",
        ),
        ("Вера", "Нина", "Ирина", "Полина", "Ксения", "Лидия", "Тамара", "Юлия"),
        ("Павловна", "Ильинична", "Юрьевна", "Олеговна", "Денисовна", "Борисовна"),
    ),
    "M": (
        (
            "Громов",
            "Егоров",
            "Крылов",
            "Зайцев",
            "Тарасов",
            "Вольнов",
            "Журавлёв",
            "Климов",
        ),
        ("Илья", "Павел", "Юрий", "Денис", "Борис", "Глеб", "Фёдор", "Степан"),
        ("Павлович", "Ильич", "Юрьевич", "Олегович", "Денисович", "Борисович"),
    ),
}
STREETS = (
    "ул. Липовая",
    "ул. Садовая",
    "ул. Речная",
    "ул. Мира",
    "ул. Школьная",
    "пер. Тихий",
    "ул. Кленовая",
    "ул. Полевая",
)

# The first two digits of a series, the first two of a department code, and the place as it stands after «по» and after «ОВД».
REGIONS = (
    ("45", "77", "г. Москве", "г. Москвы"),
    ("46", "50", "Московской области", "г. Химки"),
    ("40", "78", "г. Санкт-Петербургу", "г. Санкт-Петербурга"),
    ("50", "54", "Новосибирской области", "г. Новосибирска"),
    ("92", "16", "Республике Татарстан", "г. Казани"),
    ("65", "66", "Свердловской области", "г. Екатеринбурга"),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A ready-made person in short; `name` is «Фамилия Имя Отчество», `born` the month and the day, `age` whole years."""

    login: str
    name: str
    age: int
    born: tuple[int, int]
    sex: Sex
    level: Level
    known: Known = "all"
    disability: bool = False
    old_policy: str | None = None


SAMPLES = (
    Sample("ilina", "Ильина Анна Сергеевна", 34, (4, 17), "F", "PR"),
    Sample("sokolov", "Соколов Пётр Андреевич", 46, (9, 3), "M", "PR", disability=True),
    Sample("belova", "Белова Мария Викторовна", 70, (1, 28), "F", "PR", old_policy="770012 3456789012"),
    Sample("galiev", "Галиев Тимур Ринатович", 19, (6, 11), "M", "PR"),
    Sample("braun", "Браун Эмма", 34, (8, 22), "F", "PR"),
    Sample("dronov", "Дронов Олег Николаевич", 46, (2, 9), "M", "P", known="contacts"),
    Sample("zimina", "Зимина Ольга Павловна", 34, (10, 5), "F", "P", known="contacts"),
    Sample("morozova", "Морозова Дарья Олеговна", 17, (5, 20), "F", "PR"),
    Sample("kuznetsov", "Кузнецов Артём Игоревич", 15, (7, 14), "M", "PR"),
    Sample("orlova", "Орлова Софья Павловна", 12, (3, 30), "F", "KD"),
)


def sample_citizens(today: date) -> list[Citizen]:
    """The ready-made people; birth dates follow `today` so that the ages stay right, all else is the same on every start."""
    return [
        build(
            seed=sample.login,
            sub=str(1_000_000_001 + position),
            login=sample.login,
            password=f"{sample.login}{sample.age}",
            full_name=sample.name,
            born=numbers.born_at_age(sample.age, *sample.born, today),
            today=today,
            sex=sample.sex,
            level=sample.level,
            known=sample.known,
            disability=sample.disability,
            old_policy=sample.old_policy,
            phone=f"+790000000{position + 1:02}",
            is_sample=True,
        )
        for position, sample in enumerate(SAMPLES)
    ]


def build(
    *,
    seed: str,
    sub: str,
    login: str,
    password: str,
    full_name: str,
    born: date,
    today: date,
    sex: Sex,
    level: Level,
    known: Known,
    disability: bool,
    phone: str,
    old_policy: str | None = None,
    is_sample: bool = False,
) -> Citizen:
    """A citizen whose numbers follow from the seed. `full_name` is «Фамилия Имя» or «Фамилия Имя Отчество»."""
    surname, name, *patronymic = full_name.split()
    house, flat = (
        int(numbers.digits(f"{seed} house", 2)) + 1,
        int(numbers.digits(f"{seed} flat", 2)) + 1,
    )
    return Citizen(
        sub=sub,
        login=login,
        password=password,
        surname=surname,
        name=name,
        patronymic=patronymic[0] if patronymic else None,
        birth_date=born,
        sex=sex,
        snils=numbers.snils(seed),
        inn=numbers.inn(seed),
        passport=_passport(seed, born, today),
        address=f"{101000 + house * 10}, г. Москва, {numbers.pick(f'{seed} street', STREETS)}, д. {house}, кв. {flat}",
        enp=numbers.enp(seed),
        phone=phone,
        email=f"{login}@example.org",
        level=level,
        known=known,
        disability=disability,
        old_policy=old_policy,
        is_sample=is_sample,
    )


def newcomer(
    today: date,
    *,
    login: str | None = None,
    password: str | None = None,
    full_name: str | None = None,
    born: date | None = None,
    age: int | None = None,
    sex: Sex = "F",
    level: Level | None = None,
    known: Known | None = None,
    disability: bool = False,
) -> Citizen:
    """A new citizen with valid numbers nobody else has; what is not told is invented."""
    seed = secrets.token_hex(8)
    login = login or f"citizen-{seed}"
    if born is None:
        month, day = (
            int(numbers.digits(f"{seed} month", 6)) % 12 + 1,
            int(numbers.digits(f"{seed} day", 6)) % 28 + 1,
        )
        born = numbers.born_at_age(34 if age is None else age, month, day, today)
    if full_name is None:
        full_name = " ".join(numbers.pick(f"{seed} {part}", choices) for part, choices in enumerate(NAMES[sex]))
    if level is None:
        level = "KD" if numbers.age_on(born, today) < 14 else "PR"
    return build(
        seed=seed,
        sub=str(2_000_000_000 + secrets.randbelow(7_000_000_000)),
        login=login,
        password=password or secrets.token_urlsafe(9),
        full_name=full_name,
        born=born,
        today=today,
        sex=sex,
        level=level,
        known=known or ("contacts" if level == "P" else "all"),
        disability=disability,
        phone=f"+7900{1_000_000 + secrets.randbelow(9_000_000)}",
    )


def _passport(seed: str, born: date, today: date) -> Passport | None:
    """The passport one holds today: given at 14, replaced at 20 and at 45, a few weeks after the birthday."""
    for age in (45, 20, 14):
        issued = numbers.birthday(born, age) + timedelta(days=20 + int(numbers.digits(f"{seed} weeks", 1)))
        if issued <= today:
            break
    else:
        # The first weeks after the fourteenth birthday: it was given on the day itself.
        issued = numbers.birthday(born, 14)
        if issued > today:
            return None
    region, department, along, of = numbers.pick(f"{seed} region", REGIONS)
    code = numbers.digits(f"{seed} department", 2)
    if issued.year >= 2017:
        issuer = f"ГУ МВД России по {along}"
    elif issued.year >= 2007:
        issuer = f"Отделением УФМС России по {along}"
    else:
        issuer = f"ОВД № {int(code) % 20 + 1} {of}"
    return Passport(
        series=f"{region}{issued.year % 100:02}",
        number=numbers.digits(f"{seed} passport", 6),
        issued_at=issued,
        issuer=issuer,
        department_code=f"{department}0-0{code}",
    )
