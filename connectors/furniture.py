"""Lines that a page puts around its article: told by their form, and by the phrases that sites share.

Nothing here is fitted to one site; what a line is depends on the line alone.  `connectors.dump` judges lines together.
"""

from __future__ import annotations

import re

_BOILERPLATE = re.compile(
    r"""^\W*(?:
      you\ (?:might|may)\ (?:also\ )?(?:like|enjoy|be\ interested).*
    | (?:more|latest|top|trending|related|recommended|popular|most[ ](?:read|popular|viewed|shared|watched))
      (?:\ (?:news|stor(?:y|ies)|articles?|posts?|videos?|content|topics?|reads?|reading|coverage|now|today|links
      |for\ you))?
    | (?:more|latest)\ (?:from|in|on|about)\ .{1,40} | more\ stories\b.* | explore\ more.*
    | read\ (?:more|next|also|this\ next)\b.* | also\ read\b.* | see\ also\b.* | what\ to\ read\ next | don['’]t\ miss
    | editor['’]?s['’]?\ (?:picks?|choice) | in\ this\ (?:story|article) | quick\ links | about\ (?:us|the\ author)
    | share(?:\ (?:this|on|via)\b.*)? | follow\ (?:us|our)\b.* | (?:leave|post|write|add)\ a\ (?:comment|reply).*
    | comments?(?:\ \(\d+\))? | (?:tagged|tags|filed\ under|topics)\s*:.* | topics | tags
    | (?:sign\ up|subscribe|newsletters?)\b.{0,60} | contact\ us | advertis(?:ement|e\ with\ us)\W* | sponsored\b.*
    | (?:previous|next)\ (?:article|post|story)\b.* | skip\ (?:to|next|ad)\b.* | (?:\S+['’]s\ )?top\ story
    | (?:смотрите|читайте)\ также.* | материалы\ по\ теме | 관련\ ?(?:기사|뉴스).* | 많이\ 본\ (?:뉴스|기사) | 댓글.*
    | 相关(?:阅读|新闻|报道|文章).* | 推荐阅读 | 関連(?:記事|ニュース).* | あわせて読みたい
    | lesen\ sie\ (?:auch|mehr).* | mehr\ zum\ thema.* | (?:à\ )?lire\ aussi.* | le[ae]\ también.*
    )\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTICE = re.compile(
    r"""\b(?:we|you|site|websites?)\b.{0,60}\bcookies?\b | \bcookies?\b.{0,60}\b(?:we|your?|settings|policy)\b
    | \bby\ (?:using|continuing)\b.{0,60}\byou\ (?:agree|accept|consent)\b
    | \byou\ agree\ to\b.{0,60}\b(?:policy|terms)\b
    | \bemail\ address\ will\ not\ be\ (?:published|shared)\b | \brequired\ fields\ are\ marked\b
    | \bbrowser\ does\ not\ support\b | \b(?:enable|turn\ on)\ javascript\b | \ball\ rights\ reserved\b | ^\W*©
    | \bdelivered\ (?:straight\ )?to\ your\ inbox\b | \bsign\ (?:in|up)\ to\ your\ account\b | \blost\ your\ password\b
    | \bthis\ site\ is\ protected\ by\ recaptcha\b | \bplease\ (?:log|sign)\ in\ to\b | \bdownload\ (?:our|the)\ app\b
    | \bmay\ not\ be\ (?:published|reproduced|republished).{0,60}\b(?:permission|rewritten|redistributed)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# What a site says in the middle of an article to keep its reader: other stories, newsletters, its own accounts.
_PROMOTION = re.compile(
    r"""^\W*(?:related(?:\ \w+)?\s*:.* | (?:read|see|watch|listen)\ (?:more|also|next)\s*[:|–—].*
      | (?:more|most)\ (?:read|viewed|popular|shared)\b.{0,40} | more\ [A-Z]\S*(?:\ \S+){0,3}\s*:\ *https?://.*
      | .{0,40}\bnewsletters? | you\ (?:might|may)\ (?:also\ )?like\W* | copyright\b.{0,80}
      | (?:https?://)?(?:www\.)?(?:twitter|x|facebook|instagram)\.com/\S+)\W*$
    | (?:^\W*(?:get|receive)|\b(?:subscribe|sign(?:ing)?\ up))\b.{0,120}\b(?:newsletters?|your\ inbox)\b
    | \b(?:delivered|sent)\b.{0,40}\byour\ inbox\b
    | \bsubscribing\ to\ our\b | \b(?:newsletters?|inbox)\b.{0,80}\b(?:subscribe|sign\ up)\b
    | ^\W*follow\ (?:@?\S+\ ){1,8}?on\ (?:social\ media|twitter|x|facebook|instagram)\b
    | (?:^|[.!?]\ )\W*(?:and\ )?(?:follow|like)\ (?:us|him|her|them|me|@\w+)\b.{0,60}
      \b(?:on|at)\ (?:@|twitter|facebook|instagram|x\b)
    | \b(?:reach|contact|email|e-mail)\b.{0,80}\b(?:@\w+|twitter\.com/\w+)
    | \bhave\ a\ (?:news\ )?tip\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CAPTION = re.compile(
    r"""^\W*(?:in\ this\ (?:file\ |handout\ |undated\ )?(?:photo|image|picture|photograph|screenshot|still|frame)\b
    | file\ (?:photo|image|picture)?\s*[-–—:] | (?:photo|image|picture|video|graphic)s?\s*(?:by|credit|courtesy|[:|(]))
    | (?:image|photo|photograph|picture|credit|foto|bild|фото|사진|图片|写真)s?(?:\ (?:credit|by))?\s*[:：]\s*\S[^.]*$
    | (?:\bAP\ Photo/ | \bvia\ (?:AP|REUTERS|Getty\ Images|AFP)\b[^.]*$ | \bGetty\ Images\)?\.?$
      | (?:REUTERS|AFP)/\w[^.]*$ | \bpicture\ alliance\)?\.?$)""",
    re.IGNORECASE | re.VERBOSE,
)
_CREDIT = re.compile(
    r"""^\W*(?:edited|reporting|reported|additional\ (?:reporting|sources?|writing)|writing|written|translated|compiled)
    \b\s*(?:by\b|:|•|[-–—]).{0,200}$|^additional\ reporting\b.*""",
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE = re.compile(r"^\W*by:?\s+(?P<name>\S.{0,80}?)(?:\s*[|•·]?\s*\d+\s*min(?:ute)?s?\s+read)?\s*$", re.IGNORECASE)
_DURATION = re.compile(r"^\W*\d{1,2}:\d{2}(?::\d{2})?\W*$")
_BULLET = re.compile(r"^\s*(?:[-*•–‣▪·]|\d{1,2}[.)])\s+")
_BREADCRUMB = re.compile(r"\S\s*(?:>|»|›|/)\s*\S.*\s(?:>|»|›|/)\s")
_END = re.compile(r"""[.!?…。！？:][\s"”’'»」』)\]]*$""")
_FULL_STOP = re.compile(r"""[.。][\s"”’'»」』)\]]*$""")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")

FEWEST_WORDS = 8  # of a sentence that makes a line prose
UNENDED_WORDS = 25  # a line so long is prose without a full stop as well
WIDE_CHARACTERS_A_WORD = 2  # Chinese and Japanese part no words; two characters make about one


def weight(line: str) -> int:
    """About how many words a line has, in any script."""
    wide = len(_WIDE.findall(line))
    return len(line.split()) + wide // WIDE_CHARACTERS_A_WORD


def is_prose(line: str) -> bool:
    """Whether the line is a paragraph of running text."""
    words = weight(line)
    if _BULLET.match(line) and words < FEWEST_WORDS * 2 and not _END.search(line):
        return False
    return words >= UNENDED_WORDS or (words >= FEWEST_WORDS and _END.search(line) is not None)


def ends_sentence(line: str) -> bool:
    """Whether the line ends as a sentence does."""
    return _END.search(line) is not None


def ends_with_full_stop(line: str) -> bool:
    """The same for statements alone: headlines ask and exclaim, and hardly ever end with a full stop."""
    return _FULL_STOP.search(line) is not None


def is_boilerplate(line: str) -> bool:
    """Whether the line heads, or is, a part of the page beside the article: related stories, sharing, comments."""
    return len(line) <= 100 and _BOILERPLATE.match(line) is not None


def is_notice(line: str) -> bool:
    """Whether the line is the site's own word to its visitor: cookies, rights, log-in, technical notes."""
    return len(line) <= 400 and _NOTICE.search(line) is not None


def is_promotion(line: str) -> bool:
    """Whether the line leads away from the article: to another story, a newsletter, somebody's account."""
    return len(line) <= 300 and _PROMOTION.search(line) is not None


def is_beside(line: str) -> bool:
    """Whether the line is no part of the article that it stands in. A statement that only begins like a menu stays."""
    return is_promotion(line) or is_notice(line) or (is_boilerplate(line) and not ends_with_full_stop(line))


def is_caption(line: str) -> bool:
    """Whether the line says that it describes a picture, or whose picture it is."""
    return _CAPTION.search(line) is not None


def is_credit(line: str) -> bool:
    """Whether the line names those who helped: articles end with it."""
    return _CREDIT.match(line) is not None


def byline(line: str) -> str | None:
    """The author, where the line says "By …" and no more."""
    match = _BYLINE.match(line)
    return match["name"].strip() if match and weight(match["name"]) <= 12 and not _END.search(match["name"]) else None


def is_duration(line: str) -> bool:
    """Whether the line is the length of a video: 16:16."""
    return _DURATION.match(line) is not None


def is_menu_item(line: str) -> bool:
    """Whether the line is a short entry of a list, or a path through the site."""
    return (_BULLET.match(line) is not None and weight(_BULLET.sub("", line)) <= 6) or bool(_BREADCRUMB.search(line))


def is_listed(line: str) -> bool:
    """Whether the line begins as an entry of a list does."""
    return _BULLET.match(line) is not None


def same_words(one: str, other: str) -> bool:
    """Whether two lines differ in punctuation and case at most, as a picture's description and its caption do."""
    return _words(one) == _words(other)


def _words(line: str) -> str:
    return re.sub(r"[\W_]+", "", line).lower()
