"""How much room a page keeps for a widget until it is drawn, so that nothing below it moves.

A large widget is as high as its kind is, about; a question grows with the lines of its words.
"""

from press.choices import HANGUL

NARROW, WIDE = 390, 768            # CSS pixels: widths of windows between which a widget's height goes down
HEIGHTS = {"unfolding": (1040, 756), "gradient_flow": (1970, 1090), "gate_laboratory": (2870, 1970),
           "cones": (1083, 822), "stepper": (1843, 1466), "name_generator": (973, 575),
           "attention_map": (2165, 1410), "mask_laboratory": (1795, 1052), "positions": (1410, 945),
           "digit_vit": (2570, 1500), "scan": (1235, 950)}
LAYERS = (390, 305)                # what the map of several layers adds to the gradient flow
TRANSFORMER = (77, 25)             # what the Transformer's choice of a norm and its words add to it
# What longer sources than the phrase book's add to the attention map, and what the gradients add.
SOURCES = {"phrases-ko": (-95, 17), "dates": (330, 300), "names": (170, 140)}
GRADIENTS = {"phrases-en": (456, 252), "phrases-ko": (470, 182), "dates": (325, 70), "names": (485, 230)}
# The attention map of the Transformer, and what its places other than "cross" add to that.
TRANSFORMERS = {"phrases-en": (2393, 1458), "phrases-ko": (2292, 1436), "dates": (2640, 1736), "names": (2508, 1580)}
ENCODERS = (-60, -10)
DECODERS = {"phrases-en": (13, 0), "phrases-ko": (-32, -56), "dates": (-277, -252), "names": (-184, -160)}
HANGUL_EM, SPACE_EM, LETTER_EM = 0.864, 0.25, 0.53    # Pretendard's, semi-bold
# Of a question, in a narrow and in a wide window: em of a line of it, and of a line of an answer.
LINES = ((19.2, 17.4), (42.1, 42.6))
HINT = {"ko": 30, "en": 51}        # pixels: what stands beside the button, in a narrow window below it
SLIDER, CHOICE, QUESTION, ANSWER, ANSWER_LINE = 220, 125, 24, 51, 22.5


def room(kind: str, state: dict) -> tuple[int, int]:
    """Pixels that a widget needs in a narrow and in a wide window; 0 where nobody knows."""
    if kind == "gradient_flow":
        more = [LAYERS if state.get("depth", 1) > 1 else (0, 0)]
        more += [TRANSFORMER if state.get("model") == "transformer" else (0, 0)]
        return tuple(map(sum, zip(HEIGHTS[kind], *more, strict=True)))
    if kind == "attention_map" and state.get("architecture") == "transformer":
        more = {"encoder": ENCODERS, "decoder": DECODERS[state["model"]], "cross": (0, 0)}[state["place"]]
        return tuple(map(sum, zip(TRANSFORMERS[state["model"]], more, strict=True)))
    if kind == "attention_map":
        more = [SOURCES.get(state["model"], (0, 0)), GRADIENTS[state["model"]] if state["backward"] else (0, 0)]
        return tuple(map(sum, zip(HEIGHTS[kind], *more, strict=True)))
    if kind != "predict":
        return HEIGHTS.get(kind, (0, 0))
    heights = []
    for (question, answer), hint in zip(LINES, (HINT.get(state["lang"], 0), 0), strict=True):
        height = hint + QUESTION * lines(state["question"], question)
        height += CHOICE if state["answers"] else SLIDER
        height += sum(ANSWER + ANSWER_LINE * (lines(each, answer) - 1) for each in state["answers"])
        heights.append(round(height))
    return heights[0], heights[1]


def style(kind: str, state: dict) -> str:
    """The room as what the style sheet asks for."""
    narrow, wide = room(kind, state)
    return f"--narrow:{narrow}px;--wide:{wide}px;--slope:{max(0, narrow - wide) / (WIDE - NARROW):.2f}" if wide else ""


def lines(text: str, width: float) -> int:
    """Into how many lines of `width` em a text is broken, between words."""
    count = 0
    for paragraph in text.split("\n"):
        count, taken = count + 1, 0.0
        for word in paragraph.split():
            size = sum(HANGUL_EM if HANGUL.match(each) else LETTER_EM for each in word)
            if taken and taken + SPACE_EM + size > width:
                count, taken = count + 1, size
            else:
                taken += size + (SPACE_EM if taken else 0)
    return count
