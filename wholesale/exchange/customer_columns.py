"""What the columns of sheets with customers and ship-tos are called, and words in them: data."""

from __future__ import annotations

from collections.abc import Sequence

from wholesale.exchange import cells
from wholesale.kernel.sheets import SheetKind

COLUMNS: dict[str, Sequence[str]] = {
    "code": ("取引先コード", "得意先コード", "顧客コード", "取引先CD", "得意先CD", "得意先番号", "取引先番号", "会社コード", "コード", "customer code", "customer", "customer no", "customer number", "customer id", "account code", "account no", "account", "code", "客户编码", "客户代码", "客户编号", "客戶編號"),
    "name": ("名称", "取引先名", "得意先名", "会社名", "社名", "顧客名", "取引先名称", "得意先名称", "法人名", "正式名称", "name", "customer name", "company", "company name", "account name", "客户名称", "公司名称", "客戶名稱"),
    "name_en": ("名称(英)", "英語名", "会社名(英)", "英文名称", "英文社名", "取引先名(英)", "得意先名(英)", "name (en)", "name en", "english name", "company name (en)", "英文名"),
    "kana": ("フリガナ", "カナ", "読み", "カナ名", "名称カナ", "取引先名カナ", "得意先名カナ", "会社名カナ", "会社名フリガナ", "reading", "kana", "name kana", "name (kana)"),
    "payer_names": ("振込名義", "振込依頼人名", "振込名義人", "入金名義", "振込人名", "payer names", "payer name", "payer", "付款人名称", "付款户名"),
    "bill_to": ("請求先コード", "請求先", "請求先CD", "親コード", "親取引先コード", "bill-to", "bill to code", "billing customer", "billing account", "parent", "parent code", "付款方编码", "结算客户编码", "上级客户编码"),
    "pays_for": ("入金元コード", "入金元", "支払元コード", "入金グループ", "グループコード", "group code", "paid by", "paying customer", "付款客户编码"),
    "country": ("国", "国コード", "国名", "country", "country code", "国家", "国别"),
    "locale": ("言語", "使用言語", "language", "locale", "语言"),
    "currency": ("通貨", "取引通貨", "通貨コード", "currency", "currency code", "币种", "货币", "幣別"),
    "incoterm": ("取引条件", "貿易条件", "インコタームズ", "incoterm", "incoterms", "trade terms", "贸易条款"),
    "place": ("指定地", "named place", "place", "incoterms place", "指定地点"),
    "closing": ("締日", "締め日", "締日区分", "請求締日", "closing day", "closing", "closing date", "结算日", "結帳日"),
    "payment": ("支払条件", "支払サイト", "回収条件", "入金条件", "支払期日", "payment terms", "payment", "terms", "付款条件", "账期"),
    "fee": ("振込手数料", "手数料負担", "振込手数料負担", "手数料区分", "transfer fee", "bank charges", "fee bearer", "fees", "手续费", "手续费承担"),
    "rate": ("掛け率(%)", "掛け率", "掛率", "卸率", "仕切率", "標準掛率", "基本掛率", "rate (%)", "rate", "discount rate", "wholesale rate", "折扣率(%)", "折扣率", "折扣"),
    "rounding": ("端数処理", "端数", "端数区分", "rounding", "舍入"),
    "limit": ("与信限度額", "与信枠", "与信額", "与信限度", "credit limit", "信用额度", "信用額度"),
    "minimum": ("最低発注額", "最低注文金額", "最低受注額", "最小発注額", "minimum order", "minimum amount", "minimum order amount", "最低订货额", "最低起订金额"),
    "postal_code": ("郵便番号", "〒", "postal code", "postcode", "zip", "zip code", "邮编", "郵遞區號"),
    "region": ("都道府県", "都道府県名", "region", "state", "prefecture", "province", "省份"),
    "address": ("住所", "所在地", "住所1", "住所(市区町村以下)", "address", "address 1", "street", "地址"),
    "building": ("建物", "建物名", "ビル名", "住所2", "building", "address 2", "楼名"),
    "phone": ("電話", "電話番号", "TEL", "代表電話", "phone", "phone number", "telephone", "电话", "联系电话", "電話號碼"),
    "email": ("メール(請求書)", "請求書メール", "メール", "メールアドレス", "請求先メール", "Eメール", "invoice email", "billing email", "email", "e-mail", "email address", "发票邮箱", "邮箱", "电子邮箱"),
    "registration": ("登録番号", "インボイス登録番号", "適格請求書発行事業者登録番号", "T番号", "事業者登録番号", "registration number", "registration no", "tax id", "税务登记号", "稅號"),
    "notes": ("備考", "メモ", "摘要", "notes", "remarks", "memo", "备注", "備註"),
}  # fmt: skip
SHIP_TO: dict[str, Sequence[str]] = {
    "code": COLUMNS["code"],
    "ship_to": ("納品先コード", "届け先コード", "届先コード", "納入先コード", "配送先コード", "納品先CD", "店舗コード", "ship-to code", "ship to", "ship-to no", "ship-to id", "delivery code", "store code", "送货地编码", "收货地编码", "门店编码"),
    "name": ("名称", "納品先名", "届け先名", "届先名", "納入先名", "配送先名", "店舗名", "納品先名称", "name", "ship-to name", "delivery name", "store name", "送货地名称", "收货地名称", "门店名称"),
    "attention": ("担当", "担当者", "担当者名", "ご担当", "attention", "attn", "contact", "contact person", "联系人"),
    **{key: COLUMNS[key] for key in ("country", "postal_code", "region", "address", "phone")},
}  # fmt: skip
KINDS = (
    SheetKind("customers", COLUMNS, ("code", "name")),
    SheetKind("ship_tos", SHIP_TO, ("code", "ship_to")),
)

LOCALES = cells.known_words({
    "ja": ("ja", "日本語", "japanese", "日语"),
    "en": ("en", "英語", "english", "英语"),
    "zh": ("zh", "中国語", "中文", "chinese", "zh-cn", "簡体字", "简体中文"),
    "zh-Hant": ("zh-hant", "zh-tw", "zh-hk", "繁体字", "繁体中文", "繁體中文", "traditional chinese"),
})  # fmt: skip
