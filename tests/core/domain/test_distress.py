"""Words of somebody who needs help now, and words that sound alike."""

import pytest

from core.domain.distress import Distress, distress, may_be_urgent

BODY = (
    "103", "тел. 112!", "Скорая", "скорую, срочно!!!", "Скорую, срочно", "вызовите скорую", "Вызовите пожалуйста скорую",
    "нужна скорая помощь", "срочно нужна скорая", "плохо с сердцем", "Мужу плохо с сердцем", "с сердцем плохо", "помогите!!!",
    "спасите", "не могу дышать", "Не магу дышать", "мне нечем дышать", "ребёнок не дышит", "болит в груди",
    "давит за грудиной уже час", "сильная боль в груди и отдаёт в руку", "у меня болит сердце", "кажется инфаркт",
    "у мамы инсульт", "перекосило лицо", "онемела правая рука", "онемела рука и не могу говорить", "мама без сознания",
    "бабушка потеряла сознание", "он не приходит в себя", "истекаю кровью", "кровь не останавливается",
    "сын наглотался таблеток", "дочка отравилась грибами", "умираю", "я умираю помогите", "воды отошли", "рожаю",
    "отёк Квинке", "муж без сознания, карта у него", "heart attack", "I can't breathe", "I can’t breathe",
    "call an ambulance", "my father is unconscious", "chest pain", "my dad is having a stroke", "help me please",
    "her face is drooping", "he is bleeding heavily",
)  # fmt: skip
MIND = (
    "хочу умереть", "не хочу больше жить", "жить незачем", "думаю покончить с собой", "убью себя", "I want to die",
    "I am going to kill myself", "I feel suicidal",
)  # fmt: skip
CALM = (
    "скорая запись", "когда самая скорая запись к врачу", "где посмотреть вызовы скорой помощи", "в скором времени",
    "выписка после инфаркта", "у мамы был инсульт 5 лет назад, как получить выписку", "перенёс инсульт в 2019",
    "помогите записаться к врачу", "помогите разобраться с картой", "помоги с паролем", "как записаться к кардиологу",
    "у меня не болит сердце", "справка для бассейна", "код 103 не подходит", "4510 103112", "анализ крови",
    "прививка от кори", "риск инсульта по анализам", "хочу жить в другом городе", "сертификат", "не могу войти",
    "не могу говорить по телефону" , "emergency contact", "stroke history in my records", "help me book a doctor",
    "how do I add an emergency contact", "терапевт сегодня", "срочно нужна справка", "ошибка 112 при входе",
    "хирург Умиралиев", "нужна скорая консультация", "ул. Спасская, 12",
)  # fmt: skip


@pytest.mark.parametrize("said", BODY)
def test_whoever_needs_an_ambulance_is_heard(said: str) -> None:
    assert distress(said) is Distress.BODY
    assert may_be_urgent(said)


@pytest.mark.parametrize("said", MIND)
def test_whoever_does_not_want_to_live_is_heard(said: str) -> None:
    assert distress(said) is Distress.MIND


@pytest.mark.parametrize("said", CALM)
def test_whoever_asks_about_papers_is_no_alarm(said: str) -> None:
    assert distress(said) is None


def test_a_long_text_is_heard_from_its_beginning() -> None:
    assert distress("не могу дышать " + "а" * 5000) is Distress.BODY
