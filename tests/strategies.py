"""Generators of right values, as people hold them, and of the ways in which people write them.

Numbers are drawn from the whole range that the rule allows, so some of them may belong to somebody: use them for rules,
and the invented people of the samples for stories.
"""

from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from stdnum import luhn
from stdnum.ru import inn as inn_rule

TODAY = date(2025, 9, 1)
"""The day on which the tests of identifiers take place."""

SPACES = (" ", "\u00a0", "\u202f", "\u2009", "  ", "\t")
DASHES = ("-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212")
INVISIBLE = ("\u200b", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u0000")
_CAPITALS = "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"
_SMALL = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()  # noqa: SIM905


def digits(count: int, *, at_most: int | None = None) -> SearchStrategy[str]:
    """So many digits, any of them."""
    highest = 10**count - 1 if at_most is None else at_most
    return st.integers(0, highest).map(lambda number: f"{number:0{count}}")


def grouped(text: str, *sizes: int) -> list[str]:
    """The text cut into pieces of these sizes."""
    edges = [sum(sizes[:index]) for index in range(len(sizes) + 1)]
    return [text[start:end] for start, end in pairwise(edges)]


@st.composite
def written(draw: st.DrawFn, groups: list[str], separators: tuple[str, ...] = (*SPACES, *DASHES, "")) -> str:
    """Digits as typed or pasted: any separators, stray invisible characters, full-width digits, О for 0, l for 1."""
    text = groups[0] + "".join(draw(st.sampled_from(separators)) + group for group in groups[1:])
    match draw(st.integers(0, 4)):
        case 0:
            return "".join(
                chr(ord(letter) + 0xFEE0) if letter.isascii() and letter.isdigit() else letter for letter in text
            )
        case 1:
            place = draw(st.integers(0, len(text)))
            return text[:place] + draw(st.sampled_from(INVISIBLE)) + text[place:]
        case 2:
            return one_look_alike(text)
        case 3:
            return f"{draw(st.sampled_from(SPACES))}{text}{draw(st.sampled_from(SPACES))}"
        case _:
            return text


def one_look_alike(text: str) -> str:
    """The first 0, 1 or 3 replaced by the letter that looks like it."""
    for place, character in enumerate(text):
        if character in "013":
            return text[:place] + {"0": "О", "1": "l", "3": "З"}[character] + text[place + 1 :]
    return text


def _snils_of(number: str) -> str:
    total = sum((9 - place) * int(digit) for place, digit in enumerate(number))
    return f"{number}{total % 101 % 100:02}"


def snils() -> SearchStrategy[str]:
    """Eleven digits, the control among them, above 001-001-998."""
    return st.integers(1_001_999, 999_999_999).map(lambda number: _snils_of(f"{number:09}"))


def snils_written(value: str) -> SearchStrategy[str]:
    return written(grouped(value, 3, 3, 3, 2))


def inn() -> SearchStrategy[str]:
    """Twelve digits of a person's ИНН."""
    return (
        st.tuples(st.integers(1, 99), digits(8))
        .map(lambda drawn: f"{drawn[0]:02}{drawn[1]}")
        .map(lambda number: number + inn_rule.calc_personal_check_digits(number))
    )


def inn_written(value: str) -> SearchStrategy[str]:
    return written(grouped(value, 4, 4, 4), (*SPACES, ""))


def enp() -> SearchStrategy[str]:
    """Sixteen digits of the single policy number, the last by the Luhn rule."""
    return (
        st.tuples(st.integers(1, 99), digits(13))
        .map(lambda drawn: f"{drawn[0]:02}{drawn[1]}")
        .map(lambda number: number + luhn.calc_check_digit(number))
    )


def enp_written(value: str) -> SearchStrategy[str]:
    return written(grouped(value, 4, 4, 4, 4))


def old_policies() -> SearchStrategy[tuple[str, str]]:
    """Series of six and number of ten digits."""
    return st.tuples(digits(6), digits(10).filter(lambda number: number.strip("0") != ""))


def temporary_policies() -> SearchStrategy[str]:
    return digits(9).filter(lambda number: number.strip("0") != "")


def passports() -> SearchStrategy[str]:
    """Ten digits: four of the series, six of the number."""
    return digits(10).filter(lambda number: number.strip("0") != "")


def passport_written(value: str) -> SearchStrategy[str]:
    series, number = value[:4], value[4:]
    return st.one_of(
        written(grouped(value, 2, 2, 6)),
        written(grouped(value, 4, 6)),
        st.sampled_from(
            [f"{series} № {number}", f"{series}№{number}", f"серия {series} номер {number}", f"{series} N {number}"]
        ),
    )


def department_codes() -> SearchStrategy[str]:
    """`NNN-NNN`."""
    return digits(6).filter(lambda code: code.strip("0") != "").map(lambda code: f"{code[:3]}-{code[3:]}")


@st.composite
def birth_certificates(draw: st.DrawFn) -> str:
    """`II-АБ 123456`."""
    roman = draw(st.sampled_from(["I", "II", "III", "IV", "V", "VI", "VIII", "IX", "X", "XII", "XXIV"]))
    letters = draw(st.text(alphabet=_CAPITALS, min_size=2, max_size=2))
    return f"{roman}-{letters} {draw(digits(6))}"


def phones() -> SearchStrategy[str]:
    """E.164 of a mobile number, all of the one block that the samples use."""
    return st.integers(0, 9999).map(lambda number: f"+7900000{number:04}")


def phone_written(value: str) -> SearchStrategy[str]:
    ten = value[2:]
    head = st.sampled_from(["+7", "8", "7", "+7 ", "8 ", "", "tel"]).map(
        lambda prefix: "" if prefix == "tel" else prefix
    )
    body = st.sampled_from(
        [
            ten,
            f"({ten[:3]}) {ten[3:6]}-{ten[6:8]}-{ten[8:]}",
            f"{ten[:3]} {ten[3:6]} {ten[6:8]} {ten[8:]}",
            f"{ten[:3]}.{ten[3:]}",
        ]
    )
    return st.tuples(head, body).map("".join)


@st.composite
def emails(draw: st.DrawFn) -> str:
    """An address under example.org, or under a Cyrillic domain."""
    name = draw(st.from_regex(r"[a-z][a-z0-9]{0,10}([._-][a-z0-9]{1,8})?", fullmatch=True))
    return f"{name}@{draw(st.sampled_from(['example.org', 'mail.example.com', 'почта.рф', 'inbox.test']))}"


def _word(alphabet: str = _CAPITALS) -> SearchStrategy[str]:
    small = st.text(alphabet=_SMALL, min_size=1, max_size=20)
    return st.tuples(st.sampled_from(alphabet), small).map("".join)


def surnames() -> SearchStrategy[str]:
    """One word, sometimes double with a dash, sometimes with О' before it."""
    single = _word().filter(lambda word: not _reads_as_patronymic(word))
    return st.one_of(single, st.tuples(single, single).map("-".join), single.map(lambda word: f"О'{word}"))


def given_names() -> SearchStrategy[str]:
    return _word().filter(lambda word: not _reads_as_patronymic(word))


def patronymics() -> SearchStrategy[str | None]:
    """A word, a word with «оглы» or «кызы», or nothing."""
    ending = st.sampled_from(["ович", "овна", "евич", "евна", "ична"])
    usual = st.tuples(_word(), ending).map("".join)
    with_particle = st.tuples(_word(), st.sampled_from([" оглы", " кызы", "-оглы"])).map("".join)
    return st.one_of(st.none(), usual, with_particle)


def _reads_as_patronymic(word: str) -> bool:
    return word.lower().endswith(("ович", "евич", "овна", "евна", "ична", "нет"))


def full_names() -> SearchStrategy[tuple[str, str, str | None]]:
    """Surname, given name and patronymic or None."""
    return st.tuples(surnames(), given_names(), patronymics())


def birth_dates(today: date = TODAY) -> SearchStrategy[date]:
    """Somebody alive on that day: born at most 119 years before."""
    return st.dates(today - timedelta(days=119 * 365), today)


def date_written(day: date) -> SearchStrategy[str]:
    """The ways in which people write a day; each has one meaning."""
    numbers = [f"{day.day:02}", f"{day.month:02}", f"{day.year:04}"]
    short = [str(day.day), str(day.month), f"{day.year:04}"]
    in_words = f"{day.day} {_MONTHS[day.month - 1]} {day.year:04}"
    between = st.sampled_from([".", "/", *DASHES, *SPACES[:4], ". "])
    return st.one_of(
        between.map(lambda sign: sign.join(numbers)),
        between.map(lambda sign: sign.join(short)),
        between.map(partial(one_look_alike_between, numbers)),
        st.sampled_from([day.isoformat(), "".join(numbers), in_words, f"{in_words} г.", f"{in_words.upper()} ГОДА"]),
    )


def one_look_alike_between(parts: list[str], sign: str) -> str:
    return one_look_alike(sign.join(parts))


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """`г. Лесной, ул. …, д. 5, кв. 12`; a house of its own has no flat."""
    flat = draw(st.one_of(st.just(""), st.integers(1, 999).map(lambda number: f", кв. {number}")))
    house = draw(st.from_regex(r"[1-9][0-9]{0,2}[АБ]?(/[1-9])?", fullmatch=True))
    return f"г. {draw(_word())}, ул. {draw(_word())}ская, д. {house}{flat}"


def icd10_codes() -> SearchStrategy[str]:
    return st.from_regex(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", fullmatch=True)


def junk() -> SearchStrategy[str]:
    """What nobody should type and everybody can: any text, huge, bidi, emoji, near misses of the right values."""
    near = st.text(alphabet="0123456789 -.№/+()@,IVXlОЗАБабв'\u00a0\u202e\u200b", max_size=40)
    huge = st.tuples(
        st.sampled_from(["1", "а ", "-", "1.", "a@", "а-", ", ", "\U0001f600", "\u202e"]), st.integers(500, 6000)
    )
    with_surrogates = st.text(st.characters(), max_size=30)
    return st.one_of(st.text(max_size=80), near, with_surrogates, huge.map(lambda drawn: drawn[0] * drawn[1]))
