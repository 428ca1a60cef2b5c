"""What the playground's clinic knows about medicine: who works there, what they find, measure, prescribe and advise."""

from dataclasses import dataclass

NAME = "Учебная городская поликлиника № 7"


@dataclass(frozen=True, slots=True)
class Doctor:
    """Somebody who works there."""

    id: str
    family: str
    given: tuple[str, str]
    speciality: str


@dataclass(frozen=True, slots=True)
class Story:
    """A visit to a doctor. `panel` is the laboratory's, if anything is measured there."""

    doctor: Doctor
    kind: str
    code: str
    diagnosis: str
    drugs: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]
    panel: str | None = None


@dataclass(frozen=True, slots=True)
class Analyte:
    """What a laboratory measures: LOINC code, name, unit, the range that is usual, digits after the point."""

    code: str
    name: str
    unit: str
    low: float
    high: float
    digits: int = 1


THERAPIST = Doctor("therapist", "Рябинина", ("Ольга", "Степановна"), "Терапия")
CARDIOLOGIST = Doctor("cardiologist", "Тимофеев", ("Андрей", "Львович"), "Кардиология")
ENDOCRINOLOGIST = Doctor("endocrinologist", "Назарова", ("Лейла", "Маратовна"), "Эндокринология")
NURSE = Doctor("nurse", "Зуева", ("Марина", "Ивановна"), "Сестринское дело")
DOCTORS = (THERAPIST, CARDIOLOGIST, ENDOCRINOLOGIST, NURSE)

REFERRED_TO = ("cardiologist", "neurologist", "endocrinologist", "gastroenterologist", "ultrasound")
"""Whom the therapist sends people on to at times."""

STORIES = (
    Story(
        THERAPIST, "Приём терапевта", "J06.9", "Острая инфекция верхних дыхательных путей неуточнённая",
        (("Парацетамол 500 мг", "по 1 таблетке при температуре выше 38,5, не чаще 4 раз в день"),),
        ("Больше пить тёплого", "Прийти снова, если температура держится дольше трёх дней"), "blood",
    ),
    Story(
        CARDIOLOGIST, "Приём кардиолога", "I10", "Эссенциальная (первичная) гипертензия",
        (("Лозартан 50 мг", "по 1 таблетке утром"), ("Индапамид 1,5 мг", "по 1 таблетке утром")),
        ("Измерять давление утром и вечером", "Меньше соли: не больше 5 г в день"), "chemistry",
    ),
    Story(
        ENDOCRINOLOGIST, "Приём эндокринолога", "E11.9", "Сахарный диабет 2 типа без осложнений",
        (("Метформин 850 мг", "по 1 таблетке 2 раза в день во время еды"),),
        ("Ходить пешком полчаса в день", "Проверить глазное дно в этом году"), "chemistry",
    ),
    Story(
        THERAPIST, "Профилактический осмотр", "Z00.0", "Общий медицинский осмотр", (),
        ("Следующий осмотр через год",), "blood",
    ),
)  # fmt: skip

PANELS: dict[str, tuple[str, str, tuple[Analyte, ...]]] = {
    "blood": (
        "58410-2", "Общий анализ крови",
        (
            Analyte("718-7", "Гемоглобин", "г/л", 120, 160, 0),
            Analyte("789-8", "Эритроциты", "10¹²/л", 3.8, 5.1, 2),
            Analyte("6690-2", "Лейкоциты", "10⁹/л", 4.0, 9.0),
            Analyte("777-3", "Тромбоциты", "10⁹/л", 180, 320, 0),
            Analyte("30341-2", "СОЭ", "мм/ч", 2, 15, 0),
        ),
    ),
    "chemistry": (
        "24323-8", "Биохимический анализ крови",
        (
            Analyte("14749-6", "Глюкоза", "ммоль/л", 3.9, 6.1),
            Analyte("14647-2", "Холестерин общий", "ммоль/л", 3.0, 5.2),
            Analyte("14682-9", "Креатинин", "мкмоль/л", 62, 106, 0),
            Analyte("1742-6", "АЛТ", "Ед/л", 5, 41, 0),
            Analyte("1920-8", "АСТ", "Ед/л", 5, 40, 0),
        ),
    ),
}  # fmt: skip
RANGES = {each.code: each for _, _, analytes in PANELS.values() for each in analytes}
PRESSURE = (("8480-6", "Систолическое давление", 105, 150), ("8462-4", "Диастолическое давление", 65, 95))
VACCINES = (
    ("140", "Вакцина против гриппа", 1, 365),
    ("43", "Вакцина против гепатита B", 3, 30),
    ("09", "Вакцина против дифтерии и столбняка (АДС-М)", 1, 3650),
)
"""CVX code, name, doses of a course, days until the next."""
