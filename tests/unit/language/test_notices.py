"""Corrections and withdrawals, as agencies and papers mark them; and words that only look like them."""

from __future__ import annotations

import pytest

from monitor.language.notices import notice_in
from monitor.types import Notice


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("CORRECTED-Modi to visit Poland on August 21", ""),
        ("RPT-CORRECTED-UPDATE 2-Modi to visit Poland", ""),
        ("REFILE-Modi to visit Poland", ""),
        ("Modi to visit Poland (corrected)", ""),
        ("Correction: Modi-Travel story", "NEW DELHI (AP) — In a story published August 19 …"),
        ("Modi to visit Poland", "Corrects day of the visit in paragraph 2\n\nNEW DELHI, Aug 19 - Modi will go."),
        ("Modi to visit Poland", "He will go.\n\nAn earlier version of this article gave a wrong date."),
        ("KORREKTUR: Modi reist nach Polen", ""),
        ("Modi en Pologne (Rectificatif)", ""),
        ("CORRIGE: Modi viajará a Polonia", ""),
        ("ИСПРАВЛЕНО: Моди посетит Польшу", ""),
        ("[고침] 모디 총리, 폴란드 방문", ""),
        ("【更正】莫迪将访问波兰", ""),
        ("【訂正】モディ首相がポーランド訪問へ", ""),
    ],
)
def test_a_correction_is_known_by_its_mark(title: str, text: str) -> None:
    assert notice_in(title, text) is Notice.CORRECTION


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("STORY WITHDRAWN: Modi to visit Poland", ""),
        ("WITHDRAWN-Modi to visit Poland", ""),
        ("KILL: Modi to visit Poland", ""),
        (
            "Modi to visit Poland",
            "The Aug. 19 story headlined “Modi to visit Poland” has been withdrawn. There will be no substitute.",
        ),
        ("Globe retracts its report of a visit", ""),
        ("EILSPERRE: Modi reist nach Polen", ""),
        ("Modi reist nach Polen", "Die Meldung „Modi reist nach Polen“ wird zurückgezogen."),
        ("ANNULATION - Modi en Pologne", ""),
        ("ANULACIÓN: Modi viajará a Polonia", ""),
        ("АННУЛИРОВАНО: Моди посетит Польшу", ""),
        ("[전문취소] 모디 총리, 폴란드 방문", ""),
        ("【撤稿】莫迪将访问波兰", ""),
        ("モディ首相がポーランド訪問へ", "この記事の配信を取り消します。"),
    ],
)
def test_a_withdrawal_is_known_by_its_mark(title: str, text: str) -> None:
    assert notice_in(title, text) is Notice.WITHDRAWN


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Modi to visit Poland", "He will go on Wednesday."),
        ("Invitation to Modi withdrawn", "Poland has withdrawn the invitation."),
        ("Russia says troops were withdrawn from the border", ""),
        ("Correctional officers strike in Poland", ""),
        ("Markets wait for a correction", ""),
        ("Polen zieht Botschafter zurück", "Der Botschafter wurde zurückgezogen."),
        ("Россия отозвала посла", "Посол отозван для консультаций."),
        ("俄罗斯撤回军队", "俄军已撤回。"),
        ("정상회담 취소", "회담이 취소됐다."),
        ("Annulation : la visite de Modi à Varsovie n'aura pas lieu", ""),
        ("Kill-switch debate in Poland", ""),
        ("Anulan la visita de Modi", "La visita fue anulada."),
        ("", ""),
        ("Kim invitation withdrawn", "The Kyodo report said the invitation to Kim was withdrawn."),
        ("푸틴 방북 취소", "NHK 보도에 따르면 푸틴 대통령이 방북을 취소했습니다."),
        ("訪中取り消し報道", "報道によると、金正恩氏は中国訪問を取り消した。"),
        ("普京访朝计划生变", "消息称普京访朝计划被撤销。消息人士说，邀请已撤回。"),
        ("Poutine", "Selon cette information, la visite de Vladimir Poutine à Pékin a été annulée."),
        ("Putin", "Según información del Kremlin, la visita de Putin a Pekín fue anulada."),
        ("Modi", "Der Bericht, wonach die Einladung an Modi wurde zurückgezogen, kam am Montag."),
        ("Путин", "Как следует из сообщения, приглашение, направленное Путину, отозвано."),
    ],
)
def test_other_things_are_withdrawn_and_corrected_too(title: str, text: str) -> None:
    assert notice_in(title, text) is Notice.NONE
