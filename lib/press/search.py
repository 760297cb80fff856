"""Search in Korean: words, and in them every syllable and every pair of neighbouring syllables."""

import re

from sphinx.search import SearchLanguage

HANGUL = re.compile(r"[가-힣]{2,}")


class SearchKorean(SearchLanguage):
    """Finds "신경" and "망" in "순환신경망은"; Sphinx itself finds parts of words from three letters on."""

    lang = "ko"
    language_name = "Korean"

    def split(self, input: str) -> list[str]:
        words = super().split(input)
        runs = HANGUL.findall(input)
        syllables = [syllable for run in runs for syllable in run]
        pairs = [run[i:i + 2] for run in runs for i in range(len(run) - 1)]
        return words + syllables + pairs
