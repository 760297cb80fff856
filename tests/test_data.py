"""The loaders: what they promise of source, split and form, on the real data."""

import datetime
import re
import subprocess
import sys

import unicodedata

import numpy as np
import pytest

from seqbook import data
from seqbook.data.dates import DAYS, FIRST_DAY, LOCALES, date_patterns, is_whole_date
from seqbook.data.documentation import HELD_OUT
from seqbook.data.phrases import cores, sentence, settings
from seqbook.data.spacing import runs_of_words
from seqbook.data.split import require
from seqbook.data.vocabulary import composed

LANGUAGES = ("ko", "en", "de", "all")
KINDS = ("cities", "territories", "languages", "all")


# --- dates ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_have_the_sizes_asked_for_and_no_text_twice(language):
    split = data.dates(language, train=3000, test=400)
    texts = [text for text, _ in split.train + split.test]
    assert (len(split.train), len(split.test)) == (3000, 400)
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_day_of_the_test_occurs_in_training(language):
    split = data.dates(language, train=6000, test=2000)
    assert not {iso for _, iso in split.train} & {iso for _, iso in split.test}


def test_a_held_out_day_is_held_out_in_every_language_and_for_every_seed():
    splits = [data.dates(language, train=4000, test=1500, seed=seed) for language in LANGUAGES for seed in (0, 1)]
    trained = {iso for split in splits for _, iso in split.train}
    tested = {iso for split in splits for _, iso in split.test}
    assert not trained & tested


def test_targets_are_iso_dates_of_the_century():
    for _, iso in data.dates("all", train=2000, test=200).train:
        assert "1950-01-01" <= datetime.date.fromisoformat(iso).isoformat() == iso <= "2049-12-31"


def test_the_days_cover_exactly_the_century():
    last = FIRST_DAY + datetime.timedelta(days=DAYS - 1)
    assert (FIRST_DAY.isoformat()[:10], last.isoformat()[:10]) == ("1950-01-01", "2049-12-31")


MONTHS = {name: month for month, names in enumerate([
    ("January", "Januar", "Jan"), ("February", "Februar", "Feb"), ("March", "März", "Mar"), ("April", "Apr"),
    ("May", "Mai"), ("June", "Juni", "Jun"), ("July", "Juli", "Jul"), ("August", "Aug"),
    ("September", "Sept", "Sep"), ("October", "Oktober", "Oct", "Okt"), ("November", "Nov"),
    ("December", "Dezember", "Dec", "Dez")], start=1) for name in names}


def read_date(text: str) -> str:
    """Read a date as a person would who knows the three languages and the rules of the docstring, without Babel."""
    numbers = [int(number) for number in re.findall(r"\d+", re.split(r"\d+:|\d+시", text)[0])]
    month = next((MONTHS[word] for word in re.findall(r"[A-Za-zä]+", text) if word in MONTHS), None)
    if re.search(r"년|\d\. |AD \d+/", text) and month is None:
        year, month, day = numbers[:3]          # Korean: from the greatest to the smallest
    elif "/" in text:
        month, day, year = numbers[:3]          # American
    elif re.search(r"\d+\.\d+\.\d", text):
        day, month, year = numbers[:3]          # German
    else:
        year = int(re.search(r"\b(19|20)\d\d\b", text)[0])
        day = next(number for number in numbers if number != year)
    return f"{year + (2000 if year < 50 else 1900) if year < 100 else year:04}-{month:02}-{day:02}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_without_babel_finds_the_same_date(language):
    split = data.dates(language, train=4000, test=0)
    wrong = [(text, iso, read_date(text)) for text, iso in split.train if read_date(text) != iso]
    assert not wrong


def test_no_text_can_be_read_as_two_dates():
    """Every pattern of every language, on days whose numbers are easily confused: equal texts mean equal days."""
    days = [datetime.datetime(year, month, day, 3, 4, 5)
            for year in (1950, 1951, 2003, 2004, 2049) for month in (1, 3, 4, 11, 12) for day in (1, 3, 4, 11, 12, 20)]
    meanings = {}
    for language in LOCALES:
        for locale, pattern in date_patterns(language):
            for day in days:
                meanings.setdefault(pattern.apply(day, locale), set()).add(day.date())
    assert not {text: found for text, found in meanings.items() if len(found) > 1}


def test_british_day_first_numbers_would_be_ambiguous():
    """The reason for leaving them out, and proof that the test above can fail."""
    from babel import core
    from babel.dates import parse_pattern as parse
    fourth_of_march, third_of_april = datetime.datetime(2026, 3, 4), datetime.datetime(2026, 4, 3)
    assert (parse("M/d/y").apply(fourth_of_march, core.Locale("en"))
            == parse("d/M/y").apply(third_of_april, core.Locale("en", "GB")))
    assert not any(locale.territory == "GB" and "MMM" not in pattern.pattern
                   for locale, pattern in date_patterns("en"))


@pytest.mark.parametrize("language", LOCALES)
def test_each_language_has_dozens_of_patterns(language):
    patterns = [pattern.pattern for _, pattern in date_patterns(language)]
    assert len(set(patterns)) == len(patterns) >= 40


@pytest.mark.parametrize("pattern, whole", [
    ("y년 MMMM d일 EEEE", True), ("EEEE, d. MMMM y", True), ("M/d/yy", True), ("y년 MMM", False), ("MMM d", False),
    ("'week' w 'of' Y", False), ("h:mm a", False), ("'day' MMM y", False),
    ("y. M. d. HH:mm", False), ("y QQQ d", False),
])
def test_whole_dates_are_told_from_other_patterns(pattern, whole):
    assert is_whole_date(pattern) is whole


def test_fewer_dates_are_the_first_of_more_and_seeds_differ():
    many, few, other = data.dates(train=500, test=50), data.dates(train=100, test=10), data.dates(train=100, seed=1)
    assert few.train == many.train[:100] and few.test == many.test[:10]
    assert few.train != other.train


def test_dates_hold_no_invisible_spaces(monkeypatch):
    """Some versions of CLDR put a narrow no-break space before AM and PM."""
    from babel import Locale
    from babel.dates import parse_pattern
    narrow = parse_pattern("y-MM-dd h:mm\u202fa\u00a0")
    assert "\u202f" in narrow.apply(FIRST_DAY, Locale("en"))
    monkeypatch.setattr(sys.modules["seqbook.data.dates"], "date_patterns", lambda language: [(Locale("en"), narrow)])
    text = "".join(text for text, _ in data.dates("en", train=100, test=0).train)
    assert {character for character in text if character.isspace()} == {" "}


@pytest.mark.parametrize("arguments, message", [
    ({"language": "fr"}, r"language must be one of \['ko', 'en', 'de', 'all'\], got 'fr'"),
    ({"train": -1}, "train must lie in 0 … .* got -1"),
    ({"test": 10**7}, "test must lie in 0 … .* got 10000000"),
])
def test_bad_arguments_of_dates_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        data.dates(**arguments)


# --- names ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
def test_no_name_occurs_twice_in_either_language(kind):
    split = data.names(kind)
    pairs = split.train + split.test
    for side in (0, 1):
        plain = [pair[side].casefold().replace(" ", "") for pair in pairs]
        assert len(set(plain)) == len(plain)


@pytest.mark.parametrize("kind, least", [("cities", 390), ("territories", 280), ("languages", 560), ("all", 1200)])
def test_names_are_as_many_as_said_and_one_in_ten_is_held_out(kind, least):
    split = data.names(kind)
    total = len(split.train) + len(split.test)
    assert total >= least
    assert 0.07 * total < len(split.test) < 0.14 * total


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_english_and_korean(kind):
    for english, korean in data.names(kind).train + data.names(kind).test:
        assert re.search("[A-Za-z]", english) and not re.search("[가-힣]", english), (english, korean)
        assert re.search("[가-힣]", korean), (english, korean)


def test_cities_follow_the_zone_where_the_korean_does():
    pairs = dict(data.names("cities").train + data.names("cities").test)
    assert {"Godthab": "고드호프", "Kiev": "키예프", "Saigon": "사이공", "Seoul": "서울"}.items() <= pairs.items()
    assert not {"Nuuk", "Calcutta", "Knox", "Unknown", "UTC", "Easter"} & pairs.keys()


def test_a_bad_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one of .*, got 'rivers'"):
        data.names("rivers")


# --- sunspots ---------------------------------------------------------------------------------------------------------

def test_sunspots_are_the_known_series():
    series = data.sunspots()
    assert series.years.shape == series.counts.shape == (309,)
    assert series.counts.dtype == np.float64 and series.years.dtype == np.int64
    np.testing.assert_array_equal(series.years, np.arange(1700, 2009))
    assert series.counts[0] == 5.0 and series.counts.max() == 190.2 and np.isfinite(series.counts).all()


def test_rows_are_the_text_in_order_and_targets_are_one_step_ahead():
    ids = np.arange(23)
    x, targets = data.rows(ids, 3)
    assert x.shape == targets.shape == (3, 7) and (targets == x + 1).all()
    assert x.reshape(-1).tolist() == list(range(21))
    vectors = np.arange(12.0).reshape(6, 2)
    x, targets = data.rows(vectors, 1)
    assert (x[0] == vectors[:5]).all() and (targets[0] == vectors[1:]).all()


@pytest.mark.parametrize("sequence, count, message", [
    (np.arange(5), 0, "count must be a positive integer, got 0"),
    (np.arange(5), 2.0, "count must be a positive integer, got 2.0"),
    (np.arange(5), True, "count must be a positive integer, got True"),
    (np.arange(5), 5, r"sequence must have more than count=5 steps, got shape \(5,\)"),
    (np.array(5), 1, r"sequence must have more than count=1 steps, got shape \(\)"),
])
def test_rows_refuse(sequence, count, message):
    with pytest.raises(ValueError, match=message):
        data.rows(sequence, count)


def test_the_split_of_a_series_keeps_time_order():
    split = data.sunspots().split(test_years=40)
    assert len(split.train) == 269 and len(split.test) == 40
    assert split.train.years.max() < split.test.years.min()


@pytest.mark.parametrize("test_years", [0, 309, -3])
def test_a_series_keeps_both_parts(test_years):
    with pytest.raises(ValueError, match="test_years must lie in 1 … T-1=308, got"):
        data.sunspots().split(test_years)


# --- carbon dioxide ---------------------------------------------------------------------------------------------------

def test_co2_is_the_known_series_with_its_gaps():
    series = data.co2()
    assert series.weeks.shape == series.ppm.shape == (2284,) and series.ppm.dtype == np.float64
    assert (np.diff(series.weeks) == np.timedelta64(7, "D")).all() and str(series.weeks[0]) == "1958-03-29"
    assert np.isnan(series.ppm).sum() == 59 and series.ppm[0] == 316.1 and series.ppm[-1] == 371.5


def test_gaps_are_filled_with_a_line_and_nothing_else_is_touched():
    series = data.co2()
    filled, known = series.filled().ppm, np.isfinite(series.ppm)
    np.testing.assert_array_equal(filled[known], series.ppm[known])
    gap = np.flatnonzero(~known)[0]
    assert filled[gap] == pytest.approx((filled[gap - 1] + filled[gap + 1]) / 2) and np.isfinite(filled).all()
    assert np.isnan(series.ppm).sum() == 59


def test_the_split_of_a_weekly_series_keeps_time_order():
    split = data.co2().split(test_weeks=416)
    assert len(split.train) == 2284 - 416 and len(split.test) == 416
    assert split.train.weeks.max() < split.test.weeks.min()
    with pytest.raises(ValueError, match="test_weeks must lie in 1 … T-1=2283, got 2284"):
        data.co2().split(2284)


# --- digits and photographs -------------------------------------------------------------------------------------------

def test_digits_are_the_known_images_in_a_fixed_split_without_an_image_in_both():
    split = data.digits()
    assert (len(split.train), len(split.test)) == (1400, 397)
    for part in (split.train, split.test):
        assert part.images.shape == (len(part), 1, 8, 8) and part.images.dtype == np.float32
        assert part.images.min() == 0 and part.images.max() == 1 and set(part.labels.tolist()) == set(range(10))
        assert np.array_equal(part.images * 16, np.rint(part.images * 16))
    assert split.train.labels[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert (split.train.images[0, 0, 0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    seen = {image.tobytes() for image in split.train.images}
    assert len(seen) == 1400 and not seen & {image.tobytes() for image in split.test.images}


def test_fewer_digits_are_the_first_and_the_test_stays():
    few, all_of_them = data.digits(50), data.digits()
    assert np.array_equal(few.train.images, all_of_them.train.images[:50])
    assert np.array_equal(few.train.labels, all_of_them.train.labels[:50])
    assert np.array_equal(few.test.images, all_of_them.test.images)


def test_the_order_of_the_digits_is_no_random_one():
    """The docstring's claim: the nearest neighbour does worse on this test than on one drawn at random."""
    def nearest(learn, judge):
        away = ((x[judge][:, None] - x[learn][None]) ** 2).sum(axis=2)
        return (y[learn][away.argmin(axis=1)] == y[judge]).mean()

    split = data.digits()
    x = np.concatenate([split.train.images, split.test.images]).reshape(-1, 64)
    y = np.concatenate([split.train.labels, split.test.labels])
    shuffled = np.random.default_rng(0).permutation(len(x))
    assert nearest(np.arange(1400), np.arange(1400, 1797)) < nearest(shuffled[:1400], shuffled[1400:]) - 0.015


@pytest.mark.parametrize("train", [0, 1401, 2.0, True])
def test_a_bad_number_of_digits_is_refused(train):
    with pytest.raises(ValueError, match=f"train must be an integer in 1 … 1400, got {train}"):
        data.digits(train)


def test_a_photograph_is_small_and_is_the_mean_of_the_original():
    from sklearn.datasets import load_sample_image

    for name in ("china", "flower"):
        image = data.photograph(name)
        assert image.shape == (96, 96, 3) and image.dtype == np.float32 and 0 <= image.min() < image.max() <= 1
        assert np.abs(image * 255 - np.rint(image * 255)).max() < 1e-4
    block = load_sample_image("flower.jpg")[20 + 40:20 + 44, 130 + 80:130 + 84].mean(axis=(0, 1))
    assert np.abs(data.photograph("flower")[10, 20] * 255 - block).max() <= 0.501


def test_an_unknown_photograph_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of \['china', 'flower'\], got 'cat'"):
        data.photograph("cat")


# --- phrases ----------------------------------------------------------------------------------------------------------

EXAMPLE = ("Ich möchte ein Bier trinken", "I would like to drink a beer", "나는 맥주를 마시고 싶습니다")


def test_phrases_have_the_sizes_asked_for_and_no_sentence_is_in_two_parts_in_any_language():
    split = data.phrases()
    assert (len(split.train), len(split.test)) == (8_000, 1_000)
    assert len(set(split.train + split.test)) == 9_000
    for language in range(3):
        assert not {phrase[language] for phrase in split.train} & {phrase[language] for phrase in split.test}
    assert data.phrases(train=50, test=20) == data.Split(split.train[:50], split.test[:20])
    assert data.phrases(train=50, test=20, seed=1).train != split.train[:50]


def test_who_does_what_to_what_is_held_out_with_every_time_and_place_for_every_seed():
    of = {tuple(sentence(*setting)): core for core in cores() for setting in settings(core)}
    parts = [data.phrases(seed=seed) for seed in range(3)]
    train, test = ({of[phrase] for split in parts for phrase in getattr(split, part)} for part in ("train", "test"))
    assert not train & test and len(train | test) == len(cores()) and 0.05 < len(test) / len(cores()) < 0.15


def test_the_example_of_the_notes_is_held_out():
    assert sentence("ich", "möchte", "trinken", "ein Bier") == EXAMPLE
    assert all(data.phrases(train=0, test=1, seed=seed).test == [EXAMPLE] for seed in range(3))
    for phrase in data.phrases(train=20_000, test=0).train:
        assert not ("drink a beer" in phrase.english and re.search(r"\bI would like", phrase.english))


@pytest.mark.parametrize("setting, german, english, korean", [
    (("er", "möchte", "trinken", "Wasser", "heute", True, "zu Hause"), "Heute möchte er zu Hause Wasser trinken",
     "Today he would like to drink water at home", "오늘 그는 집에서 물을 마시고 싶어 합니다"),
    (("bruder", "habe", "suchen", "den Schlüssel", "gestern"), "Mein Bruder hat gestern den Schlüssel gesucht",
     "My brother looked for the key yesterday", "내 동생은 어제 열쇠를 찾았습니다"),
    (("kinder", "muss", "lesen", "ein Buch", None, False, "im Garten"), "Die Kinder müssen im Garten ein Buch lesen",
     "The children have to read a book in the garden", "아이들은 정원에서 책을 읽어야 합니다"),
    (("ich", "present", "hören", "Musik", "jeden Tag", True), "Jeden Tag höre ich Musik", "Every day I hear music",
     "매일 나는 음악을 듣습니다"),
    (("anna", "werde", "kaufen", "Blumen", "morgen", False, "in der Stadt"),
     "Anna wird morgen in der Stadt Blumen kaufen", "Anna will buy flowers in town tomorrow", "안나는 내일 시내에서 꽃을 살 것입니다"),
    (("sie", "muss", "essen", "Brot"), "Sie muss Brot essen", "She has to eat bread", "그녀는 빵을 먹어야 합니다"),
])
def test_the_parts_of_a_sentence_stand_where_each_language_puts_them(setting, german, english, korean):
    assert sentence(*setting) == (german, english, korean)


def test_every_word_of_the_held_out_phrases_was_there_to_learn_from():
    split = data.phrases()
    for language in range(3):
        words = {word for phrase in split.train for word in phrase[language].split(" ")}
        assert {word for phrase in split.test for word in phrase[language].split(" ")} <= words
        assert all(word and composed(word) == word for word in words)


@pytest.mark.parametrize("sizes, message", [
    ({"train": -1}, r"train must lie in 0 … \d+, got -1"), ({"test": 100_000}, r"test must lie in 0 … \d+, got 100000"),
])
def test_more_phrases_than_there_are_are_refused(sizes, message):
    with pytest.raises(ValueError, match=message):
        data.phrases(**sizes)


# --- places -----------------------------------------------------------------------------------------------------------

def test_places_are_in_both_languages_and_no_place_is_in_two_parts():
    split = data.places()
    assert len(split.train) > 1_000 and len(split.test) > 100
    assert {language for _, language in split.train} == {"en", "ko"}
    assert ("Seoul", "en") in split.train and ("서울", "ko") in split.train
    assert not {name.casefold() for name, _ in split.train} & {name.casefold() for name, _ in split.test}
    assert not any("&" in name or "(" in name for name, _ in split.train + split.test)
    letters = set("".join(map(data.spelled, split.train)))
    assert all(letters.issuperset(data.spelled(pair)) for pair in split.test)


def test_a_name_is_spelled_in_letters_and_back():
    assert data.spelled(("서울", "ko")) == "#\u1109\u1165\u110b\u116e\u11af\n"
    assert data.spelled(("São", "en")) == "@Sa\u0303o\n"
    for pair in data.places().test:
        assert data.unspelled(data.spelled(pair)) == pair[0]


# --- names by language ------------------------------------------------------------------------------------------------

def test_names_by_language_belong_to_one_language_and_things_to_one_part():
    split = data.names_by_language()
    assert len(split.train) > 2_500 and len(split.test) > 250
    assert ("niemcy", "pl", "territories DE") in split.train and ("turcja", "pl", "territories TR") in split.test
    names = [each.name for each in split.train + split.test]
    assert len(names) == len(set(names)) and all(name == name.lower() and "(" not in name for name in names)
    assert {each.language for each in split.test} == {"de", "en", "es", "fi", "pl", "tr"}
    assert not {each.thing for each in split.train} & {each.thing for each in split.test}


# --- documentation ----------------------------------------------------------------------------------------------------

def test_documentation_is_large_and_one_tenth_is_held_out():
    split = data.documentation()
    assert len(split.train) > 200_000
    assert 0.05 < len(split.test) / len(split.train) < 0.12


def test_no_paragraph_of_the_held_out_documentation_is_in_the_training_text():
    split = data.documentation()
    train = " ".join(split.train.split())
    paragraphs = [" ".join(part.split()) for part in split.test.split("\n\n")]
    long = [part for part in paragraphs if len(part) >= 80]
    assert len(long) > 50
    assert not [part for part in long if part in train]


def test_documentation_is_the_same_in_another_process():
    code = "import seqbook.data as d, zlib; s = d.documentation(); print(zlib.crc32((s.train + s.test).encode()))"
    runs = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                           env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1


def test_every_held_out_topic_is_whole_in_the_test_and_not_in_training():
    """The same list in every version is what lets a model trained on one Python be judged on another's text."""
    topics = require("pydoc_data.topics", "python").topics
    split = data.documentation()
    for name in HELD_OUT:
        assert topics[name].strip() in split.test and topics[name].strip() not in split.train, name


# --- spacing ----------------------------------------------------------------------------------------------------------

LETTERS = {"en": set("abcdefghijklmnopqrstuvwxyz"), "ko": {chr(code) for code in range(ord("가"), ord("힣") + 1)}}


@pytest.mark.parametrize("language, least, words", [("en", (2500, 300), 4), ("ko", (1700, 400), 1)])
def test_phrases_are_words_of_one_alphabet_with_single_spaces(language, least, words):
    split = data.spacing(language)
    assert len(split.train) >= least[0] and len(split.test) >= least[1]
    for phrase in split.train + split.test:
        assert set(phrase) - {" "} <= LETTERS[language] and phrase == " ".join(phrase.split())
        assert len(phrase.split()) >= words and 2 <= len(phrase.replace(" ", "")) <= 60


@pytest.mark.parametrize("language", LETTERS)
def test_no_phrase_comes_twice_not_even_with_other_spaces(language):
    split = data.spacing(language)
    letters = [phrase.replace(" ", "") for phrase in split.test + split.train]
    if language == "ko":
        assert len(letters) == len(set(letters))
    assert not set(letters[:len(split.test)]) & set(letters[len(split.test):])


def test_many_korean_names_hold_a_space_and_many_do_not():
    split = data.spacing("ko")
    for part in (split.train, split.test):
        assert 0.35 < np.mean([" " in name for name in part]) < 0.55
    assert "영국 액량 드램" in split.train + split.test and "세계" in split.train + split.test


def test_words_in_quotes_stay_and_code_and_punctuation_cut():
    text = 'The "in" operator (or *any* other one), tests\n  for membership in x.y lists of many items.'
    runs = [run for run in runs_of_words(text.split()) if run]
    assert [" ".join(run) for run in runs] == [
        "the in operator", "or any other one", "tests for membership in", "lists of many items"]


@pytest.mark.parametrize("phrase, letters, spaces", [
    ("an egg", "anegg", [0, 1, 0, 0, 0]), ("egg", "egg", [0, 0, 0]), (" 남극  대륙\n", "남극대륙", [0, 1, 0, 0]),
    ("a b c", "abc", [1, 1, 0]), ("가 나", "가나", [1, 0])])
def test_unspaced_says_after_which_letter_a_space_stood(phrase, letters, spaces):
    got = data.unspaced(phrase)
    assert got[0] == letters and got[1].tolist() == spaces and got[1].dtype == np.int64


def test_a_bad_language_and_an_empty_phrase_are_refused():
    with pytest.raises(ValueError, match=r"language must be one of \['en', 'ko'\], got 'de'"):
        data.spacing("de")
    with pytest.raises(ValueError, match="phrase must hold a letter, got '  '"):
        data.unspaced("  ")


# --- the adding problem -----------------------------------------------------------------------------------------------

def test_the_adding_problem_marks_one_number_in_each_half_and_asks_for_their_sum():
    x, y = data.adding_problem(5000, 7, rng=np.random.default_rng(0))
    assert x.shape == (5000, 7, 2) and y.shape == (5000, 1) and x.dtype == y.dtype == np.float32
    values, marks = x[..., 0], x[..., 1]
    assert set(np.unique(marks)) == {0, 1}
    assert (marks[:, :3].sum(axis=1) == 1).all() and (marks[:, 3:].sum(axis=1) == 1).all()
    assert (marks.sum(axis=0) > 1000).all()    # every place is marked about equally often: 5000/3 and 5000/4
    np.testing.assert_array_equal(y[:, 0], [row[mark == 1].sum() for row, mark in zip(values, marks)])
    assert 0 <= values.min() < 0.001 and 0.999 < values.max() <= 1 and abs(values.mean() - 0.5) < 0.01


def test_to_answer_one_always_costs_a_sixth_in_the_adding_problem():
    _, y = data.adding_problem(100_000, 2, rng=np.random.default_rng(0))
    assert abs(np.mean((y - 1) ** 2) - 1 / 6) < 0.005    # five times the standard error


@pytest.mark.parametrize("arguments, message", [
    ((0, 5, np.random.default_rng(0)), "count must be an integer of at least 1, got 0"),
    ((3, 1, np.random.default_rng(0)), "steps must be an integer of at least 2, got 1"),
    ((3, 5.0, np.random.default_rng(0)), "steps must be an integer of at least 2, got 5.0"),
    ((3, 5, 0), "rng must be a numpy.random.Generator, .* got 0"),
])
def test_bad_arguments_of_the_adding_problem_are_refused(arguments, message):
    count, steps, rng = arguments
    with pytest.raises(ValueError, match=message):
        data.adding_problem(count, steps, rng=rng)


# --- missing packages -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("load, package", [
    (data.dates, "babel"), (data.names, "babel"), (data.names_by_language, "babel"),
    (lambda: data.spacing("ko"), "babel"), (data.sunspots, "statsmodels"), (data.co2, "statsmodels"),
    (data.digits, "scikit-learn"), (data.photograph, "scikit-learn")])
def test_a_missing_package_is_one_clear_sentence(load, package, monkeypatch):
    top = {"scikit-learn": "sklearn"}.get(package, package)
    for name in [name for name in sys.modules if name.split(".")[0] == top]:
        monkeypatch.delitem(sys.modules, name)

    class Absent:
        def find_spec(self, name, path=None, target=None):
            if name.split(".")[0] == top:
                raise ModuleNotFoundError(f"No module named {top!r}", name=top)

    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError) as caught:
        load()
    assert str(caught.value) == (f"this data set is read from the Python package {package!r}, which is not installed: "
                                 f"run `pip install {package}` and try again")


def test_another_missing_module_is_not_blamed_on_the_data_package(tmp_path, monkeypatch):
    (tmp_path / "broken_data_package.py").write_text("import a_module_that_is_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_there"):
        require("broken_data_package", "broken-data-package")


def test_importing_the_loaders_imports_no_data_package():
    code = ("import sys, seqbook.data; "
            "print(sorted({'babel', 'statsmodels', 'pandas', 'sklearn', 'torch'} & sys.modules.keys()))")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# --- vocabulary -------------------------------------------------------------------------------------------------------

def test_a_vocabulary_goes_there_and_back():
    vocabulary = data.Vocabulary(["봄", "가을", "a\n🎉"])
    ids = vocabulary.encode("가을 🎉\n")
    assert ids.dtype == np.int64 and ids.shape == (5,)
    assert vocabulary.decode(ids) == "가을�🎉\n"
    assert len(vocabulary) == 7 and sorted(vocabulary.characters[1:]) == list(vocabulary.characters[1:])
    assert "봄" in vocabulary and " " not in vocabulary and "�" not in vocabulary
    assert vocabulary.encode("").shape == (0,) and vocabulary.decode([]) == ""


def test_the_unknown_character_in_a_text_is_unknown():
    vocabulary = data.Vocabulary(["a�b"])
    assert len(vocabulary) == 3
    np.testing.assert_array_equal(vocabulary.encode("�b"), [0, 2])


@pytest.mark.parametrize("ids", [[0, 3], [-1], [0.5], [[1, 2]]])
def test_bad_ids_are_refused(ids):
    with pytest.raises(ValueError, match="ids must"):
        data.Vocabulary(["ab"]).decode(ids)


# --- padding and batches ----------------------------------------------------------------------------------------------

def test_padding_keeps_values_dtype_and_lengths():
    padded, lengths = data.pad([[1, 2, 3], [4]], value=-100)
    np.testing.assert_array_equal(padded, [[1, 2, 3], [4, -100, -100]])
    np.testing.assert_array_equal(lengths, [3, 1])
    vectors, lengths = data.pad([np.ones((2, 5), np.float32), np.ones((4, 5), np.float32)], value=np.nan)
    assert vectors.shape == (2, 4, 5) and vectors.dtype == np.float32
    assert np.isnan(vectors[0, 2:]).all() and lengths.tolist() == [2, 4]


@pytest.mark.parametrize("sequences, value, message", [
    ([], 0, "sequences must hold at least one sequence"),
    ([[1], []], 0, r"sequences\[1\] must have at least one step, got shape \(0,\)"),
    ([3], 0, r"sequences\[0\] must have at least one step, got shape \(\)"),
    ([np.ones((2, 3)), np.ones((2, 4))], 0, r"sequences\[1\] must have shape \(length, 3\) .* got \(2, 4\)"),
    ([[1, 2]], 0.5, "value must fit the sequences' dtype int64, got 0.5"),
])
def test_bad_sequences_are_refused(sequences, value, message):
    with pytest.raises(ValueError, match=message):
        data.pad(sequences, value)


def test_batches_hold_every_example_once_and_columns_together():
    sequences = [[i] * (1 + i % 4) for i in range(10)]
    seen = []
    for (x, lengths), labels in data.batches(sequences, np.arange(10), batch_size=4, rng=np.random.default_rng(0)):
        assert x.shape == (len(labels), lengths.max()) and len(labels) <= 4
        np.testing.assert_array_equal(x[:, 0], labels)
        np.testing.assert_array_equal(lengths, 1 + labels % 4)
        seen += labels.tolist()
    assert sorted(seen) == list(range(10)) != seen


def test_batches_without_rng_stay_in_order_and_fill_as_told():
    inputs, targets = [[1, 2], [3]], [[5], [6, 7]]
    (batch,) = data.batches(inputs, targets, batch_size=8, fill=(0, -100))
    np.testing.assert_array_equal(batch[0][0], [[1, 2], [3, 0]])
    np.testing.assert_array_equal(batch[1][0], [[5, -100], [6, 7]])


@pytest.mark.parametrize("columns, keywords, message", [
    ((), {"batch_size": 2}, "columns must hold at least one column"),
    (([[1]], [[1], [2]]), {"batch_size": 2}, r"same number of examples, got \[1, 2\]"),
    (([[1]],), {"batch_size": 0}, "batch_size must be at least 1, got 0"),
    (([[1]],), {"batch_size": 1, "fill": (0, 1)}, "fill must give one value for each of the 1 columns, got 2"),
])
def test_bad_batches_are_refused_at_once(columns, keywords, message):
    with pytest.raises(ValueError, match=message):
        data.batches(*columns, **keywords)


def test_decomposed_hangul_is_composed_on_reading():
    apart = lambda text: unicodedata.normalize("NFD", text)
    vocabulary = data.Vocabulary([apart("한글"), "가을"])
    assert vocabulary.characters == data.Vocabulary(["한글", "가을"]).characters
    assert vocabulary.characters == data.Vocabulary(apart("한글가을")).characters
    np.testing.assert_array_equal(vocabulary.encode(apart("한글")), vocabulary.encode("한글"))
    assert apart("한") in vocabulary and data.composed(apart("3월")) == "3월"
    texts = [text for text, _ in data.dates("ko", train=200, test=20).train] + [ko for _, ko in data.names("all").train]
    assert all(unicodedata.is_normalized("NFC", text) for text in texts)


@pytest.mark.parametrize("labels, value", [
    (np.uint8, -100), (np.uint8, 256), (np.int8, 128), (np.uint64, -1), (np.int64, np.nan), (np.int64, 2 ** 63),
    (np.int16, "0"), (np.float16, 1e6), (np.int64, None), (np.int64, [0])])
def test_a_padding_value_that_the_dtype_cannot_hold_is_refused(labels, value):
    with pytest.raises(ValueError, match="^value must fit the sequences' dtype"):
        data.pad([np.array([1, 2], labels), np.array([1], labels)], value)


def test_labels_of_every_width_are_padded_and_read():
    vocabulary = data.Vocabulary(["ab"])
    for width in (np.uint8, np.int8, np.uint32, np.int64, np.uint64):
        padded, lengths = data.pad([np.array([1, 2], width), np.array([1], width)], width(7))
        assert padded.dtype == width and padded.tolist() == [[1, 2], [1, 7]] and lengths.dtype == np.int64
        assert vocabulary.decode(np.array([1, 2], width)) == "ab"
        assert len(list(data.batches(np.arange(300), batch_size=width(100)))) == 3
    message = "^sequences must have one dtype, got int64, uint64, which only float64 could hold"
    with pytest.raises(ValueError, match=message):
        data.pad([np.array([1]), np.array([1], np.uint64)])
    for bad in (lambda: data.pad([np.ma.array([1])]), lambda: data.batches(np.ma.array([1]), batch_size=1),
                lambda: vocabulary.decode(np.ma.array([1])), lambda: vocabulary.decode([True])):
        with pytest.raises(ValueError, match="masked|bool"):
            bad()
