"""Names that look like names: goods, firms and people in Japanese, English and Chinese."""

from __future__ import annotations

from random import Random

from wholesale.kernel.types import canonical

_MADE_OF = (
    ("白磁", "はくじ", "White porcelain", "白瓷"), ("青磁", "せいじ", "Celadon", "青瓷"),
    ("信楽", "しがらき", "Shigaraki", "信乐"), ("備前", "びぜん", "Bizen", "备前"),
    ("粉引", "こひき", "Kohiki", "粉引"), ("刷毛目", "はけめ", "Hakeme", "刷毛目"),
    ("藍染", "あいぞめ", "Indigo", "蓝染"), ("和紙", "わし", "Washi", "和纸"),
    ("楮紙", "こうぞし", "Kozo paper", "楮纸"), ("杉", "すぎ", "Cedar", "杉木"),
    ("竹", "たけ", "Bamboo", "竹"), ("真鍮", "しんちゅう", "Brass", "黄铜"),
    ("黒釉", "こくゆう", "Black glaze", "黑釉"), ("織部", "おりべ", "Oribe", "织部"),
)  # fmt: skip
_THINGS = (
    ("湯呑", "ゆのみ", "tea cup", "茶杯"), ("急須", "きゅうす", "tea pot", "茶壶"),
    ("飯碗", "めしわん", "rice bowl", "饭碗"), ("平皿", "ひらざら", "plate", "平盘"),
    ("小鉢", "こばち", "small bowl", "小钵"), ("花器", "かき", "vase", "花器"),
    ("箸置", "はしおき", "chopstick rest", "筷架"), ("便箋", "びんせん", "letter paper", "信纸"),
    ("封筒", "ふうとう", "envelope", "信封"), ("手帳", "てちょう", "notebook", "手账"),
    ("茶筒", "ちゃづつ", "tea caddy", "茶筒"), ("盆", "ぼん", "tray", "托盘"),
    ("抹茶碗", "まっちゃわん", "matcha bowl", "抹茶碗"), ("徳利", "とっくり", "sake bottle", "酒壶"),
)  # fmt: skip
COLOURS = (
    ("W", "白", "White", "白色", "#f4f1ea"), ("K", "黒", "Black", "黑色", "#222222"),
    ("A", "藍", "Indigo", "蓝色", "#1e3a5f"), ("R", "朱", "Vermilion", "朱色", "#c8402a"),
    ("G", "緑", "Green", "绿色", "#4a6b45"),
)  # fmt: skip
SYLLABLES = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"
)
_TRADES = (
    ("商店", "シヨウテン", "Shoten"), ("陶器", "トウキ", "Ceramics"), ("物産", "ブツサン", "Trading"),
    ("百貨店", "ヒヤツカテン", "Department Store"), ("雑貨", "ザツカ", "Goods"),
)  # fmt: skip
_NAMES = "山川田中村森林石松竹梅北南東西上下大小高"
PREFECTURES = (
    "京都府", "大阪府", "東京都", "愛知県", "福岡県", "北海道", "静岡県", "広島県", "神奈川県", "沖縄県",
)  # fmt: skip


def names(ja: str, en: str, zh: str) -> str:
    """Names in three languages as their column holds them."""
    return canonical({"ja": ja, "en": en, "zh": zh})


def product_names(number: int, random: Random) -> tuple[str, str]:
    """(names, reading) of a product."""
    made, thing = random.choice(_MADE_OF), random.choice(_THINGS)
    series = f"{number % 97 + 1}"
    reading = f"{made[1]}{thing[1]}"
    return (
        names(f"{made[0]} {thing[0]} {series}号", f"{made[2]} {thing[2]} {series}",
              f"{made[3]}{thing[3]} {series}号"),
        reading,
    )  # fmt: skip


def firm(number: int) -> tuple[str, str, str]:
    """(name, English name, kana) of a customer; no two kana are alike."""
    trade = _TRADES[number % len(_TRADES)]
    base = len(SYLLABLES)
    rest, kana = number * 7919 + base**3, ""
    while rest:
        rest, digit = divmod(rest, base)
        kana += SYLLABLES[digit]
    body = "".join(_NAMES[(number // step) % len(_NAMES)] for step in (1, 20, 400))
    return f"株式会社{body}{trade[0]}", f"{kana.lower()} {trade[2]} Co., Ltd.", kana + trade[1]
