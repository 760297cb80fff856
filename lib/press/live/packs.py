"""What Python in the page finds on its path, in packs: one file each, so that a page asks for few.

A pack is a JSON list of [path, size] behind its length (four bytes, little-endian), then the files' bytes one after
another. `core` has the standard library, NumPy, the book's library and what that needs; `figures` has Matplotlib and
the fonts.
"""

import importlib.util
import io
import json
import logging
import re
import struct
import sysconfig
import tempfile
import zipfile
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import numpy as np

from press.book import LIBRARY
from press.live.runtime import Runtime
from seqbook.plot import korean_fonts

PAGE = Path(__file__).parent / "page"
FIGURES = {"matplotlib", "PIL", "contourpy", "kiwisolver", "cycler", "pyparsing", "packaging", "dateutil", "six",
           "mpl_toolkits", "fontTools"}
# Of the standard library, what has no use in a page: networks, other programs, terminals, debuggers, and the Python
# twins of what is compiled in.
WITHOUT = {"_aix_support", "_android_support", "_apple_support", "_ios_support", "_osx_support", "_pydatetime",
           "_pyio", "_pyrepl", "asyncio", "bdb", "cProfile", "curses", "dbm", "doctest",
           "ensurepip", "ftplib", "http", "idlelib", "imaplib", "mailbox", "multiprocessing", "optparse",
           "pdb", "pickletools", "poplib", "profiling", "pstats", "pty", "pyclbr", "pydoc_data", "smtplib",
           "socketserver", "sqlite3", "ssl", "test", "tkinter", "trace", "turtle", "turtledemo", "tty",
           "typing_extensions", "venv", "wave", "webbrowser", "wsgiref", "xmlrpc", "zipapp"}
# The rest of the wheel's library, which no cell needs.
OTHERS = {"attr", "attrs", "bs4", "charset_normalizer", "cloudpickle", "defusedxml", "et_xmlfile", "formulaic", "host",
          "html5lib", "interface_meta", "isympy", "jinja2", "joblib", "lxml", "markupsafe", "more_itertools", "mpmath",
          "narwhals", "networkx", "openpyxl", "pandas", "patsy", "pylab", "pypdf", "regex", "reportlab",
          "reportlab_mods", "reportlab_settings", "scipy", "seaborn", "sklearn", "soupsieve", "statsmodels", "sympy",
          "tabulate", "threadpoolctl", "tlz", "tomli_w", "toolz", "tzdata", "webencodings", "wrapt", "xlrd",
          "xlsxwriter", "xmltodict", "yaml"}
# Inside of packages that are needed.
UNUSED = re.compile(r"""
    numpy/(f2py|_pyinstaller|ctypeslib|doc)/ | unittest/mock | xml/(dom|etree|sax) | urllib/(request|robotparser)
    | tqdm/contrib/ | logging/(handlers|config) | fontTools/(?!__init__|agl|misc/(__init__|loggingTools|textTools)\.)
    | matplotlib/(sankey|animation|_type1font|testing/|sphinxext/)
    | matplotlib/backends/(?!__init__|backend_(svg|agg|mixed)|registry) | mpl_toolkits/axisartist/
    | PIL/(?!(Bmp|Gif|Jpeg|Png|Ppm)ImagePlugin)\w*ImagePlugin | PIL/(Pdf|ImageCms|ImageFont|ImageDraw|ImageOps)
    | packaging/(licenses|metadata|pylock|ranges|specifiers|tags|_ranges) | pyparsing/diagram | .*\.dist-info/
    """, re.VERBOSE)
# Those that seqbook.data reads, and their parents.
LOCALES = {"root", "en", "en_001", "en_GB", "ko", "de", "es", "fi", "pl", "tr"}
# Fonts that Matplotlib looks for: those of text, and of "dejavusans" mathematics with all that it falls back on.
FONTS = re.compile(r"DejaVuSans(-\w+|Display|Mono)? | LastResortHE-Regular | STIX\w+ | cm\w+", re.VERBOSE)
HANGUL = {chr(code) for block in ((0x1100, 0x1200), (0x3130, 0x3190)) for code in range(*block)}


def core(runtime: Runtime) -> dict[str, bytes]:
    """The files of the pack `core` by path: `std/` and `book/`."""
    files = {}
    for name in runtime.library.namelist():
        if top(name) not in FIGURES | WITHOUT | OTHERS and is_used(name):
            files[f"std/{name}"] = runtime.library.read(name)
    # Its words differ from one Python to the next: the page has those that the outputs were computed with.
    files["std/pydoc_data/__init__.py"] = b""
    files["std/pydoc_data/topics.py"] = (Path(sysconfig.get_path("stdlib")) / "pydoc_data/topics.py").read_bytes()
    files |= tree(LIBRARY, "book/seqbook", lambda path: not {"js", "pytorch"} & set(path.parts))
    files |= tree(package("traitlets"), "book/traitlets",
                  lambda path: path.suffix == ".py" and "config" not in path.parts)
    files |= tree(package("babel"), "book/babel",
                  lambda path: path.suffix == ".py" and "messages" not in path.parts
                  or path.suffix == ".dat" and path.stem in LOCALES | {"global"})
    files |= tree(PAGE, "book", lambda path: path.name != "live_figures.py")
    files |= {f"book/statsmodels/datasets/{name}.csv": text for name, text in series().items()}
    files |= {f"book/sklearn/datasets/{name}.raw": pixels for name, pixels in images().items()}
    return files


def figures(runtime: Runtime) -> dict[str, bytes]:
    """The files of the pack `figures` by path, all in `figures/`."""
    files = {}
    for name in runtime.library.namelist():
        if top(name) in FIGURES and is_used(name) and name.endswith((".pyc", "zoneinfo.tar.gz")):    # for dates on axes
            files[f"figures/{name}"] = runtime.library.read(name)
    data = zipfile.ZipFile(io.BytesIO(runtime.library.read("matplotlib/mpl-data.zip")))
    for name in data.namelist():
        short = name.rpartition("mpl-data/")[2]
        if short == "matplotlibrc" or short.endswith(".ttf") and FONTS.fullmatch(Path(short).stem):
            files[f"figures/matplotlib/mpl-data/{short}"] = data.read(name)
    files["figures/koreanize_matplotlib/__init__.py"] = b""
    for path in korean_fonts():
        files[f"figures/koreanize_matplotlib/fonts/{path.name}"] = korean_font(path)
    files["figures/live_figures.py"] = (PAGE / "live_figures.py").read_bytes()
    files["figures/fontlist.json"] = font_list(files)
    return files


def top(name: str) -> str:
    """The module that a file of the library belongs to."""
    return name.partition("/")[0].removesuffix(".pyc")


def is_used(name: str) -> bool:
    """Whether `name` is a file, and one that a page may need."""
    return not name.endswith("/") and not UNUSED.match(name) and "/tests/" not in name


def licences() -> dict[str, bytes]:
    """The licence texts of the packages that are taken from this Python, by file name."""
    texts = {}
    for name in ("babel", "traitlets", "koreanize-matplotlib"):
        for path in metadata.files(name):
            if "dist-info" in str(path) and path.name.startswith("LICENSE"):
                texts[f"{name}.txt"] = path.locate().read_bytes()
    return texts


def packed(files: dict[str, bytes]) -> bytes:
    """A pack of `files`."""
    head = json.dumps([[path, len(data)] for path, data in sorted(files.items())]).encode()
    return b"".join([struct.pack("<I", len(head)), head, *(data for _, data in sorted(files.items()))])


def tree(folder: Path, prefix: str, wanted) -> dict[str, bytes]:
    """The files below `folder` whose path inside it is `wanted`, by their path below `prefix`."""
    found = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {f"{prefix}/{inside.as_posix()}": path.read_bytes() for inside, path in found.items()
            if not {"__pycache__", "tests"} & set(inside.parts) and wanted(inside)}


def package(name: str) -> Path:
    """The folder of an installed package, which is not imported for that."""
    return Path(importlib.util.find_spec(name).origin).parent


def series() -> dict[str, bytes]:
    """The series that the page takes from statsmodels, as text, by name."""
    from seqbook.data import co2, sunspots

    spots, weekly = sunspots(), co2()
    rows = {"sunspots": zip(spots.years.tolist(), spots.counts.tolist()),
            "co2": zip(weekly.weeks.astype(str).tolist(), weekly.ppm.tolist())}
    return {name: "".join(f"{first},{second}\n" for first, second in each).encode() for name, each in rows.items()}


def images() -> dict[str, bytes]:
    """The images that the page takes from scikit-learn, a byte for each number, by name; `digits` ends with the labels.
    """
    from seqbook.data import digits, photograph
    from seqbook.data.photograph import CORNERS

    split = digits()
    parts = [part.images * 16 for part in (split.train, split.test)] + [split.train.labels, split.test.labels]
    found = {"digits": b"".join(part.astype(np.uint8).tobytes() for part in parts)}
    return found | {name: np.rint(photograph(name) * 255).astype(np.uint8).tobytes() for name in CORNERS}


def korean_font(path: Path) -> bytes:
    """The font at `path` with the 2,350 syllables of KS X 1001, single letters and all that is not Hangul or Hanja."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    syllables = {bytes([high, low]).decode("euc-kr") for high in range(0xB0, 0xC9) for low in range(0xA1, 0xFF)}
    options = subset.Options(hinting=False, layout_features=[], name_IDs=["*"], notdef_outline=True)
    target = io.BytesIO()
    with subset.load_font(str(path), options) as font:
        others = {chr(code) for code in font.getBestCmap()
                  if not 0x3400 <= code < 0xD7B0 and not 0xF900 <= code < 0xFB00}
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=[ord(character) for character in syllables | HANGUL | others])
        subsetter.subset(font)
        font.save(target)
    return target.getvalue()


def font_list(files: dict[str, bytes]) -> bytes:
    """What Matplotlib would find out by opening every font in `files`, in the form of its own cache.

    Relative names are below matplotlib/mpl-data. Both Matplotlibs must be of one version, or this is made again there.
    """
    from matplotlib.font_manager import FontManager, get_font, json_dump, ttfFontProperty

    manager = FontManager.__new__(FontManager)
    manager._version, manager.default_size = FontManager.__version__, None
    manager.defaultFamily = {"ttf": "DejaVu Sans", "afm": "Helvetica"}
    manager.afmlist, manager.ttflist = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(name for name in files if "mpl-data" in name and name.endswith(".ttf")):
            path = Path(folder) / Path(name).name
            path.write_bytes(files[name])
            manager.ttflist.append(replace(ttfFontProperty(get_font(path)), fname=name.partition("mpl-data/")[2]))
        target = Path(folder) / "list.json"
        json_dump(manager, target)
        return target.read_bytes()
