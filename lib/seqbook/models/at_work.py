"""Four networks at work beside honest baselines, each tuned on a validation split (chapter rnn/examples).

    python -m seqbook.models.at_work           # trains all anew (some eight CPU minutes), writes at_work.json
    python -m seqbook.models.at_work names     # one of the four: names, languages, capitals, co2

The chapter writes out the four programs and trains each once; the table has five seeds of every setting. No model,
network or baseline, learns from validation or test; a setting is chosen by the validation's mean over the seeds.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqbook.data import batches, co2, documentation, names_by_language, pad, places, spelled
from seqbook.data.languages import LANGUAGES
from seqbook.data.places import MARKS
from seqbook.data.split import is_held_out
from seqbook.models.baselines import Counts, letters_around, letters_before
from seqbook.models.files import versions
from seqbook.scratch import (
    MSE, RNN, Adam, Bidirectional, CrossEntropy, Embedding, Linear, SequenceModel, fit, sample,
)
from seqbook.scratch.losses import loss_and_gradient

TABLE = Path(__file__).with_suffix(".json")
SEEDS = range(5)
IGNORED = CrossEntropy().ignore_index


def at_work() -> dict:
    """The stored table: for "names", "languages", "capitals" and "co2" the rivals' and the networks' scores.

    `table[task]["baselines"][name][setting]` is [validation, test], `table[task]["networks"][name][setting][seed]`
    likewise, with what else a run measures after them; `table[task]["parameters"][name]` counts a network's numbers.
    A setting says its numbers: "lr=0.005 dropout=0.5".
    """
    return json.loads(TABLE.read_text(encoding="utf-8"))


BEST = {"names": min, "languages": max, "capitals": max, "co2": min}    # of two scores: a loss, an error; a share, F1


class Verdict(NamedTuple):
    """Each rival and each network in the setting that validation chose, its test scores, and how many networks won."""

    rivals: dict      # name → (setting, score)
    networks: dict    # name → (setting, scores (5,))
    best: float       # the best rival's score
    won: dict         # name → seeds whose network is better than every rival

    def __repr__(self):
        return f"<Verdict: {self.won}>"


def verdict(task: str) -> Verdict:
    """What the stored table says of a task: "names", "languages", "capitals" or "co2"."""
    found, best = at_work()[task], BEST[task]
    rivals, networks = {}, {}
    for name, runs in found["baselines"].items():
        setting = best(runs, key=lambda each: runs[each][0])
        rivals[name] = setting, runs[setting][1]
    for name, runs in found["networks"].items():
        setting = best(runs, key=lambda each: np.mean([seed[0] for seed in runs[each]]))
        networks[name] = setting, np.array([seed[1] for seed in runs[setting]])
    top = best(score for _, score in rivals.values())
    won = {name: sum(best(score, top) == score != top for score in scores.tolist())
           for name, (_, scores) in networks.items()}
    return Verdict(rivals, networks, top, won)


def train(loss_and_grads, model, make_batches, *, lr, epochs, steps) -> None:
    """Adam with a rate that falls to 0 along a straight line, gradients clipped to norm 1."""
    fit(loss_and_grads, Adam(model.params, lr), make_batches, epochs=epochs, clip=1.0, progress=False,
        schedule=lambda n: lr * (1 - n / steps))


# --- Names that are generated ----------------------------------------------------------------------------------------

class Names:
    """Place names as spelled strings in three parts, and the numbering of their letters."""

    def __init__(self):
        split = places()
        train = [spelled(pair) for pair in split.train]
        self.learn = [name for name in train if not is_held_out("validation " + name)]
        self.valid = [name for name in train if is_held_out("validation " + name)]
        self.test = [spelled(pair) for pair in split.test]
        self.letters = sorted(set("".join(train)))    # the end "\n" is the first
        self.ids = {letter: n for n, letter in enumerate(self.letters)}

    def encode(self, name: str) -> np.ndarray:
        return np.array([self.ids[letter] for letter in name])


def name_writer(data: Names, seed, *, lr, dropout, H=128, epochs=15) -> SequenceModel:
    """A network that writes a place's name after the mark of a language."""
    rng, V = np.random.default_rng(seed), len(data.letters)
    model = SequenceModel(Embedding(V, 32, rng=rng), RNN(32, H, rng=rng), Linear(H, V, rng=rng), dropout=dropout)
    step = model.training_step(CrossEntropy(), rng)

    def loss_and_grads(batch):
        (x, lengths), (y, _) = batch
        return step(x, y, lengths=lengths)[:2]

    ids = [data.encode(name) for name in data.learn]
    inputs, targets = [each[:-1] for each in ids], [each[1:] for each in ids]
    train(loss_and_grads, model, lambda _: batches(inputs, targets, batch_size=32, rng=rng, fill=(0, IGNORED)),
          lr=lr, epochs=epochs, steps=epochs * -(-len(ids) // 32))
    return model


def of_language(names, language) -> list[str]:
    """Those of the spelled names that are written in `language`."""
    return [name for name in names if name[0] == MARKS[language]]


def network_loss(model, data, names) -> float:
    """Nats a letter, the end counted, of spelled names."""
    x, lengths = pad([data.encode(name)[:-1] for name in names])
    y, _ = pad([data.encode(name)[1:] for name in names], IGNORED)
    (outputs, _), _ = model.forward(x, lengths=lengths)
    return float(CrossEntropy().forward(outputs, y)[0])


DISCOUNT = 0.85    # of Kneser and Ney's counts: the best on validation of 0.75, 0.85 and 0.95


def marked_contexts(name, t, order) -> list[str]:
    """`letters_before`, each with the mark of the language in front: every language is counted by itself."""
    return [name[0] + each for each in letters_before(name, t, order)]


def counting_names(data, order, discount=None) -> Counts:
    """The n-gram model of `order`."""
    model = Counts(data.letters, discount)
    for name in data.learn:
        for t in range(1, len(name)):
            model.add(marked_contexts(name, t, order), name[t])
    return model


def counting_loss(model, order, names) -> float:
    """Nats a letter of spelled names under an n-gram model."""
    losses = [-np.log(model.p(marked_contexts(name, t, order))[model.numbers[name[t]]])
              for name in names for t in range(1, len(name))]
    return float(np.mean(losses))


def drawn_names(model, data, language, count, rng, temperature=1.0) -> list[str]:
    """Names from a network, spelled."""
    first = np.full(count, data.ids[MARKS[language]])
    found = sample(model.step, None, first, end=0, max_length=60, rng=rng, temperature=temperature)
    return [MARKS[language] + "".join(data.letters[i] for i in ids[:n]) for ids, n in zip(found.ids, found.lengths)]


def counted_names(model, order, language, count, rng, temperature=1.0) -> list[str]:
    """Names from an n-gram model, spelled."""
    found = []
    for _ in range(count):
        name = MARKS[language]
        while len(name) < 61 and name[-1] != "\n":
            p = model.p(marked_contexts(name, len(name), order)) ** (1 / temperature)
            name += model.outcomes[rng.choice(len(p), p=p / p.sum())]
        found.append(name)
    return found


def copies(drawn, data) -> float:
    """The share of drawn names that stand among those learned from."""
    known = set(data.learn)
    return float(np.mean([name in known for name in drawn]))


ORDERS = range(1, 8)
DRAWS = 500    # names a language, at temperature 1, whose copies are counted


def names_table() -> dict:
    data, baselines, networks = Names(), defaultdict(dict), {}
    by_language = [of_language(data.test, language) for language in MARKS]
    for rival, discount in (("counts", None), ("Kneser-Ney", DISCOUNT)):
        for order in ORDERS:
            model = counting_names(data, order, discount)
            drawn = [counted_names(model, order, language, DRAWS, np.random.default_rng(9)) for language in MARKS]
            losses = [counting_loss(model, order, names) for names in (data.valid, data.test, *by_language)]
            baselines[rival][f"order={order}"] = losses + [copies(each, data) for each in drawn]
    for lr in (0.0025, 0.005, 0.01):
        for dropout in (0.0, 0.5):
            networks[f"lr={lr} dropout={dropout}"] = runs = []
            for seed in SEEDS:
                model = name_writer(data, seed, lr=lr, dropout=dropout)
                drawn = [drawn_names(model, data, language, DRAWS, np.random.default_rng(9)) for language in MARKS]
                runs.append([network_loss(model, data, names) for names in (data.valid, data.test, *by_language)]
                            + [copies(each, data) for each in drawn])
    return {"baselines": dict(baselines), "networks": {"RNN": networks}, "parameters": {"RNN": size(model)}}


# --- Names classified by language ------------------------------------------------------------------------------------

class Tongues:
    """Names with a space before and after, in three parts, their languages as numbers, and the letters' numbering."""

    def __init__(self):
        split = names_by_language()
        pairs = lambda part: [(f" {each.name} ", LANGUAGES.index(each.language)) for each in part]
        put_aside = lambda each: is_held_out("validation " + each.thing)
        self.learn = pairs(each for each in split.train if not put_aside(each))
        self.valid = pairs(each for each in split.train if put_aside(each))
        self.test = pairs(split.test)
        self.letters = ["?", *sorted({letter for name, _ in self.learn for letter in name})]    # 0: unknown
        self.ids = {letter: n for n, letter in enumerate(self.letters)}

    def encode(self, name: str) -> np.ndarray:
        return np.array([self.ids.get(letter, 0) for letter in name])


def language_reader(data: Tongues, seed, *, lr, dropout, H=128, epochs=20) -> SequenceModel:
    """A network that says at the end of a name which language it was."""
    rng, V = np.random.default_rng(seed), len(data.letters)
    model = SequenceModel(Embedding(V, 24, rng=rng), RNN(24, H, rng=rng), Linear(H, len(LANGUAGES), rng=rng),
                          dropout=dropout)
    step = model.training_step(CrossEntropy(), rng)

    def loss_and_grads(batch):
        (x, lengths), language = batch
        at_the_end = np.arange(x.shape[1]) == lengths[:, None] - 1
        return step(x, np.where(at_the_end, language[:, None], IGNORED), lengths=lengths)[:2]

    ids, answers = [data.encode(name) for name, _ in data.learn], np.array([number for _, number in data.learn])
    train(loss_and_grads, model, lambda _: batches(ids, answers, batch_size=32, rng=rng),
          lr=lr, epochs=epochs, steps=epochs * -(-len(ids) // 32))
    return model


def reader_accuracy(model, data, pairs) -> float:
    """The share of names whose language has the largest output after the last letter."""
    x, lengths = pad([data.encode(name) for name, _ in pairs])
    (outputs, _), _ = model.forward(x, lengths=lengths)
    guesses = outputs[np.arange(len(x)), lengths - 1].argmax(axis=1)
    return float(np.mean(guesses == [number for _, number in pairs]))


def counting_languages(data, order) -> list[Counts]:
    """An n-gram model for each language: naive Bayes on letters, with equal priors."""
    models = [Counts(data.letters) for _ in LANGUAGES]
    for name, number in data.learn:
        for t in range(1, len(name)):
            models[number].add(letters_before(name, t, order), name[t])
    return models


def counting_guess(models, order, name) -> int:
    """The language under which the name's letters are likeliest, all languages being equally likely beforehand."""
    scores = [sum(np.log(model.p(letters_before(name, t, order))[model.numbers.get(name[t], 0)])
                  for t in range(1, len(name))) for model in models]
    return int(np.argmax(scores))


def languages_table() -> dict:
    data, baselines, networks = Tongues(), {}, {}
    for order in ORDERS:
        models = counting_languages(data, order)
        right = lambda pairs: np.mean([counting_guess(models, order, name) == number for name, number in pairs])
        baselines[f"order={order}"] = [right(data.valid), right(data.test)]
    for lr in (0.001, 0.002, 0.004):
        networks[f"lr={lr} dropout=0.5"] = runs = []
        for seed in SEEDS:
            model = language_reader(data, seed, lr=lr, dropout=0.5)
            runs.append([reader_accuracy(model, data, pairs) for pairs in (data.valid, data.test)])
    most = Counter(number for _, number in data.learn).most_common(1)[0][0]
    commonest = [np.mean([number == most for _, number in pairs]) for pairs in (data.valid, data.test)]
    return {"baselines": {"counts": baselines, "commonest": {"": commonest}}, "networks": {"RNN": networks},
            "parameters": {"RNN": size(model)}}


# --- Letters tagged: which of them were capital? ---------------------------------------------------------------------

class Capitals:
    """Python's documentation in lower case, in three parts, each (text, capital (T,) bool), and the numbering."""

    def __init__(self):
        text = documentation()
        cut = text.train.rindex("\n\n", 0, len(text.train) * 9 // 10)    # validation: the last tenth to learn from
        self.learn, self.valid, self.test = map(without_capitals, (text.train[:cut], text.train[cut:], text.test))
        self.letters = ["?", *sorted(set(self.learn[0]))]                # 0: unknown
        self.ids = {letter: n for n, letter in enumerate(self.letters)}

    def encode(self, text: str) -> np.ndarray:
        return np.array([self.ids.get(letter, 0) for letter in text])


def without_capitals(text: str) -> tuple[str, np.ndarray]:
    """The text in lower case, and for each character whether it was a capital letter."""
    capital = np.array([character.isupper() and len(character.lower()) == 1 for character in text])
    return "".join(c.lower() if was else c for c, was in zip(text, capital)), capital


def f1(truth, guess) -> float:
    """2 right / (wanted + guessed): the harmonic mean of precision and recall."""
    return float(2 * (truth & guess).sum() / max(1, truth.sum() + guess.sum()))


def capitaliser(data: Capitals, seed, *, lr, H=64, epochs=8, T=64, both=True) -> SequenceModel:
    """A network that says of each letter whether it was a capital; `both`: read from both ends."""
    rng, V = np.random.default_rng(seed), len(data.letters)
    recurrent = Bidirectional(RNN(16, H, rng=rng), RNN(16, H, rng=rng)) if both else RNN(16, H, rng=rng)
    model = SequenceModel(Embedding(V, 16, rng=rng), recurrent, Linear(recurrent.output_size, 2, rng=rng))
    step = model.training_step(CrossEntropy())
    text, capital = data.learn
    end = len(text) // T * T
    x, y = data.encode(text)[:end].reshape(-1, T), capital[:end].astype(int).reshape(-1, T)
    train(lambda batch: step(*batch)[:2], model, lambda _: batches(x, y, batch_size=32, rng=rng),
          lr=lr, epochs=epochs, steps=epochs * -(-len(x) // 32))
    return model


def capitaliser_f1(model, data, part) -> float:
    """F1 of the letters found to be capital, the text read in one piece."""
    text, capital = part
    (outputs, _), _ = model.forward(data.encode(text)[None])
    return f1(capital, outputs[0, :, 1] > outputs[0, :, 0])


def counting_capitals(data, radius) -> Counts:
    """Counts of capitals after the letter and its neighbours up to `radius`."""
    model, (text, capital) = Counts((False, True)), data.learn
    for t, was in enumerate(capital.tolist()):
        model.add(letters_around(text, t, radius), was)
    return model


def counting_f1(model, radius, part) -> float:
    text, capital = part
    guess = [model.p(letters_around(text, t, radius))[1] > 0.5 for t in range(len(text))]
    return f1(capital, np.array(guess))


WORD = re.compile(r"[a-z_]+")
SENTENCE = re.compile(r"(?:^|[.!?:]\s+|\n\n\s*)$")


def spelling_list(data) -> dict:
    """Each word's commonest spelling as tags: "python" → (True, False, …)."""
    seen, (text, capital) = defaultdict(Counter), data.learn
    for word in WORD.finditer(text):
        seen[word[0]][tuple(capital[word.start():word.end()].tolist())] += 1
    return {word: spellings.most_common(1)[0][0] for word, spellings in seen.items()}


def listed_f1(spellings, part) -> float:
    """F1 of the list of spellings, with a capital where a sentence begins."""
    text, capital = part
    guess = np.zeros(len(text), bool)
    for word in WORD.finditer(text):
        start, end = word.span()
        guess[start:end] = spellings.get(word[0], (False,) * (end - start))
        guess[start] |= bool(SENTENCE.search(text[max(0, start - 8):start]))
    return f1(capital, guess)


RADII = range(6)


def capitals_table() -> dict:
    data, baselines, networks = Capitals(), {}, defaultdict(dict)
    for radius in RADII:
        model = counting_capitals(data, radius)
        baselines[f"radius={radius}"] = [counting_f1(model, radius, part) for part in (data.valid, data.test)]
    sizes, spellings = {}, spelling_list(data)
    listed = [listed_f1(spellings, part) for part in (data.valid, data.test)]
    for name, H, both in (("both ways", 64, True), ("forward", 98, False)):
        for lr in (0.004, 0.008, 0.016):
            networks[name][f"lr={lr}"] = runs = []
            for seed in SEEDS:
                model = capitaliser(data, seed, lr=lr, H=H, both=both)
                runs.append([capitaliser_f1(model, data, part) for part in (data.valid, data.test)])
        sizes[name] = size(model)
    return {"baselines": {"counts": baselines, "list": {"": listed}}, "networks": dict(networks), "parameters": sizes}


# --- A series that is forecast ---------------------------------------------------------------------------------------

AHEAD = 13                        # weeks: a quarter of a year
READ = 104                        # weeks that the network reads
TEST, VALID = 8 * 52, 5 * 52      # weeks


class Air:
    """CO₂ in ppm, gaps of each part filled in that part, and the weeks from which each part's forecasts are made.

    `origins[part]` are the weeks t whose forecast ŷ(t + AHEAD) is judged in that part.
    """

    def __init__(self):
        split = co2().split(TEST)
        self.y = np.concatenate([split.train.filled().ppm, split.test.filled().ppm])
        T = len(self.y)
        ends = [T - TEST - VALID, T - TEST, T]
        first, second, third = (end - AHEAD for end in ends)
        self.origins = {"learn": np.arange(2 * READ, first), "valid": np.arange(first, second),
                        "test": np.arange(second, third)}
        self.end = ends[0]        # the first week that is not learned from

    def rmse(self, forecast, part) -> float:
        """Root mean squared error, in ppm, of forecast(t (N,)) → (N,)."""
        t = self.origins[part]
        return float(np.sqrt(np.mean((forecast(t) - self.y[t + AHEAD]) ** 2)))


def season_and_trend(air) -> np.ndarray:
    """A parabola and three harmonics of a year, fitted to the weeks to learn from: (T,), for all weeks."""
    t, year = np.arange(len(air.y)), 365.2425 / 7
    columns = [(t / 1000) ** power for power in range(3)]
    columns += [wave(2 * np.pi * k * t / year) for k in (1, 2, 3) for wave in (np.sin, np.cos)]
    X = np.stack(columns, axis=1)
    return X @ np.linalg.lstsq(X[:air.end], air.y[:air.end], rcond=None)[0]


def autoregression(air, order):
    """The forecast of a linear function of the last `order` weekly changes, by least squares."""
    def changes(t):
        return np.stack([air.y[t - k] - air.y[t - k - 1] for k in range(order)] + [np.ones(len(t))], axis=1)
    t = air.origins["learn"]
    weights = np.linalg.lstsq(changes(t), air.y[t + AHEAD] - air.y[t], rcond=None)[0]
    return lambda t: air.y[t] + changes(t) @ weights


def simple_forecasts(air) -> dict:
    """What needs no tuning: name → forecast(t)."""
    y, curve = air.y, season_and_trend(air)
    return {
        "last value": lambda t: y[t],
        "same week last year": lambda t: y[t + AHEAD - 52],
        "last year and its growth": lambda t: y[t + AHEAD - 52] + y[t] - y[t - 52],
        "season and trend": lambda t: curve[t + AHEAD] + y[t] - curve[t],
    }


def forecaster(air: Air, seed, *, lr, H, steps=1500):
    """A network that reads `READ` weekly changes; its forecast(t)."""
    rng, change = np.random.default_rng(seed), np.diff(air.y, prepend=air.y[0])
    mean, scale = change[:air.end].mean(), change[:air.end].std()    # of the weeks to learn from, and no others
    wanted = np.zeros_like(air.y)
    wanted[:-AHEAD] = air.y[AHEAD:] - air.y[:-AHEAD]
    spread = wanted[:air.end - AHEAD].std()
    model = SequenceModel(None, RNN(1, H, rng=rng), Linear(H, 1, rng=rng))

    def window(series, t):
        return series[t[:, None] + np.arange(1 - READ, 1)][..., None].astype(np.float32)    # (N, READ, 1)

    def read(t):
        return model.forward(window((change - mean) / scale, t))

    def loss_and_grads(t):
        (outputs, _), cache = read(t)
        doutputs = np.zeros_like(outputs)    # a loss at each of the last 52 weeks; before, there is too little to go by
        loss, doutputs[:, -52:] = loss_and_gradient(MSE(), outputs[:, -52:], window(wanted / spread, t)[:, -52:])
        return loss, model.backward((doutputs, None), cache)[1]

    drawn = [rng.choice(air.origins["learn"], 32) for _ in range(steps)]
    train(loss_and_grads, model, drawn, lr=lr, epochs=1, steps=steps)
    forecast = lambda t: air.y[t] + spread * read(t)[0][0][:, -1, 0]
    forecast.model = model
    return forecast


AR_ORDERS = (1, 4, 13, 26, 52, 78, 104, 130)


def co2_table() -> dict:
    air, networks = Air(), defaultdict(dict)
    both = lambda forecast: [air.rmse(forecast, part) for part in ("valid", "test")]
    for H in (16, 32):
        for lr in (0.003, 0.01):
            networks["RNN"][f"lr={lr} H={H}"] = [both(forecaster(air, seed, lr=lr, H=H)) for seed in SEEDS]
    simple = {name: {"": both(forecast)} for name, forecast in simple_forecasts(air).items()}
    regression = {f"order={order}": both(autoregression(air, order)) for order in AR_ORDERS}
    return {"baselines": {**simple, "autoregression": regression}, "networks": dict(networks),
            "parameters": {"RNN": size(forecaster(air, 0, lr=0.003, H=32, steps=1).model)}}    # with the H chosen


# --- The table --------------------------------------------------------------------------------------------------------

def size(model) -> int:
    """How many numbers a network learns."""
    return sum(array.size for array in model.params.values())


TABLES = {"names": names_table, "languages": languages_table, "capitals": capitals_table, "co2": co2_table}


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    return [rounded(part) for part in value] if isinstance(value, list) else value if isinstance(value, int) else \
        round(float(value), 4)


def written(value, depth=1) -> str:
    """JSON with one line for each setting."""
    if not isinstance(value, dict) or depth > 5:
        return json.dumps(value)
    inside = ",\n".join(f"{' ' * depth}{json.dumps(key)}: {written(part, depth + 1)}" for key, part in value.items())
    return f"{{\n{inside}\n{' ' * (depth - 1)}}}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m seqbook.models.at_work", description="Make the table anew.")
    parser.add_argument("tasks", nargs="*", metavar="task", help=f"{', '.join(TABLES)}; all if none is given")
    tasks = parser.parse_args().tasks or list(TABLES)
    if unknown := [task for task in tasks if task not in TABLES]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(TABLES)}")
    for task in tasks:
        found = rounded(TABLES[task]())
        write({**(at_work() if TABLE.exists() else {}), task: found})
        print(task, json.dumps(found), flush=True)


def write(table: dict) -> None:
    """The table as JSON, the tasks in their order."""
    ordered = {task: table[task] for task in TABLES if task in table}
    ordered["versions"] = versions("numpy", "babel")
    TABLE.write_text(written(ordered) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
