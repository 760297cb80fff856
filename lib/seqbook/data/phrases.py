"""A phrase book in German, English and Korean, in which the verb moves."""

from itertools import product
from typing import NamedTuple

import numpy as np

from seqbook.data.split import Split, is_held_out


class Phrase(NamedTuple):
    """One sentence in three languages, its words separated by single spaces."""

    german: str
    english: str
    korean: str


class Noun(NamedTuple):
    german: str
    english: str
    korean: str    # with its particle


class Verb(NamedTuple):
    """German: infinitive, after ich, after er, participle; English: plain, after he, past; Korean: before 고, present,
    past, before 것입니다, before 합니다."""

    german: tuple[str, str, str, str]
    english: tuple[str, str, str]
    korean: tuple[str, str, str, str, str]
    objects: tuple[str, ...]    # keys of OBJECTS
    places: tuple[str, ...]     # keys of PLACES


# who, and how the verb goes: "ich", "er" or "wir"
SUBJECTS = {
    "ich": (Noun("ich", "I", "나는"), "ich"),
    "wir": (Noun("wir", "we", "우리는"), "wir"),
    "er": (Noun("er", "he", "그는"), "er"),
    "sie": (Noun("sie", "she", "그녀는"), "er"),
    "kinder": (Noun("die Kinder", "the children", "아이들은"), "wir"),
    "bruder": (Noun("mein Bruder", "my brother", "내 동생은"), "er"),
    "anna": (Noun("Anna", "Anna", "안나는"), "er"),
}
OBJECTS = {noun.german: noun for noun in (
    Noun("ein Bier", "a beer", "맥주를"), Noun("Wasser", "water", "물을"), Noun("einen Kaffee", "a coffee", "커피를"),
    Noun("Milch", "milk", "우유를"), Noun("einen Apfel", "an apple", "사과를"), Noun("Brot", "bread", "빵을"),
    Noun("Fisch", "fish", "생선을"), Noun("eine Suppe", "soup", "국을"), Noun("ein Buch", "a book", "책을"),
    Noun("einen Brief", "a letter", "편지를"), Noun("die Zeitung", "the newspaper", "신문을"),
    Noun("ein Gedicht", "a poem", "시를"), Noun("Blumen", "flowers", "꽃을"), Noun("einen Hut", "a hat", "모자를"),
    Noun("den Schlüssel", "the key", "열쇠를"), Noun("einen Film", "a film", "영화를"),
    Noun("die Sterne", "the stars", "별을"), Noun("Musik", "music", "음악을"), Noun("ein Lied", "a song", "노래를"),
)}
PLACES = {noun.german: noun for noun in (
    Noun("zu Hause", "at home", "집에서"), Noun("im Garten", "in the garden", "정원에서"),
    Noun("in der Stadt", "in town", "시내에서"), Noun("im Zug", "on the train", "기차에서"),
    Noun("am Meer", "by the sea", "바닷가에서"),
)}
TIMES = {noun.german: noun for noun in (
    Noun("heute", "today", "오늘"), Noun("morgen", "tomorrow", "내일"), Noun("gestern", "yesterday", "어제"),
    Noun("jetzt", "now", "지금"), Noun("jeden Tag", "every day", "매일"),
)}
HOME, GARDEN, TOWN, TRAIN, SEA = PLACES
VERBS = {
    "trinken": Verb(("trinken", "trinke", "trinkt", "getrunken"), ("drink", "drinks", "drank"),
                    ("마시고", "마십니다", "마셨습니다", "마실", "마셔야"),
                    ("ein Bier", "Wasser", "einen Kaffee", "Milch"), (HOME, GARDEN, TOWN, TRAIN, SEA)),
    "essen": Verb(("essen", "esse", "isst", "gegessen"), ("eat", "eats", "ate"),
                  ("먹고", "먹습니다", "먹었습니다", "먹을", "먹어야"),
                  ("einen Apfel", "Brot", "Fisch", "eine Suppe"), (HOME, GARDEN, TOWN, TRAIN, SEA)),
    "kochen": Verb(("kochen", "koche", "kocht", "gekocht"), ("cook", "cooks", "cooked"),
                   ("끓이고", "끓입니다", "끓였습니다", "끓일", "끓여야"),
                   ("eine Suppe", "Wasser"), (HOME, GARDEN, SEA)),
    "lesen": Verb(("lesen", "lese", "liest", "gelesen"), ("read", "reads", "read"),
                  ("읽고", "읽습니다", "읽었습니다", "읽을", "읽어야"),
                  ("ein Buch", "einen Brief", "die Zeitung", "ein Gedicht"), (HOME, GARDEN, TOWN, TRAIN, SEA)),
    "schreiben": Verb(("schreiben", "schreibe", "schreibt", "geschrieben"), ("write", "writes", "wrote"),
                      ("쓰고", "씁니다", "썼습니다", "쓸", "써야"),
                      ("ein Buch", "einen Brief", "ein Gedicht", "ein Lied"), (HOME, GARDEN, TRAIN, SEA)),
    "kaufen": Verb(("kaufen", "kaufe", "kauft", "gekauft"), ("buy", "buys", "bought"),
                   ("사고", "삽니다", "샀습니다", "살", "사야"),
                   ("einen Hut", "Blumen", "Brot", "Fisch", "die Zeitung", "ein Buch", "Milch"), (TOWN, TRAIN, SEA)),
    "suchen": Verb(("suchen", "suche", "sucht", "gesucht"), ("look for", "looks for", "looked for"),
                   ("찾고", "찾습니다", "찾았습니다", "찾을", "찾아야"),
                   ("den Schlüssel", "einen Hut", "einen Brief", "ein Buch", "Blumen"), (HOME, GARDEN, TOWN, TRAIN)),
    "sehen": Verb(("sehen", "sehe", "sieht", "gesehen"), ("see", "sees", "saw"),
                  ("보고", "봅니다", "보았습니다", "볼", "보아야"),
                  ("einen Film", "die Sterne", "Blumen"), (HOME, GARDEN, TOWN, SEA)),
    "hören": Verb(("hören", "höre", "hört", "gehört"), ("hear", "hears", "heard"),
                  ("듣고", "듣습니다", "들었습니다", "들을", "들어야"),
                  ("Musik", "ein Lied"), (HOME, GARDEN, TOWN, TRAIN, SEA)),
}
FORM = {"ich": 1, "er": 2, "wir": 0}    # which of a verb's German forms follows whom
HELPERS = {    # German: after ich, er, wir; English the same
    "möchte": (("möchte", "möchte", "möchten"), ("would like to",) * 3),
    "muss": (("muss", "muss", "müssen"), ("have to", "has to", "have to")),
    "werde": (("werde", "wird", "werden"), ("will",) * 3),
    "habe": (("habe", "hat", "haben"), ("",) * 3),
}
MOODS = {"present": ("jeden Tag",), "möchte": ("heute", "jetzt", "morgen"), "muss": ("heute", "jetzt", "morgen"),
         "werde": ("heute", "morgen"), "habe": ("gestern", "heute")}    # and the times that go with them
EXAMPLE = ("ich", "möchte", "trinken", "ein Bier")    # of the lecture notes


def phrases(train: int = 8_000, test: int = 1_000, seed: int = 0) -> Split:
    """Sentences as (German, English, Korean), `train` and `test` of them, such as

        ("Ich möchte ein Bier trinken", "I would like to drink a beer", "나는 맥주를 마시고 싶습니다")

    Generated from about 50 words and their forms, which were written for this book and are under the MIT License as its
    code is: nobody else's data, no package, no network. Seven subjects, five moods (present, "would like to", "have
    to", "will", past), nine verbs with their objects, with or without a time and a place; the time also comes first.
    German keeps the verb for the end, English says place and time last, Korean puts the verb after everything else and
    lets its ending follow the subject ("… 싶습니다", "그는 … 싶어 합니다"). "habe getrunken" is "drank", "마셨습니다": one word
    for two, and "suchen" is "look for".

    All sentences are different. Who does what to what in which mood is held out in one case of ten, in all languages
    and with every time and place: it occurs only in `test`. The example above is the first of them. Asking for fewer
    gives the first sentences of the same sequence; another `seed` draws others.
    """
    made = {"train": [], "test": []}
    for core in cores():
        held_out = core == EXAMPLE or is_held_out(sentence(*core).english)    # "I read a letter" is in two moods
        made["test" if held_out else "train"] += settings(core)
    parts = []
    for stream, (name, size) in enumerate({"train": train, "test": test}.items()):
        if not 0 <= size <= len(made[name]):
            raise ValueError(f"{name} must lie in 0 … {len(made[name])}, got {size}")
        drawn = [made[name][n] for n in np.random.default_rng([seed, stream]).permutation(len(made[name]))]
        if name == "test":
            drawn.sort(key=lambda setting: setting != (*EXAMPLE, None, False, None))    # stable: the example first
        parts.append([sentence(*setting) for setting in drawn[:size]])
    return Split(*parts)


def cores() -> list[tuple[str, str, str, str]]:
    """Who does what to what in which mood, every (subject, mood, verb, object), by their keys."""
    return [(subject, mood, verb, thing) for subject, mood, verb in product(SUBJECTS, MOODS, VERBS)
            for thing in VERBS[verb].objects]


def settings(core) -> list[tuple]:
    """The arguments of `sentence` for a core: with every time, in both places of it, and every place, or without."""
    times = [(None, False)] + [(time, first) for time in MOODS[core[1]] for first in (False, True)]
    return [(*core, *time, place) for time in times for place in (None, *VERBS[core[2]].places)]


def sentence(subject: str, mood: str, verb: str, thing: str, time: str | None = None, time_first: bool = False,
             place: str | None = None) -> Phrase:
    """The sentence in three languages; arguments are keys of SUBJECTS, MOODS, VERBS, OBJECTS, TIMES and PLACES."""
    (who, person), verb, what = SUBJECTS[subject], VERBS[verb], OBJECTS[thing]
    nothing = Noun("", "", "")
    when, where = TIMES.get(time, nothing), PLACES.get(place, nothing)
    first, later = (when, nothing) if time_first else (nothing, when)
    n = ("ich", "er", "wir").index(person)
    if mood == "present":
        finite, last = verb.german[FORM[person]], ""
        english = verb.english[person == "er"]
    else:
        german_helpers, english_helpers = HELPERS[mood]
        finite, last = german_helpers[n], verb.german[3 if mood == "habe" else 0]
        english = f"{english_helpers[n]} {verb.english[2 if mood == 'habe' else 0]}"
    before, present, past, future, necessary = verb.korean
    korean = {"present": present, "habe": past, "werde": f"{future} 것입니다", "muss": f"{necessary} 합니다",
              "möchte": f"{before} {'싶습니다' if subject in ('ich', 'wir') else '싶어 합니다'}"}[mood]
    if time_first:    # the finite verb stays second
        german = [first.german, finite, who.german, where.german, what.german, last]
    else:
        german = [who.german, finite, later.german, where.german, what.german, last]
    return Phrase(spoken(german),
                  spoken([first.english, who.english, english, what.english, where.english, later.english]),
                  spoken([first.korean, who.korean, later.korean, where.korean, what.korean, korean]))


def spoken(parts: list[str]) -> str:
    """The parts that there are, with a capital letter at the beginning and no full stop."""
    text = " ".join(" ".join(parts).split())
    return text[0].upper() + text[1:]
