"""One key for the many ways in which a bank writes a payer's name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

NAME_BYTES = 48
NAME_BYTES_WITH_REFERENCE = 26

_LEGAL_KANA = (
    "カ ユ メ シ ド イ ザイ シヤ シユウ ガク フク ソ ホゴ トクヒ ドク チドク ベン チユウ "
    "ギヨ シホウ ゼイ ダイ ノウ カンリ ロウム レン キヨウクミ セイメイ カイジヨウ カサイ "
    "ケンポ コクホ シヤホ コウネン キヨウサイ ロウクミ シヤキヨウ"
)
_OFFICE_KANA = "エイ シユツ"
_LEGAL_KANJI = "株 有 名 資 同 合 医 財 社 宗 学 福 相 独 弁 税 特非 一社 一財 公社 公財"
_SPELLED = (
    "株式会社 有限会社 合同会社 合名会社 合資会社 相互会社 一般社団法人 公益社団法人 "
    "一般財団法人 公益財団法人 社団法人 財団法人 特定非営利活動法人 NPO法人 医療法人社団 "
    "医療法人財団 社会医療法人 医療法人 学校法人 宗教法人 社会福祉法人 更生保護法人 "
    "地方独立行政法人 独立行政法人 国立大学法人 公立大学法人 農事組合法人 管理組合法人 "
    "弁護士法人 税理士法人 司法書士法人 行政書士法人 社会保険労務士法人 カブシキガイシヤ "
    "カブシキカイシヤ ユウゲンガイシヤ ユウゲンカイシヤ ゴウドウガイシヤ ゴウドウカイシヤ "
    "ゴウメイガイシヤ ゴウメイカイシヤ ゴウシガイシヤ ゴウシカイシヤ ソウゴガイシヤ "
    "ソウゴカイシヤ イツパンシヤダンホウジン コウエキシヤダンホウジン "
    "イツパンザイダンホウジン コウエキザイダンホウジン シヤダンホウジン ザイダンホウジン "
    "トクテイヒエイリカツドウホウジン イリヨウホウジンシヤダン イリヨウホウジンザイダン "
    "イリヨウホウジン ガツコウホウジン シユウキヨウホウジン シヤカイフクシホウジン "
    "コウセイホゴホウジン チホウドクリツギヨウセイホウジン ドクリツギヨウセイホウジン "
    "コクリツダイガクホウジン コウリツダイガクホウジン ノウジクミアイホウジン "
    "ベンゴシホウジン ゼイリシホウジン シホウシヨシホウジン ギヨウセイシヨシホウジン"
)


def _longest_first(words: str) -> list[str]:
    return sorted(words.split(), key=len, reverse=True)


_TOKEN = "|".join(_longest_first(f"{_LEGAL_KANA} {_OFFICE_KANA} {_LEGAL_KANJI}"))
_HEAD = re.compile(rf"\(?({_TOKEN})\)\s*")
_TAIL = re.compile(rf"\s*\(({_TOKEN})\)?\s*$")
_MIDDLE = re.compile(rf"\s*\(({_TOKEN})\)\s*")
_WORDS = "|".join(_longest_first(_SPELLED))
_SPELLED_HEAD = re.compile(rf"({_WORDS})\s*")
_SPELLED_TAIL = re.compile(rf"\s*({_WORDS})$")
_CODE = re.compile(r"(\d{3,10})(?=\D)\s*")
_TRANSFER = re.compile(
    r"\s*(?:振込入金|振込み?|送金|他行振込|当行振込)\s*\d?\s*[*\uff0a]?\s*"
    rf"|\s*(?:フリコミ(?:ニ[ユュ]ウキン)?|ソウキン)(?:\s*[\d*\uff0a]\s*|\s+|(?=(?:{_TOKEN})[)\uff09]))"
)
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヲヂヅ", "アイウエオツヤユヨワカケオジズ")
_VOICED_MARKS = str.maketrans("", "", "\u3099\u309a")


@dataclass(frozen=True, slots=True)
class PayerKey:
    """What is left of a name for comparing.

    `key` is compared; `code` is a number the payer wrote before the name; `legal_tokens` are the
    legal forms that were taken off (as banks abbreviate them, or spelled out). Where one stood in
    the middle, `stem` is the name before it and `office` what followed: `ﾔﾏﾀﾞ(ｶ)ｵｵｻｶ`.
    """

    key: str
    code: str = ""
    legal_tokens: tuple[str, ...] = ()
    stem: str = ""
    office: str = ""


def _uniform(raw: str) -> str:
    """Full width, katakana, upper case, large kana, one blank between words."""
    text = unicodedata.normalize("NFKC", raw).upper().replace("&", " AND ")
    text = "".join(
        chr(ord(character) + 0x60) if "ぁ" <= character <= "ゖ" else character for character in text
    )
    return " ".join(text.translate(_SMALL).split())


def _compact(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() and letter != "ー")


def without_transfer_words(raw: str) -> str:
    """A bank's text without its word for "transfer" in front: 振込 ﾔﾏﾀﾞ → ﾔﾏﾀﾞ."""
    text = raw.strip()
    match = _TRANSFER.match(text)
    return text[match.end() :].strip() if match and text[match.end() :].strip() else text


@lru_cache(maxsize=65536)
def canonical_key(raw: str) -> PayerKey:
    """The key of a name however it is written: kana of any width, legal forms, codes, marks."""
    text = _uniform(raw)
    if (match := _TRANSFER.match(text)) and text[match.end() :]:
        text = text[match.end() :]
    code = ""
    if (match := _CODE.match(text)) and _compact(text[match.end() :]):
        code, text = match[1], text[match.end() :]
    tokens: list[str] = []
    stem = office = ""
    for pattern in (_HEAD, _SPELLED_HEAD):
        while (match := pattern.match(text)) and _compact(text[match.end() :]):
            tokens.append(match[1])
            text = text[match.end() :]
    for pattern in (_TAIL, _SPELLED_TAIL):
        while (match := pattern.search(text)) and _compact(text[: match.start()]):
            tokens.append(match[1])
            text = text[: match.start()]
    if match := _MIDDLE.search(text):
        stem, office = _compact(text[: match.start()]), _compact(text[match.end() :])
        tokens.append(match[1])
        text = f"{text[: match.start()]} {text[match.end() :]}"
    return PayerKey(_compact(text), code, tuple(tokens), stem, office)


def without_voiced_marks(key: str) -> str:
    """The key with ダ as タ and パ as ハ: equal ones are a hint, never proof."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", key).translate(_VOICED_MARKS))


def bank_bytes(raw: str) -> int:
    """How many bytes the name fills in a bank's record, where ﾞ and ﾟ count a byte each."""
    return len(unicodedata.normalize("NFKD", raw.strip()))


def is_cut(raw: str, *, has_reference: bool) -> bool:
    """The name fills its field to the last byte, so it may go on: 48, or 26 beside a reference."""
    return bank_bytes(raw) == (NAME_BYTES_WITH_REFERENCE if has_reference else NAME_BYTES)
