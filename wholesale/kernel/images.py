"""Pictures that people send: looked at before they are trusted, and made smaller without their past."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from wholesale.kernel.errors import DomainError
from wholesale.kernel.text import N_

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 40_000_000
QUALITY = 82
MEDIA_TYPE = "image/webp"


class NoPicture(DomainError):
    """Bytes that no picture is made of, or a kind we don't take."""

    message = N_("This is no picture in JPEG, PNG, WebP or GIF.")


class PictureTooLarge(DomainError):
    """More pixels than a page can want."""

    message = N_("The picture has more than 40 million pixels.")


def as_webp(data: bytes, *sides: int) -> list[bytes]:
    """The picture as WebP, once for each longest side in pixels; turned upright, without EXIF.

    A picture is never made larger. Raises NoPicture, PictureTooLarge.
    """
    whole = _opened(data)
    made = []
    for side in sides:
        small = whole.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        held = io.BytesIO()
        small.save(held, "WEBP", quality=QUALITY, method=4)
        made.append(held.getvalue())
    return made


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            found = Image.open(io.BytesIO(data), formats=FORMATS)
            if found.width * found.height > MOST_PIXELS:
                raise PictureTooLarge
            upright = ImageOps.exif_transpose(found)
            upright.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as trouble:
        raise PictureTooLarge from trouble
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as trouble:
        raise NoPicture from trouble
    has_holes = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    clean = upright.convert("RGBA" if has_holes else "RGB")
    clean.info.clear()  # no EXIF, no place, no profile goes on
    return clean
