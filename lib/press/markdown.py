"""Reading Markdown: its headings, equations and links, with code left out."""

import re

DEEPER = {"ko": "더 깊이: ", "en": "Going deeper: "}    # how the heading of a section off the main path begins
FENCED = re.compile(r"^ *(```+|~~~+).*?^ *\1 *$", flags=re.S | re.M)


def without_fences(markdown: str) -> str:
    """Markdown without fenced blocks."""
    return FENCED.sub("", markdown)


def without_code(markdown: str) -> str:
    """Markdown without fenced blocks (directives remain) and code spans."""
    markdown = re.sub(r"^ *(```+|~~~+)(?!\{).*?^ *\1 *$", "", markdown, flags=re.S | re.M)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", markdown)


def without_math(markdown: str) -> str:
    """Markdown without code and without math."""
    return re.sub(r"\$\$.+?\$\$|(?<![\\$])\$[^$]+?(?<!\\)\$", "", without_code(markdown), flags=re.S)


def headings(markdown: str) -> list[tuple[int, str]]:
    """(level, title) of every heading (`#`, `##`, …)."""
    return [(len(marks), title) for marks, title in
            re.findall(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", without_fences(markdown), flags=re.M)]


def equations(markdown: str) -> tuple[list[str], set[str]]:
    """The displayed equations in order, and the inline ones as a set; words inside \\text{…} do not count."""
    text = without_code(markdown)
    displayed = re.findall(r"\$\$(.+?)\$\$", text, flags=re.S)
    inline = re.findall(r"(?<![\\$])\$([^$]+?)(?<!\\)\$", re.sub(r"\$\$.+?\$\$", "", text, flags=re.S))
    plain = [" ".join(re.sub(r"\\text(rm|bf|it)?\{[^{}]*\}", r"\\text{}", each).split()) for each in displayed + inline]
    return plain[:len(displayed)], set(plain[len(displayed):])


def links(markdown: str) -> list[str]:
    """The targets of all links and images."""
    return re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", without_code(markdown))


def slug(title: str) -> str:
    """The anchor of a heading, as MyST has it; for plain words GitHub and JupyterLab agree."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", re.sub(r"\$[^$]*\$|`", "", title)).lower())


def slugs(titles: list[str]) -> list[str]:
    """One readable, unique anchor of ASCII for each heading ("Why gradients vanish" → "why-gradients-vanish")."""
    taken: dict[str, int] = {}
    result = []
    for title in titles:
        slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\\[a-z]+|\]\([^)]*\)", " ", title.lower())).strip("-") or "section"
        taken[slug] = taken.get(slug, 0) + 1
        result.append(slug if taken[slug] == 1 else f"{slug}-{taken[slug]}")
    return result
