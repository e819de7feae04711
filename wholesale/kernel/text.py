"""Words in several languages: marking, translating, and names kept in more than one."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from wholesale.kernel.config import ASSETS

LOCALES = ("ja", "en", "zh", "zh-Hant")
# Whom a reader understands next, after the own language.
FALLBACK = {"zh-Hant": ("zh", "en", "ja")}
FALLBACK_OF_ALL = ("ja", "en")
TRANSLATIONS = ASSETS / "translations"


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark an English sentence for translation; it is translated where it is shown."""
    return message


def localized(names: Mapping[str, str] | None, locale: str) -> str:
    """The name in the asked language, else ja, else en, else any; "" when there is none.

    Readers of zh-Hant understand zh before en and ja.
    """
    if not names:
        return ""
    for language in (locale, *FALLBACK.get(locale, FALLBACK_OF_ALL)):
        if names.get(language):
            return names[language]
    return next((name for name in names.values() if name), "")


def in_language(locale: str) -> Callable[[str], str]:
    """A function that translates English source sentences into `locale`, without any web around."""
    return _catalogue(locale if locale in LOCALES else "en").gettext


def in_posix(locale: str) -> str:
    """zh-Hant → zh_Hant: how Babel and gettext name a language."""
    return locale.replace("-", "_")


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    compile_catalogues()
    return gettext.translation("messages", TRANSLATIONS, [in_posix(locale)], fallback=True)


def compile_catalogues(folder: Path = TRANSLATIONS) -> None:
    """Write each `.mo` that is older than its `.po`, beside it."""
    for po in folder.glob("*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        # several processes may start at once: each writes a file of its own, the last one stands
        with NamedTemporaryFile(dir=mo.parent, suffix=".new", delete=False) as target:
            write_mo(target, catalogue)
        Path(target.name).replace(mo)
