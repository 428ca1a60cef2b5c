"""Words of somebody who needs help at once: told from words about help that was needed once, or is asked for on paper."""

import re
from enum import StrEnum

HEARD = 500
"""Characters of a text in which a call for help is looked for."""


class Distress(StrEnum):
    """BODY: an ambulance. MIND: somebody who does not want to live; they are answered in other words."""

    BODY = "body"
    MIND = "mind"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


NUMBERS = re.compile(r"\D*(103|112)\D*")
"""103 or 112, and no other digit."""
ALONE = _any(
    r"((тел|телефон|номер|служба|звоните|позвоните|вызовите|на|в|срочно|помогите|"
    r"call|dial)\.? )*(103|112)( (срочно|помогите|пожалуйста|now|please))*",
    r"(срочно |нужна |нужен |вызовите |вызвать |вызови )*(скорая|"
    r"скорую|скорой|неотложка|неотложку)( помощь)?( срочно| мне| нужна)*",
    r"(пожалуйста )?(помогите|спасите)( мне)?( срочно| пожалуйста)*( умираю)?",
    r"(i )?(need |call )?(an )?(ambulance|emergency|sos)( please| now)*",
    r"(please )?help( me)?( please| now)*",
    r"сос|мне( очень| совсем)? плохо|умираю|инфаркт|инсульт|задыхаюсь|heart attack|stroke",
)
"""What is a call for help when it is all that was said."""
NOW = _any(
    r"плохо с сердцем|с сердцем( очень| совсем)? плохо|сердце( \w+)? (останавливается|остановилось|прихватило)|прихватило сердце",
    r"(?<!не )\b(болит|боль|боли|жжет|жжение|давит|сдавило|сжимает|"
    r"колет)( \w+){0,2} (в груди|за грудиной|в области сердца|в сердце)",
    r"(в груди|за грудиной|сердце)( \w+)? (болит|жжет|давит|сжимает|колет)|(?<!не )\bболит сердце",
    r"не м[оа]гу( \w+)? (дышать|вдохнуть)|нечем дышать|не хватает воздуха|тяжело дышать|трудно дышать|не дышит|задыха(юсь|ется)",
    r"без сознания|(?<!не )\b(потерял|теряет|теряю)\w* сознание|упал\w* в обморок|не приходит в себя",
    r"не могу разбудить|посинел\w*",
    r"(перекосило|перекошено|перекосился)( \w+)?( лицо| рот)?|лицо( \w+)? (перекосило|перекошено|онемело)",
    r"(онемел\w*|отнял\w*|не чувствую|парализовал\w*)( \w+)? (рук\w|ног\w|половин\w|сторон\w)",
    r"(рука|нога)( \w+)? (отнялась|онемела)",
    r"(не может|не могу) говорить(?! по| с| сейчас|\w)|язык заплетается|речь (пропала|невнятная|нарушилась)",
    r"истека\w+ кровью|кровь( \w+)? не остан\w+|не остан\w+ кровь|сильно\w* кровотеч\w+|рвет кровью|рвота с кровью",
    r"наглотал\w*|выпил\w* (\w+ )?(таблеток|уксус)|бьется в судорогах|ударило током|выпал\w* из окна|подавил(ся|ась)",
    r"\bрожаю\b|отошли воды|воды отошли|начались схватки|(?<!не )\b(я |он |она |мама |папа )?умира(ю|ет)\b",
    r"can.?t breathe|cannot breathe|not breathing|trouble breathing|choking|chest (pain|hurts)|pain in (my|the|his|her) chest",
    r"unconscious|passed out|bleeding (badly|heavily|a lot|out)|won.?t stop bleeding|(i.?m|is) dying",
    r"face (is )?droop\w*|slurred speech|can.?t (speak|talk|feel my \w+)|(call|send)( me)? (an |the )?ambulance",
)
"""Signs of what kills within the hour."""
NAMED = _any(
    r"(вызов\w+|вызва\w+|вызвал\w*|вызови\w*|нужна|нужно|срочно|едет|жду|"
    r"ждем)( \w+){0,2} (скорая|скорую)\b(?! (консульт|запис|дат|выписк|встреч))",
    r"\bу \w+( \w+)? (инфаркт|инсульт|приступ|судороги)\b|(похоже|кажется|возможно)( у \w+)?( на)? (инфаркт|инсульт)",
    r"сердечный приступ",
    r"отравил(ся|ась|ись)|передоз\w*|отек квинке|анафила\w+|сильн\w+ ожог\w*",
    r"need (an |the )?ambulance|having a (heart attack|stroke|seizure)|overdos\w+",
)
"""Illnesses by their names, and the ambulance: people speak of them long afterwards as well."""
MIND = _any(
    r"(хочу|хочется|хочет) умереть|не хо(чу|чется|чет)( больше)? жить|жить( больше)? (незачем|не хо\w+|нет смысла)",
    r"нет смысла жить|не вижу смысла жить|покончить с (собой|жизнью)|покончу с собой|уб(ить|ью) себя|повеситься|повешусь",
    r"думаю о (суициде|самоубийстве)|(по|в)?(резал|скры)\w* (себе )?вены|наложить на себя руки|выпилиться",
    r"kill(ing)? myself|suicidal|(commit|about|of) suicide|want to die|wanna die|end my life|don.?t want to live",
)
LONG_AGO = _any(
    r"в прошлом|(лет|месяц\w*|год\w*|недел\w+) назад|в (19|20)\d\d|last (year|month|week)|(years?|months?|weeks?) ago",
    r"in (19|20)\d\d",
)
ON_PAPER = _any(
    r"выписк\w*|справк\w*|результат\w*|анализ\w*|прививк\w*|записи\b|записан\w*|запись|\bкарт[аеуы]\b|медкарт\w*|документ\w*",
    r"истори\w*|перенес\w*|осложнени\w*|профилактик\w*|риск\w*|вызов\w* скорой|после инсульт\w+|после инфаркт\w+",
    r"\b(records?|extracts?|certificates?|results?|history|card|contact|after)\b",
)
"""Whoever says such words beside an illness speaks of papers, or of what is over."""
LOOSE = _any(
    r"скор(ая|ую|ой)\b|помогите|спасите|умира|задыха|без сознания|сознани[ея] потер|кровотечени|инфаркт|инсульт",
    r"сердечн\w{0,9} приступ|ambulance|emergency|\bhelp me|dying|can.?t breathe|unconscious|bleeding|heart attack|\bstroke\b",
)


def distress(text: str) -> Distress | None:
    """Return what somebody needs at once, None where nothing says so. Not a diagnosis: who is unsure sees the number too."""
    said = _plain(text)
    if ALONE.fullmatch(said):
        return Distress.BODY
    if LONG_AGO.search(said):
        return None
    if MIND.search(said):
        return Distress.MIND
    if NOW.search(said) or (NAMED.search(said) and not ON_PAPER.search(said)):
        return Distress.BODY
    return None


def may_be_urgent(text: str) -> bool:
    """Whether it is better read at once: rather one word too many, since it costs nobody but a turn."""
    said = _plain(text)
    return NUMBERS.fullmatch(said) is not None or LOOSE.search(said) is not None or distress(text) is not None


def _plain(text: str) -> str:
    """In small letters, one blank between words, no punctuation but the apostrophe's."""
    small = text[:HEARD].lower().replace("ё", "е").replace("’", "'")
    return " ".join(re.sub(r"[^\w']+", " ", small).split())
