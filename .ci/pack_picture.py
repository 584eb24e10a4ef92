"""Writes docs/pack.png: a printed page of the demonstration's pack for the joint strategic needs assessment.

Needs the programs `chromium` and `pdftoppm`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

TARGET = Path(__file__).parent.parent / "docs" / "pack.png"
PAGE, DOTS = 2, 80
"""The page with the chart, and dots an inch."""


def main() -> None:
    """Build the demonstration, write the pack, print it, and keep one page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fieldkit = [sys.executable, "-m", "fieldkit"]
        subprocess.run([*fieldkit, "demo", "--keep", folder / "kit"], check=True, stdin=subprocess.DEVNULL)
        cycle = ["--cycle", "Talking therapies in Birmingham and Solihull", "--audience", "jsna"]
        subprocess.run(
            [*fieldkit, "--kit", folder / "kit", "evidence", *cycle, "-o", folder / "pack"], check=True
        )
        browser = ["chromium", "--headless", "--no-sandbox", f"--user-data-dir={folder / 'browser'}"]
        page = (folder / "pack" / "pack.html").as_uri()
        subprocess.run(
            [*browser, "--no-pdf-header-footer", f"--print-to-pdf={folder / 'pack.pdf'}", page], check=True
        )
        pages = ["-f", str(PAGE), "-l", str(PAGE), "-r", str(DOTS), "-png", "-singlefile"]
        subprocess.run(["pdftoppm", *pages, folder / "pack.pdf", folder / "page"], check=True)
        # Few colours are enough for text and a chart, and keep the file small.
        Image.open(folder / "page.png").convert("RGB").quantize(32).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
