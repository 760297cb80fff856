"""The fonts of other people's systems, for the browser of the tests (where it asks fontconfig: on Linux).

The files come with Python packages, so that the tests see the same fonts on every machine: DejaVu and Nanum, which are
all that a small machine has; and the same with every letter half as wide again, wider than any system's.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont

FILES = [("matplotlib", f"mpl-data/fonts/ttf/DejaVu{face}.ttf") for face in ("Sans", "Sans-Bold", "SansMono", "Serif")]
FILES += [("koreanize_matplotlib", "fonts/NanumGothic.ttf")]
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
</fontconfig>
"""


def environment(folder: Path, wider: float = 1) -> dict[str, str]:
    """The environment of a browser whose system has only these fonts, put into `folder` and `wider` than they are."""
    if not sys.platform.startswith("linux"):
        return dict(os.environ)
    (folder / "fonts").mkdir(parents=True)
    for package, file in FILES:
        font = TTFont(Path(find_spec(package).origin).parent / file)
        widths = font["hmtx"].metrics
        for glyph, (width, left) in widths.items():
            widths[glyph] = (round(width * wider), left)
        font.save(folder / "fonts" / Path(file).name)
    (folder / "fonts.conf").write_text(CONFIGURATION.format(folder=folder))
    return os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "XDG_CACHE_HOME": str(folder / "cache")}
