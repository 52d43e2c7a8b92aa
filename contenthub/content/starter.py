"""The item types that a new hub begins with. Editors change and add to them as they like."""

from typing import Any

STARTER_TYPES: dict[str, dict[str, Any]] = {
    "article": {
        "labels": {"en": "Article", "ja": "記事", "ko": "기사", "de": "Artikel", "ar": "مقال"},
        "fields": [
            ("reading_minutes", "number", False, {"en": "Reading time in minutes", "ja": "読む時間（分）"}),
            ("author", "text", False, {"en": "Author", "ja": "著者"}),
        ],
    },
    "page": {"labels": {"en": "Page", "ja": "ページ", "ko": "페이지", "de": "Seite", "ar": "صفحة"}, "fields": []},
    "email": {
        "labels": {"en": "E-mail", "ja": "メール", "ko": "이메일", "de": "E-Mail", "ar": "بريد إلكتروني"},
        "fields": [("preheader", "text", True, {"en": "Preheader", "ja": "プリヘッダー"})],
    },
    "message": {
        "labels": {"en": "Message", "ja": "メッセージ", "ko": "메시지", "de": "Nachricht", "ar": "رسالة"},
        "fields": [("subject_hint", "text", True, {"en": "Subject hint", "ja": "件名の案"})],
    },
    "offer": {
        "labels": {"en": "Offer", "ja": "オファー", "ko": "오퍼", "de": "Angebot", "ar": "عرض"},
        "fields": [
            ("price", "money", True, {"en": "Price", "ja": "価格"}),
            ("promo_code", "text", False, {"en": "Promotion code", "ja": "プロモーションコード"}),
            ("discount_percent", "number", False, {"en": "Discount in percent", "ja": "割引率（%）"}),
            ("valid_from", "date", False, {"en": "Valid from", "ja": "開始日"}),
            ("valid_until", "date", False, {"en": "Valid until", "ja": "終了日"}),
        ],
    },
    "banner": {"labels": {"en": "Banner", "ja": "バナー", "ko": "배너", "de": "Banner", "ar": "لافتة"}, "fields": []},
    "faq": {
        "labels": {"en": "FAQ", "ja": "よくある質問", "ko": "자주 묻는 질문", "de": "FAQ", "ar": "أسئلة شائعة"},
        "fields": [],
    },
    "legal": {
        "labels": {"en": "Legal notice", "ja": "法的表示", "ko": "법적 고지", "de": "Rechtshinweis", "ar": "إشعار"},
        "fallback_allowed": False,
        "fields": [
            ("effective_date", "date", False, {"en": "In force from", "ja": "発効日"}),
            ("jurisdiction", "term", False, {"en": "Jurisdiction", "ja": "適用地域"}),
        ],
    },
}


def load_starter_types(item_types: Any, field_definitions: Any) -> None:
    """Create the starter types that are missing; ``item_types`` and ``field_definitions`` are the models' managers."""
    for code, starter in STARTER_TYPES.items():
        item_type, is_new = item_types.get_or_create(
            code=code,
            defaults={"labels": starter["labels"], "fallback_allowed": starter.get("fallback_allowed", True)},
        )
        if is_new:
            field_definitions.bulk_create(
                field_definitions.model(
                    item_type=item_type, name=name, kind=kind, localized=localized, labels=labels, sort_order=place
                )
                for place, (name, kind, localized, labels) in enumerate(starter["fields"])
            )
