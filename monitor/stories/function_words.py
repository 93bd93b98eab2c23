"""Words that every text has, so that they tell no event from another: articles, pronouns, auxiliaries, conjunctions.

A topic that has told little can't know yet which words are common; these are in every field. Words that say whether
(not, may) stay, and so do those that name a time (after, today). Written from the grammars of the languages.
"""

from __future__ import annotations

_LISTS = {
    "en": """a an the and or but nor so yet of to in on at for with by from as into onto about over than then
        that this these those there here it its it's he his him she her they them their we us our you your i
        my me who whom whose which what where when why how is are was were be been being am has have had
        having do does did done will would can could should shall must said says say saying told also just
        only more most much many some any all both each other another such very too one out up down off if
        while because though although since during through between among within per via like according amid""",
    "de": """der die das den dem des ein eine einen einem einer eines und oder aber sondern denn doch auch noch
        nur schon so sehr mehr in im an am auf aus bei beim mit nach von vom vor zu zum zur für über unter
        durch um bis seit wegen als wie wenn dass ob weil da dort hier es er sie wir ihr ich man sich sein
        seine seinen seiner seinem ihre ihren ihrer ihm ihn uns ist sind war waren wird werden wurde wurden
        worden hat haben hatte hatten sei habe sagte sagt dieser diese dieses diesen diesem jetzt dann laut
        alle andere anderen""",
    "fr": """le la les un une des du de d l et ou mais donc car ni que qui quoi dont où ce cet cette ces c s n j
        qu il elle ils elles on nous vous je se sa son ses leur leurs notre votre en y au aux à dans par
        pour sur sous avec sans entre vers chez depuis selon est sont était étaient être été a ont avait
        avaient avoir sera seront fait plus moins aussi très tout tous toute toutes même comme si lors dit
        déclaré autre autres""",
    "es": """el la los las un una unos unas y e o u pero sino que quien quienes cual cuyo donde de del a al en
        con por para sin sobre entre desde hasta hacia según se su sus le les lo me nos es son era eran ser
        sido fue fueron está están estaba estar ha han había habían haber hay más menos muy también como si
        ya este esta estos estas ese esa esos esas aquel otro otra otros otras todo toda todos todas dijo""",
    "ru": """и в во на с со к ко по о об от до за из изо у для при про под над без через между а но или либо да
        же ли бы что чтобы как так это этот эта эти этого этой этом тот та те того кто который которая
        которые которого он она оно они его ее её их им ему ей мы нас вы вас я мне свой своего своей свои
        был была было были быть есть будет будут также тоже уже еще ещё более очень если когда все всех
        всего""",
    "ko": "에서 으로 했다 이다 있다 하는 하고 한다 에게 까지 부터 이라 라고 다고 고있 위해 대한 대해 통해 따르 르면",
    # Japanese: pairs of hiragana, which are endings and particles, are passed over as such
    "zh": "一个 一個 以及 他们 他們 我们 我們 这个 這個 已经 已經 没有 沒有 并且 並且 但是 因为 因為 所以 对于 對於",
}
WORDS = {language: frozenset(words.split()) for language, words in _LISTS.items()}
