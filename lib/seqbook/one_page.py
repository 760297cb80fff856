"""The whole Transformer on one page: an HTML drawing whose boxes lead to the sections that build them."""

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution

from seqbook.language import get_language

# Where each box leads: the chapter, the cell that begins the section, its heading's anchor in the notebook of each
# language, and that on the site, the same in both.
LINKS = {
    "source": ("rnn/encoder-decoder", "read-write", {
        "ko": "다-읽고-나서-쓰기", "en": "read-first-then-write",
        "site": "read-first-then-write"}),
    "before": ("transformer/masking", "guesses", {
        "ko": "창-하나에-예측-여러-개", "en": "one-window-many-guesses",
        "site": "one-window-many-guesses"}),
    "embedding": ("rnn/bptt", "text", {
        "ko": "실제-글에서는-얼마나-잃을까요", "en": "how-much-is-lost-on-real-text",
        "site": "how-much-is-lost-on-real-text"}),
    "positions": ("transformer/position", "sinusoids", {
        "ko": "사인파", "en": "sinusoids",
        "site": "sinusoids"}),
    "norm": ("transformer/block", "norm", {
        "ko": "층-정규화-벡터마다-크기-맞추기", "en": "layernorm-every-vector-brought-to-size",
        "site": "layernorm-every-vector-brought-to-size"}),
    "self": ("transformer/self-attention", "roles", {
        "ko": "검색창-제목-동영상", "en": "search-box-title-video",
        "site": "search-box-title-video"}),
    "heads": ("transformer/multi-head", "large", {
        "ko": "작은-행렬-여덟-개는-큰-행렬-하나", "en": "eight-small-matrices-are-one-large-one",
        "site": "eight-small-matrices-are-one-large-one"}),
    "mask": ("transformer/masking", "mask", {
        "ko": "마스크", "en": "the-mask",
        "site": "the-mask"}),
    "add": ("transformer/block", "residual", {
        "ko": "잔차-연결-더하기만-하는-선", "en": "the-residual-connection-a-line-that-only-adds",
        "site": "the-residual-connection-a-line-that-only-adds"}),
    "ffn": ("transformer/block", "ffn", {
        "ko": "ffn-위치마다-따로-하는-계산", "en": "ffn-what-each-position-computes-alone",
        "site": "ffn-what-each-position-computes-alone"}),
    "place": ("transformer/block", "depth", {
        "ko": "정규화의-자리-앞과-뒤", "en": "the-norms-place-before-or-behind",
        "site": "the-norm-s-place-before-or-behind"}),
    "cross": ("attention/qkv", "decoder", {
        "ko": "디코더의-어텐션을-다시-쓰면", "en": "the-decoders-attention-rewritten",
        "site": "the-decoder-s-attention-rewritten"}),
    "output": ("attention/steps", "four", {
        "ko": "네-단계", "en": "four-steps",
        "site": "four-steps"}),
    "loss": ("transformer/whole", "smoothing", {
        "ko": "2017년의-학습-방법-웜업과-레이블-스무딩", "en": "how-it-was-trained-in-2017-warm-up-and-label-smoothing",
        "site": "how-it-was-trained-in-2017-warm-up-and-label-smoothing"}),
    "cache": ("transformer/whole", "cache", {
        "ko": "다음-한-글자-키밸류-캐시", "en": "one-character-more-the-keyvalue-cache",
        "site": "one-character-more-the-key-value-cache"}),
    "beam": ("transformer/whole", "beam", {
        "ko": "탐욕적으로-쓰기와-빔", "en": "greedy-and-with-a-beam",
        "site": "greedy-and-with-a-beam"}),
}

WORDS = {
    "ko": {"encoder": "인코더", "decoder": "디코더", "block": "블록, $L$번 되풀이", "source": "원문의 토큰",
           "before": "시작과 앞의 토큰", "embedding": "임베딩 · √E", "positions": "+ 위치", "norm": "정규화",
           "self": "셀프 어텐션", "heads": "헤드 N개", "mask": "인과 마스크", "add": "+ 잔차", "ffn": "FFN",
           "last": "마지막 정규화", "cross": "크로스 어텐션", "memory": "기억", "keys": "키와 밸류 ← 기억",
           "output": "출력층, 소프트맥스", "loss": "학습: 손실", "cache": "쓰기: 캐시", "beam": "빔", "weights": "가중치",
           "hidden": "은닉", "name": "트랜스포머 전체의 그림"},
    "en": {"encoder": "Encoder", "decoder": "Decoder", "block": "block, repeated $L$ times", "source": "source tokens",
           "before": "start, tokens before", "embedding": "embedding · √E", "positions": "+ positions", "norm": "norm",
           "self": "self-attention", "heads": "N heads", "mask": "causal mask", "add": "+ residual", "ffn": "FFN",
           "last": "last norm", "cross": "cross-attention", "memory": "memory", "keys": "keys, values ← memory",
           "output": "output layer, softmax", "loss": "to learn: loss", "cache": "to write: cache", "beam": "beam",
           "weights": "weights", "hidden": "hidden", "name": "Drawing of the whole Transformer"},
}
PLACE = {"last": "place"}    # boxes that lead where another does not say by its name

LINE, TEAL, AMBER = "#85898f", "#2a8f8a", "#c77d22"    # seen on white and on black
BOX = (f"display: inline-block; border: 1px solid {LINE}; border-radius: 7px; padding: 2px 7px; margin: 2px; "
       "color: inherit")
FRAME = "border-radius: 10px; padding: 5px 3px; text-align: center"


class Drawing:
    """HTML that a notebook shows."""

    def __init__(self, html: str):
        self.html = html

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return "Drawing(…)"


def draw_transformer() -> Drawing:
    """The encoder–decoder with every shape, in the page's language; each box is a link to its section of the book.

    In Jupyter links lead to the notebooks beside this one, in Colab to the same notebooks there, on the site (which
    takes what `data-site` says) to its pages.
    """
    words = WORDS[get_language()]

    def box(name):
        return f'<a {_link(PLACE.get(name, name))} style="{BOX}">{words[name]}</a>'

    def frame(colour, width, *rows):
        return f'<div style="border: {width}px solid {colour}; {FRAME}">' + "<br>".join(rows) + "</div>"

    def shape(letters, what=""):
        return f'<span style="white-space: nowrap">{words[what] + " " if what else ""}({", ".join(letters)})</span>'

    arrow = '<div style="text-align: center; line-height: 1.1">↓</div>'
    title = '<div style="text-align: center; font-weight: 600">{}</div>'
    label = f'<span style="font-size: .85em">{words["block"].replace("$", "")}</span>'

    def feed(S):
        return f"{box('norm')} → {box('ffn')} → {box('add')}", shape(f"B{S}F", "hidden")

    attention = f"{box('norm')} → {box('self')} {box('heads')}"
    encoder = [
        title.format(words["encoder"]), frame(LINE, 1, box("source"), shape("BS")), arrow,
        frame(LINE, 1, f"{box('embedding')} {box('positions')}", shape("BSE")), arrow,
        frame(TEAL, 2, label, f"{attention} → {box('add')}", shape("BNSS", "weights"), "↓", *feed("S")), arrow,
        frame(AMBER, 2, box("last"), f"{shape('BSE', 'memory')} →"),
    ]
    decoder = [
        title.format(words["decoder"]), frame(LINE, 1, box("before"), shape("BT")), arrow,
        frame(LINE, 1, f"{box('embedding')} {box('positions')}", shape("BTE")), arrow,
        frame(TEAL, 2, label, f"{attention} {box('mask')} → {box('add')}", shape("BNTT", "weights"), "↓",
              f"{box('norm')} → {box('cross')} → {box('add')}",
              f'<span style="border-bottom: 2px solid {AMBER}">{words["keys"]}</span>',
              shape("BNTS", "weights"), "↓", *feed("T")), arrow,
        frame(LINE, 1, f"{box('last')} → {box('output')}", shape("BTV")), arrow,
        frame(LINE, 1, f"{box('loss')} {box('cache')} {box('beam')}"),
    ]
    column = '<div style="flex: 1 1 0; min-width: 0">{}</div>'
    return Drawing(f'<div role="group" aria-label="{words["name"]}" style="display: flex; gap: 10px; max-width: 46em; '
                   f'line-height: 1.5; font-size: .92em">' + column.format("".join(encoder))
                   + column.format("".join(decoder)) + "</div>")


def _link(name: str) -> str:
    """The attributes of the link to a section from the chapter transformer/whole, where this code runs."""
    (page, cell, anchors), language = LINKS[name], get_language()
    beside = page.removeprefix("transformer/") if page.startswith("transformer/") else f"../{page}"
    site = f"{beside}.html#{anchors['site']}"
    if sys.platform == "emscripten":    # Python in the page of the site
        return f'href="{site}"'
    if "google.colab" in sys.modules and (book := _repository()):
        return f'href="{book}/blob/main/chapters/{language}/{page}.ipynb#scrollTo={cell}" target="_blank"'
    return f'href="{beside}.ipynb#{anchors[language]}" data-site="{site}"'


def _repository() -> str:
    """The address in Colab of the repository that this package was installed from, "" where nobody knows."""
    try:
        said = json.loads(distribution("seqbook").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        return ""
    url = said.get("url", "").removesuffix(".git").rstrip("/")
    return url.replace("https://github.com", "https://colab.research.google.com/github") if "github.com" in url else ""
