"""The words of papers in Japanese and Chinese: they fill in what frozen facts say in English."""

from __future__ import annotations

from collections.abc import Mapping

from wholesale.kernel.paper_facts import words

# key: (ja, zh); the English is the source sentence of kernel.paper_facts.
_TRANSLATED: dict[str, tuple[str, str]] = {
    "invoice": ("請求書", "账单"),
    "delivery_note": ("納品書", "送货单"),
    "number": ("番号", "编号"),
    "issued_on": ("発行日", "日期"),
    "due_on": ("お支払期日", "付款期限"),
    "supply_period": ("お取引期間", "供货期间"),
    "registration_number": ("登録番号", "登记编号"),
    "total_due": ("ご請求金額(税込)", "应付金额(含税)"),
    "code": ("品番", "货号"),
    "description": ("品名", "品名"),
    "quantity": ("数量", "数量"),
    "unit_price": ("単価", "单价"),
    "amount": ("金額", "金额"),
    "tax_rate": ("税率", "税率"),
    "supply_on": ("納品日", "供货日"),
    "slip": ("納品書", "送货单"),
    "subject_to": ("対象", "适用"),
    "consumption_tax": ("消費税", "消费税"),
    "subtotal": ("小計(税抜)", "小计(不含税)"),
    "total": ("合計", "合计"),
    "reduced_legend": ("※は軽減税率(8%)対象です。", "※为适用减轻税率(8%)的商品。"),
    "export_exempt": ("輸出免税", "出口免税"),
    "bank": ("お振込先", "收款账户"),
    "fee_note": ("振込手数料は貴社にてご負担ください。", "汇款手续费请由贵公司承担。"),
    "page": ("ページ", "页"),
    "ordered": ("ご注文", "订购"),
    "this_time": ("今回", "本次"),
    "remaining": ("残り", "待发"),
    "cartons": ("個口", "箱数"),
    "ship_to": ("納品先", "收货方"),
    "order": ("受注番号", "我方订单号"),
    "po": ("貴社注文番号", "贵方订单号"),
    "collects": ("代引金額(税込)", "货到付款金额(含税)"),
    "tax_later": ("消費税は請求書にて申し上げます。", "消费税见账单。"),
    "greeting_invoice": ("下記のとおりご請求申し上げます。", "谨此请款如下。"),
    "greeting_delivery": ("下記のとおり納品いたしました。", "货物已按下列明细交付。"),
}
_COLUMN = {"ja": 0, "zh": 1}


def complete(frozen: Mapping[str, str], locale: str) -> dict[str, str]:
    """The words of a paper: the frozen ones, and ours where a word is missing or still English."""
    english = words(str)
    told = {**english, **frozen}
    column = _COLUMN.get(locale)
    if column is None:
        return told
    for key, translations in _TRANSLATED.items():
        if told[key] == english[key]:
            told[key] = translations[column]
    return told
