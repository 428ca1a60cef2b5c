"""Twenty invented clinics: where they stand, by which clock, and whether they keep a server of their own."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from playground.outside import numbers

Source: TypeAlias = Literal["fhir", "own"]


@dataclass(frozen=True, slots=True)
class Town:
    """A clinic's building. `code` is its number in the registry of attachments; `region` the two digits of its subject.

    `source`: `fhir` keeps its schedule on a server of its own, `own` leaves it to the product.
    """

    code: str
    source: Source
    region: str
    zone: str
    name: str
    address: str
    latitude: float
    longitude: float
    phone: str
    children: bool = False

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


MOSCOW, PETERSBURG, URALS = "Europe/Moscow", "Europe/Moscow", "Asia/Yekaterinburg"
SIBERIA, BALTIC, PACIFIC = "Asia/Novosibirsk", "Europe/Kaliningrad", "Asia/Vladivostok"

TOWNS: tuple[Town, ...] = (
    Town("770901", "fhir", "77", MOSCOW, "Городская поликлиника № 901", "г. Москва, ул. Ясная Поляна, д. 14",
         55.7713, 37.6204, "+7 495 000-09-01"),
    Town("770902", "own", "77", MOSCOW, "Городская поликлиника № 902", "г. Москва, Тихий проезд, д. 3, корп. 2",
         55.7036, 37.5301, "+7 495 000-09-02"),
    Town("770903", "fhir", "77", MOSCOW, "Детская городская поликлиника № 903", "г. Москва, ул. Весёлых Ребят, д. 7",
         55.8127, 37.5718, "+7 495 000-09-03", children=True),
    Town("770904", "own", "77", MOSCOW, "Диагностический центр «Рассвет»", "г. Москва, Рассветная аллея, д. 21",
         55.7402, 37.7265, "+7 495 000-09-04"),
    Town("780901", "fhir", "78", PETERSBURG, "Городская поликлиника № 911", "г. Санкт-Петербург, Парусная ул., д. 5",
         59.9409, 30.2584, "+7 812 000-09-11"),
    Town("780902", "own", "78", PETERSBURG, "Детская городская поликлиника № 912",
         "г. Санкт-Петербург, ул. Оловянных Солдатиков, д. 18", 59.9022, 30.3931, "+7 812 000-09-12", children=True),
    Town("780903", "fhir", "78", PETERSBURG, "Консультативный центр «Белые ночи»",
         "г. Санкт-Петербург, Фонарный бульвар, д. 2", 59.9981, 30.3207, "+7 812 000-09-13"),
    Town("660901", "fhir", "66", URALS, "Городская больница № 921, поликлиника",
         "г. Екатеринбург, ул. Малахитовая, д. 33", 56.8421, 60.6115, "+7 343 000-09-21"),
    Town("660902", "own", "66", URALS, "Поликлиника «Уралочка»", "г. Екатеринбург, Самоцветный пер., д. 9",
         56.7938, 60.5682, "+7 343 000-09-22"),
    Town("660903", "own", "66", URALS, "Межрайонная поликлиника № 923", "г. Нижний Тагил, ул. Горновая, д. 4",
         57.9126, 59.9714, "+7 3435 00-09-23"),
    Town("540901", "fhir", "54", SIBERIA, "Городская поликлиника № 931", "г. Новосибирск, ул. Кедровая Роща, д. 12",
         55.0305, 82.9157, "+7 383 000-09-31"),
    Town("540902", "own", "54", SIBERIA, "Поликлиника «Обской берег»", "г. Новосибирск, Береговой спуск, д. 1",
         54.9642, 82.9388, "+7 383 000-09-32"),
    Town("390901", "fhir", "39", BALTIC, "Городская поликлиника № 941", "г. Калининград, Янтарный пер., д. 8",
         54.7125, 20.5063, "+7 4012 00-09-41"),
    Town("390902", "own", "39", BALTIC, "Амбулатория «Куршская»", "г. Светлогорск, ул. Дюнная, д. 15",
         54.9437, 20.1519, "+7 4012 00-09-42"),
    Town("250901", "fhir", "25", PACIFIC, "Городская поликлиника № 951", "г. Владивосток, ул. Туманная, д. 6",
         43.1169, 131.8855, "+7 423 000-09-51"),
    Town("250902", "own", "25", PACIFIC, "Поликлиника «Золотой мост»", "г. Владивосток, Маячная ул., д. 27",
         43.0948, 131.9122, "+7 423 000-09-52"),
    Town("160901", "fhir", "16", MOSCOW, "Городская поликлиника № 961", "г. Казань, ул. Тюльпановая, д. 10",
         55.7961, 49.1233, "+7 843 000-09-61"),
    Town("160902", "own", "16", MOSCOW, "Врачебная амбулатория № 962", "г. Набережные Челны, Яблоневый б-р, д. 3",
         55.7418, 52.4042, "+7 8552 00-09-62"),
    Town("630901", "own", "63", "Europe/Samara", "Городская поликлиника № 971", "г. Самара, ул. Волжская Волна, д. 19",
         53.2009, 50.1487, "+7 846 000-09-71"),
    Town("410901", "fhir", "41", "Asia/Kamchatka", "Краевая поликлиника № 981",
         "г. Петропавловск-Камчатский, ул. Вулканная, д. 2", 53.0241, 158.6427, "+7 4152 00-09-81"),
)  # fmt: skip
BY_CODE = {town.code: town for town in TOWNS}


def attached(seed: str, region: str, *, child: bool) -> Town | None:
    """The clinic of a region that somebody is attached to: a children's one for a child where there is one."""
    there = [town for town in TOWNS if town.region == region]
    fitting = [town for town in there if town.children] if child else [town for town in there if not town.children]
    return numbers.pick(f"{seed} attached", tuple(fitting or there)) if there else None
