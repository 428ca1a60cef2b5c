"""What is written in a ticket without a script, and what comes back of it when it is refused."""

import pytest

from core.services.ticket import CloseTicket
from tests.api.office import Office
from tests.api.talking import at_desk, requests

TYPED = '  Пришлите, пожалуйста,\r\n"снимок" </textarea><b>экрана</b>  '
SHOWN = "Пришлите, пожалуйста,\n&#34;снимок&#34; &lt;/textarea&gt;&lt;b&gt;экрана&lt;/b&gt;</textarea>"


@pytest.mark.parametrize("deed", ["answer", "ask", "note"])
@pytest.mark.parametrize("script", [True, False])
async def test_a_refused_answer_comes_back_with_its_words_and_one_sentence(
    office: Office, deed: str, script: bool
) -> None:
    _, ticket = await requests(office)
    async with at_desk(office, "zoya") as zoya:
        page = f"/desk/tickets/{ticket}"
        form = {"csrf": zoya.csrf, "key": f"one-{deed}", "text": "а" * 3001 + TYPED}
        headers = {"X-Part": "1"} if script else {}
        refused = await zoya.browser.post(f"{page}/{deed}", data=form, headers=headers)
        assert refused.status_code == 422
        assert "Напишите хотя бы слово, но не больше 3000 знаков." in refused.text
        if script:
            assert refused.json()["name"] == "remark_wanted"
            return
        assert refused.text.count(SHOWN) == 1
        before = refused.text.split(SHOWN)[0]
        assert before.rpartition('<form class="sheet-form"')[2].startswith(f' method="post" action="{page}/{deed}"')
        assert (await zoya.browser.get(page)).text.count("экрана") == 0


async def test_words_for_a_request_that_was_closed_meanwhile_come_back_as_a_note(office: Office) -> None:
    citizen, ticket = await requests(office)
    async with office.container() as inside:
        await (await inside.get(CloseTicket))(citizen, ticket)
    async with at_desk(office, "zoya") as zoya:
        page = f"/desk/tickets/{ticket}"
        form = {"csrf": zoya.csrf, "key": "one-answer", "text": "Мы всё исправили"}
        refused = await zoya.browser.post(f"{page}/answer", data=form)
        assert refused.status_code == 409
        typed = refused.text.split("Мы всё исправили</textarea>")
        assert len(typed) == 2
        assert f'action="{page}/note"' in typed[0].rpartition("<form")[2]
        assert (await zoya.browser.post(f"{page}/note", data=form | {"key": "two"})).headers["location"] == page
