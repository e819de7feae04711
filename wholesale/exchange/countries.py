"""Countries as sheets call them."""

from __future__ import annotations

from wholesale.exchange import cells
from wholesale.kernel.sheets import Row

COUNTRIES = cells.known_words({
    "JP": ("日本", "日本国", "日本製", "国産", "japan", "made in japan"), "US": ("米国", "アメリカ", "usa", "united states", "美国"), "CN": ("中国", "中国製", "china", "made in china"),
    "TW": ("台湾", "taiwan", "台灣"), "HK": ("香港", "hong kong"), "KR": ("韓国", "korea", "south korea", "韩国"),
    "GB": ("英国", "イギリス", "uk", "united kingdom"), "FR": ("フランス", "france", "法国"), "DE": ("ドイツ", "germany", "德国"),
    "IT": ("イタリア", "italy", "意大利"), "ES": ("スペイン", "spain"), "NL": ("オランダ", "netherlands", "荷兰"), "SG": ("シンガポール", "singapore", "新加坡"),
    "AU": ("オーストラリア", "australia", "澳大利亚"), "CA": ("カナダ", "canada", "加拿大"), "TH": ("タイ", "thailand", "泰国"),
})  # fmt: skip


def country(row: Row, name: str, default: str) -> str:
    """The two letters of ISO 3166, from them or from a usual name. Raises Refused unknown_word."""
    told = cells.code(row, name)
    if len(told) == 2 and told.isascii() and told.isalpha():  # noqa: PLR2004 - ISO 3166
        return told.upper()
    return cells.word(row, name, COUNTRIES, default)
